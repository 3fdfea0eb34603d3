//! The way to a host: its settings, the hosts before it, the attempts, the login.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::{Mutex, OnceCell};

use super::config::{Configuration, Proxy, Settings};
use super::dial::{Link, dial};
use super::keys::Keyring;
use super::login::{self, log_in};
use super::session::SshConnection;
use super::{Habits, Patience};
use crate::hosts::ask::{Answers, within};
use crate::hosts::ways::Ways;
use crate::hosts::{Become, Connection, HostError, HostErrorClass, Person, Target};

/// Attempts at a host that is busy, and the pauses between them: full jitter (each pause anything up to a bound that doubles), so
/// that hundreds of clients do not come back together. All together at most a quarter of a minute.
const ATTEMPTS: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// Hosts on the way to another: a longer way is two configurations that point at each other.
const MOST_HOPS: usize = 8;

/// Connections that many hosts share: one for each way, or why there is none.
type Shared = Arc<OnceCell<Result<Arc<Link>, HostError>>>;

/// The way to hosts over SSH. One for all hosts of a run: the person is asked everything once.
pub struct Ssh {
    configuration: Arc<Configuration>,
    patience: Patience,
    become_whom: Become,
    answers: Arc<Answers>,
    keyring: Keyring,
    ways: Mutex<HashMap<Vec<Target>, Shared>>,
    notes: std::sync::Mutex<BTreeSet<String>>,
}

impl Ssh {
    /// Reads the person's configuration.
    ///
    /// # Errors
    /// If a file of it is there and cannot be read or understood.
    pub fn new(
        habits: Habits,
        patience: Patience,
        become_whom: Become,
        person: Arc<dyn Person>,
    ) -> Result<Self, HostError> {
        Ok(Self {
            configuration: Arc::new(Configuration::read(habits)?),
            patience,
            become_whom,
            answers: Arc::new(Answers::of(person)),
            keyring: Keyring::default(),
            ways: Mutex::default(),
            notes: std::sync::Mutex::default(),
        })
    }

    /// What the configuration says and this program does not follow, for the hosts connected to so far; each once.
    pub fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Connects to a host and logs in.
    ///
    /// # Errors
    /// If the host could not be worked with; nothing was changed.
    pub async fn connect(&self, target: &Target) -> Result<Box<dyn Connection>, HostError> {
        let settings = self.settings(target).await?;
        let is_root = settings.user == "root";
        let way = self.way(target, &settings).await?;
        let link = self.link(&settings, &way).await?;
        Ok(Box::new(SshConnection {
            name: target.to_string(),
            link,
            answers: Arc::clone(&self.answers),
            ways: Ways::new(self.become_whom, is_root),
        }))
    }

    async fn settings(&self, target: &Target) -> Result<Arc<Settings>, HostError> {
        let (configuration, of) = (Arc::clone(&self.configuration), target.clone());
        // The commands of `Match exec` take their time.
        let settled = tokio::task::spawn_blocking(move || configuration.settings(&of)).await;
        let settings = settled.map_err(|error| {
            HostError::new(
                HostErrorClass::Unexpected,
                format!("read the SSH configuration for {target}"),
                error.to_string(),
            )
        })??;
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).extend(settings.notes.iter().cloned());
        Ok(Arc::new(settings))
    }

    /// The hosts on the way to a host, the nearest first. The first of a list may have a way of its own; the others are reached
    /// through the one before, whatever the configuration says of them.
    async fn way(&self, target: &Target, settings: &Settings) -> Result<Vec<Target>, HostError> {
        let mut way = self.own_way(settings).await?;
        while let Some(nearest) = way.first() {
            let before = self.own_way(&*self.settings(nearest).await?).await?;
            if before.is_empty() {
                break;
            }
            if way.len() + before.len() > MOST_HOPS {
                let said = "the hosts on the way to it lead in a circle, or are too many";
                return Err(HostError::new(HostErrorClass::Unexpected, format!("connect to {target}"), said)
                    .with_hint("nothing was changed; correct ProxyJump in the SSH configuration"));
            }
            way.splice(0..0, before);
        }
        Ok(way)
    }

    /// What the configuration says of the way to one host.
    async fn own_way(&self, settings: &Settings) -> Result<Vec<Target>, HostError> {
        let Proxy::Jumps(hops) = &settings.proxy else { return Ok(Vec::new()) };
        let Some(last) = hops.last() else { return Ok(Vec::new()) };
        let last = self.settings(last).await?;
        // A ProxyJump under `Host *` is meant for all but the host that it names.
        let leads_to_itself = (&last.host, last.port) == (&settings.host, settings.port);
        Ok(if leads_to_itself { Vec::new() } else { hops.clone() })
    }

    /// A connection by the way given, the nearest hop first, tried again while the host is busy.
    async fn link(&self, settings: &Arc<Settings>, way: &[Target]) -> Result<Link, HostError> {
        let mut attempt = 0;
        loop {
            let through = match way.split_last() {
                None => None,
                Some((last, before)) => Some(self.hop(last, before).await?),
            };
            match self.attempt(settings, through).await {
                Err(error) if error.class == HostErrorClass::Busy && attempt + 1 < ATTEMPTS => {
                    tokio::time::sleep(pause(attempt)).await;
                    attempt += 1;
                }
                done => return done,
            }
        }
    }

    async fn attempt(&self, settings: &Arc<Settings>, through: Option<Arc<Link>>) -> Result<Link, HostError> {
        let mut link = dial(settings, through, self.patience.connect, &self.answers).await?;
        let logging_in = log_in(&mut link.handle, settings, &self.keyring, &self.answers);
        within(self.patience.log_in, &self.answers, || login::doing(settings), logging_in).await??;
        Ok(link)
    }

    /// The connection to a host on the way, made by whoever comes first.
    fn hop<'a>(
        &'a self,
        hop: &'a Target,
        before: &'a [Target],
    ) -> BoxFuture<'a, Result<Arc<Link>, HostError>> {
        Box::pin(async move {
            let settings = self.settings(hop).await?;
            let way: Vec<Target> = before.iter().chain([hop]).cloned().collect();
            let shared = {
                let mut ways = self.ways.lock().await;
                let shared = ways.entry(way).or_default();
                if shared.get().is_some_and(|made| made.as_ref().is_ok_and(|link| link.handle.is_closed())) {
                    *shared = Shared::default();
                }
                Arc::clone(shared)
            };
            shared.get_or_init(|| async { self.link(&settings, before).await.map(Arc::new) }).await.clone()
        })
    }
}

fn pause(attempt: u32) -> Duration {
    let bound = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempt)).min(LONGEST_PAUSE);
    bound.mul_f64(rand::random::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_are_never_the_same_for_all() {
        for attempt in 0..40 {
            let bound = LONGEST_PAUSE.min(FIRST_PAUSE * 2_u32.pow(attempt.min(10)));
            assert!(pause(attempt) <= bound);
        }
        assert_ne!(pause(20), pause(20));
    }
}
