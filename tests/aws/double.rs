//! The double, and the program pointed at it.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const SPEC: &str = "\
version: 1
name: teachers
load: { users: 500, think: 1 s }
requests: [{ name: page, share: 100 %, cpu: 2 ms, queries: 3, query_cpu: 0.4 ms, download: 8 KiB }]
tasks: [{ name: mail, rate: 1/s, time: 1 s }]
database: { engine: mysql, data: 20 GiB, read_replicas: 1 }
cache: { engine: valkey }
objectives: { mean: 300 ms, p95: 500 ms }
resilience: { zones: 2, survive: zone, database_standby: true, cache_replica: true, autoscale: { max: 2x } }
access: { ssh: { user: ubuntu, key: ops.pub, from: [203.0.113.0/24] } }
alarms: { email: ops@example.org }
";

/// A key that is a key: the double looks at it.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGyVtS4bVK2t5VNOaAmkFa5OJMqAqFpCE8NMNUK4vMHE ops\n";

fn doubles() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doubles")
}

/// The Python of the doubles, with the cloud's own descriptions of its services.
pub(crate) fn python() -> String {
    // Tests run side by side: one of them installs, the others wait.
    let lock = std::env::temp_dir().join("loadline-doubles.lock");
    let installed =
        Command::new("flock").arg(lock).arg("bash").arg(doubles().join("install")).output().unwrap();
    assert!(installed.status.success(), "tests/doubles/install: {installed:?}");
    String::from_utf8(installed.stdout).unwrap().trim().to_owned()
}

/// A folder with a spec, and a cloud of its own.
pub(crate) struct Double {
    server: Child,
    port: u16,
    folder: TempDir,
}

impl Double {
    pub(crate) fn start() -> Self {
        let mut server = Command::new(python())
            .arg(doubles().join("aws/serve.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let port = said["endpoint"].as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("spec.yaml"), SPEC).unwrap();
        std::fs::write(folder.path().join("ops.pub"), KEY).unwrap();
        Self { server, port, folder }
    }

    /// Asks the double for something.
    pub(crate) fn ask(&self, method: &str, what: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let body = body.to_string();
        write!(
            stream,
            "{method} /_double/{what} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap_or(Value::Null)
    }

    pub(crate) fn command(&self, verb: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
        command
            .env_clear()
            .env("LOADLINE_TODAY", "2026-11-24")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command.env("LOADLINE_AWS_ENDPOINT", format!("http://127.0.0.1:{}", self.port));
        command.env("AWS_ACCESS_KEY_ID", "double").env("AWS_SECRET_ACCESS_KEY", "double");
        // Whatever would leave this machine fails at once.
        command.env("AWS_EC2_METADATA_DISABLED", "true").env("HTTPS_PROXY", "http://127.0.0.1:9");
        if verb == "leftovers" {
            command.arg(verb);
        } else {
            command.args([verb, "spec.yaml"]);
        }
        command.args(["--cloud", "aws"]).args(more);
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
        assert!(
            output.status.success(),
            "{verb} {more:?}:\n{out}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        out
    }

    /// The steps of a plan, as `action address`.
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
}

impl Drop for Double {
    fn drop(&mut self) {
        // It ends when its standard input does; a test that failed should not wait for it.
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}
