//! The test by Locust itself, here and on machines that are reached over SSH. `tests/load/install` brings Locust; where it was not run
//! these tests say so and end.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

use crate::server::{Manner, Server};
use crate::sshd::{Options, Sshd, introduce};
use crate::support::SPEC;

const BRIEF: &str = "--users 20 --ramp 0s --warm-up 1s --duration 3s --timeout 5s";

/// A person with a spec, who has Locust.
struct Office {
    folder: TempDir,
    locust: PathBuf,
}

impl Office {
    fn new() -> Option<Self> {
        let tools = crate::tools::tools()?;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("shop.yaml"), SPEC).unwrap();
        Some(Self { folder, locust: tools.join("venv/bin/locust") })
    }

    fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
        command.args(["load", "shop.yaml", "--engine", "locust"]).args(words.split_whitespace()).env_clear();
        command.env("PATH", "/usr/bin:/bin").env("HOME", self.folder.path()).env("USER", "root");
        command.env("TOKEN", "hunter2").current_dir(self.folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn ends(&self, words: &str, code: i32) -> Output {
        let words = format!("{BRIEF} --locust {} {words}", self.locust.display());
        let output = self.command(&words).output().unwrap();
        let all = said(&output);
        assert_eq!(output.status.code(), Some(code), "{words}: {all}");
        assert!(!all.contains("hunter2"), "a secret is never printed: {all}");
        output
    }

    fn json(&self, words: &str, code: i32) -> Value {
        serde_json::from_slice(&self.ends(&format!("{words} --json"), code).stdout).unwrap()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Hosts with networks of their own, Locust on each, and the address at which they see this machine.
fn hosts(office: &Office, number: usize, options: &Options) -> Option<(Vec<Sshd>, String, Ipv4Addr)> {
    // Locust, and the Python that it belongs to, wherever they are.
    let python = std::fs::canonicalize(office.locust.with_file_name("python")).unwrap();
    let mut options = options.clone().sees(office.locust.parent().unwrap().parent().unwrap());
    if !python.starts_with("/usr/bin") {
        options = options.sees(python.parent().unwrap().parent().unwrap());
    }
    let servers: Vec<Sshd> = (0..number).map(|_| Sshd::start(&options)).collect::<Option<_>>()?;
    introduce(office.folder.path(), &servers);
    let names: Vec<String> = servers.iter().map(|server| server.target("root")).collect();
    let here = Ipv4Addr::from(u32::from(servers[0].address()) - 1);
    Some((servers, names.join(","), here))
}

/// Waits for the first request, and two seconds more.
fn wait_until_sending(server: &Server) {
    let before = std::time::Instant::now();
    while server.heard.lock().unwrap().requests.is_empty() && before.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_secs(2));
}

/// No worker is left there.
fn assert_ended(server: &Sshd) {
    for _ in 0..50 {
        if server.inside("pgrep -f '[m]aster-port' || true").trim().is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("{}", server.inside("ps axww"));
}

#[test]
fn what_locust_measures_is_what_our_own_engine_measures() {
    let Some(office) = Office::new() else { return };
    let server = Server::start(Manner::After(Duration::from_millis(20)));
    let json = office.json(
        &format!("--url {} --processes 2 --steps 50%,100% --header Authorization=TOKEN", server.url()),
        0,
    );
    let levels = json["levels"].as_array().unwrap();
    assert_eq!(levels.len(), 2);
    for (level, users) in levels.iter().zip([10.0, 20.0]) {
        // N / (Z + R).
        let expected = users / (0.1 + 0.022);
        let rps = level["throughput_rps"].as_f64().unwrap();
        assert!((rps / expected - 1.0).abs() < 0.2, "{rps} beside {expected}");
        let mean = level["response_ms"]["mean"].as_f64().unwrap();
        assert!((20.0..40.0).contains(&mean), "{mean}");
        assert_eq!((level["errors"].as_u64(), level["ending"].as_str()), (Some(0), Some("whole")));
        let requests = level["requests"].as_u64().unwrap();
        assert_eq!(level["statuses"]["200"].as_u64(), Some(requests));
        let saves = level["by_request"][1]["requests"].as_u64().unwrap() as f64;
        assert!((0.1..0.3).contains(&(saves / requests as f64)), "{saves} of {requests}");
        assert_eq!(level["seconds"].as_array().map(Vec::len), Some(3));
    }
    let heard = server.heard.lock().unwrap();
    assert!(heard.last_head.contains("Authorization: hunter2"), "{}", heard.last_head);
    assert!((30..60).contains(&heard.connections), "one for each person: {}", heard.connections);
    let saves = heard.requests["POST /save"];
    assert_eq!(heard.body_bytes, saves * 2048);
}

#[test]
fn machines_with_networks_of_their_own_send_and_reach_the_master_through_ssh_alone() {
    let Some(office) = Office::new() else { return };
    let Some((servers, names, here)) = hosts(&office, 2, &Options::new().in_own_network()) else { return };
    let server = Server::start_at(&here.to_string(), Manner::After(Duration::from_millis(20)));
    // The second host has a way to this machine by its own address only.
    let route = format!("ip route add {here}/32 dev inside0");
    servers[1].inside(&route);
    let words = format!(
        "--url {} --i-own-this-target --workers {names} --processes 1 --header Authorization=TOKEN",
        server.url()
    );
    let output = office.ends(&words, 0);
    assert!(said(&output).contains("Locust sends: 2 processes on 2 workers"), "{}", said(&output));
    assert!(said(&output).starts_with("PASS "), "{}", said(&output));
    assert!(server.heard.lock().unwrap().last_head.contains("hunter2"));
    servers.iter().for_each(assert_ended);
}

#[test]
fn a_worker_that_is_lost_leaves_no_verdict() {
    let Some(office) = Office::new() else { return };
    let Some((servers, names, here)) = hosts(&office, 1, &Options::new().in_own_network()) else { return };
    let server = Server::start_at(&here.to_string(), Manner::After(Duration::from_millis(20)));
    let words = format!(
        "--users 20 --ramp 0s --warm-up 0s --duration 12s --timeout 2s --locust {} --url {} --i-own-this-target --workers {names} \
         --processes 2 --json",
        office.locust.display(),
        server.url()
    );
    let child = office.command(&words).spawn().unwrap();
    wait_until_sending(&server);
    servers[0].inside("kill -9 $(pgrep -f 'python.*[m]aster-port' | head -1)");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["verdict"], "no-verdict");
    let failures = json["levels"][0]["failures"].as_object().unwrap();
    assert_eq!(failures["this machine: workers of Locust were lost"], 1, "{failures:?}");
    assert!(json["levels"][0]["requests"].as_u64().unwrap() > 100);
    assert_ended(&servers[0]);
}

#[test]
fn a_host_whose_workers_cannot_begin_is_named_at_once() {
    let Some(office) = Office::new() else { return };
    let Some((servers, names, here)) = hosts(&office, 2, &Options::new().in_own_network()) else { return };
    let server = Server::start_at(&here.to_string(), Manner::Status(200));
    // What `locust --version` needs is there; the folder that a worker needs cannot be made.
    servers[1].inside("echo TMPDIR=/proc >>/etc/environment");
    let begun = std::time::Instant::now();
    let words = format!("--url {} --i-own-this-target --workers {names} --processes 1", server.url());
    let output = office.ends(&words, 1);
    assert!(begun.elapsed() < Duration::from_secs(60), "nobody waits for others in vain");
    let said = said(&output);
    assert!(said.contains(&servers[1].address().to_string()) && said.contains("nothing was sent"), "{said}");
    assert_eq!(server.heard.lock().unwrap().connections, 0);
}

#[test]
fn what_cannot_send_is_said_before_anything_is_sent() {
    let Some(office) = Office::new() else { return };
    let options = Options::new().in_own_network().line("AllowTcpForwarding no");
    let Some((_servers, names, _)) = hosts(&office, 1, &options) else { return };
    let server = Server::start(Manner::Status(200));
    let url = server.url();
    let refused = office.ends(&format!("--url {url} --workers {names}"), 1);
    assert!(said(&refused).contains("AllowTcpForwarding"), "{}", said(&refused));
    let nobody = office.ends(&format!("--url {url} --workers {names}9999"), 2);
    assert!(said(&nobody).contains("--workers"), "{}", said(&nobody));
    let wrong = [
        (format!("load shop.yaml --url {url} --workers a,b"), 2, "--engine locust"),
        (format!("load shop.yaml --url {url} --engine locust --rate 50"), 2, "people only"),
        (format!("load shop.yaml --url {url} --engine locust --locust /no/locust"), 1, "pipx install locust"),
    ];
    for (words, code, hint) in wrong {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
        command
            .args(words.split_whitespace())
            .current_dir(office.folder.path())
            .env("HOME", office.folder.path());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{words}: {}", said(&output));
        assert!(
            said(&output).contains(hint) && said(&output).contains("nothing was sent"),
            "{}",
            said(&output)
        );
    }
    assert_eq!(server.heard.lock().unwrap().connections, 0);
}

#[test]
fn a_target_that_is_down_or_not_who_it_says_it_is_fails_the_test() {
    let Some(office) = Office::new() else { return };
    let json = office.json("--url http://127.0.0.1:1 --processes 1", 3);
    let level = &json["levels"][0];
    assert_eq!((level["ending"].as_str(), json["verdict"].as_str()), (Some("errors"), Some("fail")));
    assert!(level["failures"]["connecting: refused"].as_u64().unwrap() > 20, "{level:#}");
    let (authority, server) = crate::secured::server("localhost");
    std::fs::write(office.folder.path().join("ca.pem"), authority).unwrap();
    let url = format!("https://localhost:{}", server.address.port());
    let json = office.json(&format!("--url {url} --processes 1 --ca ca.pem"), 0);
    assert!(json["levels"][0]["requests"].as_u64().unwrap() > 100, "{json:#}");
    let json = office.json(&format!("--url {url} --processes 1"), 3);
    let failures = json["levels"][0]["failures"].as_object().unwrap();
    assert!(failures.keys().all(|it| it.starts_with("TLS: ")), "{failures:?}");
}

#[test]
fn an_interrupt_keeps_what_was_measured_and_leaves_nobody_behind() {
    let Some(office) = Office::new() else { return };
    let server = Server::start(Manner::After(Duration::from_millis(20)));
    let words = format!(
        "--users 20 --ramp 0s --warm-up 0s --duration 1h --locust {} --url {} --processes 1 --json",
        office.locust.display(),
        server.url()
    );
    let child = office.command(&words).spawn().unwrap();
    wait_until_sending(&server);
    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["levels"][0]["ending"], "interrupted");
    assert!(json["levels"][0]["requests"].as_u64().unwrap() > 100, "{json:#}");
    let left = Command::new("pgrep")
        .args(["-f", &format!("{}.*--(master|worker)", office.locust.display())])
        .output();
    // Others may test at the same time: only those whose parent is gone are ours to find.
    let left = String::from_utf8(left.unwrap().stdout).unwrap();
    for pid in left.lines() {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        assert!(!status.contains("\nPPid:\t1\n"), "{pid} was left behind");
    }
}
