//! How fast calls follow each other: so many a second, fewer while the cloud says that it is too much.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A gate that calls pass one after the other.
#[derive(Debug)]
pub(super) struct Gate {
    most_per_s: f64,
    state: Mutex<Passing>,
}

#[derive(Debug)]
struct Passing {
    per_s: f64,
    next: Instant,
}

/// After a refusal the rate is halved, never below this share of the most; each call that passes wins a fiftieth of the most
/// back: the additive increase and multiplicative decrease of TCP (RFC 5681), so that operators who share an account
/// find a fair share each.
const LEAST_SHARE: f64 = 1.0 / 32.0;
const REGAIN: f64 = 1.0 / 50.0;

impl Gate {
    pub(super) fn new(most_per_s: f64) -> Self {
        let passing = Passing { per_s: most_per_s, next: Instant::now() };
        Self { most_per_s, state: Mutex::new(passing) }
    }

    /// Waits for its turn.
    pub(super) async fn pass(&self) {
        let turn = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = state.next.max(Instant::now());
            state.next = turn + Duration::from_secs_f64(1.0 / state.per_s);
            turn
        };
        // A timer is no finer than a millisecond: shorter waits are left to the next call.
        if turn > Instant::now() + Duration::from_millis(1) {
            tokio::time::sleep_until(turn).await;
        }
    }

    /// The cloud refused a call as one too many.
    pub(super) fn slow_down(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.per_s = (state.per_s / 2.0).max(self.most_per_s * LEAST_SHARE);
    }

    /// The cloud took a call.
    pub(super) fn speed_up(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.per_s = (state.per_s + self.most_per_s * REGAIN).min(self.most_per_s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn so_many_calls_a_second_pass_and_half_after_a_refusal() {
        let gate = Gate::new(10.0);
        let begun = Instant::now();
        for _ in 0..20 {
            gate.pass().await;
        }
        let took = begun.elapsed().as_secs_f64();
        assert!((1.7..2.0).contains(&took), "{took}");
        gate.slow_down();
        gate.pass().await;
        let begun = Instant::now();
        for _ in 0..10 {
            gate.pass().await;
        }
        let took = begun.elapsed().as_secs_f64();
        assert!((1.8..2.2).contains(&took), "{took}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_comes_back() {
        let gate = Gate::new(10.0);
        for _ in 0..20 {
            gate.slow_down();
        }
        for _ in 0..50 {
            gate.speed_up();
        }
        gate.pass().await;
        let begun = Instant::now();
        for _ in 0..10 {
            gate.pass().await;
        }
        assert!(begun.elapsed() < Duration::from_millis(1300));
    }
}
