//! Compares one wanted resource with what is there: which settings differ, and whether they change in place.

use std::collections::BTreeSet;

use loadline_contract::deploy::{
    Address, KindRule, Observed, OnChange, Resource, SettingChange, State, Value,
};

/// What has to happen to one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing.
    Same,
    /// These settings change in place.
    Update(Vec<SettingChange>),
    /// It has to be removed and made again; why.
    Replace(Vec<SettingChange>, String),
}

/// Compares settings; what the cloud has beyond the wanted ones is left alone.
pub(super) fn compare(rule: &KindRule, wanted: &Resource, there: &Observed) -> Verdict {
    if let State::Failed(said) = &there.state {
        return Verdict::Replace(Vec::new(), format!("the cloud gave up on it: {said}"));
    }
    let mut changes = Vec::new();
    let mut replaced_by = Vec::new();
    for (setting, to) in &wanted.settings {
        let from = there.settings.get(setting);
        if from == Some(to) {
            continue;
        }
        match rule.on_change(setting) {
            Some(OnChange::Ignore) => continue,
            Some(OnChange::Replace) => replaced_by.push(setting.as_str()),
            Some(OnChange::RaiseOnly) if lowered(from, to) => replaced_by.push(setting.as_str()),
            Some(OnChange::RaiseOnly) | None => {}
        }
        let (from, to) = (from.cloned(), Some(to.clone()));
        changes.push(SettingChange { setting: setting.clone(), from, to });
    }
    if !replaced_by.is_empty() {
        let why = format!("{} cannot be changed in place", replaced_by.join(", "));
        return Verdict::Replace(changes, why);
    }
    if changes.is_empty() { Verdict::Same } else { Verdict::Update(changes) }
}

fn lowered(from: Option<&Value>, to: &Value) -> bool {
    matches!((from, to), (Some(Value::Count(from)), Value::Count(to)) if to < from)
}

/// What a resource owes to others that are made anew: a reference keeps its text, but its meaning changes.
pub(super) fn follow(
    rule: &KindRule,
    wanted: &Resource,
    verdict: Verdict,
    replaced: &BTreeSet<Address>,
) -> Verdict {
    if matches!(verdict, Verdict::Replace(..)) {
        return verdict;
    }
    let mut changes = match verdict {
        Verdict::Update(changes) => changes,
        Verdict::Same | Verdict::Replace(..) => Vec::new(),
    };
    let mut replaced_by = None;
    for (setting, value) in &wanted.settings {
        let mut anew = None;
        value.references(&mut |reference| {
            if replaced.contains(&reference.of) {
                anew = Some(reference.of.clone());
            }
        });
        let Some(other) = anew else { continue };
        match rule.on_change(setting) {
            Some(OnChange::Ignore) => continue,
            Some(OnChange::Replace) => replaced_by = Some(other),
            Some(OnChange::RaiseOnly) | None => {}
        }
        if !changes.iter().any(|change| change.setting == *setting) {
            let (from, to) = (Some(value.clone()), Some(value.clone()));
            changes.push(SettingChange { setting: setting.clone(), from, to });
        }
    }
    match replaced_by {
        Some(other) => Verdict::Replace(changes, format!("{other} is made anew")),
        None if changes.is_empty() => Verdict::Same,
        None => Verdict::Update(changes),
    }
}
