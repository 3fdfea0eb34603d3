//! Verdicts on recorded hosts.

use super::*;
use crate::tune::facts::recorded::recorded;
use crate::tune::profile::{Place, test_profile};

fn verdicts(host: &str, tune: &str) -> Vec<Judged> {
    judge(&test_profile(tune).unwrap(), &recorded(host))
}

fn of<'a>(judged: &'a [Judged], setting: &str) -> &'a Judged {
    judged.iter().find(|it| it.setting == setting).unwrap_or_else(|| panic!("no {setting}"))
}

fn shown(judged: &[Judged], setting: &str) -> (Verdict, Option<String>) {
    let found = of(judged, setting);
    (found.verdict, found.to.clone())
}

fn to(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[test]
fn a_fresh_machine_gets_what_the_plan_raises_and_keeps_what_it_has_more_of() {
    let judged = verdicts("ubuntu-24.04", "");
    assert_eq!(shown(&judged, "net.core.somaxconn"), (Verdict::Raises, to("65535")));
    assert_eq!(shown(&judged, "net.ipv4.tcp_fin_timeout"), (Verdict::Lowers, to("15")));
    assert_eq!(shown(&judged, "net.ipv4.tcp_tw_reuse"), (Verdict::Sets, to("1")));
    assert_eq!(shown(&judged, "net.ipv4.ip_local_port_range"), (Verdict::Widens, to("10000 65535")));
    assert_eq!(shown(&judged, "* soft nofile"), (Verdict::Raises, to("100000")));
    // systemd: 2^63 - 1 files, and a hard limit of 524,288: the plan's values would lower both.
    assert_eq!(of(&judged, "fs.file-max").verdict, Verdict::WouldLower);
    assert_eq!(of(&judged, "* hard nofile").verdict, Verdict::WouldLower);
    assert_eq!(of(&judged, "net.netfilter.nf_conntrack_max").verdict, Verdict::NoEffect);
    assert_eq!(of(&judged, "net.core.netdev_max_backlog").verdict, Verdict::NoEffect);
}

#[test]
fn a_range_over_listening_ports_collides_and_reserves_them() {
    let judged = verdicts("ubuntu-22.04", "");
    let range = of(&judged, "net.ipv4.ip_local_port_range");
    assert_eq!(range.verdict, Verdict::Collides);
    assert!(range.why.contains("on 11211: those ports are reserved first."), "{}", range.why);
    assert_eq!(shown(&judged, "net.ipv4.ip_local_reserved_ports"), (Verdict::Reserves, to("11211")));
    let forbidden = verdicts("ubuntu-22.04", "tune: { never: [net.ipv4.ip_local_reserved_ports] }");
    assert!(of(&forbidden, "net.ipv4.ip_local_port_range").why.contains("nothing reserves those ports"));
}

#[test]
fn placebos_are_named_with_their_reason() {
    let judged = verdicts("ubuntu-22.04", "");
    let queue = &of(&judged, "net.core.somaxconn").why;
    assert!(queue.contains("It cuts memcached on 11211 (4096) at present."), "{queue}");
    let handshakes = &of(&judged, "net.ipv4.tcp_max_syn_backlog").why;
    assert!(handshakes.contains("A placebo while net.ipv4.tcp_syncookies is 1"), "{handshakes}");
    let rocky = verdicts("rocky-9", "");
    assert_eq!(of(&rocky, "net.ipv4.tcp_tw_reuse").verdict, Verdict::NoEffect, "timestamps are off");
    assert_eq!(
        shown(&rocky, "net.core.netdev_max_backlog"),
        (Verdict::Raises, to("2000")),
        "packets were dropped"
    );
}

#[test]
fn who_has_the_last_word_is_said() {
    let why = |host: &str, setting: &str| of(&verdicts(host, ""), setting).why.clone();
    let fin = why("ubuntu-22.04", "net.ipv4.tcp_fin_timeout");
    assert!(fin.contains("ufw (/etc/ufw/sysctl.conf) sets it to 30 after boot."), "{fin}");
    let queue = why("rocky-9", "net.core.somaxconn");
    assert!(queue.contains("`sysctl --system` by hand reads /etc/sysctl.conf last"), "{queue}");
}

#[test]
fn services_get_their_own_limit_and_never_a_lower_one() {
    let judged = verdicts("ubuntu-22.04", "");
    assert_eq!(shown(&judged, "nginx.service LimitNOFILE"), (Verdict::Raises, to("100000:524288")));
    assert_eq!(of(&judged, "docker.service LimitNOFILE").verdict, Verdict::AlreadyEnough);
    assert_eq!(shown(&judged, "nginx.service TasksMax"), (Verdict::Raises, to("65535")));
    let rocky = verdicts("rocky-9", "tune: { profile: none, limits: { nofile: 9000 } }");
    assert_eq!(shown(&rocky, "mysqld.service LimitNOFILE").0, Verdict::AlreadyEnough);
}

#[test]
fn zero_is_below_ten_and_a_database_keeps_it() {
    let judged = verdicts("rocky-9", "tune: { profile: database }");
    assert_eq!(of(&judged, "vm.swappiness").from.as_deref(), Some("0"));
    // It is right, but no file keeps it.
    assert_eq!(shown(&judged, "vm.swappiness"), (Verdict::Keeps, to("0")));
    assert_eq!(shown(&judged, "transparent_hugepage"), (Verdict::Sets, to("madvise")));
}

#[test]
fn in_a_container_nothing_of_the_machine_is_set() {
    let judged = verdicts("docker", "");
    for setting in ["net.core.somaxconn", "net.ipv4.ip_local_port_range"] {
        let found = of(&judged, setting);
        assert_eq!(found.verdict, Verdict::NotSettable, "{setting}");
        assert!(found.why.contains("read-only in this container (docker)"), "{}", found.why);
    }
    let database = verdicts("debian-12", "tune: { profile: database }");
    let found = of(&database, "vm.swappiness");
    assert_eq!(found.verdict, Verdict::NotSettable);
    assert!(found.why.contains("belongs to the whole machine"), "{}", found.why);
}

#[test]
fn what_the_spec_forbids_is_not_touched_and_what_it_asks_for_is() {
    let tune = "tune: { sysctl: { net.ipv4.tcp_syncookies: 0 }, limits: { nofile: 2000000 }, never: [net.core.*, nproc] }";
    let judged = verdicts("ubuntu-24.04", tune);
    assert_eq!(of(&judged, "net.core.somaxconn").verdict, Verdict::Forbidden);
    assert_eq!(of(&judged, "* soft nproc").verdict, Verdict::Forbidden);
    assert_eq!(shown(&judged, "net.ipv4.tcp_syncookies"), (Verdict::Sets, to("0")));
    let files = of(&judged, "* soft nofile");
    assert_eq!(files.verdict, Verdict::NotSettable, "above fs.nr_open a session could not be opened");
    let both =
        verdicts("ubuntu-24.04", "tune: { sysctl: { fs.nr_open: 3000000 }, limits: { nofile: 2000000 } }");
    assert_eq!(of(&both, "* soft nofile").verdict, Verdict::Raises, "the ceiling is raised in the same run");
}

#[test]
fn the_old_file_is_no_place_where_nothing_reads_it() {
    let mut profile = test_profile("").unwrap();
    profile.place = Place::OldFiles;
    let mut facts = recorded("ubuntu-24.04");
    let with_link = judge(&profile, &facts);
    assert!(!of(&with_link, "net.core.somaxconn").why.contains("--sysctl-conf"));
    facts.sysctl.applied.retain(|path| !path.ends_with("99-sysctl.conf"));
    let without = judge(&profile, &facts);
    assert!(of(&without, "net.core.somaxconn").why.contains("Nothing reads /etc/sysctl.conf"));
}

#[test]
fn every_verdict_has_a_sentence() {
    for host in ["debian-12", "ubuntu-22.04", "ubuntu-24.04", "rocky-9", "docker"] {
        for name in ["web", "database", "cache", "none"] {
            for judged in verdicts(host, &format!("tune: {{ profile: {name} }}")) {
                assert!(judged.why.ends_with('.'), "{host} {name}: {judged:?}");
            }
        }
    }
}
