//! An account that works kind by kind: what the accounts of all clouds have in common. A cloud brings its [`Calls`]; here stands
//! that nothing is made twice, that what was half made is completed, that references become ids and ids references, and what is
//! waited for.

mod found;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::deploy::{
    Account, Action, Address, CloudError, Deployment, ErrorClass, InPlace, KindRule, Machine, Observed,
    Obstacle, OnChange, Progress, Reference, Resource, State, Step, rule,
};

pub use found::{Found, ids};
pub use settings::Settings;

/// Kinds that are looked at side by side: one after the other, a person waits for the sum of two dozen answers; all at once, an
/// account with much in it is throttled.
const LOOKS_AT_ONCE: usize = 8;

/// What a creation or a change works with.
#[derive(Debug)]
pub struct Making<'a> {
    /// Whose it is.
    pub deployment: &'a Deployment,
    /// What it is.
    pub address: &'a Address,
    /// The same for each attempt at one intent.
    pub token: &'a str,
    /// What it should be, with the cloud's ids in place of references.
    pub settings: Settings,
}

/// The calls of one cloud, kind by kind. A kind reads a thing back in the very form in which the translation writes it, with ids
/// in place of references.
#[async_trait]
pub trait Calls: Send + Sync {
    /// Every kind, stage by stage.
    fn stages(&self) -> &'static [&'static [KindRule]];

    /// Things of a kind that carry the deployment's mark.
    ///
    /// # Errors
    /// What the cloud said.
    async fn look(&self, kind: &str, deployment: &Deployment) -> Result<Vec<Found>, CloudError>;

    /// Asks for a thing to be made.
    ///
    /// # Errors
    /// What the cloud said.
    async fn create(&self, making: &Making<'_>) -> Result<(), CloudError>;

    /// Brings a thing to its settings.
    ///
    /// # Errors
    /// What the cloud said.
    async fn change(&self, making: &Making<'_>, found: &Found) -> Result<(), CloudError>;

    /// Whether a change takes a further call of [`Calls::change`] now that the cloud is done with the last one: what has to be
    /// stopped before it is changed, and started again. `found` is as it is now.
    fn goes_on(&self, _making: &Making<'_>, _found: &Found) -> bool {
        false
    }

    /// Asks for a thing to be removed; deletion protection is lifted of this one alone.
    ///
    /// # Errors
    /// What the cloud said.
    async fn remove(&self, found: &Found, token: &str) -> Result<(), CloudError>;

    /// Every deployment that something carries the mark of.
    ///
    /// # Errors
    /// What the cloud said.
    async fn deployments(&self) -> Result<Vec<Deployment>, CloudError>;

    /// The application's machines that run, those of a group among them.
    ///
    /// # Errors
    /// What the cloud said.
    async fn machines(&self, deployment: &Deployment) -> Result<Vec<Machine>, CloudError>;

    /// What would stop these from being made, and those from being changed.
    ///
    /// # Errors
    /// What the cloud said.
    async fn preflight(&self, made: &[Resource], changed: &[InPlace]) -> Result<Vec<Obstacle>, CloudError>;

    /// How long to wait for what this process asked for under that token; `None`: it is carried out. A cloud that takes an order on and
    /// gives it up later says so only to whoever asks for the order: the thing itself may never show.
    ///
    /// # Errors
    /// What the cloud said when it gave the order up, or when it was asked for it.
    async fn ordered(&self, _token: &str) -> Result<Option<Duration>, CloudError> {
        Ok(None)
    }

    /// Whether what a list no longer shows is really gone, by its id. A list in pages that are counted may skip one thing while others
    /// are removed; where the cloud's lists cannot, what is not in them is gone.
    ///
    /// # Errors
    /// What the cloud said.
    async fn is_gone(&self, _address: &Address, _id: &str) -> Result<bool, CloudError> {
        Ok(true)
    }

    /// Whether removing this one is nothing to do: it goes by itself.
    fn goes_by_itself(&self, _found: &Found) -> bool {
        false
    }
}

/// An account made of a cloud's calls.
#[derive(Debug)]
pub struct ByKind<C> {
    calls: C,
    /// Ids and outputs of our things, as seen last.
    known: Mutex<BTreeMap<Reference, String>>,
    /// Tokens of what this process asked for: it may not show yet, and must not be asked for again.
    asked: Mutex<BTreeSet<String>>,
    /// Tokens of creations whose things were completed once.
    completed: Mutex<BTreeSet<String>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<C: Calls> ByKind<C> {
    /// An account that nothing is known of yet.
    pub fn new(calls: C) -> Self {
        Self { calls, known: Mutex::default(), asked: Mutex::default(), completed: Mutex::default() }
    }

    fn remember(&self, found: &[Found]) {
        let mut seen: BTreeMap<Reference, BTreeMap<&str, &String>> = BTreeMap::new();
        for thing in found.iter().filter(|thing| thing.state != State::Leaving) {
            let outputs = thing.outputs.iter().map(|(name, value)| (name.as_str(), value));
            for (output, value) in outputs.chain([("id", &thing.id)]) {
                let reference = Reference { of: thing.address.clone(), output: output.to_owned() };
                seen.entry(reference).or_default().insert(&thing.id, value);
            }
        }
        let mut known = locked(&self.known);
        for (reference, twins) in seen {
            // Of two with the same address, whichever was referred to first is referred to from then on.
            if known.get(&reference).is_some_and(|value| twins.values().any(|twin| *twin == value)) {
                continue;
            }
            if let Some((_, value)) = twins.first_key_value() {
                known.insert(reference, (*value).clone());
            }
        }
    }

    /// Settings with the cloud's ids in place of references.
    async fn resolved(&self, deployment: &Deployment, resource: &Resource) -> Result<Settings, CloudError> {
        let mut looked = BTreeSet::new();
        for reference in resource.references() {
            let known = locked(&self.known).contains_key(reference);
            if !known && looked.insert(reference.of.kind().to_owned()) {
                let found = self.calls.look(reference.of.kind(), deployment).await?;
                self.remember(&found);
            }
        }
        Settings::resolved(resource, &locked(&self.known))
    }

    async fn found(
        &self,
        deployment: &Deployment,
        (address, id): (&Address, Option<&str>),
    ) -> Result<Option<Found>, CloudError> {
        let all = self.calls.look(address.kind(), deployment).await?;
        self.remember(&all);
        let is = |thing: &Found| thing.address == *address && id.is_none_or(|id| id == thing.id);
        Ok(all.into_iter().find(is))
    }

    /// What is still being carried out of what was asked for under that token; `None`: nothing. What the cloud gave up is forgotten, so
    /// that it can be asked for again.
    async fn ordered(&self, step: &Step, token: &str) -> Result<Option<Progress>, CloudError> {
        let doing = match step.action {
            Action::Create => "creating",
            Action::Update => "modifying",
            Action::Delete => "deleting",
            Action::Await => "not ready yet",
        };
        match self.calls.ordered(token).await {
            Ok(wait) => {
                Ok(wait.map(|ask_again_in| Progress::Underway { ask_again_in, doing: doing.to_owned() }))
            }
            Err(error) => {
                locked(&self.asked).remove(token);
                locked(&self.completed).remove(token);
                Err(error)
            }
        }
    }

    async fn make(
        &self,
        deployment: &Deployment,
        resource: &Resource,
        token: &str,
    ) -> Result<Progress, CloudError> {
        let settings = self.resolved(deployment, resource).await?;
        let making = Making { deployment, address: &resource.address, token, settings };
        let found = self.found(deployment, (&resource.address, None)).await?;
        let Some(found) = found.filter(|thing| thing.state != State::Leaving) else {
            let fresh = !locked(&self.asked).contains(token);
            if fresh {
                self.calls.create(&making).await?;
                locked(&self.asked).insert(token.to_owned());
            }
            // Lists lag behind: it is looked for until it shows.
            return Ok(underway("creating", if fresh { 0 } else { 2 }));
        };
        if found.state == State::Ready
            && self.differs(&making, &found)
            && locked(&self.completed).insert(token.to_owned())
        {
            // A run ended between two calls that make it together.
            if let Err(error) = self.calls.change(&making, &found).await {
                locked(&self.completed).remove(token);
                return Err(error);
            }
            return Ok(underway("setting up", 0));
        }
        if found.state == State::Ready && self.calls.goes_on(&making, &found) {
            self.calls.change(&making, &found).await?;
            return Ok(underway("setting up", 1));
        }
        standing(&found, "creating")
    }

    async fn adjust(
        &self,
        deployment: &Deployment,
        step: &Step,
        token: &str,
    ) -> Result<Progress, CloudError> {
        let (Some(resource), id) = (&step.resource, step.id.as_deref()) else {
            return Err(CloudError::unknown_kind(step.address.kind()));
        };
        let settings = self.resolved(deployment, resource).await?;
        let making = Making { deployment, address: &resource.address, token, settings };
        let Some(found) = self.found(deployment, (&resource.address, id)).await? else {
            let doing = format!("changing {}", step.address);
            return Err(CloudError::new(ErrorClass::NotFound, doing, "it is no longer there"));
        };
        let fresh = !locked(&self.asked).contains(token);
        if fresh {
            if let State::Changing = found.state {
                return Ok(underway("waiting to be changed", 15));
            }
            self.calls.change(&making, &found).await?;
            locked(&self.asked).insert(token.to_owned());
            return Ok(underway("modifying", 1));
        }
        if self.calls.goes_on(&making, &found) {
            self.calls.change(&making, &found).await?;
            return Ok(underway("modifying", 1));
        }
        standing(&found, "modifying")
    }

    async fn delete(
        &self,
        deployment: &Deployment,
        step: &Step,
        token: &str,
    ) -> Result<Progress, CloudError> {
        let Some(found) = self.found(deployment, (&step.address, step.id.as_deref())).await? else {
            let gone = match &step.id {
                Some(id) => self.calls.is_gone(&step.address, id).await?,
                None => true,
            };
            return Ok(if gone { Progress::Done } else { underway("deleting", 1) });
        };
        if found.state == State::Leaving {
            return Ok(underway("deleting", 10));
        }
        if self.calls.goes_by_itself(&found) {
            return Ok(Progress::Done);
        }
        match self.calls.remove(&found, token).await {
            Ok(()) => Ok(underway("deleting", 0)),
            Err(error) if error.class == ErrorClass::NotFound => Ok(Progress::Done),
            Err(error) => Err(error),
        }
    }

    /// Whether a setting that changes in place is not as wanted.
    fn differs(&self, making: &Making<'_>, found: &Found) -> bool {
        let rule = rule(self.calls.stages(), making.address.kind()).map(|(_, rule)| rule);
        making.settings.iter().any(|(name, _)| {
            let ignored = rule.and_then(|rule| rule.on_change(name)) == Some(OnChange::Ignore);
            !ignored && making.settings.differs(name, &found.settings)
        })
    }
}

fn standing(found: &Found, doing: &str) -> Result<Progress, CloudError> {
    match &found.state {
        State::Ready => Ok(Progress::Done),
        State::Changing | State::Leaving => Ok(underway(doing, 15)),
        State::Failed(said) => {
            let doing = format!("{doing} {}", found.address);
            Err(CloudError::new(ErrorClass::Unexpected, doing, said.clone()))
        }
    }
}

fn underway(doing: &str, seconds: u64) -> Progress {
    Progress::Underway { ask_again_in: Duration::from_secs(seconds), doing: doing.to_owned() }
}

#[async_trait]
impl<C: Calls> Account for ByKind<C> {
    async fn observe(&self, deployment: &Deployment) -> Result<Vec<Observed>, CloudError> {
        let rules = self.calls.stages().iter().copied().flatten();
        let looks: Vec<_> = rules.map(|rule| self.calls.look(rule.kind, deployment)).collect();
        let found: Vec<Vec<Found>> = stream::iter(looks).buffered(LOOKS_AT_ONCE).try_collect().await?;
        let all = found.concat();
        let observed = found::observed(all.clone());
        let mut most: BTreeMap<&Address, usize> = BTreeMap::new();
        for thing in &observed {
            let users = most.entry(&thing.address).or_default();
            *users = thing.users.max(*users);
        }
        let in_use = |(found, seen): (Found, &Observed)| (seen.users == most[&seen.address]).then_some(found);
        let kept: Vec<Found> = all.into_iter().zip(&observed).filter_map(in_use).collect();
        self.remember(&kept);
        Ok(observed)
    }

    async fn deployments(&self) -> Result<Vec<Deployment>, CloudError> {
        self.calls.deployments().await
    }

    async fn perform(
        &self,
        deployment: &Deployment,
        step: &Step,
        token: &str,
    ) -> Result<Progress, CloudError> {
        if let Some(underway) = self.ordered(step, token).await? {
            return Ok(underway);
        }
        match (step.action, &step.resource) {
            (Action::Create, Some(resource)) => self.make(deployment, resource, token).await,
            (Action::Update, _) => self.adjust(deployment, step, token).await,
            (Action::Delete, _) => self.delete(deployment, step, token).await,
            (Action::Create | Action::Await, _) => {
                match self.found(deployment, (&step.address, step.id.as_deref())).await? {
                    None => Ok(Progress::Done),
                    Some(found) => standing(&found, "not ready yet"),
                }
            }
        }
    }

    async fn machines(&self, deployment: &Deployment) -> Result<Vec<Machine>, CloudError> {
        let mut machines = self.calls.machines(deployment).await?;
        machines.sort();
        Ok(machines)
    }

    async fn preflight(&self, made: &[Resource], changed: &[InPlace]) -> Result<Vec<Obstacle>, CloudError> {
        self.calls.preflight(made, changed).await
    }
}
