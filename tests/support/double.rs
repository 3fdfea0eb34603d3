//! A double of a cloud, and the program pointed at it: what the tests of all clouds with a double share. Taken in with
//! `#[path = "../support/double.rs"]`; what is particular to a cloud is its [`Cloud`].
#![allow(dead_code, reason = "not every test that includes this file needs all of it")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A key that is a key: the doubles look at it.
pub(crate) const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGyVtS4bVK2t5VNOaAmkFa5OJMqAqFpCE8NMNUK4vMHE ops\n";

/// What is particular to one cloud.
#[derive(Debug)]
pub(crate) struct Cloud {
    /// Its name: that of the flag, of its folder in tests/doubles and, in capitals, of its variable.
    pub(crate) name: &'static str,
    /// Variables of the environment with credentials for the double.
    pub(crate) credentials: &'static [(&'static str, &'static str)],
    /// What must not be shown anywhere.
    pub(crate) secret: Option<&'static str>,
}

fn doubles() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doubles")
}

/// The Python of the doubles, with the clouds' own descriptions of their services.
pub(crate) fn python() -> String {
    // Tests run side by side: one of them installs, the others wait.
    let lock = std::env::temp_dir().join("loadline-doubles.lock");
    let installed =
        Command::new("flock").arg(lock).arg("bash").arg(doubles().join("install")).output().unwrap();
    assert!(installed.status.success(), "tests/doubles/install: {installed:?}");
    String::from_utf8(installed.stdout).unwrap().trim().to_owned()
}

/// The example for 2000 people, with a key that is there.
pub(crate) fn teachers() -> String {
    let spec = include_str!("../../examples/teachers-2000.yaml").replace("~/.ssh/id_ed25519.pub", "ops.pub");
    assert!(spec.contains("users: 2000") && spec.contains("ops.pub"), "{spec}");
    spec
}

/// The same with machines of a fixed number: no group of the cloud's makes a lost one again.
pub(crate) fn fixed_teachers() -> String {
    let spec = teachers();
    let fixed = spec.replace("  autoscale: { max: 2x }\n", "");
    assert_ne!(fixed, spec);
    fixed
}

/// A folder with a spec, a cloud of its own, and the program.
pub(crate) struct Program {
    cloud: &'static Cloud,
    server: Child,
    port: u16,
    folder: TempDir,
    /// What the double said of itself when it began.
    pub(crate) greeting: Value,
}

impl Program {
    /// Starts the double of a cloud; `adjust` sets more of its environment.
    pub(crate) fn start(cloud: &'static Cloud, spec: &str, adjust: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new(python());
        command.arg(doubles().join(cloud.name).join("serve.py"));
        adjust(&mut command);
        let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let greeting: Value = serde_json::from_str(&line).unwrap();
        let port = greeting["endpoint"].as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let program = Self { cloud, server, port, folder, greeting };
        program.write_spec(spec);
        program.write_key("ops.pub", KEY);
        program
    }

    /// Puts another spec in place of the one that was there.
    pub(crate) fn write_spec(&self, spec: &str) {
        std::fs::write(self.folder.path().join("spec.yaml"), spec).unwrap();
    }

    /// Puts a public key beside the spec.
    pub(crate) fn write_key(&self, name: &str, key: &str) {
        std::fs::write(self.folder.path().join(name), key).unwrap();
    }

    /// What somebody else asks of the double's cloud; its answer.
    pub(crate) fn exchange(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer somebody\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap_or(Value::Null)
    }

    /// Asks the double for something.
    pub(crate) fn ask(&self, method: &str, what: &str, body: &Value) -> Value {
        self.exchange(method, &format!("/_double/{what}"), body)
    }

    pub(crate) fn command(&self, verb: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
        command
            .env_clear()
            .env("LOADLINE_TODAY", "2026-11-24")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        let endpoint = format!("LOADLINE_{}_ENDPOINT", self.cloud.name.to_uppercase());
        command.env(endpoint, format!("http://127.0.0.1:{}", self.port));
        command.envs(self.cloud.credentials.iter().copied());
        // Whatever would leave this machine fails at once.
        command.env("HTTPS_PROXY", "http://127.0.0.1:9");
        if verb == "leftovers" {
            command.arg(verb);
        } else {
            command.args([verb, "spec.yaml"]);
        }
        command.args(["--cloud", self.cloud.name]).args(more);
        if matches!(verb, "apply" | "destroy") {
            // The double bears more than the cloud.
            command.args(["--calls-per-second", "1000"]);
        }
        command
    }

    pub(crate) fn run(&self, verb: &str, more: &[&str]) -> Output {
        self.command(verb, more).output().unwrap()
    }

    /// The same, which has to end well; what it printed.
    pub(crate) fn done(&self, verb: &str, more: &[&str]) -> String {
        let output = self.run(verb, more);
        let out = String::from_utf8(output.stdout).unwrap();
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{verb} {more:?}:\n{out}\n{problem}");
        if let Some(secret) = self.cloud.secret {
            assert!(!out.contains(secret) && !problem.contains(secret), "the secret is shown");
        }
        out
    }

    fn answer(&self, verb: &str, more: &[&str]) -> Value {
        serde_json::from_str(&self.done(verb, &[&["--json"], more].concat())).unwrap()
    }

    /// The steps of a plan that nothing stands in the way of, as `action address`.
    pub(crate) fn steps(&self, more: &[&str]) -> Vec<String> {
        let plan = self.answer("plan", more);
        assert_eq!(plan["obstacles"], json!([]), "{plan:#}");
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let steps = plan["steps"].as_array().unwrap().iter();
        steps.map(|step| format!("{} {}", word(&step["action"]), word(&step["address"]))).collect()
    }

    /// Addresses of what is there, by the account's own eyes; each but once.
    pub(crate) fn census(&self) -> BTreeSet<String> {
        let status = self.answer("status", &[]);
        let mut seen = BTreeSet::new();
        for thing in status["resources"].as_array().unwrap() {
            let address = thing["address"].as_str().unwrap().to_owned();
            assert!(seen.insert(address.clone()), "{address} is there twice");
        }
        seen
    }

    pub(crate) fn leftovers(&self) -> Value {
        self.answer("leftovers", &[])["leftovers"].take()
    }

    /// What somebody else does in the same account of a double that takes it so; the cloud's answer.
    pub(crate) fn outside(&self, method: &str, path: &str, body: &Value) -> Value {
        self.ask("POST", "outside", &json!({ "method": method, "path": path, "body": body }))
    }

    /// What is there by the cloud's eyes, family by family; families without anything are left out.
    pub(crate) fn families(&self) -> Value {
        let mut world = self.ask("GET", "world", &Value::Null);
        world
            .as_object_mut()
            .unwrap()
            .retain(|_, things| things.as_array().is_some_and(|them| !them.is_empty()));
        world
    }

    pub(crate) fn calls(&self) -> Vec<Value> {
        self.ask("GET", "calls", &Value::Null).as_array().unwrap().clone()
    }

    /// Every call was one that the cloud's description has, and so was every answer of the double.
    pub(crate) fn assert_described(&self) {
        let wrong = |call: &&Value| call["wrong_answer"].is_string() || call["not_described"] == json!(true);
        let calls = self.calls();
        assert!(!calls.is_empty());
        let refused: Vec<_> = calls.iter().filter(wrong).collect();
        assert!(refused.is_empty(), "{refused:#?}");
    }

    /// Makes everything, finds no changes and no drift, and removes everything.
    pub(crate) fn made_and_removed(&self) {
        let wanted = self.steps(&[]);
        self.done("apply", &["--yes"]);
        assert_eq!(self.census().len(), wanted.len());
        assert_eq!(self.steps(&[]), [""; 0], "no changes after apply");
        let drift = self.run("drift", &[]);
        assert_eq!(drift.status.code(), Some(0), "{drift:?}");
        self.done("destroy", &["--yes"]);
        assert!(self.census().is_empty());
        assert_eq!(self.leftovers(), json!([]));
    }

    /// The stack of the project's first plan from nothing to twice its people, through the loss of a machine, to nothing.
    pub(crate) fn lives_its_life(&self, spec: &str, lose: impl FnOnce(&Self)) {
        self.write_spec(spec);
        self.done("apply", &["--yes"]);
        assert_eq!(self.steps(&[]), [""; 0], "no changes after apply");
        let more = ["--set", "load.users=4000"];
        assert!(!self.steps(&more).is_empty());
        self.done("apply", &["--yes", more[0], more[1]]);
        assert_eq!(self.steps(&more), [""; 0], "no changes after growing");
        lose(self);
        assert_eq!(self.run("drift", &[]).status.code(), Some(2));
        let steps = self.steps(&more);
        assert_eq!(steps.len(), 1, "{steps:?}");
        self.done("apply", &["--yes", more[0], more[1]]);
        assert_eq!(self.steps(&more), [""; 0], "no changes after mending");
        self.done("destroy", &["--yes"]);
        assert!(self.census().is_empty());
        assert_eq!(self.leftovers(), json!([]));
        self.assert_described();
    }

    /// Makes everything while a fifth of the calls is throttled and others fail or lose their answers.
    pub(crate) fn made_through_faults(&self) {
        let faults = json!([
            { "match": {}, "do": "throttle", "share": 0.2, "seed": 1, "times": 100_000 },
            { "match": {}, "do": "500", "share": 0.03, "seed": 2, "times": 100_000 },
            { "match": { "writes": true }, "do": "answered-but-lost", "share": 0.05, "seed": 3, "times": 100_000 },
        ]);
        self.ask("POST", "faults", &faults);
        // A run may end with what it could not see; the next goes on from there.
        let mut runs = 0;
        while !self.run("apply", &["--yes"]).status.success() {
            runs += 1;
            assert!(runs < 5, "it is never whole");
        }
        self.ask("POST", "faults", &json!([]));
    }

    /// Makes everything and removes everything, each run killed at the second, third or fourth writing call of its own, alternately
    /// before and after the cloud carried it out, until nothing is left to do: that spreads the kills over all calls. How often a
    /// run was killed.
    pub(crate) fn killed_over_and_over(&self) -> u32 {
        let wanted = self.steps(&[]);
        let while_made = self.killed_until_whole("apply");
        assert_eq!(self.census().len(), wanted.len());
        assert_eq!(self.steps(&[]), [""; 0], "no changes");
        let while_removed = self.killed_until_whole("destroy");
        assert!(self.census().is_empty());
        assert_eq!(self.leftovers(), json!([]));
        while_made + while_removed
    }

    fn killed_until_whole(&self, verb: &str) -> u32 {
        for kills in 0..100 {
            let when = if kills % 2 == 0 { "before" } else { "after" };
            self.ask("POST", "pause_at_write", &json!({ "n": 2 + kills % 3, "when": when }));
            let mut command = self.command(verb, &["--yes"]);
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let held = self.is_held(&mut child);
            if held {
                child.kill().unwrap();
                child.wait().unwrap();
            }
            self.ask("POST", "resume", &json!({}));
            if !held {
                let output = child.wait_with_output().unwrap();
                assert!(output.status.success(), "{verb} after {kills} kills: {output:#?}");
                return kills;
            }
        }
        panic!("{verb} is never whole");
    }

    /// Waits until a call is held or the command has ended; whether one is held.
    fn is_held(&self, child: &mut Child) -> bool {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            if self.ask("GET", "paused", &json!({}))["paused"] == json!(true) {
                return true;
            }
            if child.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(Instant::now() < deadline, "neither held nor ended");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // The double ends when its standard input does; a test that failed should not wait for it.
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}
