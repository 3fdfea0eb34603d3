//! What outlives a boot, with systemd itself: it reads the files at boot, gives services their limits and holds the timer of a
//! change that waits to be confirmed.

use std::sync::atomic::Ordering;

use loadline::tune::changes::Restart;
use loadline::tune::profile::Profile;
use loadline::tune::run::{Go, State};

use crate::host::{Host, or_skip};
use crate::machine::Machine;
use crate::support::{apply, apply_so, go, pending, plan, profile, revert, wait_until, within};

/// A machine, or a printed reason and `return`.
macro_rules! machine_or_skip {
    () => {
        or_skip!(Machine::boot(), "no machine can be booted here")
    };
}

/// No more open files than this machine lets any process have.
fn wanted() -> Profile {
    profile("tune: { limits: { nofile: 4000 }, sysctl: { vm.swappiness: 10 } }")
}

fn values(host: &Host) -> [String; 6] {
    [
        "net/core/somaxconn",
        "net/ipv4/ip_local_port_range",
        "net/ipv4/tcp_fin_timeout",
        "net/ipv4/tcp_max_syn_backlog",
        "vm/swappiness",
        "fs/file-max",
    ]
    .map(|path| host.value(path))
}

/// Open files of nginx as its process has them.
fn open_files(host: &Host) -> String {
    let limits = host.sh("cat \"/proc/$(systemctl show -P MainPID nginx.service)/limits\"");
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap().to_owned();
    line.split_whitespace().nth(3).unwrap().to_owned()
}

#[test]
fn values_and_limits_outlive_a_reboot_and_so_does_what_a_revert_brings_back() {
    let mut machine = machine_or_skip!();
    let host = machine.host.clone();
    let (before, files) = (host.everything(), open_files(&host));
    let booted = values(&host);

    let restarting = Go { restart: Restart::Services, ..go() };
    let report = apply_so(&host, &wanted(), &restarting);
    assert_eq!((report.state, report.problems.as_slice()), (State::Changed, &[][..]), "{report:#?}");
    let tuned = values(&host);
    assert!(tuned.iter().zip(&booted).filter(|(now, then)| now != then).count() >= 4, "{booted:?} {tuned:?}");
    assert_eq!(open_files(&host), "4000");

    machine.reboot();
    assert_eq!(values(&host), tuned);
    assert_eq!(open_files(&host), "4000");
    let then = plan(&host, &wanted());
    assert!(then.holds(), "{:#?}", then.short().chain(then.changes()).collect::<Vec<_>>());

    let back = revert(&host);
    assert_eq!((back.state, back.problems.as_slice()), (State::Reverted, &[][..]), "{back:#?}");
    assert_eq!(values(&host), booted);
    machine.reboot();
    assert_eq!(values(&host), booted);
    assert_eq!(host.everything(), before);
    assert_eq!(open_files(&host), files);
}

#[test]
fn a_service_that_was_not_restarted_has_its_limits_after_the_next_boot() {
    let mut machine = machine_or_skip!();
    let host = machine.host.clone();
    let files = open_files(&host);
    assert_eq!(apply(&host, &wanted()).state, State::Changed);
    assert_eq!(open_files(&host), files, "nobody allowed a restart");
    let waiting = plan(&host, &wanted());
    assert_eq!(waiting.state, State::FallsShort, "{waiting:#?}");
    machine.reboot();
    assert_eq!(open_files(&host), "4000");
    assert!(plan(&host, &wanted()).holds());
}

#[test]
fn what_data_stores_want_outlives_a_reboot_as_well() {
    let mut machine = machine_or_skip!();
    let host = machine.host.clone();
    for name in ["database", "cache"] {
        let wanted = profile(&format!("tune: {{ profile: {name} }}"));
        let report = apply(&host, &wanted);
        assert_eq!(report.problems.as_slice(), &[][..] as &[String], "{report:#?}");
        let now = || {
            let pages = host.sh("cat /sys/kernel/mm/transparent_hugepage/enabled");
            [pages.trim().to_owned(), host.value("vm/swappiness"), host.value("vm/overcommit_memory")]
        };
        let tuned = now();
        assert_ne!(tuned[0], "always", "{name}");
        machine.reboot();
        assert_eq!(now(), tuned, "{name}");
        assert!(plan(&host, &wanted).changes().next().is_none(), "{name}");
        assert_eq!(revert(&host).state, State::Reverted);
    }
}

fn unconfirmed(host: &Host, seconds: u64, token: &str) {
    host.allowed.store(1, Ordering::SeqCst);
    let report = apply_so(host, &wanted(), &within(seconds, token));
    assert_eq!(report.state, State::PartWay, "{report:#?}");
    host.allowed.store(usize::MAX, Ordering::SeqCst);
}

#[test]
fn the_timer_of_an_unconfirmed_change_is_systemds_and_takes_it_back() {
    let machine = machine_or_skip!();
    let host = &machine.host;
    let (before, booted) = (host.everything(), values(host));
    unconfirmed(host, 5, "run-1");
    let timers = host.sh("systemctl list-timers --no-legend 'loadline-*'");
    assert!(timers.contains("loadline-run-1.timer"), "{timers}");
    wait_until("the timer", || !pending(host));
    assert_eq!((values(host), host.everything()), (booted, before));
    assert_eq!(host.sh("systemctl list-units --no-legend --failed 'loadline-*'"), "");
}

#[test]
fn an_unconfirmed_change_that_a_reboot_overtook_is_taken_back_by_the_boot_itself() {
    let mut machine = machine_or_skip!();
    let host = machine.host.clone();
    let (before, booted, files) = (host.everything(), values(&host), open_files(&host));
    unconfirmed(&host, 600, "run-1");
    assert_ne!(values(&host), booted);
    machine.reboot();
    assert_eq!((values(&host), host.everything(), open_files(&host)), (booted, before.clone(), files));
    assert_eq!(
        host.sh("ls /var/lib/loadline/pending /var/lib/loadline/original 2>/dev/null || echo gone").trim(),
        "gone"
    );
    // A change that was confirmed leaves nothing that would undo it.
    assert_eq!(apply_so(&host, &wanted(), &within(600, "run-2")).state, State::Changed);
    machine.reboot();
    assert!(plan(&host, &wanted()).holds());
    assert_eq!(revert(&host).state, State::Reverted);
    assert_eq!(host.everything(), before);
}
