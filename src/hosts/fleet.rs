//! Work on many hosts: decides how many at once, in which batches, and when no more begin. What the work is, is the caller's; a
//! host that fails or hangs costs only itself.

use std::num::NonZeroUsize;
use std::str::FromStr;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{HostError, HostErrorClass, Said};

/// Hosts at once where nobody says: what one process talks to without more open files than a shell usually allows (1024), with
/// room for an agent and a jump host of each.
pub const HOSTS_AT_ONCE: usize = 256;

/// How big a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serial {
    /// So many hosts.
    Hosts(NonZeroUsize),
    /// So many of a hundred hosts, rounded down, but one at least.
    Percent(u8),
}

impl FromStr for Serial {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong =
            || format!("`{text}` is no size of a batch: write a number of hosts like 5, or a share like 25%");
        match text.trim().strip_suffix('%') {
            Some(share) => match share.trim_end().parse() {
                Ok(percent @ 1..=100) => Ok(Self::Percent(percent)),
                _ => Err(wrong()),
            },
            None => text.trim().parse().map(Self::Hosts).map_err(|_| wrong()),
        }
    }
}

impl Serial {
    /// Hosts in each batch of so many hosts.
    pub fn of(self, hosts: usize) -> usize {
        match self {
            Self::Hosts(number) => number.get(),
            Self::Percent(percent) => (hosts * usize::from(percent) / 100).max(1),
        }
    }
}

/// In which order and number hosts are worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// Hosts at once.
    pub parallel: NonZeroUsize,
    /// A batch ends before the next begins; `None`: all hosts are one batch.
    pub serial: Option<Serial>,
    /// No batch begins once more than this share of the hosts begun so far has failed; `None`: failures stop nothing.
    pub fail_percent: Option<u8>,
}

impl Default for Way {
    fn default() -> Self {
        Self {
            parallel: NonZeroUsize::new(HOSTS_AT_ONCE).unwrap_or(NonZeroUsize::MIN),
            serial: None,
            fail_percent: None,
        }
    }
}

/// How it ended on one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    /// The work was done.
    Done(T),
    /// The host could not be worked with.
    Failed(HostError),
    /// Nothing was tried: too many failed before, or the run was asked to stop.
    NotBegun,
}

/// What just happened to one host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostProgress {
    /// Work on it begins.
    Begun,
    /// Work on it is done.
    Done,
    /// It failed.
    Failed,
}

/// What came of the work on one host; says whether it counts as failed.
pub trait Fares: Send + 'static {
    /// Whether the host counts among those that failed.
    fn failed(&self) -> bool {
        false
    }
}

impl Fares for Said {
    fn failed(&self) -> bool {
        self.status != 0
    }
}

/// Does the work on each host and brings back what came of it, in the order of the hosts.
///
/// Once `stop` is true no new host begins; what has begun goes on to its end. `progress` hears of a host before its work begins
/// and after it has ended.
pub async fn each<H, T, Fut>(
    hosts: Vec<H>,
    way: Way,
    stop: &watch::Receiver<bool>,
    mut progress: impl FnMut(&H, HostProgress),
    work: impl Fn(H) -> Fut,
) -> Vec<(H, Outcome<T>)>
where
    H: Clone,
    T: Fares,
    Fut: Future<Output = Result<T, HostError>> + Send + 'static,
{
    let batch_size = way.serial.map_or(hosts.len(), |serial| serial.of(hosts.len())).max(1);
    let mut outcomes: Vec<Outcome<T>> = hosts.iter().map(|_| Outcome::NotBegun).collect();
    let (mut begun, mut failed) = (0_usize, 0_usize);
    let indices: Vec<usize> = (0..hosts.len()).collect();
    for batch in indices.chunks(batch_size) {
        let too_many = |percent: u8| failed * 100 > begun * usize::from(percent);
        if begun > 0 && way.fail_percent.is_some_and(too_many) {
            break;
        }
        let mut waiting = batch.iter().copied();
        let mut running = JoinSet::new();
        let mut of_task = std::collections::HashMap::new();
        loop {
            while running.len() < way.parallel.get() && !*stop.borrow() {
                let Some(index) = waiting.next() else { break };
                progress(&hosts[index], HostProgress::Begun);
                begun += 1;
                of_task.insert(running.spawn(work(hosts[index].clone())).id(), index);
            }
            let (task, result) = match running.join_next_with_id().await {
                None => break,
                Some(Ok((task, result))) => (task, result),
                Some(Err(error)) => (error.id(), Err(broke_off(&error))),
            };
            let Some(index) = of_task.remove(&task) else { continue };
            let (outcome, heard) = match result {
                Ok(value) if value.failed() => (Outcome::Done(value), HostProgress::Failed),
                Ok(value) => (Outcome::Done(value), HostProgress::Done),
                Err(error) => (Outcome::Failed(error), HostProgress::Failed),
            };
            failed += usize::from(heard == HostProgress::Failed);
            outcomes[index] = outcome;
            progress(&hosts[index], heard);
        }
    }
    hosts.into_iter().zip(outcomes).collect()
}

fn broke_off(error: &tokio::task::JoinError) -> HostError {
    let said = format!("the work broke off by a fault of this program: {error}");
    HostError::new(HostErrorClass::Unexpected, "work on the host", said)
        .with_hint("how far it came is not known: look at the host before running again, and report this")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::super::Target;
    use super::*;

    impl Fares for usize {}
    impl Fares for () {}

    fn targets(number: usize) -> Vec<Target> {
        (0..number).map(|it| Target { user: None, name: format!("web-{it}"), port: None }).collect()
    }

    fn refused() -> HostError {
        HostError::new(HostErrorClass::Unreachable, "connect", "refused")
    }

    fn way(parallel: usize, serial: Option<&str>, fail_percent: Option<u8>) -> Way {
        let serial = serial.map(|text| text.parse().unwrap());
        Way { parallel: NonZeroUsize::new(parallel).unwrap(), serial, fail_percent }
    }

    /// Runs work that takes a time and counts how many ran at once; hosts whose number `fails` says fail.
    async fn run(
        hosts: usize,
        way: Way,
        fails: fn(usize) -> bool,
    ) -> (Vec<Outcome<usize>>, usize, Vec<usize>) {
        let (_keep, stop) = watch::channel(false);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut begun = Vec::new();
        let number = |target: &Target| target.name[4..].parse::<usize>().unwrap();
        let heard = |target: &Target, what| {
            if what == HostProgress::Begun {
                begun.push(number(target));
            }
        };
        let outcomes = each(targets(hosts), way, &stop, heard, |target| {
            let (now, most, index) = (now.clone(), most.clone(), number(&target));
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(((hosts - index) % 7) as u64)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                if fails(index) { Err(refused()) } else { Ok(index) }
            }
        })
        .await;
        let outcomes = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
        (outcomes, most.load(Ordering::SeqCst), begun)
    }

    #[tokio::test(start_paused = true)]
    async fn the_result_is_in_the_order_of_the_hosts_and_no_more_run_at_once_than_allowed() {
        let (outcomes, most, _) = run(40, way(5, None, None), |_| false).await;
        assert_eq!(outcomes, (0..40).map(Outcome::Done).collect::<Vec<_>>());
        assert_eq!(most, 5);
        let (outcomes, most, _) = run(300, Way::default(), |_| false).await;
        assert_eq!((outcomes.len(), most), (300, HOSTS_AT_ONCE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_ends_before_the_next_begins() {
        let (outcomes, most, begun) = run(10, way(256, Some("25%"), None), |index| index == 3).await;
        assert_eq!(most, 2);
        assert_eq!(begun, (0..10).collect::<Vec<_>>());
        assert_eq!(outcomes[3], Outcome::Failed(refused()));
        assert_eq!(outcomes.iter().filter(|it| matches!(it, Outcome::Done(_))).count(), 9);
    }

    #[tokio::test(start_paused = true)]
    async fn no_batch_begins_once_too_many_failed() {
        let (outcomes, _, begun) =
            run(10, way(256, Some("2"), Some(20)), |index| index == 2 || index == 4).await;
        assert_eq!(begun, [0, 1, 2, 3], "one of four is more than 20 %");
        assert_eq!(outcomes[4..], vec![Outcome::NotBegun; 6]);
        let (outcomes, ..) = run(10, way(256, Some("5"), Some(20)), |index| index == 0).await;
        assert!(!outcomes.contains(&Outcome::NotBegun), "one of five is not more than 20 %");
        let (_, _, begun) = run(4, way(256, Some("1"), Some(0)), |index| index == 0).await;
        assert_eq!(begun, [0]);
    }

    #[tokio::test(start_paused = true)]
    async fn once_asked_to_stop_no_host_begins_and_those_begun_end() {
        let (stopper, stop) = watch::channel(false);
        let outcomes = each(
            targets(6),
            way(2, None, None),
            &stop,
            |_, _| (),
            |target| {
                if target.name == "web-1" {
                    stopper.send_replace(true);
                }
                async move {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    Ok(())
                }
            },
        )
        .await;
        let done = outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Done(())).count();
        assert_eq!((done, outcomes[2].1.clone()), (2, Outcome::NotBegun));
    }

    #[tokio::test]
    async fn work_that_panics_fails_its_own_host_only() {
        let (_keep, stop) = watch::channel(false);
        let outcomes = each(
            targets(3),
            Way::default(),
            &stop,
            |_, _| (),
            |target| async move {
                assert!(target.name != "web-1", "a fault");
                Ok(())
            },
        )
        .await;
        assert!(
            matches!(&outcomes[1].1, Outcome::Failed(error) if error.class == HostErrorClass::Unexpected)
        );
        assert_eq!((&outcomes[0].1, &outcomes[2].1), (&Outcome::Done(()), &Outcome::Done(())));
    }

    #[test]
    fn the_size_of_a_batch_is_a_number_or_a_share() {
        assert_eq!("25%".parse(), Ok(Serial::Percent(25)));
        assert_eq!(" 5 ".parse(), Ok(Serial::Hosts(NonZeroUsize::new(5).unwrap())));
        for wrong in ["0", "0%", "101%", "-1", "x", "", "%", "25 %%", "1.5"] {
            assert!(wrong.parse::<Serial>().is_err(), "{wrong}");
        }
        assert_eq!(Serial::Percent(25).of(3), 1);
        assert_eq!(Serial::Percent(25).of(200), 50);
    }
}
