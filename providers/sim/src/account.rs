//! [`Sim`]: the account.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use loadline_contract::deploy::{
    Account, Action, Address, CloudError, Deployment, ErrorClass, KindRule, Observed, Obstacle, OnChange,
    Progress, Resource, State, Step, Value, rule,
};

use crate::faults::{Script, Trouble};
use crate::store::{Store, StoreError};
use crate::world::{Change, Thing, World};

/// How the account behaves.
#[derive(Debug)]
pub struct Options {
    /// How many times faster than the cloud everything passes.
    pub speed: f64,
    /// Time that one call takes, before `speed`.
    pub call: Duration,
    /// How many of a kind the account may have; kinds that are not here: any number.
    pub quotas: BTreeMap<String, usize>,
    /// What goes wrong.
    pub script: Script,
}

impl Default for Options {
    /// As fast as the cloud, without limits and faults. 120 ms is the order of a control plane's call seen from afar.
    fn default() -> Self {
        Self {
            speed: 1.0,
            call: Duration::from_millis(120),
            quotas: BTreeMap::new(),
            script: Script::default(),
        }
    }
}

/// The account.
#[derive(Debug)]
pub struct Sim {
    stages: &'static [&'static [KindRule]],
    store: Mutex<Store>,
    script: Mutex<Script>,
    quotas: BTreeMap<String, usize>,
    speed: f64,
    call: Duration,
}

type Answer = Result<Progress, CloudError>;

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

    fn rule(&self, kind: &str) -> Option<&'static KindRule> {
        rule(self.stages, kind).map(|(_, rule)| rule)
    }

    /// Milliseconds that so many minutes of the cloud take here.
    fn pass(&self, minutes: f64) -> u64 {
        (minutes * 60_000.0 / self.speed) as u64
    }

    async fn travel(&self) {
        tokio::time::sleep(self.call.div_f64(self.speed)).await;
    }

    fn carry_out(&self, call: &Call<'_>, trouble: Option<Trouble>, world: &World) -> (Answer, Vec<Change>) {
        let now = now();
        match call.step.action {
            Action::Create => self.create(call, trouble, world, now),
            Action::Update => self.update(call, trouble, world, now),
            Action::Delete => self.delete(call, trouble, world, now),
            Action::Await => (self.look(call, world, now), Vec::new()),
        }
    }

    fn create(
        &self,
        call: &Call<'_>,
        trouble: Option<Trouble>,
        world: &World,
        now: u64,
    ) -> (Answer, Vec<Change>) {
        let (Some(resource), Some(rule)) = (&call.step.resource, self.rule(call.step.address.kind())) else {
            let class = ErrorClass::Rejected { field: None };
            return (Err(call.error(class, "there is no such kind")), vec![]);
        };
        let address = &resource.address;
        let there = world.at(call.deployment, address, now);
        let known = there.iter().find(|it| it.token == call.token || it.visible_at <= now);
        if let Some(thing) = known {
            if thing.gone_at.is_some() {
                return (Err(call.error(ErrorClass::Conflict, "it is still being removed")), vec![]);
            }
            return (self.progress(call, thing, now), vec![]);
        }
        if let Err(error) = self.usable(call, resource, world, now) {
            return (Err(error), vec![]);
        }
        let have = || world.all(now).filter(|it| it.address.kind() == address.kind()).count();
        if let Some(most) = self.quotas.get(address.kind()).filter(|most| have() >= **most) {
            let said = format!("LimitExceeded: the account may have {most} of {}", rule.title);
            return (Err(call.error(ErrorClass::OverQuota, &said)), vec![]);
        }
        let made = world.made() + 1;
        let hidden = if let Some(Trouble::Hidden(minutes)) = trouble { minutes } else { 0.0 };
        let thing = Thing {
            id: format!("{}-{made:08x}", address.kind()),
            deployment: call.deployment.clone(),
            address: address.clone(),
            settings: resource.settings.clone(),
            token: call.token.to_owned(),
            visible_at: now + self.pass(hidden),
            ready_at: now + self.pass(rule.minutes[0] + slower(trouble)),
            gone_at: None,
            failed: failing(trouble),
        };
        let answer = self.progress(call, &thing, now);
        (answer, vec![Change::Made(made), Change::Put(thing)])
    }

    fn update(
        &self,
        call: &Call<'_>,
        trouble: Option<Trouble>,
        world: &World,
        now: u64,
    ) -> (Answer, Vec<Change>) {
        let found = call.step.id.as_ref().and_then(|id| world.get(id, now));
        let (Some(thing), Some(resource), Some(rule)) =
            (found, &call.step.resource, self.rule(call.step.address.kind()))
        else {
            return (Err(call.error(ErrorClass::NotFound, "there is no such thing")), vec![]);
        };
        let differs: Vec<&String> = resource
            .settings
            .iter()
            .filter(|(setting, value)| {
                rule.on_change(setting) != Some(OnChange::Ignore)
                    && thing.settings.get(*setting) != Some(value)
            })
            .map(|(setting, _)| setting)
            .collect();
        let again = thing.token == call.token;
        if again || (differs.is_empty() && call.step.changes.iter().all(|change| change.from != change.to)) {
            return (self.progress(call, thing, now), vec![]);
        }
        if thing.state(now) != State::Ready {
            return (Err(call.error(ErrorClass::Conflict, "it is being changed just now")), vec![]);
        }
        if let Some(fixed) = differs.iter().find(|it| rule.on_change(it) == Some(OnChange::Replace)) {
            let class = ErrorClass::Rejected { field: Some((*fixed).clone()) };
            return (Err(call.error(class, &format!("{fixed} cannot be changed"))), vec![]);
        }
        if let Err(error) = self.usable(call, resource, world, now) {
            return (Err(error), vec![]);
        }
        let mut changed = thing.clone();
        changed.settings.extend(resource.settings.clone());
        changed.token = call.token.to_owned();
        changed.ready_at = now + self.pass(rule.minutes[1] + slower(trouble));
        changed.failed = failing(trouble);
        (self.progress(call, &changed, now), vec![Change::Put(changed)])
    }

    fn delete(
        &self,
        call: &Call<'_>,
        trouble: Option<Trouble>,
        world: &World,
        now: u64,
    ) -> (Answer, Vec<Change>) {
        let Some(thing) = call.step.id.as_ref().and_then(|id| world.get(id, now)) else {
            return (Ok(Progress::Done), vec![]);
        };
        if let Some(gone) = thing.gone_at {
            return (Ok(self.underway(call, gone - now.min(gone))), vec![]);
        }
        // A second thing of the same address bears no weight: references mean the other one.
        let only = world.at(&thing.deployment, &thing.address, now).len() == 1;
        if let Some(user) = world.user(&thing.deployment, &thing.address, now).filter(|_| only) {
            let said = format!("DependencyViolation: {} uses it", user.address);
            return (Err(call.error(ErrorClass::Conflict, &said)), vec![]);
        }
        let minutes = self.rule(thing.address.kind()).map_or(0.0, |rule| rule.minutes[2]);
        let takes = self.pass(minutes + slower(trouble));
        let leaving = Thing { gone_at: Some(now + takes), ..thing.clone() };
        let answer = if takes == 0 { Progress::Done } else { self.underway(call, takes) };
        (Ok(answer), vec![Change::Put(leaving)])
    }

    fn look(&self, call: &Call<'_>, world: &World, now: u64) -> Answer {
        match call.step.id.as_ref().and_then(|id| world.get(id, now)) {
            None => Ok(Progress::Done),
            Some(Thing { gone_at: Some(gone), .. }) => Ok(self.underway(call, gone.saturating_sub(now))),
            Some(thing) => self.progress(call, thing, now),
        }
    }

    /// Whether everything that a resource refers to is there and ready.
    fn usable(
        &self,
        call: &Call<'_>,
        resource: &Resource,
        world: &World,
        now: u64,
    ) -> Result<(), CloudError> {
        for reference in resource.references() {
            let there = world.at(call.deployment, &reference.of, now);
            let ready = there.iter().any(|thing| thing.state(now) == State::Ready);
            if there.is_empty() {
                let said = format!("NotFound: {} does not exist", reference.of);
                return Err(call.error(ErrorClass::Rejected { field: None }, &said));
            }
            if !ready {
                let said = format!("InvalidState: {} is not ready", reference.of);
                return Err(call.error(ErrorClass::Conflict, &said));
            }
        }
        Ok(())
    }

    fn progress(&self, call: &Call<'_>, thing: &Thing, now: u64) -> Answer {
        match thing.state(now) {
            State::Ready | State::Leaving => Ok(Progress::Done),
            State::Changing => Ok(self.underway(call, thing.ready_at - now)),
            State::Failed(said) => Err(call.error(ErrorClass::Unexpected, &said)),
        }
    }

    /// Clouds are asked every 15 s at most; the rest of the time when it is shorter.
    fn underway(&self, call: &Call<'_>, left_ms: u64) -> Progress {
        let left = Duration::from_millis(left_ms.max(1)).mul_f64(self.speed);
        let doing = match call.step.action {
            Action::Create => "creating",
            Action::Update => "modifying",
            Action::Delete => "deleting",
            Action::Await => "still at work",
        };
        Progress::Underway { ask_again_in: left.min(Duration::from_secs(15)), doing: doing.to_owned() }
    }
}

/// Minutes that it takes longer.
fn slower(trouble: Option<Trouble>) -> f64 {
    if let Some(Trouble::Slow(minutes)) = trouble { minutes } else { 0.0 }
}

fn failing(trouble: Option<Trouble>) -> Option<String> {
    (trouble == Some(Trouble::FailLater)).then(|| "the operation ended with an internal failure".to_owned())
}

/// One call to the account.
struct Call<'a> {
    deployment: &'a Deployment,
    step: &'a Step,
    token: &'a str,
}

impl Call<'_> {
    fn doing(&self) -> String {
        let verb = match self.step.action {
            Action::Create => "creating",
            Action::Update => "changing",
            Action::Delete => "removing",
            Action::Await => "waiting for",
        };
        format!("{verb} {}", self.step.address)
    }

    fn error(&self, class: ErrorClass, said: &str) -> CloudError {
        CloudError::new(class, self.doing(), said)
    }
}

fn now() -> u64 {
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
            _ => answer,
        }
    }

    async fn preflight(&self, wanted: &[Resource]) -> Result<Vec<Obstacle>, CloudError> {
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

/// What a setting of a thing is changed to by somebody else.
impl Thing {
    /// The thing with another value of a setting.
    #[must_use]
    pub fn with(mut self, setting: &str, value: Value) -> Self {
        self.settings.insert(setting.to_owned(), value);
        self
    }

    /// The thing as it is when somebody has removed it.
    #[must_use]
    pub fn removed(mut self) -> Self {
        self.gone_at = Some(0);
        self
    }
}
