//! Changes that have to be confirmed.

use std::sync::atomic::Ordering;
use std::time::Duration;

use loadline::tune::run::State;

use crate::host::host_or_skip;
use crate::support::{apply, apply_so, pending, plan, profile, revert, wait_until, within};

#[test]
fn a_host_that_can_be_reached_anew_and_is_no_worse_keeps_its_change() {
    let host = host_or_skip!();
    let report = apply_so(&host, &profile(""), &within(3, "run-1"));
    assert_eq!(report.state, State::Changed, "{report:#?}");
    assert!(report.notes.iter().any(|note| note.starts_with("confirmed")), "{:?}", report.notes);
    assert_eq!(host.connections.load(Ordering::SeqCst), 2, "over a new connection");
    assert!(!pending(&host));
    std::thread::sleep(Duration::from_secs(4));
    assert!(plan(&host, &profile("")).holds(), "the timer finds nothing to take back");
}

#[test]
fn a_host_that_cannot_be_reached_takes_its_change_back() {
    let host = host_or_skip!();
    let before = host.everything();
    host.allowed.store(1, Ordering::SeqCst);
    let report = apply_so(&host, &profile(""), &within(2, "run-2"));
    assert_eq!(report.state, State::PartWay, "{report:#?}");
    assert!(
        report.problems[0].contains("the host takes the change back within 2 s"),
        "{:?}",
        report.problems
    );
    assert!(pending(&host));
    wait_until("the timer", || !pending(&host));
    assert_eq!(host.everything(), before);
    assert_eq!(host.sh("ls /var/lib/loadline/original 2>/dev/null || echo gone").trim(), "gone");
}

#[test]
fn a_change_that_is_taken_back_leaves_what_an_earlier_run_confirmed() {
    let host = host_or_skip!();
    let before = host.everything();
    assert_eq!(apply(&host, &profile("")).state, State::Changed);
    let first = host.everything();
    host.allowed.store(2, Ordering::SeqCst);
    let more = profile("tune: { sysctl: { net.core.somaxconn: 70000 }, limits: { nofile: 200000 } }");
    assert_eq!(apply_so(&host, &more, &within(1, "run-3")).state, State::PartWay);
    wait_until("the timer", || !pending(&host));
    assert_eq!(host.everything(), first);
    host.allowed.store(usize::MAX, Ordering::SeqCst);
    assert_eq!(revert(&host).state, State::Reverted);
    assert_eq!(host.everything(), before);
}

#[test]
fn a_change_that_waits_holds_up_other_runs_and_one_whose_timer_died_is_taken_back() {
    let host = host_or_skip!();
    let before = host.everything();
    host.allowed.store(1, Ordering::SeqCst);
    // As after a reboot: the timer never comes.
    host.edit(|script| script.replace("setsid sh", ": sh"));
    assert_eq!(apply_so(&host, &profile(""), &within(60, "run-4")).state, State::PartWay);
    host.plain();
    host.allowed.store(usize::MAX, Ordering::SeqCst);
    let other = profile("tune: { sysctl: { net.core.somaxconn: 70000 } }");
    let held = apply(&host, &other);
    assert_eq!(held.state, State::Held, "{held:#?}");
    assert!(held.notes.iter().any(|note| note.contains("run-4")), "{:?}", held.notes);
    host.sh("echo 1 >/var/lib/loadline/pending/deadline");
    let took_back = apply(&host, &other);
    assert_eq!(took_back.state, State::PartWay, "{took_back:#?}");
    assert_eq!(host.everything(), before);
    assert_eq!(apply(&host, &other).state, State::Changed);
}

#[test]
fn a_service_that_no_longer_listens_is_worse_and_not_confirmed() {
    let host = host_or_skip!();
    let mut listener = host
        .command()
        .args([
            "python3",
            "-c",
            "import socket,time; s=socket.socket(); s.bind(('127.0.0.1',8000)); s.listen(); time.sleep(600)",
        ])
        .spawn()
        .unwrap();
    let listens = || host.sh("grep -c ':1F40 .* 0A ' /proc/net/tcp || true").trim() == "1";
    wait_until("the listener", listens);
    let pid = listener.id();
    host.edit(move |script| script.replace("say armed", &format!("kill -9 {pid}; say armed")));
    let before_values = host.value("net/core/somaxconn");
    let report = apply_so(&host, &profile(""), &within(2, "run-5"));
    host.plain();
    listener.wait().unwrap();
    assert_eq!(report.state, State::PartWay, "{report:#?}");
    assert!(report.problems.iter().any(|it| it.contains("listened on port 8000")), "{:?}", report.problems);
    wait_until("the timer", || !pending(&host));
    assert_eq!(host.value("net/core/somaxconn"), before_values);
}
