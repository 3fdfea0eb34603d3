//! Arrivals: requests come at a rate, whatever became of those before them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::RngExt as _;
use rand_distr::{Distribution as _, Exp};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, timeout_at};

use super::Stage;
use super::client::Line;
use super::closed::{chance, chosen};
use crate::load::measured::OWN_FAILURE;

/// Requests under way at once that this machine keeps for; beyond it arrivals are errors of its own.
pub(super) const MOST_UNDER_WAY: usize = 50_000;

/// Sources of arrivals: several Poisson streams together are one.
pub(super) fn start(stage: &Arc<Stage>, rate: f64) -> Vec<JoinHandle<()>> {
    let sources = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    let under_way = Arc::new(AtomicUsize::new(0));
    // At most eight.
    #[allow(clippy::cast_precision_loss)]
    let each = rate / sources as f64;
    (0..sources)
        .map(|source| tokio::spawn(arrivals(Arc::clone(stage), source, each, Arc::clone(&under_way))))
        .collect()
}

async fn arrivals(stage: Arc<Stage>, source: usize, rate: f64, under_way: Arc<AtomicUsize>) {
    let Ok(gaps) = Exp::new(rate) else { return };
    let mut chance = chance(stage.test.seed, source as u64 + 1);
    let idle: Arc<Mutex<Vec<Line>>> = Arc::default();
    let mut running = JoinSet::new();
    let mut stop = stage.stop.subscribe();
    let mut meant = stage.begins;
    loop {
        meant += Duration::from_secs_f64(gaps.sample(&mut chance).min(3600.0));
        // Late arrivals are sent at once, all of them: nothing is left out because the one before took long.
        if meant > Instant::now() && !stage.until(meant, &mut stop).await || meant >= stage.counted.1 {
            break;
        }
        if stage.stopped.load(Ordering::Relaxed) {
            break;
        }
        let kind = chosen(&stage, chance.random::<f64>());
        // The rate grows over the ramp: as many arrivals are left out as it lacks.
        let ramped = (meant - stage.begins).as_secs_f64() / stage.test.ramp_s.max(1e-9);
        if ramped < 1.0 && chance.random::<f64>() >= ramped {
            continue;
        }
        while running.try_join_next().is_some() {}
        if under_way.fetch_add(1, Ordering::Relaxed) >= MOST_UNDER_WAY {
            under_way.fetch_sub(1, Ordering::Relaxed);
            let now = Instant::now();
            stage.meter.record(
                source,
                kind,
                (meant, now, now),
                Err(format!("{OWN_FAILURE}too many under way")),
            );
            continue;
        }
        let one = request(Arc::clone(&stage), source, kind, meant, Arc::clone(&idle), Arc::clone(&under_way));
        running.spawn(one);
    }
    while running.join_next().await.is_some() {}
}

async fn request(
    stage: Arc<Stage>,
    source: usize,
    kind: usize,
    meant: Instant,
    idle: Arc<Mutex<Vec<Line>>>,
    under_way: Arc<AtomicUsize>,
) {
    let mut line = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let sent = Instant::now();
    let asked = timeout_at(meant + stage.client.timeout, stage.client.exchange(&mut line, kind)).await;
    let answer = asked.unwrap_or_else(|_| Err("no answer in time".to_owned()));
    let done = Instant::now();
    if let Some(line) = line.filter(|line| line.carried < stage.requests_per_connection) {
        idle.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
    stage.meter.record(source, kind, (meant, sent, done), answer);
    under_way.fetch_sub(1, Ordering::Relaxed);
}
