//! Writes steps down with their order, cost, duration and permissions. Decides nothing about what has to happen.

use std::collections::BTreeSet;

use loadline_contract::Money;
use loadline_contract::deploy::{Action, Address, Billed, KindRule, Observed, Resource, SettingChange, Step};

use super::Costs;
use super::needs::link;
use super::order::{When, rank};
use super::survivors::{Left, left_of};

/// The steps so far.
pub(super) struct Ledger<'a> {
    stages: usize,
    after: &'a Costs,
    before: &'a Costs,
    steps: Vec<Step>,
    permissions: BTreeSet<&'static str>,
    survives: Vec<Left>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(stages: &[&[KindRule]], after: &'a Costs, before: &'a Costs) -> Self {
        // Looking is part of every plan: whatever kinds there are may be found.
        let looks = stages.iter().copied().flatten().flat_map(|rule| rule.permissions[0].iter().copied());
        Self {
            stages: stages.len(),
            after,
            before,
            steps: Vec::new(),
            permissions: looks.collect(),
            survives: Vec::new(),
        }
    }

    pub(super) fn create(
        &mut self,
        resource: &Resource,
        (stage, rule): (usize, &KindRule),
        changes: Vec<SettingChange>,
        reason: &str,
    ) {
        self.permissions.extend(rule.permissions[1]);
        self.steps.push(Step {
            action: Action::Create,
            address: resource.address.clone(),
            resource: Some(resource.clone()),
            id: None,
            changes,
            reason: reason.to_owned(),
            monthly_usd: self.after.get(&resource.address).unwrap_or(Some(Money::ZERO)),
            irreversible: None,
            minutes: rule.minutes[0],
            rank: rank(When::Making, stage, self.stages),
            needs: Vec::new(),
        });
    }

    pub(super) fn update(
        &mut self,
        resource: &Resource,
        old: &Observed,
        (stage, rule): (usize, &KindRule),
        changes: Vec<SettingChange>,
    ) {
        self.permissions.extend(rule.permissions[2]);
        let settings: Vec<&str> = changes.iter().map(|change| change.setting.as_str()).collect();
        let reason = format!("differs in {}", settings.join(", "));
        self.steps.push(Step {
            action: Action::Update,
            address: resource.address.clone(),
            resource: Some(resource.clone()),
            id: Some(old.id.clone()),
            changes,
            reason,
            monthly_usd: self.difference(&resource.address),
            irreversible: None,
            minutes: rule.minutes[1],
            rank: rank(When::Making, stage, self.stages),
            needs: Vec::new(),
        });
    }

    pub(super) fn delete(
        &mut self,
        old: &Observed,
        (when, stage, rule): (When, usize, &KindRule),
        reason: &str,
    ) {
        self.permissions.extend(rule.permissions[3]);
        let left = left_of(rule, old);
        let irreversible = rule.holds_data().then(|| match &left {
            Some(left) => format!("the data of {} is gone but for its {}", old.address, left.what),
            None => format!("the data of {} is gone, and its backups with it", old.address),
        });
        self.survives.extend(left);
        let monthly_usd = match self.before.get(&old.address) {
            Some(known) => known.map(|amount| -amount),
            None if rule.billed == Billed::Free => Some(Money::ZERO),
            None => None,
        };
        self.steps.push(Step {
            action: Action::Delete,
            address: old.address.clone(),
            resource: None,
            id: Some(old.id.clone()),
            changes: Vec::new(),
            reason: reason.to_owned(),
            monthly_usd,
            irreversible,
            minutes: rule.minutes[2],
            rank: rank(when, stage, self.stages),
            needs: Vec::new(),
        });
    }

    /// Something that an earlier run began.
    pub(super) fn wait(
        &mut self,
        old: &Observed,
        (when, stage, rule): (When, usize, &KindRule),
        reason: &str,
    ) {
        let minutes = rule.minutes[if when == When::Making { 0 } else { 2 }];
        self.steps.push(Step {
            action: Action::Await,
            address: old.address.clone(),
            resource: None,
            id: Some(old.id.clone()),
            changes: Vec::new(),
            reason: reason.to_owned(),
            monthly_usd: Some(Money::ZERO),
            irreversible: None,
            minutes,
            rank: rank(when, stage, self.stages),
            needs: Vec::new(),
        });
    }

    fn difference(&self, address: &Address) -> Option<Money> {
        match (self.before.get(address), self.after.get(address)) {
            (None, None) => Some(Money::ZERO),
            (Some(before), Some(after)) => Some(after? - before?),
            // It is there, but nobody wrote down what it costs.
            (None, Some(_)) => None,
            (Some(before), None) => before.map(|amount| -amount),
        }
    }

    /// The steps in order, each with what it waits for, the permissions they need and what is left of what goes.
    pub(super) fn finish(mut self, observed: &[Observed]) -> (Vec<Step>, Vec<String>, Vec<Left>) {
        self.steps.sort_by(|left, right| {
            (left.rank, &left.address, &left.id).cmp(&(right.rank, &right.address, &right.id))
        });
        link(&mut self.steps, observed);
        self.survives.sort_by(|left, right| left.address.cmp(&right.address));
        (self.steps, self.permissions.into_iter().map(str::to_owned).collect(), self.survives)
    }
}
