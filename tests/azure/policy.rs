//! That what `plan --permissions` prints is what the account really needs: no call that it does not allow, and no action that nothing
//! needs.

use std::collections::BTreeSet;

use loadline_azure::Azure;
use loadline_contract::Provider as _;
use serde_json::{Value, json};

use crate::double::{Double, GROWING};

/// What only some stacks need, or only after a making was cut in two: no call of an apply or a removal of this one that goes well
/// asks for these.
const UNSEEN: &[&str] = &[
    // Only after a parameter that a running server does not take.
    "Microsoft.DBforMySQL/flexibleServers/restart/action",
    // Only before something is made.
    "Microsoft.Resources/subscriptions/providers/read",
    // Only when hosts are worked on.
    "Microsoft.Compute/virtualMachineScaleSets/networkInterfaces/read",
    "Microsoft.Authorization/roleAssignments/delete",
    "Microsoft.Authorization/roleAssignments/read",
    "Microsoft.KeyVault/vaults/secrets/recover/action",
    "Microsoft.Network/applicationGateways/backendAddressPools/join/action",
    "Microsoft.Network/applicationGateways/delete",
    "Microsoft.Network/applicationGateways/write",
    "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
    "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
];

fn texts(role: &Value) -> BTreeSet<String> {
    let lists = [&role["Actions"], &role["DataActions"]];
    let all = lists.iter().flat_map(|list| list.as_array().unwrap());
    all.map(|action| action.as_str().unwrap().to_owned()).collect()
}

fn printed(double: &Double, more: &[&str]) -> Value {
    serde_json::from_str(&double.done("plan", &[&["--permissions"], more].concat())).unwrap()
}

/// The actions that the calls of a command need, which has to end well.
fn needed_by(double: &Double, verb: &str, more: &[&str]) -> BTreeSet<String> {
    let before = double.calls().len();
    double.done(verb, &[&["--yes"], more].concat());
    let calls = double.calls().split_off(before);
    let actions = calls.iter().flat_map(|call| call["actions"].as_array().unwrap().clone());
    actions.map(|action| action.as_str().unwrap().to_owned()).collect()
}

fn assert_allowed(role: &Value, needed: &BTreeSet<String>) {
    let allowed = texts(role);
    let refused: Vec<_> = needed.difference(&allowed).collect();
    assert!(refused.is_empty(), "the printed role does not allow {refused:?}");
}

/// The role of a plan that removes everything.
fn to_remove() -> Value {
    let rules = Azure.profile().stages.iter().copied().flatten();
    let needed: BTreeSet<&str> =
        rules.flat_map(|rule| rule.permissions[0].iter().chain(rule.permissions[3])).copied().collect();
    let needed: Vec<String> = needed.into_iter().map(str::to_owned).collect();
    Azure.policy(&needed, &"teachers".parse().unwrap(), "eastus")
}

#[test]
fn every_call_is_allowed_by_the_printed_role_and_the_role_holds_nothing_else() {
    let double = Double::start(GROWING);
    let role = printed(&double, &[]);
    assert_eq!((&role["IsCustom"], &role["Name"]), (&json!(true), &json!("loadline teachers")));
    let needed = needed_by(&double, "apply", &[]);
    assert_allowed(&role, &needed);
    let unused: Vec<String> =
        texts(&role).difference(&needed).filter(|it| !UNSEEN.contains(&it.as_str())).cloned().collect();
    assert!(unused.is_empty(), "nothing needed {unused:?}");

    let change = ["--set", "load.users=4000"];
    let role = printed(&double, &change);
    assert_allowed(&role, &needed_by(&double, "apply", &change));
    assert_eq!(double.steps(&change), [""; 0]);

    let needed = needed_by(&double, "destroy", &[]);
    assert_allowed(&to_remove(), &needed);
    let unused: Vec<String> = texts(&to_remove())
        .difference(&needed)
        .filter(|it| !UNSEEN.contains(&it.as_str()))
        .cloned()
        .collect();
    assert!(unused.is_empty(), "nothing needed {unused:?}");
}

#[test]
fn a_refused_look_names_the_permission_and_says_that_nothing_was_changed() {
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    let look = "GET Microsoft.Network/virtualNetworks";
    double.ask("POST", "faults", &json!([{ "match": { "operation": look }, "do": "deny", "times": 100 }]));
    let output = double.run("plan", &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in ["Microsoft.Network/virtualNetworks/read", "nothing was changed"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
