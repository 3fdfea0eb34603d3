//! Killed before and after each single write of a full apply and a full destroy, and run again: the same world, nothing twice,
//! nothing left, an empty plan.

use std::collections::BTreeMap;

use crate::support::{Folder, wanted};

const CLOUD: &str = "aws";

fn killed(folder: &Folder, verb: &str, action: &str, address: &str, when: &str) {
    let rule = format!(r#"[{{"on": "{address}", "action": "{action}", "times": 1, "trouble": "{when}"}}]"#);
    let fault = folder.fault(&rule);
    let output = folder.run(verb, CLOUD, &["--yes", &fault[0], &fault[1]]);
    assert_eq!(output.status.code(), None, "{verb} was to be killed at {address}: {output:#?}");
}

fn applied_whole(folder: &Folder, expected: &BTreeMap<String, usize>, story: &str) {
    folder.done("apply", CLOUD, &["--yes"]);
    assert_eq!(folder.census(CLOUD), *expected, "{story}");
    assert_eq!(folder.plan(CLOUD)["steps"], serde_json::json!([]), "{story}");
}

fn every_write_of_apply(when: &str) {
    let expected = wanted(&Folder::new(), CLOUD);
    for address in expected.keys() {
        let folder = Folder::new();
        killed(&folder, "apply", "create", address, when);
        applied_whole(&folder, &expected, &format!("{when} creating {address}"));
    }
}

fn every_write_of_destroy(when: &str) {
    let folder = Folder::new();
    let expected = wanted(&folder, CLOUD);
    folder.done("apply", CLOUD, &["--yes"]);
    let account = folder.path().join(".loadline/rehearsal").join(CLOUD).join("account.jsonl");
    let whole = std::fs::read(&account).unwrap();
    for address in expected.keys() {
        std::fs::write(&account, &whole).unwrap();
        killed(&folder, "destroy", "delete", address, when);
        folder.done("destroy", CLOUD, &["--yes"]);
        assert!(folder.census(CLOUD).is_empty(), "{when} removing {address}: {:?}", folder.census(CLOUD));
    }
}

#[test]
fn killed_before_any_creation_a_second_apply_completes_it() {
    every_write_of_apply("kill-before");
}

#[test]
fn killed_after_any_creation_a_second_apply_completes_it() {
    every_write_of_apply("kill-after");
}

#[test]
fn killed_before_any_removal_a_second_destroy_completes_it() {
    every_write_of_destroy("kill-before");
}

#[test]
fn killed_after_any_removal_a_second_destroy_completes_it() {
    every_write_of_destroy("kill-after");
}

#[test]
fn killed_at_any_instant_a_second_apply_completes_it() {
    let expected = wanted(&Folder::new(), CLOUD);
    // Instants spread over start, journal, calls, waiting and the last look; the exact ones differ from run to run.
    for milliseconds in (5..200).step_by(12) {
        let folder = Folder::new();
        let mut child = folder
            .command("apply", CLOUD, &["--yes"])
            .stderr(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        applied_whole(&folder, &expected, &format!("killed after {milliseconds} ms"));
    }
}
