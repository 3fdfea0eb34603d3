//! [`make`]: the plan.

use std::collections::{BTreeMap, BTreeSet};

use loadline_contract::Money;
use loadline_contract::deploy::{Address, Deployment, KindRule, Observed, Resource, State, Step, rule};
use serde::{Deserialize, Serialize};

use super::Costs;
use super::compare::{Verdict, compare, follow};
use super::duplicates::single;
use super::ledger::Ledger;
use super::order::When;
use super::survivors::Left;

/// What is wanted of one deployment.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The deployment.
    pub deployment: &'a Deployment,
    /// Cloud, short name.
    pub cloud: &'a str,
    /// Region.
    pub region: &'a str,
    /// Everything that should be there; empty: nothing.
    pub resources: &'a [Resource],
    /// What that costs a month.
    pub costs: &'a Costs,
}

/// Data stores that may be replaced or removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consent(pub BTreeSet<Address>);

/// What a plan was made from. A plan is only carried out while all of it still holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BasedOn {
    /// Hash of the spec and its overrides.
    pub spec: String,
    /// Hash of what was observed.
    pub observed: String,
    /// Newest date in the price books.
    pub prices: String,
    /// Version of the program.
    pub tool: String,
}

/// Ordered steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The deployment.
    pub deployment: Deployment,
    /// Cloud, short name.
    pub cloud: String,
    /// Region.
    pub region: String,
    /// What it was made from.
    pub based_on: BasedOn,
    /// Steps, in order of rank, then address.
    pub steps: Vec<Step>,
    /// What is there and stays as it is.
    pub unchanged: Vec<Address>,
    /// A month's bill before; `None`: unknown.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub monthly_usd_before: Option<Money>,
    /// A month's bill after; `None`: unknown.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub monthly_usd_after: Option<Money>,
    /// Least permissions that carrying it out needs, as the cloud spells them.
    pub permissions: Vec<String>,
    /// What is left on purpose of the data stores that go.
    pub survives: Vec<Left>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// Why a plan may not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// About what.
    pub address: Address,
    /// What would happen and why it is refused.
    pub sentence: String,
    /// What to do.
    pub hint: String,
}

/// Makes the plan from what is there to what is wanted. `before` is what was there cost a month, where it is known.
///
/// # Errors
/// Every data store that would be replaced or removed without consent by name.
pub fn make(
    stages: &[&[KindRule]],
    wish: Wish<'_>,
    observed: &[Observed],
    before: &Costs,
    consent: &Consent,
) -> Result<Plan, Vec<Refusal>> {
    let dangling = dangling(wish.resources);
    if !dangling.is_empty() {
        return Err(dangling);
    }
    let (there, extra) = single(observed);
    let verdicts = verdicts(stages, wish.resources, &there);
    let mut ledger = Ledger::new(stages, wish.costs, before);
    let mut refusals = Vec::new();
    let mut unchanged = Vec::new();

    for resource in wish.resources {
        let address = &resource.address;
        let Some((stage, rule)) = rule(stages, address.kind()) else {
            refusals.push(unknown_kind(address));
            continue;
        };
        match (there.get(address), verdicts.get(address)) {
            (Some(old), Some(Verdict::Replace(changes, why))) => {
                if old.state == State::Leaving {
                    ledger.wait(old, (When::Clearing, stage, rule), "the cloud is still removing it");
                } else {
                    refusals.extend(refuse(rule, address, why, consent, "replaced"));
                    ledger.delete(old, (When::Clearing, stage, rule), &format!("to be made anew: {why}"));
                }
                ledger.create(resource, (stage, rule), changes.clone(), &format!("made anew: {why}"));
            }
            (Some(old), Some(Verdict::Update(changes))) => {
                ledger.update(resource, old, (stage, rule), changes.clone());
            }
            (Some(old), _) if old.state == State::Changing => {
                let why = "the cloud is still making or changing it";
                ledger.wait(old, (When::Making, stage, rule), why);
            }
            (Some(_), _) => unchanged.push(address.clone()),
            (None, _) => ledger.create(resource, (stage, rule), Vec::new(), "not there yet"),
        }
    }

    let wanted: BTreeSet<&Address> = wish.resources.iter().map(|resource| &resource.address).collect();
    let unwanted = there.values().filter(|thing| !wanted.contains(&thing.address));
    let unwanted = unwanted.map(|thing| (*thing, "no longer wanted"));
    let extra = extra.into_iter().map(|thing| (thing, "a second one with the same address"));
    for (thing, why) in unwanted.chain(extra) {
        let Some((stage, rule)) = rule(stages, thing.address.kind()) else {
            refusals.push(unknown_kind(&thing.address));
            continue;
        };
        if thing.state == State::Leaving {
            ledger.wait(thing, (When::Removing, stage, rule), "the cloud is still removing it");
            continue;
        }
        refusals.extend(refuse(rule, &thing.address, why, consent, "removed"));
        ledger.delete(thing, (When::Removing, stage, rule), why);
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    unchanged.sort();
    let (steps, permissions, survives) = ledger.finish(observed);
    Ok(Plan {
        deployment: wish.deployment.clone(),
        cloud: wish.cloud.to_owned(),
        region: wish.region.to_owned(),
        based_on: BasedOn::default(),
        steps,
        unchanged,
        monthly_usd_before: if observed.is_empty() {
            Some(Money::ZERO)
        } else {
            before.total.map(|amount| amount.0)
        },
        monthly_usd_after: if wish.resources.is_empty() {
            Some(Money::ZERO)
        } else {
            wish.costs.total.map(|amount| amount.0)
        },
        permissions,
        survives,
    })
}

/// What has to happen to each resource that is there, replacements followed to the end.
fn verdicts<'a>(
    stages: &[&[KindRule]],
    wanted: &'a [Resource],
    there: &BTreeMap<&Address, &Observed>,
) -> BTreeMap<&'a Address, Verdict> {
    let mut verdicts: BTreeMap<&Address, Verdict> = BTreeMap::new();
    for resource in wanted {
        if let (Some(old), Some((_, rule))) =
            (there.get(&resource.address), rule(stages, resource.address.kind()))
        {
            let verdict = match old.state {
                State::Leaving => Verdict::Replace(Vec::new(), "the old one is being removed".to_owned()),
                _ => compare(rule, resource, old),
            };
            verdicts.insert(&resource.address, verdict);
        }
    }
    loop {
        // What is made for the first time beside something that is there counts as anew for it, too.
        let anew: BTreeSet<Address> = wanted
            .iter()
            .map(|resource| &resource.address)
            .filter(|address| {
                verdicts.get(address).is_none_or(|verdict| matches!(verdict, Verdict::Replace(..)))
            })
            .cloned()
            .collect();
        if anew.is_empty() {
            return verdicts;
        }
        let mut moved = false;
        for resource in wanted {
            let Some((_, rule)) = rule(stages, resource.address.kind()) else { continue };
            let Some(verdict) = verdicts.get(&resource.address).cloned() else { continue };
            let followed = follow(rule, resource, verdict.clone(), &anew);
            if followed != verdict {
                moved = true;
                verdicts.insert(&resource.address, followed);
            }
        }
        if !moved {
            return verdicts;
        }
    }
}

fn refuse(rule: &KindRule, address: &Address, why: &str, consent: &Consent, how: &str) -> Option<Refusal> {
    (rule.holds_data() && !consent.0.contains(address)).then(|| Refusal {
        address: address.clone(),
        sentence: format!("{address} holds data and would be {how}: {why}"),
        hint: format!("take a backup, then run again with --consent {address}"),
    })
}

/// References to what nobody makes: the provider's translation is wrong, and the cloud would say so half-way.
fn dangling(resources: &[Resource]) -> Vec<Refusal> {
    let known: BTreeSet<&Address> = resources.iter().map(|resource| &resource.address).collect();
    let mut refusals = Vec::new();
    for resource in resources {
        for reference in resource.references() {
            if !known.contains(&reference.of) {
                let (address, of) = (&resource.address, &reference.of);
                refusals.push(Refusal {
                    address: address.clone(),
                    sentence: format!("{address} refers to {of}, which is not part of the design"),
                    hint: "this is a mistake in loadline: please report it with the spec".to_owned(),
                });
            }
        }
    }
    refusals
}

fn unknown_kind(address: &Address) -> Refusal {
    Refusal {
        address: address.clone(),
        sentence: format!("this version knows no kind `{}`", address.kind()),
        hint: "it was made by another version of loadline: run that one".to_owned(),
    }
}
