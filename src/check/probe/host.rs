//! Hosts over SSH: one script a look, over a connection that is kept as long as it holds.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::host::{Counters, Glance, HostSample, read, script};
use super::super::judge::{host, host_down};
use super::super::{Finding, Lines};
use super::{Probe, SECOND_LOOK, clock_s, remember};
use crate::hosts::{Connection, HostError, HostErrorClass, Reach};

pub(super) struct HostProbe {
    component: String,
    reach: Arc<dyn Reach>,
    within: Duration,
    lines: Arc<Lines>,
    kept: Mutex<Option<Box<dyn Connection>>>,
    before: Mutex<Option<(f64, Counters)>>,
}

/// What a script brought back, the time it took, s, and our clock around it, s since 1970.
struct Told {
    sample: HostSample,
    took_s: f64,
    ours_s: (f64, f64),
}

impl HostProbe {
    pub(super) fn new(reach: Arc<dyn Reach>, within: Duration, lines: Arc<Lines>) -> Self {
        let component = format!("host/{}", reach.name());
        Self { component, reach, within, lines, kept: Mutex::new(None), before: Mutex::new(None) }
    }

    /// Asks over the connection that is kept; where that has died meanwhile, once more over a new one.
    async fn ask(&self, glance: Glance) -> Result<Told, HostError> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(connection) = kept {
            match self.told(connection.as_ref(), glance).await {
                Ok(told) => {
                    self.keep(connection);
                    return Ok(told);
                }
                Err(error) if error.class == HostErrorClass::TimedOut => return Err(error),
                Err(_) => {}
            }
        }
        let connection = self.reach.connect().await?;
        let told = self.told(connection.as_ref(), glance).await?;
        self.keep(connection);
        Ok(told)
    }

    fn keep(&self, connection: Box<dyn Connection>) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
    }

    async fn told(&self, connection: &dyn Connection, glance: Glance) -> Result<Told, HostError> {
        let now_s = || Timestamp::now().as_microsecond() as f64 / 1e6;
        let (began, before_s) = (Instant::now(), now_s());
        let said = connection.run(&script(glance), self.within).await?;
        let waited = if glance == Glance::Twice { SECOND_LOOK } else { Duration::ZERO };
        let (took_s, ours_s) = (began.elapsed().saturating_sub(waited).as_secs_f64(), (before_s, now_s()));
        let sample = read(&said.stdout, &said.stderr).map_err(|sentence| HostError {
            class: HostErrorClass::Unexpected,
            doing: format!("looking at {}", connection.name()),
            said: format!("{sentence} (status {})", said.status),
            hint: Some("it needs Linux and a POSIX shell with coreutils, grep and sed".to_owned()),
        })?;
        Ok(Told { sample, took_s, ours_s })
    }
}

#[async_trait]
impl Probe for HostProbe {
    async fn prepare(&self) {
        // Whatever goes wrong here goes wrong in the look too, and is said there.
        if let Ok(connection) = self.reach.connect().await
            && connection.run(":", self.within).await.is_ok()
        {
            self.keep(connection);
        }
    }

    async fn look(&self) -> Vec<Finding> {
        let before = {
            let kept = self.before.lock().unwrap_or_else(PoisonError::into_inner);
            kept.as_ref().map(|(_, counters)| counters.clone())
        };
        let glance = if before.is_some() { Glance::Once } else { Glance::Twice };
        match self.ask(glance).await {
            Err(error) => host_down(&self.component, &error.to_string(), error.hint.as_deref()),
            Ok(told) => {
                let Told { sample, took_s, ours_s } = told;
                let findings = host(&self.component, &sample, before.as_ref(), (took_s, ours_s), &self.lines);
                let mut kept = self.before.lock().unwrap_or_else(PoisonError::into_inner);
                remember(&mut kept, clock_s(), sample.now);
                findings
            }
        }
    }

    fn unseen(&self, why: &str) -> Vec<Finding> {
        host_down(&self.component, &format!("{}: {why}", self.reach.name()), None)
    }
}
