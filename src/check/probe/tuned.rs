//! Whether hosts still have what tuning gave them: a look at all settings is long, and they seldom change.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::super::judge::tuned;
use super::super::{Finding, Unit, Verdict};
use super::Probe;
use crate::hosts::Reach;
use crate::tune::profile::Profile;
use crate::tune::run::plan;

/// How long what was seen is taken for true: a setting changes with a boot, an update or a hand, not with the load.
const FRESH: Duration = Duration::from_secs(600);

pub(super) struct TuneProbe {
    component: String,
    reach: Arc<dyn Reach>,
    profile: Arc<Profile>,
    within: Duration,
    seen: Mutex<Option<(Instant, Finding)>>,
}

impl TuneProbe {
    pub(super) fn new(reach: Arc<dyn Reach>, profile: Arc<Profile>, within: Duration) -> Self {
        let component = format!("host/{}", reach.name());
        Self { component, reach, profile, within, seen: Mutex::new(None) }
    }

    fn fresh(&self) -> Option<Finding> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.as_ref().filter(|(at, _)| at.elapsed() < FRESH).map(|(_, finding)| finding.clone())
    }
}

#[async_trait]
impl Probe for TuneProbe {
    async fn look(&self) -> Vec<Finding> {
        if let Some(finding) = self.fresh() {
            return vec![finding];
        }
        let report = plan(self.reach.as_ref(), &self.profile, self.within).await;
        let finding = tuned(&self.component, &report);
        // What could not be seen is looked for again in the next round.
        if finding.verdict != Verdict::Unknown {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            *seen = Some((Instant::now(), finding.clone()));
        }
        vec![finding]
    }

    fn unseen(&self, why: &str) -> Vec<Finding> {
        let sentence = format!("Its settings could not be looked at: {why}.");
        vec![Finding::unknown(&self.component, "tune_drift", Unit::Count, sentence)]
    }
}
