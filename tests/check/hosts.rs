//! Hosts over SSH, real OpenSSH servers: what they say of themselves, and those that say nothing.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::servers::mute;
use crate::sshd::{Options, Sshd};
use crate::support::Desk;

/// A desk whose person can log in as root, and knows the host.
fn desk(server: &Sshd) -> Desk {
    let desk = Desk::new();
    let folder = desk.folder.path().join(".ssh");
    std::fs::create_dir(&folder).unwrap();
    let key = folder.join("id_ed25519");
    let made =
        Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status().unwrap();
    assert!(made.success());
    server.authorize(&std::fs::read_to_string(key.with_extension("pub")).unwrap());
    std::fs::write(folder.join("known_hosts"), server.known_hosts_line()).unwrap();
    desk
}

#[test]
fn hosts_say_what_they_have_left_and_a_dead_one_delays_nobody() {
    let Some(server) = Sshd::start(&Options::new().in_own_network()) else { return };
    let desk = desk(&server);
    let dead = mute();
    let began = Instant::now();
    let found = desk.look(&format!("-H {},root@127.0.0.1:{} --within 6s", server.target("root"), dead.port));
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    let hosts: Vec<String> = found.0["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["check"] == "answers")
        .map(|it| format!("{} {}", it["component"].as_str().unwrap(), it["verdict"].as_str().unwrap()))
        .collect();
    assert_eq!(hosts.len(), 2, "{hosts:?}");
    let well = hosts[0].strip_suffix(" ok").unwrap();
    assert!(hosts[1].ends_with(" fail"), "{hosts:?}");
    for check in ["cpu", "io_wait", "steal", "memory", "disk", "files", "ports", "network"] {
        assert_ne!(found.verdict(well, check), "unknown", "{check}: {}", found.sentence(well, check));
    }
    assert_eq!(found.of(well, "cpu")["limit"], 0.85);
    assert_eq!(found.of(well, "io_wait")["limit"], 0.1);
    assert!(found.value(well, "clock_offset") < 1.0);
    // The settings of the profile are not there: nobody has tuned it.
    assert_eq!(found.verdict(well, "tune_drift"), "warn");
}

#[test]
fn ports_that_rest_and_a_range_that_is_short_show() {
    let setup = "sysctl -qw net.ipv4.ip_local_port_range='40000 40019'\n";
    let Some(server) = Sshd::start(&Options::new().in_own_network().setup(setup)) else { return };
    let desk = desk(&server);
    server.inside(
        "python3 -c '
import socket, time
s = socket.socket(); s.bind((\"127.0.0.1\", 9000)); s.listen(64)
for _ in range(18): socket.create_connection((\"127.0.0.1\", 9000)).close()
for _ in range(18): s.accept()[0].close()
time.sleep(1)'",
    );
    let found = desk.look(&format!("-H {}", server.target("root")));
    let host = found.0["findings"][0]["component"].as_str().unwrap().to_owned();
    assert_eq!(found.verdict(&host, "ports"), "fail", "{}", found.sentence(&host, "ports"));
}
