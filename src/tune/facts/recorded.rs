//! Facts from recorded outputs of hosts; the head of each recording says where it comes from.

use super::*;

const DEBIAN_12: &str = include_str!("../../../tests/tune/recorded/debian-12.txt");
const UBUNTU_22_04: &str = include_str!("../../../tests/tune/recorded/ubuntu-22.04.txt");
const UBUNTU_24_04: &str = include_str!("../../../tests/tune/recorded/ubuntu-24.04.txt");
const ROCKY_9: &str = include_str!("../../../tests/tune/recorded/rocky-9.txt");
const DOCKER: &str = include_str!("../../../tests/tune/recorded/docker.txt");

/// Facts of a recording: `debian-12`, `ubuntu-22.04`, `ubuntu-24.04`, `rocky-9`, `docker`.
pub(crate) fn recorded(name: &str) -> Facts {
    let text = match name {
        "debian-12" => DEBIAN_12,
        "ubuntu-22.04" => UBUNTU_22_04,
        "ubuntu-24.04" => UBUNTU_24_04,
        "rocky-9" => ROCKY_9,
        _ => DOCKER,
    };
    read(text.as_bytes(), b"").unwrap()
}

/// The system of a machine with systemd.
pub(crate) fn system() -> System {
    recorded("ubuntu-24.04").system
}

fn now(facts: &Facts, name: &str) -> Option<String> {
    match facts.sysctl.now(&Key::read(name).unwrap()) {
        Reading::Value(value) => Some(value),
        _ => None,
    }
}

#[test]
fn every_recording_is_whole_and_nothing_in_it_is_unreadable() {
    for name in ["debian-12", "ubuntu-22.04", "ubuntu-24.04", "rocky-9", "docker"] {
        let facts = recorded(name);
        assert_eq!(facts.unreadable, [], "{name}");
        assert!(facts.system.memory_bytes > Some(1 << 30), "{name}");
        assert!(facts.system.cores >= Some(2) && facts.system.as_root, "{name}");
        assert_eq!(facts.disks.0.len(), 2);
        assert!(facts.disks.0.iter().all(|disk| disk.free_bytes > Some(0) && disk.writable), "{name}");
    }
}

#[test]
fn systems_are_told_apart() {
    let of = |name: &str| {
        let system = recorded(name).system;
        (system.os, system.os_version, system.systemd, system.container)
    };
    let yes = |kind: &str| Container::Yes(kind.to_owned());
    assert_eq!(of("debian-12"), ("debian".into(), "12".into(), Systemd::Installed, yes("docker")));
    let running = |version| Systemd::Running { version: Some(version) };
    assert_eq!(of("ubuntu-22.04"), ("ubuntu".into(), "22.04".into(), running(249), Container::No));
    assert_eq!(of("ubuntu-24.04"), ("ubuntu".into(), "24.04".into(), running(255), Container::No));
    assert_eq!(of("rocky-9"), ("rocky".into(), "9.4".into(), running(252), Container::No));
    assert_eq!(of("docker"), ("debian".into(), "12".into(), Systemd::Absent, yes("docker")));
}

#[test]
fn zero_is_a_value_and_absent_is_absent() {
    let rocky = recorded("rocky-9");
    assert_eq!(now(&rocky, "vm.swappiness").as_deref(), Some("0"));
    assert_eq!(now(&rocky, "net.ipv4.ip_local_reserved_ports").as_deref(), Some(""));
    assert_eq!(now(&recorded("docker"), "net.core.netdev_max_backlog"), None);
    assert_eq!(now(&recorded("ubuntu-24.04"), "net.netfilter.nf_conntrack_max"), None);
    assert_eq!(recorded("ubuntu-24.04").modules.conntrack, None);
}

#[test]
fn services_are_found_with_the_limits_of_unit_and_process() {
    let facts = recorded("ubuntu-22.04");
    let names: Vec<&str> = facts.services.all.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["docker.service", "nginx.service"], "a unit that is not there is none");
    let nginx = &facts.services.all[1];
    assert_eq!(nginx.activity, Activity::Running(812));
    assert_eq!(nginx.of_unit.nofile, Some((Most::Of(1024), Most::Of(524_288))));
    assert_eq!(nginx.of_process.unwrap().nofile, Some((Most::Of(1024), Most::Of(524_288))));
    assert_eq!(facts.services.all[0].of_unit.nofile, Some((Most::Unlimited, Most::Unlimited)));
    assert_eq!(facts.services.nginx_worker_connections, Some(768));
    let inside = recorded("docker");
    let nginx = &inside.services.all[0];
    assert_eq!((nginx.name.as_str(), nginx.is_unit, nginx.activity), ("nginx", false, Activity::Running(7)));
}

#[test]
fn listeners_are_found_with_and_without_ss() {
    let ports = |name: &str| {
        recorded(name).sockets.listeners.iter().map(|it| (it.port, it.backlog)).collect::<Vec<_>>()
    };
    let some = |backlog| Some(backlog);
    assert_eq!(
        ports("ubuntu-22.04"),
        [(22, some(128)), (80, some(511)), (8000, some(2048)), (11_211, some(4096)), (53, None)]
    );
    assert_eq!(ports("docker"), [(80, None)]);
}

#[test]
fn the_file_that_wins_and_what_comes_after_it_are_known() {
    let rocky = recorded("rocky-9");
    let winner = rocky.sysctl.at_boot(&Key::read("net.core.somaxconn").unwrap()).unwrap();
    assert_eq!((winner.file.as_str(), winner.value.as_str()), ("/etc/sysctl.d/99-sysctl.conf", "128"));
    let masked = Key::read("net.core.optmem_max").unwrap();
    assert_eq!(rocky.sysctl.at_boot(&masked), None, "a link to /dev/null masks the file of its name");
    let ubuntu = recorded("ubuntu-22.04");
    let later = ubuntu.overriders.of(&Key::read("net.ipv4.tcp_fin_timeout").unwrap()).unwrap();
    assert_eq!((later.by.as_str(), later.value.as_str()), ("ufw (/etc/ufw/sysctl.conf)", "30"));
    assert!(ubuntu.overriders.of(&Key::read("net.ipv4.ip_forward").unwrap()).is_some(), "docker forwards");
}

#[test]
fn session_limits_come_from_lines_and_else_from_what_sessions_inherit() {
    let rocky = recorded("rocky-9");
    assert_eq!(rocky.limits.deciding("*", "nproc", "soft").unwrap().most, Most::Of(4096));
    assert_eq!(rocky.limits.defaults.nofile, Some((Most::Of(1024), Most::Of(524_288))));
    let docker = recorded("docker");
    assert_eq!(docker.limits.defaults.nproc, Some((Most::Unlimited, Most::Unlimited)));
}

#[test]
fn the_script_quotes_what_it_asks_for() {
    let key = Key::read("net.ipv4.conf.eth0'x.rp_filter").unwrap();
    let text = script(&Questions { keys: vec![key], units: vec!["a'b.service".to_owned()] });
    assert!(text.contains("net/ipv4/conf/eth0'\\''x/rp_filter"), "{}", &text[..400]);
    assert!(text.contains("UNITS='a'\\''b.service'"));
}
