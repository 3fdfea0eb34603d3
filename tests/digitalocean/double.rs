//! The double, and the program pointed at it.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A stack with everything: standby, replicas, alarms, and machines that may become more.
pub(crate) const GROWING: &str = "\
version: 1
name: teachers
load: { users: 500, think: 1 s }
requests: [{ name: page, share: 100 %, cpu: 2 ms, queries: 3, query_cpu: 0.4 ms, download: 8 KiB }]
tasks: [{ name: mail, rate: 1/s, time: 1 s }]
app: { disk: 25 GiB }
database: { engine: mysql, version: \"8.0\", data: 20 GiB, read_replicas: 1 }
cache: { engine: valkey }
objectives: { mean: 300 ms, p95: 500 ms }
resilience: { zones: 1, survive: instance, database_standby: true, cache_replica: true, backups: { keep: 7 days, point_in_time: true }, autoscale: { max: 2x } }
access: { ssh: { user: ubuntu, key: ops.pub, from: [203.0.113.0/24] } }
alarms: { email: ops@example.org }
";

/// The same with machines of a fixed number, whose disks are too small by themselves.
pub(crate) fn fixed() -> String {
    GROWING.replace(", autoscale: { max: 2x }", "").replace("disk: 25 GiB", "disk: 60 GiB")
}

/// The public key of the spec.
pub(crate) const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGyVtS4bVK2t5VNOaAmkFa5OJMqAqFpCE8NMNUK4vMHE ops\n";

/// Names the description's path, in the environment of the tests and in that of the double.
const DESCRIPTION: &str = "LOADLINE_DIGITALOCEAN_OPENAPI";

/// A folder with a spec, and a cloud of its own.
pub(crate) struct Double {
    server: Child,
    port: u16,
    folder: TempDir,
}

/// Where the description is: it is not part of the project.
fn description() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/apis/digitalocean-openapi.yaml");
    let path = std::env::var_os(DESCRIPTION).map_or(beside, PathBuf::from);
    path.is_file().then_some(path)
}

impl Double {
    pub(crate) fn start(spec: &str) -> Self {
        let doubles = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doubles");
        // Tests run side by side: one of them installs, the others wait.
        let lock = std::env::temp_dir().join("loadline-doubles.lock");
        let installed =
            Command::new("flock").arg(lock).arg("bash").arg(doubles.join("install")).output().unwrap();
        assert!(installed.status.success(), "tests/doubles/install: {installed:?}");
        let python = String::from_utf8(installed.stdout).unwrap();
        let mut command = Command::new(python.trim());
        command.arg(doubles.join("digitalocean/serve.py")).env("PYTHONDONTWRITEBYTECODE", "1");
        match description() {
            Some(path) => command.env(DESCRIPTION, path),
            None => command.env_remove(DESCRIPTION),
        };
        let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        if said["description"].is_null() {
            eprintln!("requests are held against {}", said["checks"]);
        }
        let port = said["endpoint"].as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("spec.yaml"), spec).unwrap();
        std::fs::write(folder.path().join("ops.pub"), KEY).unwrap();
        Self { server, port, folder }
    }

    /// Puts another spec in place of the one that was there.
    pub(crate) fn write_spec(&self, spec: &str) {
        std::fs::write(self.folder.path().join("spec.yaml"), spec).unwrap();
    }

    fn exchange(&self, method: &str, path: &str, body: &Value) -> Value {
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

    /// What somebody else does in the same account; the cloud's answer.
    pub(crate) fn somebody(&self, method: &str, path: &str, body: &Value) -> Value {
        self.exchange(method, path, body)
    }

    pub(crate) fn command(&self, verb: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
        command
            .env_clear()
            .env("LOADLINE_TODAY", "2026-11-24")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command.env("LOADLINE_DIGITALOCEAN_ENDPOINT", format!("http://127.0.0.1:{}", self.port));
        command.env("DIGITALOCEAN_ACCESS_TOKEN", TOKEN);
        // Whatever would leave this machine fails at once.
        command.env("HTTPS_PROXY", "http://127.0.0.1:9");
        if verb == "leftovers" {
            command.arg(verb);
        } else {
            command.args([verb, "spec.yaml"]);
        }
        command.args(["--cloud", "digitalocean"]).args(more);
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
        assert!(!out.contains(TOKEN) && !problem.contains(TOKEN), "the token is shown");
        out
    }

    /// The steps of a plan that nothing stands in the way of, as `action address`.
    pub(crate) fn steps(&self, more: &[&str]) -> Vec<String> {
        let plan: Value = serde_json::from_str(&self.done("plan", &[&["--json"], more].concat())).unwrap();
        assert_eq!(plan["obstacles"], json!([]), "{plan:#}");
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let steps = plan["steps"].as_array().unwrap().iter();
        steps.map(|step| format!("{} {}", word(&step["action"]), word(&step["address"]))).collect()
    }

    /// Addresses of what is there, by the account's own eyes; each but once.
    pub(crate) fn census(&self) -> BTreeSet<String> {
        let status: Value = serde_json::from_str(&self.done("status", &["--json"])).unwrap();
        let mut seen = BTreeSet::new();
        for thing in status["resources"].as_array().unwrap() {
            let address = thing["address"].as_str().unwrap().to_owned();
            assert!(seen.insert(address.clone()), "{address} is there twice");
        }
        seen
    }

    pub(crate) fn leftovers(&self) -> Value {
        serde_json::from_str::<Value>(&self.done("leftovers", &["--json"])).unwrap()["leftovers"].take()
    }

    /// What is there by the cloud's eyes, family by family; families without anything are left out.
    pub(crate) fn world(&self) -> Value {
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
}

/// No real one; what must not be shown.
const TOKEN: &str = "dop_v1_of_the_double";

impl Drop for Double {
    fn drop(&mut self) {
        // It ends when its standard input does; a test that failed should not wait for it.
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}
