//! From an empty project to a running stack and back.

use serde_json::{Value, json};

use crate::double::{Double, PROJECT, SPEC, fixed};
use crate::program::teachers;

#[test]
fn the_stack_for_2000_people_grows_loses_a_machine_and_goes() {
    Double::start(SPEC).lives_its_life(&teachers(), |double| {
        double.ask("POST", "slow", &json!({ "instances": 5 }));
        double.ask("POST", "lose", &json!({}));
    });
}

#[test]
fn apply_plan_destroy_and_nothing_is_left() {
    for spec in [SPEC, &fixed()] {
        let double = Double::start(spec);
        double.made_and_removed();
        double.assert_described();
    }
}

#[test]
fn twice_the_users_change_what_has_to_change_and_nothing_else() {
    let double = Double::start(SPEC);
    double.done("apply", &["--yes"]);
    let more = ["--set", "load.users=4000"];
    let steps = double.steps(&more);
    assert!(steps.iter().any(|step| step.starts_with("update group/")), "{steps:?}");
    // A template of other settings is another template; nothing else is made anew.
    let anew = |step: &&String| !step.starts_with("update ") && !step.contains(" template/");
    assert_eq!(steps.iter().filter(anew).count(), 0, "{steps:?}");
    double.done("apply", &[&["--yes"][..], &more].concat());
    assert_eq!(double.steps(&more), [""; 0], "no changes after growth");
    double.assert_described();
}

#[test]
fn what_somebody_removed_is_planned_and_made_again() {
    let double = Double::start(SPEC);
    double.done("apply", &["--yes"]);
    let name = name_of(&double, "compute.firewalls", "loadline teachers firewall/ssh");
    double.outside(
        "DELETE",
        &format!("compute.googleapis.com/compute/v1/projects/{PROJECT}/global/firewalls/{name}"),
        &Value::Null,
    );
    assert_eq!(double.run("drift", &[]).status.code(), Some(2));
    assert_eq!(double.steps(&[]), ["create firewall/ssh"]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

/// The name of a thing with that description.
fn name_of(double: &Double, family: &str, description: &str) -> String {
    let world = double.families();
    let things = world[family].as_array().unwrap_or_else(|| panic!("no {family}: {world:#}"));
    let thing = things.iter().find(|thing| thing["description"] == description);
    thing.unwrap_or_else(|| panic!("{things:#?}"))["name"].as_str().unwrap().to_owned()
}

#[test]
fn a_machine_that_is_lost_is_made_again_by_its_group_and_waited_for() {
    let double = Double::start(SPEC);
    double.done("apply", &["--yes"]);
    double.ask("POST", "slow", &json!({ "instances": 3 }));
    double.ask("POST", "lose", &json!({}));
    let steps = double.steps(&[]);
    assert!(steps.len() == 1 && steps[0].starts_with("await group/"), "{steps:?}");
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn lists_of_two_a_page_are_read_to_their_end() {
    let double = Double::start(SPEC);
    double.ask("POST", "pages", &json!({ "most": 2 }));
    let wanted = double.steps(&[]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0]);
    double.done("destroy", &["--yes"]);
    assert!(double.census().is_empty());
    assert_eq!(double.leftovers(), json!([]));
}

#[test]
fn what_takes_its_time_is_waited_for() {
    let double = Double::start(SPEC);
    let slow = json!({ "compute": 2, "sqladmin": 2, "memorystore": 2, "servicenetworking": 2, "networkconnectivity": 2, "peering": 2 });
    double.ask("POST", "slow", &slow);
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    double.done("destroy", &["--yes"]);
    assert!(double.census().is_empty());
    double.assert_described();
}

#[test]
fn a_database_can_be_had_again_though_its_name_is_taken_for_a_week() {
    let double = Double::start(SPEC);
    double.ask("POST", "limits", &json!({ "reserve_names": true }));
    double.done("apply", &["--yes"]);
    double.done("destroy", &["--yes"]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn the_password_is_in_the_secret_and_at_the_database_and_nowhere_else() {
    let double = Double::start(SPEC);
    let shown = double.done("apply", &["--yes", "--json"]);
    let calls = double.calls();
    let given: Vec<&Value> =
        calls.iter().filter(|call| call["operation"] == "sql.instances.insert").collect();
    let with_password =
        given.iter().filter(|call| call["parameters"]["body"]["rootPassword"] == "***").count();
    assert_eq!((given.len(), with_password), (2, 1), "a replica has that of its database: {given:#?}");
    assert!(calls.iter().any(|call| call["operation"] == "secretmanager.projects.secrets.addVersion"));
    assert!(!shown.contains("rootPassword") && !shown.contains("payload"), "{shown}");
}

#[test]
fn a_secret_that_is_made_again_gives_the_database_another_password() {
    let double = Double::start(SPEC);
    double.done("apply", &["--yes"]);
    let secret = double.families()["secretmanager.secrets"][0]["name"].as_str().unwrap().to_owned();
    double.outside("DELETE", &format!("secretmanager.googleapis.com/v1/{secret}"), &Value::Null);
    let steps = double.steps(&[]);
    assert_eq!(steps, ["create password/database", "update database/main"]);
    double.done("apply", &["--yes"]);
    assert!(double.calls().iter().any(|call| call["operation"] == "sql.users.update"));
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

#[test]
fn what_others_have_in_the_project_is_never_touched() {
    let double = Double::start(SPEC);
    let network = json!({ "name": "teachers-network-main", "autoCreateSubnetworks": false, "description": "loadline teachers network/main" });
    double.outside(
        "POST",
        &format!("compute.googleapis.com/compute/v1/projects/{PROJECT}/global/networks"),
        &network,
    );
    let before = double.families();
    let wanted = double.steps(&[]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.census().len(), wanted.len());
    double.done("destroy", &["--yes"]);
    assert_eq!(double.families()["compute.networks"], before["compute.networks"]);
    assert_eq!(double.leftovers(), json!([]));
}
