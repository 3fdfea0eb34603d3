//! Sends what a test says and measures what comes back. Decides nothing about what it means.
//!
//! hyper carries the requests: each user has a connection of its own, as people have. Think times, arrivals and the mix come from a
//! seed, so two runs send the same.

mod client;
mod closed;
mod files;
mod locust;
mod meter;
mod open;
mod own_time;
mod set;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

pub use client::{Trust, Unusable};
pub use files::{TooFew, make_room};
pub use locust::{Locust, NobodySends};

use super::Event;
use super::measured::{Ending, Level};
use super::plan::{Drive, Test};
use client::Client;
use meter::Meter;
use own_time::OwnTime;

/// Seconds that are looked at to find that too much fails.
const LOOKED_BACK: usize = 5;
/// Requests among them below which nothing is concluded.
const ENOUGH: u64 = 20;

/// What every request carries beside its path.
pub struct Means {
    /// Headers, such as one that signs the requests in.
    pub headers: Vec<(String, secrecy::SecretString)>,
    /// Whom to believe that the target is the target.
    pub trust: Trust,
    /// Requests over one connection before another is opened.
    pub requests_per_connection: u64,
}

/// What the parts of a level share.
struct Stage {
    client: Client,
    meter: Meter,
    test: Test,
    /// When the counted part begins and ends.
    counted: (Instant, Instant),
    /// When the first people arrive.
    begins: Instant,
    requests_per_connection: u64,
    stopped: AtomicBool,
    stop: watch::Sender<bool>,
}

impl Stage {
    /// Waits until then; `false`: the level ended before.
    async fn until(&self, then: Instant, stop: &mut watch::Receiver<bool>) -> bool {
        if self.stopped.load(Ordering::Relaxed) || then >= self.counted.1 {
            return false;
        }
        tokio::select! {
            () = sleep_until(then) => !self.stopped.load(Ordering::Relaxed),
            _ = stop.wait_for(|stop| *stop) => false,
        }
    }

    fn end(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.stop.send_replace(true);
    }
}

/// Drives the levels one after the other; ends after the level in which `stop` became true, or too much failed.
///
/// # Errors
/// If not a single request could be sent: a name that leads nowhere, certificates that cannot be read.
pub async fn run(
    test: &Test,
    means: &Means,
    stop: &watch::Receiver<bool>,
    heard: &(dyn Fn(Event) + Sync),
) -> Result<Vec<Level>, Unusable> {
    let timeout = Duration::from_secs_f64(test.timeout_s);
    each_level(test, heard, async |drive| {
        let client = Client::new(&test.target, &test.kinds, means, timeout).await?;
        Ok(level(test, drive, client, means.requests_per_connection.max(1), stop, heard).await)
    })
    .await
}

/// Drives the levels one after the other until one does not end as a whole; what could not be driven after others is a level that says so.
async fn each_level(
    test: &Test,
    heard: &(dyn Fn(Event) + Sync),
    mut driven: impl AsyncFnMut(Drive) -> Result<Level, Unusable>,
) -> Result<Vec<Level>, Unusable> {
    let mut levels = Vec::new();
    for (index, drive) in test.levels.iter().enumerate() {
        let seconds = test.ramp_s + test.warm_up_s + test.duration_s;
        heard(Event::Level { number: index + 1, of: test.levels.len(), drive: *drive, seconds });
        let level = match driven(*drive).await {
            Ok(level) => level,
            Err(error) if levels.is_empty() => return Err(error),
            Err(error) => set::not_driven(test, *drive, &error),
        };
        let ending = level.ending;
        levels.push(level);
        if ending != Ending::Whole {
            break;
        }
    }
    Ok(levels)
}

async fn level(
    test: &Test,
    drive: Drive,
    client: Client,
    requests_per_connection: u64,
    stop: &watch::Receiver<bool>,
    heard: &(dyn Fn(Event) + Sync),
) -> Level {
    let begins = Instant::now();
    let from = begins + Duration::from_secs_f64(test.ramp_s + test.warm_up_s);
    let until = from + Duration::from_secs_f64(test.duration_s);
    let stage = Arc::new(Stage {
        meter: Meter::new(&test.kinds, test.timeout_s, begins, (from, until)),
        client,
        test: test.clone(),
        counted: (from, until),
        begins,
        requests_per_connection,
        stopped: AtomicBool::new(false),
        stop: watch::Sender::new(false),
    });
    let drivers = match drive {
        Drive::Users(users) => closed::start(&stage, users),
        Drive::Rate(rate) => open::start(&stage, rate),
    };
    let mut own = OwnTime::new();
    let mut stop = stop.clone();
    let mut ending = Ending::Whole;
    let mut at = begins;
    let mut looked = Vec::new();
    // Words for a person: the counted part by the clock on the wall.
    let mut started_at = jiff::Timestamp::now();
    loop {
        let next = (at + Duration::from_secs(1)).min(until);
        tokio::select! {
            () = sleep_until(next) => {}
            _ = stop.wait_for(|stop| *stop) => { ending = Ending::Interrupted; break; }
        }
        if at < from && next >= from {
            started_at = jiff::Timestamp::now();
            own = OwnTime::new();
        }
        let second = stage.meter.second();
        heard(Event::Second {
            at_s: (next - begins).as_secs_f64(),
            requests: second.requests,
            errors: second.errors,
            mean_ms: second.mean_ms(),
        });
        looked.push((second.requests, second.errors));
        let last = &looked[looked.len().saturating_sub(LOOKED_BACK)..];
        let (requests, errors) = last.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        // At most some millions in five seconds.
        #[allow(clippy::cast_precision_loss)]
        if requests >= ENOUGH && errors as f64 > requests as f64 * test.stop_share {
            ending = Ending::Errors;
            break;
        }
        at = next;
        if at >= until {
            break;
        }
    }
    let cpu_share = own.share();
    let ended = Instant::now().min(until);
    stage.end();
    // Whoever waits for an answer gets it, or gives up by the timeout.
    for driver in drivers {
        let _ = driver.await;
    }
    stage.meter.level(drive, ended, started_at, cpu_share, ending)
}
