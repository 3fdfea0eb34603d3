//! Everything that a spec asks for on a cloud, as the program itself would make it.

use std::process::{Command, Stdio};

use loadline_contract::deploy::Resource;

/// A stack with everything: standby, replica, autoscaling, alarms, SSH.
const SPEC: &str = "\
version: 1
name: teachers
load: { users: 500, think: 1 s }
requests: [{ name: page, share: 100 %, cpu: 2 ms, queries: 3, query_cpu: 0.4 ms, download: 8 KiB }]
tasks: [{ name: mail, rate: 1/s, time: 1 s }]
app: { disk: 25 GiB }
database: { engine: mysql, data: 20 GiB }
cache: { engine: valkey }
objectives: { mean: 300 ms, p95: 500 ms }
resilience: { survive: instance, database_standby: true, cache_replica: true, autoscale: { max: 2x } }
access: { ssh: { user: ubuntu, key: ops.pub, from: [203.0.113.0/24] } }
alarms: { email: ops@example.org }
";

/// What the spec gives up, one after the other, on a cloud that cannot build it whole.
const CONCESSIONS: [&[&str]; 2] = [&[], &["--set", "database.version=8.0"]];

/// The resources of that spec, from the plan for an empty account.
pub(crate) fn stack(cloud: &str) -> Vec<Resource> {
    let mut refusals = Vec::new();
    for concessions in CONCESSIONS {
        match planned(cloud, concessions) {
            Ok(resources) => return resources,
            Err(refused) => refusals.push(refused),
        }
    }
    panic!("planning for {cloud}: {}", refusals.join("\n"));
}

fn planned(cloud: &str, concessions: &[&str]) -> Result<Vec<Resource>, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("spec.yaml"), SPEC).unwrap();
    std::fs::write(folder.path().join("ops.pub"), "ssh-ed25519 AAAAC3Nz ops\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_loadline"))
        .env_clear()
        .env("LOADLINE_TODAY", "2026-11-24")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .args(["plan", "spec.yaml", "--cloud", cloud, "--rehearse", "--out", "plan.json"])
        .args(concessions)
        .output()
        .unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = std::fs::read(folder.path().join("plan.json")).unwrap();
    let kept: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let steps = kept["steps"].as_array().unwrap();
    let resources: Vec<Resource> =
        steps.iter().map(|step| serde_json::from_value(step["resource"].clone()).unwrap()).collect();
    assert!(resources.len() > 10, "{cloud}: {resources:?}");
    Ok(resources)
}
