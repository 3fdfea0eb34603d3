//! From an empty account to a running stack and back.

use serde_json::{Value, json};

use crate::double::{Double, GROWING, fixed};
use crate::program::fixed_teachers;

#[test]
fn the_stack_for_2000_people_grows_loses_a_machine_and_goes() {
    // MySQL 8.4 is not sold there.
    let sold = fixed_teachers().replace("version: \"8.4\"", "version: \"8.0\"");
    Double::start(GROWING).lives_its_life(&sold, |double| {
        double.ask("POST", "lose", &json!({ "tag": "loadline:teachers:app:1" }));
    });
}

#[test]
fn apply_plan_destroy_and_nothing_is_left() {
    for spec in [GROWING, &fixed()] {
        let double = Double::start(spec);
        double.made_and_removed();
        assert_eq!(double.families(), json!({}), "not a tag is left");
        double.assert_described();
    }
}

#[test]
fn only_machines_of_the_application_may_use_the_database_from_the_first_moment_on() {
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    let made = double.calls();
    let made: Vec<&Value> = made.iter().filter(|call| call["operation"] == "POST /v2/databases").collect();
    assert_eq!(made.len(), 2);
    for call in made {
        assert_eq!(call["parameters"]["rules"], json!([{ "type": "tag", "value": "loadline:teachers:app" }]));
    }
    let cache = &double.families()["databases"];
    let cache = cache.as_array().unwrap().iter().find(|it| it["engine"] == "valkey").unwrap().clone();
    // A queue lives in it.
    assert_eq!((&cache["eviction"], &cache["persistence"]), (&json!("noeviction"), &json!("rdb")));
}

#[test]
fn twice_the_users_change_what_has_to_change_and_nothing_else() {
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    let more = ["--set", "load.users=4000"];
    let steps = double.steps(&more);
    assert!(steps.contains(&"update group/app".to_owned()), "{steps:?}");
    assert!(steps.iter().all(|step| step.starts_with("update ")), "nothing is made anew: {steps:?}");
    double.done("apply", &["--yes", more[0], more[1]]);
    assert_eq!(double.steps(&more), [""; 0]);
    double.done("destroy", &["--yes"]);
    assert_eq!(double.families(), json!({}));
    double.assert_described();
}

#[test]
fn a_machine_that_is_lost_is_planned_and_made_again() {
    let double = Double::start(&fixed());
    double.done("apply", &["--yes"]);
    double.ask("POST", "lose", &json!({ "tag": "loadline:teachers:app:1" }));
    assert_eq!(double.run("drift", &[]).status.code(), Some(2));
    assert_eq!(double.steps(&[]), ["create app/1"]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

#[test]
fn a_machine_that_somebody_switched_off_is_switched_on_again() {
    let double = Double::start(&fixed());
    double.done("apply", &["--yes"]);
    let id = double.families()["droplets"][0]["id"].to_string();
    double.somebody("POST", &format!("/v2/droplets/{id}/actions"), &json!({ "type": "power_off" }));
    let steps = double.steps(&[]);
    assert!(steps.len() == 1 && steps[0].starts_with("update app/"), "{steps:?}");
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn a_machine_that_lost_the_tag_by_which_its_firewall_finds_it_gets_it_back() {
    let double = Double::start(&fixed());
    double.done("apply", &["--yes"]);
    let id = double.families()["droplets"][0]["id"].to_string();
    let machine = json!({ "resources": [{ "resource_id": id, "resource_type": "droplet" }] });
    double.somebody("DELETE", "/v2/tags/loadline:teachers:app/resources", &machine);
    let steps = double.steps(&[]);
    assert!(steps.len() == 1 && steps[0].starts_with("update app/"), "{steps:?}");
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

#[test]
fn a_machine_of_another_size_is_stopped_resized_and_started() {
    let double = Double::start(&fixed());
    let pinned = |size: &str| format!("{}pin: {{ digitalocean: {{ app: {size} }} }}\n", fixed());
    double.write_spec(&pinned("c-4"));
    double.done("apply", &["--yes"]);
    double.ask("POST", "slow", &json!({ "action": 1 }));
    double.write_spec(&pinned("c-8").replace("disk: 60 GiB", "disk: 110 GiB"));
    let steps = double.steps(&[]);
    assert!(steps.contains(&"update app/1".to_owned()), "{steps:?}");
    double.done("apply", &["--yes"]);
    let id = double.families()["droplets"][0]["id"].clone();
    let calls = double.calls();
    let taken: Vec<&str> = calls
        .iter()
        .filter(|call| {
            call["path"] == json!(format!("/v2/droplets/{id}/actions")) && call["outcome"] == "done"
        })
        .map(|call| call["parameters"]["type"].as_str().unwrap())
        .collect();
    assert_eq!(taken, ["power_off", "resize", "power_on"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

#[test]
fn a_database_grows_when_more_storage_is_asked_for_than_its_size_comes_with() {
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    double.write_spec(&GROWING.replace("data: 20 GiB", "data: 20 GiB, storage: 900 GiB"));
    let steps = double.steps(&[]);
    assert!(steps.contains(&"update database/main".to_owned()), "{steps:?}");
    double.done("apply", &["--yes"]);
    let databases = double.families()["databases"].clone();
    let database = databases.as_array().unwrap().iter().find(|it| it["engine"] == "mysql").unwrap().clone();
    assert_eq!(database["storage_size_mib"], json!(900 * 1024));
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

#[test]
fn lists_of_two_a_page_are_read_to_their_end_and_never_from_another_host() {
    let double = Double::start(&fixed());
    // The double names the cloud's own host in its links: whoever followed them would end at a dead proxy.
    double.ask("POST", "pages", &json!({ "most": 2 }));
    let wanted = double.steps(&[]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0]);
    // A page is a place in a list here: what is removed from the pages before it moves what follows.
    double.done("destroy", &["--yes", "--parallel", "1"]);
    assert_eq!(double.families(), json!({}));
}

#[test]
fn what_takes_its_time_is_waited_for() {
    let double = Double::start(&fixed());
    let slow = json!({ "droplet": 1, "database": 1, "balancer": 1, "firewall": 1 });
    double.ask("POST", "slow", &slow);
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    double.done("destroy", &["--yes"]);
    assert_eq!(double.families(), json!({}));
    double.assert_described();
}

#[test]
fn what_others_have_in_the_account_is_never_touched() {
    let double = Double::start(GROWING);
    let network =
        double.somebody("POST", "/v2/vpcs", &json!({ "name": "ll-teachers-network-main", "region": "nyc3" }));
    let network = network["vpc"]["id"].clone();
    double.somebody("POST", "/v2/tags", &json!({ "name": "loadline:teachers-2:app" }));
    let machine = json!({
        "name": "web", "region": "nyc3", "size": "c-2", "image": "ubuntu-24-04-x64", "vpc_uuid": network,
        "tags": ["loadline:teachers-2:app", "loadline:teachers-2:app:1", "teachers"],
    });
    double.somebody("POST", "/v2/droplets", &machine);
    let before = double.families();
    let wanted = double.steps(&[]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.census().len(), wanted.len());
    double.done("destroy", &["--yes"]);
    assert_eq!(strip(double.families()), strip(before));
    let leftovers = double.leftovers().to_string();
    assert!(leftovers.contains("teachers-2") && !leftovers.contains("\"teachers\""), "{leftovers}");
}

/// Machines become ready while others look.
fn strip(mut world: Value) -> Value {
    for machine in world["droplets"].as_array_mut().into_iter().flatten() {
        machine.as_object_mut().unwrap().remove("status");
    }
    world
}
