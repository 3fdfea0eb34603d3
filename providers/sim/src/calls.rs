//! What a call does to the world, and what it answers. Pure but for the memory of what this process was told.

use std::time::Duration;

use loadline_contract::deploy::{
    Action, CloudError, Deployment, ErrorClass, OnChange, Progress, Resource, State, Step,
};

use crate::account::{Answer, Sim, now};
use crate::faults::Trouble;
use crate::options::Tokens;
use crate::world::{Change, Thing, World};

impl Sim {
    pub(crate) fn carry_out(
        &self,
        call: &Call<'_>,
        trouble: Option<Trouble>,
        world: &World,
    ) -> (Answer, Vec<Change>) {
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
        let same_call = self.tokens == Tokens::Recognised || self.was_answered(call.token);
        let same = |it: &Thing| same_call && it.token == call.token;
        let known = there.iter().find(|it| same(it) || it.visible_at <= now);
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
            visible_at: now + self.pass(hidden) + self.lag_ms(),
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
            // A next look has to find it.
            State::Ready if thing.visible_at > now => Ok(self.underway(call, thing.visible_at - now)),
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
pub(crate) struct Call<'a> {
    pub(crate) deployment: &'a Deployment,
    pub(crate) step: &'a Step,
    pub(crate) token: &'a str,
}

impl Call<'_> {
    pub(crate) fn doing(&self) -> String {
        let verb = match self.step.action {
            Action::Create => "creating",
            Action::Update => "changing",
            Action::Delete => "removing",
            Action::Await => "waiting for",
        };
        format!("{verb} {}", self.step.address)
    }

    pub(crate) fn error(&self, class: ErrorClass, said: &str) -> CloudError {
        CloudError::new(class, self.doing(), said)
    }
}
