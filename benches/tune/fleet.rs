//! Servers that nobody has touched, a person who may log in to them, and what is to be set.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::Cost;
use super::sshd::{Options, Sshd, introduce};

/// Only what belongs to a network stack of its own: the rest of the kernel is that of this machine.
const SPEC: &str = "version: 1\nname: shop\nload: { users: 2000, think: 160 ms }\n\
                    requests: [{ name: page, share: 100 %, cpu: 2 ms, wait: 231 ms }]\n\
                    tune: { never: [\"fs.*\", \"vm.*\", \"kernel.*\"] }\n";

pub(crate) struct Fleet {
    folder: TempDir,
    pub(crate) servers: Vec<Sshd>,
    /// Kernel settings and their values.
    pub(crate) sysctls: Vec<(String, String)>,
}

impl Fleet {
    pub(crate) fn start(number: usize) -> Option<Self> {
        let options = || {
            Options::new()
                .in_own_network()
                .line("MaxStartups 100:30:200")
                .line("Subsystem sftp internal-sftp")
        };
        let servers: Vec<Sshd> = (0..number).map(|_| Sshd::start(&options())).collect::<Option<_>>()?;
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        introduce(folder.path(), &servers);
        fs::write(folder.path().join("shop.yaml"), SPEC).unwrap();
        let targets: Vec<String> = servers.iter().map(|server| server.target("root")).collect();
        fs::write(folder.path().join("hosts"), targets.join("\n") + "\n").unwrap();
        let mut fleet = Self { folder, servers, sysctls: Vec::new() };
        fleet.sysctls = fleet.wanted();
        Some(fleet)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn key(&self) -> String {
        self.folder().join(".ssh/id_ed25519").display().to_string()
    }

    /// A program in the person's folder.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.folder()).env("USER", "root");
        command.env("LC_ALL", "C.UTF-8").current_dir(self.folder()).stdin(Stdio::null());
        command
    }

    pub(crate) fn loadline(&self, verb: &str) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_loadline"));
        command.args(["tune", verb, "shop.yaml", "--hosts", "hosts", "--json"]);
        if verb == "apply" {
            command.arg("--yes");
        }
        command
    }

    /// What the plan says of the kernel: the other tools are given the same.
    fn wanted(&self) -> Vec<(String, String)> {
        let output = self.loadline("plan").output().unwrap();
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
        let changes = plan["hosts"][0]["changes"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let kernel = changes.filter(|it| it["file"].as_str().is_some_and(|file| file.contains("sysctl.d")));
        kernel.map(|it| (text(&it["setting"]), text(&it["to"]))).collect()
    }

    pub(crate) fn assert_tuned(&self) {
        for server in &self.servers {
            for (setting, value) in &self.sysctls {
                let is = server.inside(&format!("sysctl -n {setting}"));
                assert_eq!(is.split_whitespace().collect::<Vec<_>>().join(" "), *value, "{setting}");
            }
        }
    }
}

/// The middle of some runs, by the clock.
pub(crate) fn middle(costs: impl Iterator<Item = Cost>) -> Cost {
    let mut costs: Vec<Cost> = costs.collect();
    costs.sort_unstable_by_key(|cost| cost.wall);
    costs[costs.len() / 2]
}
