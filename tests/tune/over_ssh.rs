//! The program on hosts that it reaches over SSH: real servers, each with a network stack and an /etc of its own.

use std::fs;
use std::io::Read as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::sshd::{Options, Sshd, Sudo, introduce};

/// Only what belongs to a network stack: the rest of the kernel is that of this machine.
const SPEC: &str = "version: 1\nname: shop\nload: { users: 2000, think: 160 ms }\n\
                    requests: [{ name: page, share: 100 %, cpu: 2 ms, wait: 231 ms }]\n\
                    tune: { never: [\"fs.*\", \"vm.*\", \"kernel.*\"] }\n";

/// A person's home and folder, and the servers that this person may log in to.
struct Office {
    folder: TempDir,
    servers: Vec<Sshd>,
}

impl Office {
    fn with(servers: Vec<Sshd>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        introduce(folder.path(), &servers);
        fs::write(folder.path().join("shop.yaml"), SPEC).unwrap();
        Self { folder, servers }
    }

    /// So many servers with root's login, or none where that cannot be.
    fn of(number: usize) -> Option<Self> {
        let servers: Option<Vec<Sshd>> =
            (0..number).map(|_| Sshd::start(&Options::new().in_own_network())).collect();
        servers.map(Self::with)
    }

    fn hosts(&self) -> String {
        self.servers.iter().map(|server| server.target("root")).collect::<Vec<_>>().join(",")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.folder.path()).env("USER", "root");
        command.env("COLUMNS", "100").env("LC_ALL", "C.UTF-8").current_dir(self.folder.path());
        command.arg("tune").args(arguments).stdin(Stdio::null());
        command
    }

    fn ends(&self, arguments: &[&str], code: i32) -> Output {
        let output = self.command(arguments).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
        output
    }

    /// Standard output, then standard error.
    fn said(&self, arguments: &[&str], code: i32) -> String {
        let output = self.ends(arguments, code);
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    /// States of the hosts in their order.
    fn states(&self, arguments: &[&str], code: i32) -> Vec<String> {
        let output = self.ends(&[arguments, &["--json"]].concat(), code);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let hosts = answer["hosts"].as_array().unwrap().iter();
        hosts.map(|host| host["state"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn hosts_are_tuned_verified_and_brought_back_and_those_alike_are_shown_once() {
    let Some(office) = Office::of(3) else { return };
    let hosts = office.hosts();
    let before: Vec<String> =
        office.servers.iter().map(|it| it.inside("sysctl -n net.core.somaxconn")).collect();
    let plan = office.said(&["plan", "shop.yaml", "-H", &hosts, "--detailed-exitcode"], 2);
    assert!(plan.contains("3 hosts, profile web: 3 to change."), "{plan}");
    // Once as a row of the table; why it is so stands below it.
    assert_eq!(plan.matches("net.core.somaxconn  ").count(), 1, "{plan}");
    assert_eq!(office.states(&["apply", "shop.yaml", "-H", &hosts, "--yes"], 0), ["changed"; 3]);
    for server in &office.servers {
        assert_eq!(server.inside("sysctl -n net.core.somaxconn").trim(), "65535");
    }
    assert_eq!(office.states(&["apply", "shop.yaml", "-H", &hosts, "--yes"], 0), ["as-wanted"; 3]);
    office.ends(&["verify", "shop.yaml", "-H", &hosts], 0);
    office.servers[1].inside("sysctl -q -w net.core.somaxconn=128");
    let differs = office.said(&["verify", "shop.yaml", "-H", &hosts], 3);
    assert!(differs.contains(&office.servers[1].target("root")), "{differs}");
    assert_eq!(office.states(&["revert", "shop.yaml", "-H", &hosts, "--yes"], 0), ["reverted"; 3]);
    let after: Vec<String> =
        office.servers.iter().map(|it| it.inside("sysctl -n net.core.somaxconn")).collect();
    assert_eq!(after, before);
}

#[test]
fn sudo_takes_a_password_from_a_file_and_shows_it_to_nobody() {
    const PASSWORD: &str = "correct-horse-7";
    let options = Options::new().user("ops", Sudo::Password(PASSWORD)).in_own_network();
    let Some(server) = Sshd::start(&options) else { return };
    let office = Office::with(vec![server]);
    let target = office.servers[0].target("ops");
    let nobody = office.said(&["apply", "shop.yaml", "-H", &target, "--yes"], 1);
    assert!(nobody.contains("sudo") && nobody.contains("nothing was changed"), "{nobody}");
    let never = office.said(&["apply", "shop.yaml", "-H", &target, "--yes", "--become=never"], 1);
    assert!(never.contains("nothing was changed"), "{never}");
    fs::write(office.folder.path().join("secret"), format!("{PASSWORD}\n")).unwrap();
    let arguments = ["apply", "shop.yaml", "-H", &target, "--yes", "--become-password-file", "secret"];
    let said = office.said(&arguments, 0);
    assert!(!said.contains(PASSWORD), "{said}");
    assert_eq!(office.servers[0].inside("sysctl -n net.core.somaxconn").trim(), "65535");
}

#[test]
fn a_dead_host_costs_only_itself_and_is_tried_again_alone() {
    let Some(office) = Office::of(3) else { return };
    office.servers[1].inside("ip link set inside0 down");
    let hosts = office.hosts();
    let apply = ["apply", "shop.yaml", "-H", &hosts, "--yes", "--connect-timeout", "2s"];
    assert_eq!(office.states(&apply, 4), ["changed", "failed", "changed"]);
    let again = [&apply[..], &["--retry-failed"]].concat();
    assert_eq!(office.states(&again, 1), ["failed"], "only the one that failed");
    office.servers[1].inside("ip link set inside0 up");
    assert_eq!(office.states(&again, 0), ["changed"]);
    let none = office.said(&again, 2);
    assert!(none.contains("no host is left"), "{none}");
}

#[test]
fn no_batch_begins_after_one_that_failed_and_the_rest_is_named() {
    let Some(office) = Office::of(3) else { return };
    office.servers[0].inside("ip link set inside0 down");
    let hosts = office.hosts();
    let apply = ["apply", "shop.yaml", "-H", &hosts, "--yes", "--connect-timeout", "1s", "--serial", "1"];
    assert_eq!(office.states(&apply, 1), ["failed", "not-begun", "not-begun"]);
    assert_eq!(
        office.states(&[&apply[..], &["--fail-percent", "100"]].concat(), 4),
        ["failed", "changed", "changed"]
    );
}

#[test]
fn wrong_hosts_are_refused_before_any_is_looked_at() {
    let Some(office) = Office::of(1) else { return };
    let hosts = office.hosts();
    fs::write(office.folder.path().join("list"), "web-1 # fine\n-oProxyCommand=x\nweb 2\n").unwrap();
    for (arguments, sentence) in [
        (&["plan", "shop.yaml", "-H", "web;reboot"][..], "cannot stand in a host's name"),
        (&["plan", "shop.yaml", "--hosts", "list"], "list:2:"),
        (&["plan", "shop.yaml", "--hosts", "no-such-list"], "reading the hosts of no-such-list"),
        (&["plan", "shop.yaml", "-H", &hosts, "--limit", "web-9"], "no host is called web-9"),
        (&["plan", "shop.yaml"], "no hosts are named"),
    ] {
        let said = office.said(arguments, 2);
        assert!(said.contains(sentence) && said.contains("nothing was looked at"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_key_that_is_not_the_known_one_is_refused_with_both_fingerprints() {
    let Some(office) = Office::of(2) else { return };
    let (first, second) = (&office.servers[0], &office.servers[1]);
    // The second server's key stands under the first one's name.
    let wrong = format!("{} {}\n", first.known_name(), second.public_key());
    fs::write(office.folder.path().join(".ssh/known_hosts"), wrong).unwrap();
    let said = office.said(&["apply", "shop.yaml", "-H", &first.target("root"), "--yes"], 1);
    assert_eq!(said.matches("SHA256:").count(), 2, "{said}");
    assert_ne!(first.inside("sysctl -n net.core.somaxconn").trim(), "65535");
}

#[test]
fn asked_to_stop_it_finishes_what_has_begun_and_begins_no_more() {
    // What a login prints slows each host down.
    let slow = || Options::new().in_own_network().setup("echo 'sleep 1' >>/root/.bashrc");
    let servers: Option<Vec<Sshd>> = (0..6).map(|_| Sshd::start(&slow())).collect();
    let Some(office) = servers.map(Office::with) else { return };
    let hosts = office.hosts();
    let mut command =
        office.command(&["apply", "shop.yaml", "-H", &hosts, "--yes", "--parallel", "1", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !office.servers[0].inside("ls /etc/sysctl.d").contains("loadline") {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was asked to");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(child.id() as i32), nix::sys::signal::Signal::SIGINT)
        .unwrap();
    let status = child.wait().unwrap();
    let mut answer = String::new();
    child.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let states: Vec<&str> =
        answer["hosts"].as_array().unwrap().iter().map(|host| host["state"].as_str().unwrap()).collect();
    assert_eq!((status.code(), states[0], states[5]), (Some(4), "changed", "not-begun"), "{states:?}");
    // Nothing is left half-way: each host is whole or untouched.
    assert!(states.iter().all(|state| ["changed", "not-begun"].contains(state)), "{states:?}");
}
