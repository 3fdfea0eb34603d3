//! The program itself, inside of a host.

use std::process::Output;

use serde_json::Value;

use crate::host::Host;
use crate::support::{hosts_or_skip, lost, seen};

const SPEC: &str = "version: 1\nname: shop\nload: { users: 200, think: 1 s }\nrequests: [{ name: page, cpu: 2 ms }]\n\
    app: { image: 'registry.example/shop:1', instances: 2 }\ndeploy: { drain: 0 s, secrets: [SESSION_KEY] }\n";

fn loadline(host: &Host, words: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_loadline");
    let script = format!("cd /root 2>/dev/null; printf '%s' \"$SPEC\" >/spec.yaml; exec {program} {words}");
    let output = host
        .command()
        .env("SPEC", SPEC)
        .env("SESSION_KEY", "hunter2")
        .args(["sh", "-c", &script])
        .output()
        .unwrap();
    for text in [&output.stdout, &output.stderr] {
        assert!(!String::from_utf8_lossy(text).contains("hunter2"), "a secret is never printed");
    }
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{error}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

#[test]
fn a_release_its_state_its_logs_and_the_way_back() {
    let hosts = hosts_or_skip!(1);
    let host = &hosts[0];
    let first = loadline(host, "deploy /spec.yaml --local --yes --json");
    assert_eq!((first.status.code(), json(&first)["verdict"].as_str()), (Some(0), Some("done")), "{first:?}");
    let one = json(&first)["release"].as_str().unwrap().to_owned();
    let second = loadline(
        host,
        "deploy /spec.yaml --local --yes --json --image registry.example/shop:2 -m 'more colour'",
    );
    let two = json(&second)["release"].as_str().unwrap().to_owned();
    assert!(one < two || one[..15] == two[..15], "ids sort by time: {one} {two}");
    let status = loadline(host, "deploy status /spec.yaml --local --json");
    let there = json(&status);
    assert_eq!(
        (status.status.code(), there["hosts"][0]["state"].as_str()),
        (Some(0), Some("well")),
        "{there:#}"
    );
    assert_eq!(there["hosts"][0]["current"], two.as_str());
    let logs = loadline(host, "deploy logs /spec.yaml --local --service app");
    let text = String::from_utf8(logs.stdout).unwrap();
    assert!(text.contains(&format!("shop-{two}-app-1 shop-{two}-app-1 cannot reach its database")), "{text}");
    let back = loadline(host, &format!("deploy rollback /spec.yaml --local --yes --json --to {one}"));
    assert_eq!((back.status.code(), json(&back)["verdict"].as_str()), (Some(0), Some("done")), "{back:?}");
    assert_eq!((seen(host).current.as_deref(), lost(host).as_str()), (Some(one.as_str()), ""));
    let sick = loadline(host, "deploy /spec.yaml --local --yes --image registry.example/shop:sick");
    let text = String::from_utf8(sick.stdout).unwrap();
    assert_eq!(sick.status.code(), Some(3), "{text}");
    assert!(text.contains("is not healthy; every host is as it was."), "{text}");
}

#[test]
fn what_is_missing_is_said_before_any_host_is_changed() {
    let hosts = hosts_or_skip!(1);
    let host = &hosts[0];
    let output = loadline(host, "deploy /spec.yaml --local");
    assert_eq!(output.status.code(), Some(2), "nobody can be asked: {output:?}");
    let output =
        loadline(host, "deploy /spec.yaml --local --yes --set deploy.secrets='[OTHER_KEY, THIRD_KEY]'");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains("the environment has no value for OTHER_KEY, THIRD_KEY; nothing was changed"),
        "{text}"
    );
    let output = loadline(host, "deploy rollback /spec.yaml --local --yes");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let status = loadline(host, "deploy status /spec.yaml --local");
    assert_eq!(status.status.code(), Some(3));
    assert_eq!(seen(host).ground, None);
}
