//! How a new model gets to machines that run: some new ones are added, and when they are well, as many old ones are removed, until
//! there are no old ones. What to do next is decided from what is there: a run that was killed is continued by the next.
//!
//! Machines are not brought to the model where they stand: what is done at the first start is not done again then (Azure docs,
//! "Custom data and cloud-init", scale sets).

use loadline_contract::by_kind::Found;
use loadline_contract::deploy::CloudError;
use serde_json::Value as Json;

use super::client::Client;
use super::json::{count, text};
use super::marks;

/// The tag with how many machines there were when the model changed.
pub(super) const BASE: &str = "base";
/// One in so many machines is replaced at a time, as the cloud's own rolling upgrades do (Azure docs, `maxBatchInstancePercent`).
const SHARE: usize = 5;
const NOT_YET: &str = ", not yet on ";

/// What `revision` reads as while machines are of older models.
pub(super) fn unfinished(model: &str, stale: usize) -> String {
    let machines = if stale == 1 { "machine" } else { "machines" };
    format!("{model}{NOT_YET}{stale} {machines}")
}

/// The model in that text.
pub(super) fn of_model(revision: &str) -> &str {
    revision.split_once(NOT_YET).map_or(revision, |(model, _)| model)
}

/// One machine.
#[derive(Debug, Clone, PartialEq)]
struct Machine {
    id: String,
    stale: bool,
    well: bool,
}

/// The machines of a scale set.
#[derive(Debug, PartialEq)]
pub(super) struct Machines {
    all: Vec<Machine>,
    /// How many there were when the model changed.
    base: Option<usize>,
}

/// What to do next.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// Have so many machines.
    Have(usize),
    /// Remove these.
    Remove(Vec<String>),
}

impl Machines {
    pub(super) async fn look(it: &Client, group: &Found, row: &Json) -> Result<Self, CloudError> {
        let what = format!("looking for the machines of {}", group.address);
        let path = format!("{}/virtualMachines?$expand=instanceView", group.id);
        let model = marks::noted(row, "revision");
        let all = it.list(&what, &path).await?;
        let all = all
            .iter()
            .filter(|machine| state(machine) != "Deleting")
            .map(|machine| machine_of(machine, model));
        let base = marks::noted(row, BASE).and_then(|base| base.parse().ok());
        Ok(Self { all: all.collect(), base })
    }

    /// Machines of older models.
    pub(super) fn stale(&self) -> Vec<&str> {
        self.all.iter().filter(|machine| machine.stale).map(|machine| machine.id.as_str()).collect()
    }

    /// Whether every new machine is well.
    pub(super) fn may_go_on(&self) -> bool {
        self.all.iter().all(|machine| machine.stale || machine.well)
    }

    /// The next thing to do for machines of the model only, and so many of them; without a number, as many as there were.
    pub(super) fn next(&self, wanted: Option<i32>) -> Option<Next> {
        let (there, stale) = (self.all.len(), self.stale());
        let wanted = wanted.and_then(|wanted| usize::try_from(wanted).ok());
        if stale.is_empty() {
            return wanted.filter(|wanted| *wanted != there).map(Next::Have);
        }
        let base = wanted.or(self.base).unwrap_or(there);
        match there.checked_sub(base).filter(|more| *more > 0) {
            Some(more) => Some(Next::Remove(stale.iter().take(more).map(|id| (*id).to_owned()).collect())),
            None => Some(Next::Have(base + stale.len().div_ceil(SHARE))),
        }
    }
}

fn state(machine: &Json) -> &str {
    text(machine, "/properties/provisioningState").unwrap_or_default()
}

/// Tags of the model are those of the machine from when it was made. Where they do not show, the cloud's own word counts: it
/// also calls a machine old that only lacks a tag.
fn machine_of(machine: &Json, model: Option<&str>) -> Machine {
    let latest = machine.pointer("/properties/latestModelApplied") != Some(&Json::Bool(false));
    let stale = match marks::noted(machine, "revision") {
        Some(revision) => Some(revision) != model,
        None => !latest,
    };
    // Only where the scale set has a probe.
    let health = text(machine, "/properties/instanceView/vmHealth/status/code");
    let well = state(machine) == "Succeeded"
        && health.is_none_or(|code| code.eq_ignore_ascii_case("HealthState/healthy"));
    let id = text(machine, "/instanceId").map(str::to_owned);
    let id = id.or_else(|| count(machine, "/instanceId").map(|id| id.to_string()));
    Machine { id: id.unwrap_or_default(), stale, well }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn machines(stale: usize, fresh: usize, base: Option<usize>) -> Machines {
        let one = |at: usize| Machine { id: at.to_string(), stale: at < stale, well: true };
        Machines { all: (0..stale + fresh).map(one).collect(), base }
    }

    /// Follows what is to be done to its end; how many steps it took, and the fewest machines on the way.
    fn followed(mut it: Machines, wanted: Option<i32>) -> (usize, usize, usize) {
        let (mut steps, mut fewest) = (0, it.all.len());
        while let Some(next) = it.next(wanted) {
            match next {
                Next::Have(count) => {
                    let first = it.all.len();
                    it.all.truncate(count);
                    let more = (first..count).map(|at| Machine {
                        id: format!("new-{steps}-{at}"),
                        stale: false,
                        well: true,
                    });
                    it.all.extend(more);
                }
                Next::Remove(ids) => it.all.retain(|machine| !ids.contains(&machine.id)),
            }
            fewest = fewest.min(it.all.len());
            steps += 1;
            assert!(steps < 100, "it never ends");
        }
        (it.all.len(), it.stale().len(), fewest)
    }

    #[test]
    fn all_machines_are_replaced_and_never_are_there_fewer() {
        for count in 1..=20 {
            assert_eq!(followed(machines(count, 0, Some(count)), None), (count, 0, count), "{count}");
            let wanted = i32::try_from(count).ok();
            assert_eq!(followed(machines(count, 0, None), wanted), (count, 0, count), "{count}");
            // A run was killed after it had added some.
            assert_eq!(followed(machines(count, 2, Some(count)), wanted), (count, 0, count), "{count}");
        }
    }

    #[test]
    fn a_number_that_is_not_right_is_set_right() {
        assert_eq!(machines(0, 3, None).next(Some(4)), Some(Next::Have(4)));
        assert_eq!(machines(0, 3, Some(5)).next(Some(3)), None);
        // What scales a group moves its number.
        assert_eq!(machines(0, 3, Some(5)).next(None), None);
    }

    #[test]
    fn a_machine_is_old_by_its_revision_and_without_one_by_the_clouds_word() {
        let machine = |tags: Json, latest: bool| {
            let properties = json!({ "latestModelApplied": latest, "provisioningState": "Succeeded" });
            machine_of(&json!({ "instanceId": "1", "tags": tags, "properties": properties }), Some("new"))
        };
        assert!(machine(json!({ "loadline-revision": "old" }), true).stale);
        // Somebody gave the group a tag of theirs.
        assert!(!machine(json!({ "loadline-revision": "new" }), false).stale);
        assert!(machine(json!({}), false).stale && !machine(json!(null), true).stale);
    }

    #[test]
    fn what_is_told_of_unfinished_work_names_the_model() {
        assert_eq!(of_model(&unfinished("abc", 2)), "abc");
        assert_eq!(of_model("abc"), "abc");
        assert_eq!(unfinished("abc", 1), "abc, not yet on 1 machine");
    }
}
