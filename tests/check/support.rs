//! The program with a spec, and its answer.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const SPEC: &str = "version: 1
name: shop
app: { health: /healthz, workers: 4, instances: 2, pool: 5 }
load: { users: 200, think: 2 s }
requests: [{ name: page, cpu: 5 ms, queries: 2 }]
database: { cores: 2 }
cache: { }
tasks: [{ name: mail, rate: 1/s, time: 2 s }]
objectives: { p95: 500 ms }
";

/// Everything that an answer must never hold.
pub(crate) const SECRETS: [&str; 4] = ["p@ss", "p%40ss", "hush", "hunter2"];

/// A folder with the spec, and what the environment says.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

/// What a run said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("shop.yaml"), SPEC).unwrap();
        Self { folder, variables: Vec::new() }
    }

    pub(crate) fn variable(mut self, name: &'static str, value: String) -> Self {
        self.variables.push((name, value));
        self
    }

    pub(crate) fn database(self, port: u16) -> Self {
        self.variable("LOADLINE_DATABASE_URL", format!("mysql+pymysql://check:p%40ss@127.0.0.1:{port}/"))
    }

    pub(crate) fn cache(self, port: u16) -> Self {
        self.variable("LOADLINE_CACHE_URL", format!("redis://:hush@127.0.0.1:{port}/0"))
    }

    pub(crate) fn queue(self, port: u16) -> Self {
        self.variable("LOADLINE_QUEUE_URL", format!("redis://:hush@127.0.0.1:{port}/1"))
    }

    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
        command
            .args(["check", "shop.yaml"])
            .args(words.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .envs(self.variables.iter().map(|(name, value)| (*name, value.as_str())));
        command
    }

    pub(crate) fn run(&self, words: &str) -> Said {
        said(&self.command(words).output().unwrap())
    }

    /// The findings of one round.
    pub(crate) fn look(&self, words: &str) -> Findings {
        let said = self.run(&format!("{words} --json"));
        let json: Value =
            serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}{}", said.out, said.err));
        let healthy = matches!(json["verdict"].as_str(), Some("ok" | "warn"));
        assert_eq!(said.code, Some(if healthy { 0 } else { 3 }), "{json:#}");
        Findings(json)
    }
}

pub(crate) fn said(output: &Output) -> Said {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let said = Said { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
    for secret in SECRETS {
        assert!(
            !said.out.contains(secret) && !said.err.contains(secret),
            "a secret in {}{}",
            said.out,
            said.err
        );
    }
    said
}

/// A round as JSON.
pub(crate) struct Findings(pub(crate) Value);

impl Findings {
    pub(crate) fn of(&self, component: &str, check: &str) -> &Value {
        let all = self.0["findings"].as_array().unwrap();
        all.iter()
            .find(|it| it["component"] == component && it["check"] == check)
            .unwrap_or_else(|| panic!("no {component} {check} in {:#}", self.0))
    }

    pub(crate) fn verdict(&self, component: &str, check: &str) -> &str {
        self.of(component, check)["verdict"].as_str().unwrap()
    }

    pub(crate) fn sentence(&self, component: &str, check: &str) -> &str {
        self.of(component, check)["sentence"].as_str().unwrap()
    }

    pub(crate) fn value(&self, component: &str, check: &str) -> f64 {
        self.of(component, check)["value"].as_f64().unwrap()
    }

    /// Every check that is not well, as `component check verdict`.
    pub(crate) fn unwell(&self) -> Vec<String> {
        let all = self.0["findings"].as_array().unwrap().iter();
        all.filter(|it| it["verdict"] != "ok")
            .map(|it| {
                let text = |name: &str| it[name].as_str().unwrap().to_owned();
                format!("{} {} {}", text("component"), text("check"), text("verdict"))
            })
            .collect()
    }
}

/// A file that only its owner reads.
pub(crate) fn private(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
