//! That what `plan --permissions` prints is what the account really needs: no call that it does not allow, none that nobody makes.

use std::collections::BTreeSet;

use loadline_contract::Provider as _;
use loadline_gcp::Gcp;
use serde_json::{Value, json};

use crate::double::{Double, SPEC};

/// What no call of an apply or a removal of this stack needs.
const UNSEEN: &[&str] = &[
    // Asked by a service on behalf of whoever calls it: for an internal address, the last backup, the end of a peering.
    "cloudsql.backupRuns.create",
    "compute.globalAddresses.deleteInternal",
    "compute.networks.removePeering",
    "compute.networks.use",
    // By `tune`, which works on machines.
    "compute.instances.list",
    // Only where a machine type is not sold, and only where a name is taken.
    "compute.machineTypes.list",
    "secretmanager.secrets.get",
    // Only with a certificate.
    "compute.sslPolicies.delete",
    "compute.targetHttpsProxies.delete",
    "compute.targetHttpsProxies.use",
    // Only with the other product of the same kind.
    "redis.instances.create",
    "redis.instances.delete",
    "redis.operations.get",
];

fn printed(double: &Double, more: &[&str]) -> BTreeSet<String> {
    let role: Value =
        serde_json::from_str(&double.done("plan", &[&["--permissions"], more].concat())).unwrap();
    let included = role["includedPermissions"].as_array().unwrap().iter();
    included.map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// The permissions of the calls of a command that has to end well, as far as Google's pages name them.
fn needed(double: &Double, verb: &str, more: &[&str]) -> BTreeSet<String> {
    let before = double.calls().len();
    double.done(verb, &[&["--yes"], more].concat());
    let calls = double.calls().split_off(before);
    let permissions =
        calls.iter().flat_map(|call| call["permissions"].as_array().cloned().unwrap_or_default());
    permissions.map(|it| it.as_str().unwrap().to_owned()).collect()
}

fn assert_allowed(printed: &BTreeSet<String>, needed: &BTreeSet<String>) {
    assert!(!needed.is_empty());
    let refused: Vec<_> = needed.difference(printed).collect();
    assert!(refused.is_empty(), "the printed role does not allow {refused:?}");
}

fn assert_used(printed: &BTreeSet<String>, needed: &BTreeSet<String>) {
    let unused: Vec<_> = printed.difference(needed).filter(|it| !UNSEEN.contains(&it.as_str())).collect();
    assert!(unused.is_empty(), "nothing needed {unused:?}");
}

/// The permissions of a plan that removes everything.
fn to_remove() -> BTreeSet<String> {
    let rules = Gcp.profile().stages.iter().copied().flatten();
    let needed = rules.flat_map(|rule| rule.permissions[0].iter().chain(rule.permissions[3]));
    needed.map(|it| (*it).to_owned()).collect()
}

#[test]
fn every_call_is_allowed_by_the_printed_role_and_the_role_holds_nothing_else() {
    let double = Double::start(SPEC);
    let role = printed(&double, &[]);
    let made = needed(&double, "apply", &[]);
    assert_allowed(&role, &made);
    assert_used(&role, &made);
    let change = ["--set", "load.users=4000"];
    let role = printed(&double, &change);
    assert_allowed(&role, &needed(&double, "apply", &change));
    let removed = needed(&double, "destroy", &[]);
    assert_allowed(&to_remove(), &removed);
    assert_used(&to_remove(), &removed);
}

#[test]
fn a_role_has_the_form_that_gcloud_takes() {
    let double = Double::start(SPEC);
    let role: Value = serde_json::from_str(&double.done("plan", &["--permissions"])).unwrap();
    let fields: Vec<&String> = role.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["description", "includedPermissions", "stage", "title"]);
    assert_eq!(role["stage"], json!("GA"));
}
