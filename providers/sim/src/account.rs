//! [`Sim`]: the account.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use loadline_contract::deploy::{
    Account, Action, Address, CloudError, Deployment, ErrorClass, InPlace, KindRule, Machine, Observed,
    Obstacle, Progress, Resource, Step, rule,
};

use crate::calls::Call;
use crate::faults::{Script, Trouble};
use crate::options::{Options, Tokens};
use crate::store::{Store, StoreError};
use crate::world::{Change, Thing, World};

/// The account.
#[derive(Debug)]
pub struct Sim {
    stages: &'static [&'static [KindRule]],
    store: Mutex<Store>,
    script: Mutex<Script>,
    pub(crate) quotas: BTreeMap<String, usize>,
    pub(crate) speed: f64,
    call: Duration,
    lag: Duration,
    pub(crate) tokens: Tokens,
    /// Tokens of creations whose answer this process has got.
    answered: Mutex<BTreeSet<String>>,
}

pub(crate) type Answer = Result<Progress, CloudError>;

impl Sim {
    /// The account in that file, for a cloud with these kinds.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn open(
        path: &Path,
        stages: &'static [&'static [KindRule]],
        options: Options,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            stages,
            store: Mutex::new(Store::open(path)?),
            script: Mutex::new(options.script),
            quotas: options.quotas,
            speed: options.speed,
            call: options.call,
            lag: options.lag,
            tokens: options.tokens,
            answered: Mutex::default(),
        })
    }

    /// Everything that exists, whoever it belongs to.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn things(&self) -> Result<Vec<Thing>, StoreError> {
        let now = now();
        self.world(|world| (world.all(now).cloned().collect(), Vec::new()))
    }

    /// Puts a thing there, or in place of the one with its id, as somebody else would.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn put(&self, thing: Thing) -> Result<(), StoreError> {
        self.world(|_| ((), vec![Change::Put(thing)]))
    }

    fn world<T>(&self, decide: impl FnOnce(&World) -> (T, Vec<Change>)) -> Result<T, StoreError> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).with(decide)
    }

    fn trouble(&self, action: Option<Action>, address: Option<&Address>) -> Option<Trouble> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).strike(action, address)
    }

    /// How many calls went wrong so far.
    pub fn struck(&self) -> u64 {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).struck()
    }

    pub(crate) fn rule(&self, kind: &str) -> Option<&'static KindRule> {
        rule(self.stages, kind).map(|(_, rule)| rule)
    }

    /// Milliseconds that so many minutes of the cloud take here.
    pub(crate) fn pass(&self, minutes: f64) -> u64 {
        (minutes * 60_000.0 / self.speed) as u64
    }

    /// Milliseconds that lists lag behind here.
    pub(crate) fn lag_ms(&self) -> u64 {
        self.pass(self.lag.as_secs_f64() / 60.0)
    }

    /// Whether this process knows that the call with this token was carried out.
    pub(crate) fn was_answered(&self, token: &str) -> bool {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).contains(token)
    }

    async fn travel(&self) {
        tokio::time::sleep(self.call.div_f64(self.speed)).await;
    }
}

pub(crate) fn now() -> u64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(passed.as_millis()).unwrap_or(u64::MAX)
}

fn broken(doing: &str, error: &StoreError) -> CloudError {
    CloudError::new(ErrorClass::Unexpected, doing, error.to_string())
        .hint(format!("remove {} to begin the rehearsal anew", error.path.display()))
}

#[async_trait]
impl Account for Sim {
    async fn observe(&self, deployment: &Deployment) -> Result<Vec<Observed>, CloudError> {
        let doing = format!("looking for what belongs to {deployment}");
        self.travel().await;
        if let Some(refusal) = self.trouble(None, None).and_then(|trouble| trouble.refusal(&doing)) {
            return Err(refusal);
        }
        let now = now();
        self.world(|world| {
            let ours = world.all(now).filter(|it| it.deployment == *deployment && it.visible_at <= now);
            (ours.map(|thing| thing.observed(now)).collect(), Vec::new())
        })
        .map_err(|error| broken(&doing, &error))
    }

    async fn deployments(&self) -> Result<Vec<Deployment>, CloudError> {
        let doing = "looking for deployments";
        self.travel().await;
        if let Some(refusal) = self.trouble(None, None).and_then(|trouble| trouble.refusal(doing)) {
            return Err(refusal);
        }
        let now = now();
        let found = self.world(|world| {
            let owners: BTreeSet<Deployment> = world.all(now).map(|it| it.deployment.clone()).collect();
            (owners, Vec::new())
        });
        found.map(|owners| owners.into_iter().collect()).map_err(|error| broken(doing, &error))
    }

    /// None: nobody can log in to a rehearsal.
    async fn machines(&self, _: &Deployment) -> Result<Vec<Machine>, CloudError> {
        Ok(Vec::new())
    }

    async fn perform(
        &self,
        deployment: &Deployment,
        step: &Step,
        token: &str,
    ) -> Result<Progress, CloudError> {
        let call = Call { deployment, step, token };
        self.travel().await;
        let trouble = self.trouble(Some(step.action), Some(&step.address));
        if let Some(refusal) = trouble.and_then(|trouble| trouble.refusal(&call.doing())) {
            return Err(refusal);
        }
        if trouble == Some(Trouble::KillBefore) {
            std::process::abort();
        }
        let answer = self
            .world(|world| self.carry_out(&call, trouble, world))
            .map_err(|error| broken(&call.doing(), &error))?;
        match trouble {
            Some(Trouble::KillAfter) => std::process::abort(),
            Some(Trouble::LostAnswer) => {
                Err(call.error(ErrorClass::Unavailable, "the connection was reset before any answer"))
            }
            _ => {
                if answer.is_ok() {
                    let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
                    answered.insert(token.to_owned());
                }
                answer
            }
        }
    }

    async fn preflight(
        &self,
        wanted: &[Resource],
        _changed: &[InPlace],
    ) -> Result<Vec<Obstacle>, CloudError> {
        self.travel().await;
        let now = now();
        let count = |world: &World| {
            let mut have: BTreeMap<String, usize> = BTreeMap::new();
            for kind in self.quotas.keys() {
                let things = world.all(now).filter(|thing| thing.address.kind() == kind);
                have.insert(kind.clone(), things.count());
            }
            (have, Vec::new())
        };
        let mut have = self.world(count).map_err(|error| broken("counting what the account has", &error))?;
        let mut obstacles = Vec::new();
        for resource in wanted {
            let kind = resource.address.kind();
            let Some(count) = have.get_mut(kind) else { continue };
            *count += 1;
            if let Some(most) = self.quotas.get(kind).filter(|most| *count > **most) {
                obstacles.push(Obstacle {
                    address: resource.address.clone(),
                    sentence: format!("the account may have {most} of {kind}, and this would be one more"),
                    hint: "ask the cloud for a higher quota, or remove one that is not needed".to_owned(),
                });
            }
        }
        Ok(obstacles)
    }
}
