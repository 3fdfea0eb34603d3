//! Plans over a small cloud made by hand: three stages, one kind that holds data.
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it inside of tests only, and helpers of tests stand outside"
)]

mod toy;

use std::collections::{BTreeMap, BTreeSet};

use loadline::plan::{Consent, Costs, Keeping, Left, Plan, Refusal, Wish, make, price_survivors};
use loadline_contract::deploy::*;
use proptest::prelude::*;
use toy::{STAGES, address, stack};

/// The stack as a cloud would have made it.
fn there(resources: &[Resource]) -> Vec<Observed> {
    let observe = |resource: &Resource| Observed {
        address: resource.address.clone(),
        id: format!("id of {}", resource.address),
        state: State::Ready,
        settings: resource.settings.clone(),
        outputs: BTreeMap::new(),
        users: 0,
    };
    resources.iter().map(observe).collect()
}

fn costs(amounts: &[(&str, Option<&str>)], total: Option<&str>) -> Costs {
    let amount = |text: &str| serde_json::from_value(serde_json::Value::String(text.to_owned())).unwrap();
    Costs {
        by_address: amounts.iter().map(|(name, cost)| (address(name), cost.map(amount))).collect(),
        total: total.map(amount),
    }
}

fn plan_with(
    wanted: &[Resource],
    observed: &[Observed],
    (before, after): (&Costs, &Costs),
    consent: &[&str],
) -> Result<Plan, Vec<Refusal>> {
    let deployment: Deployment = "teachers".parse().unwrap();
    let wish =
        Wish { deployment: &deployment, cloud: "hand", region: "north", resources: wanted, costs: after };
    let consent = Consent(consent.iter().map(|text| address(text)).collect::<BTreeSet<_>>());
    make(STAGES, wish, observed, before, &consent)
}

fn plan(wanted: &[Resource], observed: &[Observed]) -> Result<Plan, Vec<Refusal>> {
    plan_with(wanted, observed, (&Costs::default(), &Costs::default()), &[])
}

fn steps(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| format!("{:?} {}", step.action, step.address)).collect()
}

#[test]
fn an_empty_account_gets_everything_stage_by_stage() {
    let plan = plan(&stack(), &[]).unwrap();
    assert_eq!(
        steps(&plan),
        [
            "Create network/main",
            "Create firewall/app",
            "Create subnet/a",
            "Create database/main",
            "Create group/app"
        ]
    );
    let ranks: Vec<u32> = plan.steps.iter().map(|step| step.rank).collect();
    assert_eq!(ranks, [3, 4, 4, 5, 5]);
    assert_eq!(plan.permissions, ["make", "see"]);
}

#[test]
fn what_is_as_wanted_needs_nothing() {
    let plan = plan(&stack(), &there(&stack())).unwrap();
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert_eq!(plan.unchanged.len(), 5);
    assert_eq!(plan.permissions, ["see"]);
}

#[test]
fn settings_that_the_cloud_adds_and_those_that_others_move_are_left_alone() {
    let mut observed = there(&stack());
    observed[3].settings.insert("engine-note".into(), "x".into());
    observed[4].settings.insert("count".into(), 7_u32.into());
    assert!(plan(&stack(), &observed).unwrap().is_empty());
}

#[test]
fn a_change_in_place_says_what_differs() {
    let mut observed = there(&stack());
    observed[2].settings.insert("port".into(), 9000_u32.into());
    let plan = plan(&stack(), &observed).unwrap();
    assert_eq!(steps(&plan), ["Update firewall/app"]);
    let change = &plan.steps[0].changes[0];
    assert_eq!((change.from.clone(), change.to.clone()), (Some(9000_u32.into()), Some(8000_u32.into())));
    assert_eq!(plan.steps[0].reason, "differs in port");
    assert_eq!(plan.permissions, ["change", "see"]);
}

#[test]
fn a_replacement_carries_along_what_cannot_follow_and_changes_what_can() {
    let mut wanted = stack();
    wanted[0].settings.insert("range".into(), "10.1.0.0/16".into());
    let none = Costs::default();
    let plan = plan_with(&wanted, &there(&stack()), (&none, &none), &["database/main"]).unwrap();
    assert_eq!(
        steps(&plan),
        [
            "Delete database/main",
            "Delete subnet/a",
            "Delete network/main",
            "Create network/main",
            "Update firewall/app",
            "Create subnet/a",
            "Create database/main",
            "Update group/app"
        ]
    );
    let irreversible: Vec<&str> = plan.steps.iter().filter_map(|step| step.irreversible.as_deref()).collect();
    assert_eq!(irreversible, ["the data of database/main is gone but for its final snapshot"]);
}

#[test]
fn what_survives_a_removal_is_named_with_its_size_and_price() {
    let none = Costs::default();
    let mut plan = plan_with(&[], &there(&stack()), (&none, &none), &["database/main"]).unwrap();
    let left = |monthly_usd| Left {
        address: address("database/main"),
        what: "final snapshot".into(),
        at_most_gib: Some(100),
        kept_days: None,
        monthly_usd,
    };
    // Unknown is never zero.
    price_survivors(STAGES, &mut plan.survives, Keeping::default());
    assert_eq!(plan.survives, [left(None)]);
    // 100 GiB x 0.095
    let keeping = Keeping { database: Some("0.095".parse().unwrap()), cache: None };
    price_survivors(STAGES, &mut plan.survives, keeping);
    assert_eq!(plan.survives, [left(Some("9.50".parse().unwrap()))]);
}

#[test]
fn replacing_a_data_store_needs_consent() {
    let mut wanted = stack();
    wanted[0].settings.insert("range".into(), "10.1.0.0/16".into());
    let refusals = plan(&wanted, &there(&stack())).unwrap_err();
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].address, address("database/main"));
    assert!(refusals[0].hint.ends_with("--consent database/main"));
}

#[test]
fn storage_grows_in_place_and_shrinks_only_with_consent() {
    let mut wanted = stack();
    wanted[3].settings.insert("storage".into(), 200_u32.into());
    assert_eq!(steps(&plan(&wanted, &there(&stack())).unwrap()), ["Update database/main"]);
    wanted[3].settings.insert("storage".into(), 50_u32.into());
    assert!(plan(&wanted, &there(&stack())).is_err());
}

#[test]
fn removing_everything_goes_the_other_way_round_and_asks_for_the_data() {
    assert_eq!(plan(&[], &there(&stack())).unwrap_err().len(), 1);
    let none = Costs::default();
    let plan = plan_with(&[], &there(&stack()), (&none, &none), &["database/main"]).unwrap();
    assert_eq!(
        steps(&plan),
        [
            "Delete database/main",
            "Delete group/app",
            "Delete firewall/app",
            "Delete subnet/a",
            "Delete network/main"
        ]
    );
}

#[test]
fn what_the_cloud_gave_up_on_is_made_anew_and_what_is_leaving_is_not_removed_twice() {
    let mut observed = there(&stack());
    observed[4].state = State::Failed("no capacity".into());
    assert_eq!(steps(&plan(&stack(), &observed).unwrap()), ["Delete group/app", "Create group/app"]);
    observed[4].state = State::Leaving;
    assert_eq!(steps(&plan(&stack(), &observed).unwrap()), ["Await group/app", "Create group/app"]);
    observed[4].state = State::Changing;
    assert_eq!(steps(&plan(&stack(), &observed).unwrap()), ["Await group/app"]);
}

#[test]
fn a_second_thing_with_the_same_address_is_removed_and_the_usable_one_kept() {
    let mut observed = there(&stack());
    let twin = Observed { id: "a".into(), state: State::Changing, ..observed[4].clone() };
    observed.push(twin);
    let found = plan(&stack(), &observed).unwrap();
    assert_eq!(steps(&found), ["Delete group/app"]);
    assert_eq!(found.steps[0].id.as_deref(), Some("a"));
    // The one that is in use is kept, whatever it is called: the other can be removed.
    observed[4].users = 1;
    observed.last_mut().unwrap().state = State::Ready;
    let found = plan(&stack(), &observed).unwrap();
    assert_eq!(found.steps[0].id.as_deref(), Some("a"));
    // Of data stores neither is removed without a word.
    let twin = Observed { id: "zz".into(), ..observed[3].clone() };
    observed.push(twin);
    assert!(plan(&stack(), &observed).is_err());
}

#[test]
fn a_kind_that_nobody_knows_is_refused_and_not_touched() {
    let mut observed = there(&stack());
    observed.push(Observed { address: address("queue/main"), ..observed[0].clone() });
    let refusals = plan(&stack(), &observed).unwrap_err();
    assert_eq!(refusals[0].sentence, "this version knows no kind `queue`");
}

#[test]
fn a_reference_to_what_is_not_wanted_is_refused() {
    let refusals = plan(&stack()[1..], &[]).unwrap_err();
    assert_eq!(refusals[0].sentence, "subnet/a refers to network/main, which is not part of the design");
}

#[test]
fn steps_say_what_they_do_to_the_bill() {
    let before = costs(&[("database/main", Some("100.00")), ("group/app", Some("50.00"))], Some("160.00"));
    let after = costs(&[("database/main", Some("180.00")), ("group/app", None)], None);
    let mut wanted = stack();
    wanted[3].settings.insert("size".into(), "d.16".into());
    wanted[4].settings.insert("image".into(), "b".into());
    let plan = plan_with(&wanted, &there(&stack()), (&before, &after), &[]).unwrap();
    let monthly: Vec<Option<String>> =
        plan.steps.iter().map(|step| step.monthly_usd.map(|amount| amount.to_string())).collect();
    // 180 - 100; the group's new price is unknown, and so are its step and the total.
    assert_eq!(monthly, [Some("80.00".into()), None]);
    assert_eq!(plan.monthly_usd_before.map(|amount| amount.to_string()), Some("160.00".into()));
    assert_eq!(plan.monthly_usd_after, None);
}

#[test]
fn a_plan_survives_its_file() {
    let plan = plan(&stack(), &[]).unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
}

/// Carries a plan out on a list of things, as a faultless cloud would.
fn carry_out(plan: &Plan, mut things: Vec<Observed>) -> Vec<Observed> {
    for step in &plan.steps {
        match (step.action, &step.resource) {
            (Action::Create, Some(resource)) => things.extend(there(std::slice::from_ref(resource))),
            (Action::Update, Some(resource)) => {
                let thing = things.iter_mut().find(|thing| thing.address == step.address).unwrap();
                thing.settings.extend(resource.settings.clone());
            }
            (_, _) => {
                let at = things.iter().position(|thing| Some(&thing.id) == step.id.as_ref()).unwrap();
                things.remove(at);
            }
        }
    }
    things
}

fn some_stack() -> impl Strategy<Value = Vec<Resource>> {
    (prop::sample::subsequence(vec![0, 1, 2, 3, 4], 0..=5), 0..3_u32, 0..3_u32, 0..3_u32).prop_map(
        |(kept, range, storage, port)| {
            let mut wanted = stack();
            wanted[0].settings.insert("range".into(), format!("10.{range}.0.0/16").into());
            wanted[3].settings.insert("storage".into(), (100 + storage).into());
            wanted[2].settings.insert("port".into(), port.into());
            let mut taken: Vec<Resource> = Vec::new();
            for index in kept {
                // A stack refers to nothing outside of it.
                let whole = wanted[index]
                    .references()
                    .iter()
                    .all(|reference| taken.iter().any(|resource| resource.address == reference.of));
                if whole {
                    taken.push(wanted[index].clone());
                }
            }
            taken
        },
    )
}

proptest! {
    #[test]
    fn whatever_is_there_one_plan_makes_what_is_wanted_and_the_next_is_empty(old in some_stack(), new in some_stack()) {
        let none = Costs::default();
        let consent = ["database/main"];
        let observed = there(&old);
        let first = plan_with(&new, &observed, (&none, &none), &consent).unwrap();
        let after = carry_out(&first, observed);
        let second = plan_with(&new, &after, (&none, &none), &consent).unwrap();
        prop_assert!(second.is_empty(), "{:?}", steps(&second));
        let mut addresses: Vec<_> = after.iter().map(|thing| thing.address.clone()).collect();
        addresses.sort();
        let mut wanted: Vec<_> = new.iter().map(|resource| resource.address.clone()).collect();
        wanted.sort();
        prop_assert_eq!(addresses, wanted);
    }

    #[test]
    fn the_order_of_what_is_given_changes_nothing(
        (old, shuffled) in some_stack().prop_flat_map(|old| (Just(old.clone()), Just(there(&old)).prop_shuffle())),
        new in some_stack(),
    ) {
        let none = Costs::default();
        let mut reversed = new.clone();
        reversed.reverse();
        let consent = ["database/main"];
        let one = plan_with(&new, &there(&old), (&none, &none), &consent);
        let other = plan_with(&reversed, &shuffled, (&none, &none), &consent);
        prop_assert_eq!(one, other);
    }
}
