//! Makes the plan: looks at the account, waits for what an earlier run may have made, and compares.

use loadline_contract::deploy::{Action, InPlace, Observed, Obstacle, Resource, Step};

use super::super::exit::Failure;
use super::super::screen::Screen;
use super::place::{Place, refused};
use super::wanted::{Wanted, hash};
use crate::apply::journal::SoFar;
use crate::apply::settled;
use crate::plan::{BasedOn, Consent, Costs, Plan, Wish, make, price_survivors};
use crate::report;

/// What is there now.
pub(super) async fn look(
    place: &Place,
    wanted: &Wanted,
    so_far: &SoFar,
    screen: &Screen,
) -> Result<Vec<Observed>, Failure> {
    let mut missing = |addresses: &[loadline_contract::deploy::Address]| {
        let names: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        screen.note(&format!(
            "an earlier run ended while making {}: looking whether it is there",
            names.join(", ")
        ));
    };
    settled(place.account.as_ref(), &wanted.deployment, (so_far, place.speed), &mut missing)
        .await
        .map_err(|error| refused(&error))
}

/// The plan from what is there to what is wanted.
pub(super) fn compare(
    wanted: &Wanted,
    observed: &[Observed],
    so_far: &SoFar,
    (consent, screen): (&Consent, &Screen),
) -> Result<Plan, Failure> {
    let wish = Wish {
        deployment: &wanted.deployment,
        cloud: wanted.cloud.profile().name,
        region: &wanted.region,
        resources: &wanted.resources,
        costs: &wanted.costs,
    };
    let unknown = Costs::default();
    let before = so_far.wanted.as_ref().map_or(&unknown, |wanted| &wanted.costs);
    let mut plan =
        make(wanted.cloud.profile().stages, wish, observed, before, consent).map_err(|refusals| {
            screen.note(report::refusals_text(&refusals, &screen.look()).trim_end());
            Failure::no("the plan is refused; nothing was changed").hint(refusals[0].hint.clone())
        })?;
    price_survivors(wanted.cloud.profile().stages, &mut plan.survives, wanted.keeping);
    plan.based_on = BasedOn {
        spec: wanted.spec_hash.clone(),
        observed: fingerprint(observed),
        prices: wanted.prices.clone(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
    };
    Ok(plan)
}

/// What would stop the plan half-way.
pub(super) async fn obstacles(place: &Place, plan: &Plan) -> Result<Vec<Obstacle>, Failure> {
    let of = |action: Action| plan.steps.iter().filter(move |step| step.action == action);
    let made: Vec<Resource> = of(Action::Create).filter_map(|step| step.resource.clone()).collect();
    let in_place = |step: &Step| {
        let resource = step.resource.clone()?;
        Some(InPlace { resource, changes: step.changes.clone() })
    };
    let changed: Vec<InPlace> = of(Action::Update).filter_map(in_place).collect();
    if made.is_empty() && changed.is_empty() {
        return Ok(Vec::new());
    }
    place.account.preflight(&made, &changed).await.map_err(|error| refused(&error))
}

fn fingerprint(observed: &[Observed]) -> String {
    let mut things: Vec<String> =
        observed.iter().map(|it| serde_json::to_string(it).unwrap_or_default()).collect();
    things.sort();
    hash(&things.join("\n"))
}
