//! A folder with a spec, and the program run in it.

use std::collections::BTreeMap;
use std::process::{Command, Output, Stdio};

use loadline_sim::{Options, Sim};
use serde_json::Value;
use tempfile::TempDir;

/// A stack with everything: two zones, standby, replica, autoscaling, alarms, SSH.
pub(crate) const SPEC: &str = "\
version: 1
name: teachers
load: { users: 500, think: 1 s }
requests: [{ name: page, share: 100 %, cpu: 2 ms, queries: 3, query_cpu: 0.4 ms, download: 8 KiB }]
tasks: [{ name: mail, rate: 1/s, time: 1 s }]
database: { engine: mysql, data: 20 GiB }
cache: { engine: valkey }
resilience: { survive: instance, database_standby: true, autoscale: { max: 2x } }
access: { ssh: { user: ubuntu, key: ops.pub, from: [203.0.113.0/24] } }
alarms: { email: ops@example.org }
";

pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("spec.yaml"), SPEC).unwrap();
        std::fs::write(folder.path().join("ops.pub"), "ssh-ed25519 AAAAC3Nz ops\n").unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    /// `loadline VERB spec.yaml --cloud CLOUD --rehearse MORE`, as fast as it goes.
    pub(crate) fn command(&self, verb: &str, cloud: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
        command
            .env_clear()
            .env("LOADLINE_TODAY", "2026-11-24")
            .env("COLUMNS", "100")
            .current_dir(self.path());
        command.args([verb, "spec.yaml", "--cloud", cloud, "--rehearse", "--speed", "20000"]).args(more);
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, verb: &str, cloud: &str, more: &[&str]) -> Output {
        self.command(verb, cloud, more).output().unwrap()
    }

    /// The same, which has to end well.
    pub(crate) fn done(&self, verb: &str, cloud: &str, more: &[&str]) -> Output {
        let output = self.run(verb, cloud, more);
        assert!(output.status.success(), "{verb} {cloud} {more:?}: {output:#?}");
        output
    }

    pub(crate) fn plan(&self, cloud: &str) -> Value {
        serde_json::from_slice(&self.done("plan", cloud, &["--json"]).stdout).unwrap()
    }

    /// Everything that exists, by address: how many of each.
    pub(crate) fn census(&self, cloud: &str) -> BTreeMap<String, usize> {
        let stages = loadline::clouds::by_name(cloud).unwrap().profile().stages;
        let file = self.path().join(".loadline/rehearsal").join(cloud).join("account.jsonl");
        let mut counts = BTreeMap::new();
        for thing in Sim::open(&file, stages, Options::default()).unwrap().things().unwrap() {
            *counts.entry(thing.address.to_string()).or_default() += 1;
        }
        counts
    }

    /// Lets a call go wrong: the arguments that say so.
    pub(crate) fn fault(&self, json: &str) -> [String; 2] {
        let file = self.path().join("faults.json");
        std::fs::write(&file, json).unwrap();
        ["--faults".to_owned(), file.display().to_string()]
    }
}

/// The addresses that a plan of an empty account would make.
pub(crate) fn wanted(folder: &Folder, cloud: &str) -> BTreeMap<String, usize> {
    let plan = folder.plan(cloud);
    plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| (step["address"].as_str().unwrap().to_owned(), 1))
        .collect()
}
