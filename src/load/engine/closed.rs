//! People: each waits for the answer, thinks, and asks again.

use std::sync::Arc;
use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_distr::{Distribution as _, Exp};
use rand_xoshiro::Xoshiro256PlusPlus;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::Stage;
use super::client::Line;

/// A source of chance of its own for each part of a test.
pub(super) fn chance(seed: u64, part: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// The people of a level; they arrive over the ramp.
pub(super) fn start(stage: &Arc<Stage>, users: u32) -> Vec<JoinHandle<()>> {
    (0..users)
        .map(|index| {
            let share = f64::from(index) / f64::from(users);
            let arrives = stage.begins + Duration::from_secs_f64(stage.test.ramp_s * share);
            tokio::spawn(user(Arc::clone(stage), index, arrives))
        })
        .collect()
}

/// Which kind a number between 0 and 1 stands for.
pub(super) fn chosen(stage: &Stage, number: f64) -> usize {
    let mut sum = 0.0;
    for (index, kind) in stage.test.kinds.iter().enumerate() {
        sum += kind.share;
        if number < sum {
            return index;
        }
    }
    stage.test.kinds.len() - 1
}

async fn user(stage: Arc<Stage>, index: u32, arrives: Instant) {
    let mut chance = chance(stage.test.seed, u64::from(index) + 1);
    // Pauses of people are exponential here; their spread makes no difference to a closed model (insensitivity).
    let think = Exp::new(1.0 / stage.test.think_s.max(1e-9)).ok();
    let pause = move |chance: &mut Xoshiro256PlusPlus| {
        Duration::from_secs_f64(think.as_ref().map_or(0.0, |think| think.sample(chance)).min(86_400.0))
    };
    let mut stop = stage.stop.subscribe();
    let mut line: Option<Line> = None;
    let mut meant = arrives + pause(&mut chance);
    while stage.until(meant, &mut stop).await {
        let kind = chosen(&stage, chance.random::<f64>());
        let sent = Instant::now();
        let asked = timeout_at(meant + stage.client.timeout, stage.client.exchange(&mut line, kind)).await;
        let answer = asked.unwrap_or_else(|_| Err("no answer in time".to_owned()));
        let done = Instant::now();
        if line.as_ref().is_some_and(|line| line.carried >= stage.requests_per_connection) {
            line = None;
        }
        stage.meter.record(index as usize, kind, (meant, sent, done), answer);
        meant = done + pause(&mut chance);
    }
}
