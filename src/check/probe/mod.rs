//! Looks at every component at once. Decides only how long is waited for each; what a look means is judged elsewhere. A component
//! that hangs, dies or lies costs only itself.

mod cache;
mod certificate;
mod database;
mod host;
mod notify;
mod queue;
mod serve;
mod tuned;
mod web;

pub use notify::{Notifier, Webhook};
pub use serve::{Board, serve};

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::Semaphore;
use url::Url;

use super::{Finding, Lines, Looked, Round, StoreAddress};
use crate::hosts::{HOSTS_AT_ONCE, Reach};
use crate::tune::profile::Profile;

/// One thing to look at, as often as wanted. What it has to remember between looks has a fixed size.
#[async_trait]
trait Probe: Send + Sync {
    /// Gets ready for looks, where a person may have to be asked something: not bounded by the time for a look.
    async fn prepare(&self) {}

    /// Looks. Never fails: what cannot be seen is a finding too.
    async fn look(&self) -> Vec<Finding>;

    /// The findings where no look came to its end, with the reason.
    fn unseen(&self, why: &str) -> Vec<Finding>;
}

/// Everything that is to be looked at.
#[derive(Default)]
pub struct Targets {
    /// Health check through the balancer.
    pub balancer: Option<Url>,
    /// Health checks of instances.
    pub instances: Vec<Url>,
    /// The database.
    pub database: Option<StoreAddress>,
    /// The cache.
    pub cache: Option<StoreAddress>,
    /// The server of the task queues.
    pub queue: Option<StoreAddress>,
    /// Names of the task queues.
    pub queues: Vec<String>,
    /// Hosts.
    pub hosts: Vec<Arc<dyn Reach>>,
    /// What the hosts should be set to; `None`: that is not looked at.
    pub profile: Option<Profile>,
    /// What is not looked at, and how it would be, each as a sentence.
    pub not_checked: Vec<String>,
}

/// Looks at all targets, round after round.
pub struct Checker {
    probes: Vec<Arc<dyn Probe>>,
    within: Duration,
    room: Arc<Semaphore>,
    not_checked: Vec<String>,
}

impl Checker {
    /// Looks at these; for each look at one component is waited `within`, and no longer.
    ///
    /// # Errors
    /// With a sentence if the clients cannot be made.
    pub fn new(targets: Targets, lines: &Lines, within: Duration) -> Result<Self, String> {
        // Whoever installed one before had the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = web::client(within)?;
        let lines = Arc::new(lines.clone());
        let mut probes: Vec<Arc<dyn Probe>> = Vec::new();
        let balancer = targets.balancer.into_iter().map(|url| ("balancer".to_owned(), url));
        let instances =
            targets.instances.into_iter().map(|url| (format!("instance/{}", web::place(&url)), url));
        for (component, url) in balancer.chain(instances) {
            if let Some(certificate) = certificate::CertificateProbe::of(&component, &url) {
                probes.push(Arc::new(certificate));
            }
            probes.push(Arc::new(web::WebProbe::new(component, url, client.clone(), Arc::clone(&lines))));
        }
        if let Some(address) = targets.database {
            probes.push(Arc::new(database::DatabaseProbe::new(address, within, Arc::clone(&lines))));
        }
        if let Some(address) = targets.cache {
            probes.push(Arc::new(cache::CacheProbe::new("cache", address, within, Arc::clone(&lines))));
        }
        if let Some(address) = targets.queue {
            probes.push(Arc::new(cache::CacheProbe::new(
                "queue",
                address.clone(),
                within,
                Arc::clone(&lines),
            )));
            probes.push(Arc::new(queue::QueueProbe::new(
                address,
                targets.queues,
                within,
                Arc::clone(&lines),
            )));
        }
        let profile = targets.profile.map(Arc::new);
        for reach in targets.hosts {
            probes.push(Arc::new(host::HostProbe::new(Arc::clone(&reach), within, Arc::clone(&lines))));
            if let Some(profile) = &profile {
                probes.push(Arc::new(tuned::TuneProbe::new(reach, Arc::clone(profile), within)));
            }
        }
        Ok(Self {
            probes,
            within,
            room: Arc::new(Semaphore::new(HOSTS_AT_ONCE)),
            not_checked: targets.not_checked,
        })
    }

    /// Logs in where a person may be asked for a password or a key, outside of the time that looks have.
    pub async fn prepare(&self) {
        futures_util::future::join_all(self.probes.iter().map(|probe| probe.prepare())).await;
    }

    /// One look at everything.
    pub async fn round(&self) -> Round {
        let tasks: Vec<_> = self
            .probes
            .iter()
            .map(|probe| {
                let (probe, room, within) = (Arc::clone(probe), Arc::clone(&self.room), self.within);
                tokio::spawn(async move {
                    // The semaphore is never closed.
                    let _place = room.acquire().await;
                    match tokio::time::timeout(within, probe.look()).await {
                        Ok(findings) => findings,
                        Err(_) => {
                            probe.unseen(&format!("it did not answer within {} s", within.as_secs_f64()))
                        }
                    }
                })
            })
            .collect();
        let mut looks = Vec::with_capacity(tasks.len());
        for (task, probe) in tasks.into_iter().zip(&self.probes) {
            let findings = match task.await {
                Ok(findings) => findings,
                Err(error) => probe.unseen(&format!(
                    "the look broke off by a fault of this program ({error}); please report it"
                )),
            };
            looks.push(Looked { at: Timestamp::now(), findings });
        }
        Round { at: Timestamp::now(), looks, not_checked: self.not_checked.clone() }
    }
}

/// Seconds on a clock that does not jump, from a fixed moment.
fn clock_s() -> f64 {
    static BEGAN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    BEGAN.elapsed().as_secs_f64()
}

/// How long a first look waits before it looks again, so that there is a rate from the first round on.
const SECOND_LOOK: Duration = Duration::from_secs(1);

/// Shortest time between two looks that a rate is told from: a counter of hundredths of a second says little below that.
const SHORTEST_S: f64 = 1.0;

/// Keeps a sample to compare with, unless the one that is there is too young for a rate.
fn remember<S>(kept: &mut Option<(f64, S)>, at_s: f64, sample: S) {
    if kept.as_ref().is_none_or(|(kept_s, _)| at_s - kept_s >= SHORTEST_S) {
        *kept = Some((at_s, sample));
    }
}

/// What an error and all that caused it say, each once.
fn told(error: &dyn std::error::Error) -> String {
    let mut said = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !said.iter().any(|earlier| earlier.contains(&text)) {
            said.push(text);
        }
        cause = error.source();
    }
    said.join(": ")
}
