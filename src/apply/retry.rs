//! Which failures are tried again, and when. Pure: the random number comes from outside.

use std::time::Duration;

use loadline_contract::deploy::{CloudError, ErrorClass};

/// First and longest pause between attempts. Full jitter below an exponential ceiling: of the schemes compared by M. Brooker,
/// "Exponential Backoff And Jitter" (2015), the one with the least work under contention.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(20);

/// How long to pause before the next attempt, in the cloud's time; `None`: trying again does not help.
///
/// `attempt` counts failures so far from 1, `spent` is the time since the first, `patience` how long passing failures are
/// borne, `random` lies in [0, 1).
pub(super) fn pause(
    error: &CloudError,
    attempt: u32,
    (spent, patience): (Duration, Duration),
    random: f64,
) -> Option<Duration> {
    if !error.class.is_passing() || spent >= patience {
        return None;
    }
    let ceiling = FIRST.saturating_mul(1 << attempt.min(10).saturating_sub(1)).min(LONGEST);
    let jitter = ceiling.mul_f64(random.clamp(0.0, 1.0));
    match error.class {
        // What the cloud asks for is kept, and the herd still spread.
        ErrorClass::RateLimited { after: Some(after) } => Some(after + jitter),
        _ => Some(jitter),
    }
}

/// How long lists are given to show a thing that a call may have made before it is asked for again: a cloud that does not
/// recognise a repeated call would make a second. Lists lag by seconds as a rule; what shows still later is found by the
/// next plan, which removes the second.
const CATCH_UP: Duration = Duration::from_secs(5);

/// How much longer to wait before a thing is asked for again, so long after a call that may have made it; in the cloud's time.
pub(super) fn catch_up(since: Duration) -> Duration {
    CATCH_UP.saturating_sub(since)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(600);

    fn after(class: ErrorClass, attempt: u32, random: f64) -> Option<Duration> {
        pause(&CloudError::new(class, "creating x", "no"), attempt, (Duration::ZERO, PATIENCE), random)
    }

    #[test]
    fn only_what_passes_is_tried_again() {
        for class in [
            ErrorClass::NotFound,
            ErrorClass::AlreadyExists,
            ErrorClass::OutOfCapacity,
            ErrorClass::OverQuota,
            ErrorClass::NotAllowed { permission: None },
            ErrorClass::NotAuthenticated,
            ErrorClass::Rejected { field: None },
            ErrorClass::Unexpected,
        ] {
            assert_eq!(after(class, 1, 0.5), None);
        }
        for class in [ErrorClass::Conflict, ErrorClass::RateLimited { after: None }, ErrorClass::Unavailable]
        {
            assert!(after(class, 1, 0.5).is_some());
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_are_spread_over_all_of_it() {
        let ceilings: Vec<u64> = (1..=8)
            .map(|attempt| after(ErrorClass::Unavailable, attempt, 1.0).unwrap().as_millis() as u64)
            .collect();
        assert_eq!(ceilings, [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
        assert_eq!(after(ErrorClass::Unavailable, 4, 0.0), Some(Duration::ZERO));
        assert!(after(ErrorClass::Unavailable, u32::MAX, 1.0).unwrap() == LONGEST);
    }

    #[test]
    fn lists_are_given_their_time_once() {
        assert_eq!(catch_up(Duration::ZERO), CATCH_UP);
        assert_eq!(catch_up(CATCH_UP / 2), CATCH_UP / 2);
        assert_eq!(catch_up(CATCH_UP * 2), Duration::ZERO);
    }

    #[test]
    fn what_the_cloud_asks_for_is_waited_and_patience_ends() {
        let asked = ErrorClass::RateLimited { after: Some(Duration::from_secs(7)) };
        assert_eq!(after(asked.clone(), 1, 0.0), Some(Duration::from_secs(7)));
        let error = CloudError::new(asked, "creating x", "no");
        assert_eq!(pause(&error, 1, (PATIENCE, PATIENCE), 0.0), None);
    }
}
