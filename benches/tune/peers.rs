//! Other tools that do the same work: the same kernel settings now and at boot, and the same file of limits.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::fleet::Fleet;

/// What was measured last; newer ones may differ.
const PACKAGES: [&str; 2] = ["ansible==12.3.0", "pyinfra==3.10.0"];

const LIMITS: &str = "* soft nofile 100000\n* hard nofile 100000\n* soft nproc 65535\n* hard nproc 65535\n";

/// The folder where both are installed.
pub(crate) struct Peers(PathBuf);

impl Peers {
    /// Installs them, once.
    pub(crate) fn installed() -> Self {
        let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
        if !venv.join("bin/pyinfra").exists() {
            let run = |program: &Path, arguments: &[&str]| {
                let status = Command::new(program).args(arguments).status().unwrap();
                assert!(status.success(), "{} {arguments:?}", program.display());
            };
            run(Path::new("python3"), &["-m", "venv", venv.to_str().unwrap()]);
            let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
            run(&venv.join("bin/python"), &[&pip[..], &PACKAGES].concat());
        }
        Self(venv)
    }

    pub(crate) fn all(&self) -> [Peer<'_>; 2] {
        [Peer::PyInfra(&self.0), Peer::Ansible(&self.0)]
    }
}

pub(crate) enum Peer<'a> {
    PyInfra(&'a Path),
    Ansible(&'a Path),
}

impl Peer<'_> {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::PyInfra(_) => "pyinfra",
            Self::Ansible(_) => "Ansible",
        }
    }

    /// Writes its files into the person's folder.
    pub(crate) fn prepare(&self, fleet: &Fleet) {
        let write = |name: &str, text: &str| fs::write(fleet.folder().join(name), text).unwrap();
        match self {
            Self::PyInfra(_) => {
                let mut inventory = String::from("hosts = [\n");
                for server in &fleet.servers {
                    let (address, port, key) = (server.address(), server.port(), fleet.key());
                    writeln!(
                        inventory,
                        "    ({:?}, {{\"ssh_port\": {port}, \"ssh_user\": \"root\", \"ssh_key\": {key:?}}}),",
                        address.to_string()
                    )
                    .unwrap();
                }
                inventory.push_str("]\n");
                write("inventory.py", &inventory);
                let mut deploy = String::from("import io\nfrom pyinfra.operations import files, server\n");
                for (setting, value) in &fleet.sysctls {
                    writeln!(
                        deploy,
                        "server.sysctl(key={setting:?}, value={}, persist=True, persist_file=\"/etc/sysctl.d/99-bench.conf\")",
                        python(value)
                    )
                    .unwrap();
                }
                writeln!(
                    deploy,
                    "files.put(src=io.StringIO({LIMITS:?}), dest=\"/etc/security/limits.d/99-bench.conf\")"
                )
                .unwrap();
                write("deploy.py", &deploy);
            }
            Self::Ansible(_) => {
                let mut inventory = String::new();
                for server in &fleet.servers {
                    let (address, port) = (server.address(), server.port());
                    writeln!(
                        inventory,
                        "{address} ansible_port={port} ansible_user=root ansible_python_interpreter=/usr/bin/python3"
                    )
                    .unwrap();
                }
                write("inventory.ini", &inventory);
                let forks = fleet.servers.len().min(200);
                // ssh takes the person's home from the list of users, not from HOME. The rest is what Ansible sets by itself.
                let known = fleet.folder().join(".ssh/known_hosts");
                let known = known.display();
                write(
                    "ansible.cfg",
                    &format!(
                        "[defaults]\nforks = {forks}\ngathering = explicit\nhost_key_checking = True\n[ssh_connection]\npipelining = True\n\
                         ssh_args = -C -o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile={known}\n"
                    ),
                );
                let mut book = String::from("- hosts: all\n  gather_facts: false\n  tasks:\n");
                for (setting, value) in &fleet.sysctls {
                    writeln!(
                        book,
                        "    - ansible.posix.sysctl: {{ name: {setting}, value: {value:?}, sysctl_file: /etc/sysctl.d/99-bench.conf, sysctl_set: true }}"
                    )
                    .unwrap();
                }
                for line in LIMITS.lines() {
                    let words: Vec<&str> = line.split(' ').collect();
                    writeln!(
                        book,
                        "    - community.general.pam_limits: {{ domain: \"{}\", limit_type: {}, limit_item: {}, value: \"{}\", dest: /etc/security/limits.d/99-bench.conf }}",
                        words[0], words[1], words[2], words[3]
                    )
                    .unwrap();
                }
                write("book.yaml", &book);
            }
        }
    }

    pub(crate) fn apply(&self, fleet: &Fleet) -> Command {
        self.run(fleet, &[])
    }

    pub(crate) fn plan(&self, fleet: &Fleet) -> Command {
        match self {
            Self::PyInfra(_) => self.run(fleet, &["--dry"]),
            Self::Ansible(_) => self.run(fleet, &["--check"]),
        }
    }

    fn run(&self, fleet: &Fleet, more: &[&str]) -> Command {
        match self {
            Self::PyInfra(venv) => {
                let mut command = fleet.command(venv.join("bin/pyinfra"));
                let parallel = fleet.servers.len().to_string();
                command.args(["-y", "--parallel", &parallel, "inventory.py", "deploy.py"]).args(more);
                command
            }
            Self::Ansible(venv) => {
                let mut command = fleet.command(venv.join("bin/ansible-playbook"));
                command.env("ANSIBLE_CONFIG", fleet.folder().join("ansible.cfg"));
                command.args(["-i", "inventory.ini", "--private-key", &fleet.key(), "book.yaml"]).args(more);
                command
            }
        }
    }
}

/// A value as Python writes it: a number, or a text.
fn python(value: &str) -> String {
    if value.parse::<u64>().is_ok() { value.to_owned() } else { format!("{value:?}") }
}
