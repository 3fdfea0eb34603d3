//! A spec that changes after it was applied: on an account that is strict about what is in use and what can be changed, the change
//! is carried out whole and nothing is left over. Data is given up only where that is agreed to by name.

use serde_json::Value;

use crate::support::Folder;

/// What changes.
const CHANGES: &[&[&str]] = &[
    &["load.users=1500"],
    &["app.port=9000"],
    &["app.health=/ready"],
    &["app.disk=80GiB"],
    &["resilience.zones=3"],
    &["resilience.zones=2", "resilience.survive=zone"],
    &["resilience.cache_replica=false"],
    &["resilience.database_standby=false"],
    &["resilience.backups.keep=14 days"],
    &["resilience.autoscale.max=3x"],
    &["cache.engine=redis"],
    &["database.read_replicas=1"],
    &["access.ssh.from=[198.51.100.0/24]"],
    &["alarms.email=night@example.org"],
];

#[test]
fn every_change_of_a_spec_is_carried_out_on_a_strict_aws() {
    changes_on("aws", &[]);
}

#[test]
fn every_change_of_a_spec_is_carried_out_on_a_strict_google_cloud() {
    changes_on("gcp", &[]);
}

#[test]
fn every_change_of_a_spec_is_carried_out_on_a_strict_azure() {
    changes_on("azure", &[]);
}

/// It sells MySQL 8.0 only, in one zone, and a pool takes no size of a disk.
#[test]
fn every_change_of_a_spec_is_carried_out_on_a_strict_digitalocean() {
    let fit = ["--set", "database.version=8.0", "--set", "app.disk=25GiB", "--set", "resilience.zones=1"];
    changes_on("digitalocean", &fit);
}

fn changes_on(cloud: &str, fit: &[&str]) {
    let mut carried_out = 0;
    for change in CHANGES {
        let change: Vec<&str> = change.iter().flat_map(|set| ["--set", set]).collect();
        let folder = Folder::new();
        folder.done("apply", cloud, &[fit, &["--yes"]].concat());
        let set = [fit, &change].concat();
        let planned = folder.run("plan", cloud, &[&set[..], &["--json"]].concat());
        let said = String::from_utf8(planned.stderr).unwrap();
        // A data store is made anew only if that is agreed to; anything else that is refused is something the cloud cannot have.
        let agreed: Vec<String> = said
            .split_whitespace()
            .skip_while(|word| *word != "--consent")
            .filter(|word| word.contains('/') && !word.starts_with('-'))
            .map(|address| {
                format!("--consent={}", address.trim_end_matches(|it: char| !it.is_alphanumeric()))
            })
            .collect();
        match (planned.status.code(), agreed.is_empty()) {
            (Some(0), _) => {
                // Some clouds know no such thing: nothing changes there.
                let plan: Value = serde_json::from_slice(&planned.stdout).unwrap();
                if plan["steps"] == Value::Array(Vec::new()) {
                    continue;
                }
            }
            (Some(3), false) => {}
            (Some(3), true) => continue,
            other => panic!("{cloud} {change:?}: {other:?} {said}"),
        }
        let agreed: Vec<&str> = agreed.iter().map(String::as_str).collect();
        folder.done("apply", cloud, &[&set[..], &agreed, &["--yes"]].concat());
        let again = folder.done("plan", cloud, &[&set[..], &["--json"]].concat());
        let again: Value = serde_json::from_slice(&again.stdout).unwrap();
        assert_eq!(again["steps"], Value::Array(Vec::new()), "{cloud} {change:?}");
        folder.done("destroy", cloud, &[&set[..], &["--yes"]].concat());
        assert!(folder.census(cloud).is_empty(), "{cloud} {change:?}: {:?}", folder.census(cloud));
        carried_out += 1;
    }
    assert!(carried_out * 2 > CHANGES.len(), "{cloud}: only {carried_out} changes were possible");
}
