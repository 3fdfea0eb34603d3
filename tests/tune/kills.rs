//! A kill at any point: never a half-written file, and the next run or a revert ends clean.

use std::sync::atomic::Ordering;

use loadline::tune::run::State;

use crate::host::{Host, host_or_skip};
use crate::services::{end, with_systemd};
use crate::support::{apply, apply_so, in_old_files, pending, plan, profile, revert, within};

/// Makes a script end itself at its n-th point, as SIGKILL would: nothing is cleaned up.
fn dies_at(host: &Host, point: usize) {
    host.edit(move |script| {
        assert!(script.contains("point() { :; }") || !script.contains("state=/var/lib/loadline"));
        let dies =
            format!("points=0; point() {{ points=$((points + 1)); [ $points -ne {point} ] || kill -9 $$; }}");
        script.replace("point() { :; }", &dies)
    });
}

/// Whether a run was cut off (else it came through: there are no further points).
fn cut_off(state: State) -> bool {
    matches!(state, State::PartWay)
}

fn whole(host: &Host) {
    // A file of ours is there whole or not at all.
    let text = host.sh("cat /etc/sysctl.d/99-zz-loadline.conf 2>/dev/null || true");
    assert!(text.is_empty() || text.ends_with("\nnet.ipv4.tcp_tw_reuse = 1\n"), "half a file: {text}");
}

#[test]
fn a_run_killed_anywhere_is_finished_by_the_next_and_taken_back_by_a_revert() {
    let host = host_or_skip!();
    let web = profile("");
    let before = host.everything();
    let mut points = 0;
    for point in 1.. {
        dies_at(&host, point);
        let killed = apply(&host, &web);
        host.plain();
        whole(&host);
        if !cut_off(killed.state) {
            assert_eq!(killed.state, State::Changed, "{killed:#?}");
            assert_eq!(revert(&host).state, State::Reverted);
            break;
        }
        points = point;
        let next = apply(&host, &web);
        assert!(matches!(next.state, State::Changed | State::AsWanted), "after {point}: {next:#?}");
        assert!(plan(&host, &web).holds(), "after {point}");
        assert_eq!(revert(&host).state, State::Reverted, "after {point}");
        assert_eq!(host.everything(), before, "after {point}");
        // And without a run between.
        dies_at(&host, point);
        apply(&host, &web);
        host.plain();
        let back = revert(&host);
        assert!(back.problems.is_empty(), "after {point}: {back:#?}");
        assert_eq!(host.everything(), before, "reverted at once after {point}");
    }
    assert!(points >= 12, "only {points} points");
}

#[test]
fn a_revert_killed_anywhere_is_finished_by_the_next() {
    let host = host_or_skip!();
    for web in [profile(""), in_old_files(profile(""))] {
        let before = host.everything();
        for point in 1.. {
            assert_eq!(apply(&host, &web).state, State::Changed, "{point}");
            dies_at(&host, point);
            let killed = revert(&host);
            host.plain();
            let through = !cut_off(killed.state);
            if !through {
                assert!(revert(&host).problems.is_empty(), "after {point}");
            }
            assert_eq!(host.everything(), before, "after {point}");
            if through {
                assert!(point > 6, "only {point} points");
                break;
            }
        }
    }
}

/// What the next boot does about a change that waits to be confirmed: systemd starts the unit if its condition holds.
const BOOT: &str = "unit=/etc/systemd/system/sysinit.target.wants/loadline-unconfirmed.service
    [ ! -e $unit ] || [ ! -e \"$(sed -n 's/^ConditionPathExists=//p' $unit)\" ] || eval \"$(sed -n 's/^ExecStart=//p' $unit)\"";

#[test]
fn a_run_killed_anywhere_before_it_was_confirmed_is_taken_back_by_a_boot_or_by_the_next_run() {
    let host = host_or_skip!();
    with_systemd(&host);
    // It takes the timer and forgets it, as a boot does.
    host.sh("printf '#!/bin/sh\\n' >/usr/bin/systemd-run; chmod 0755 /usr/bin/systemd-run");
    let web = profile("tune: { never: [nofile, nproc] }");
    let before = host.everything();
    let (mut by_boot, mut by_next_run) = (0, 0);
    for point in 1.. {
        dies_at(&host, point);
        host.allowed.store(host.connections.load(Ordering::SeqCst) + 1, Ordering::SeqCst);
        let killed = apply_so(&host, &web, &within(600, &format!("run-{point}")));
        host.plain();
        host.allowed.store(usize::MAX, Ordering::SeqCst);
        whole(&host);
        assert_eq!(killed.state, State::PartWay, "{point}: {killed:#?}");
        let waited = pending(&host);
        // What it takes the change back with dies at the same point; the boot after that one does not.
        host.sh(&format!("({BOOT}) || true"));
        host.sh("sed -i 's/^points=0; point() .*/point() { :; }/' /var/lib/loadline/pending/expire.sh 2>/dev/null || true");
        host.sh(BOOT);
        if pending(&host) {
            host.sh("echo 1 >/var/lib/loadline/pending/deadline");
            assert_eq!(apply(&host, &web).state, State::PartWay, "after {point}");
            by_next_run += 1;
        } else if waited {
            assert_eq!(host.everything(), before, "booted after {point}");
            by_boot += 1;
        }
        let next = apply(&host, &web);
        assert!(matches!(next.state, State::Changed | State::AsWanted), "after {point}: {next:#?}");
        assert_eq!(revert(&host).state, State::Reverted, "after {point}");
        assert_eq!(host.everything(), before, "after {point}");
        if !killed.problems.iter().any(|it| it.contains("broke off")) {
            break;
        }
    }
    assert!(by_boot >= 8 && by_next_run >= 1, "{by_boot} {by_next_run}");
    end(&host);
}

#[test]
fn a_kill_from_outside_at_any_moment_leaves_whole_files() {
    let host = host_or_skip!();
    let web = profile("");
    let before = host.everything();
    for number in 0..25_u64 {
        // The shell is killed by a timer of its own, so that it may be anywhere, inside a command too.
        host.edit(move |script| {
            if !script.contains("state=/var/lib/loadline\n") {
                return script.to_owned();
            }
            let delay = format!("0.{:03}", 2 + number * 4);
            format!("( sleep {delay}; kill -9 $$ ) </dev/null >/dev/null 2>&1 &\n{script}")
        });
        apply(&host, &web);
        host.plain();
        whole(&host);
        let next = apply(&host, &web);
        assert!(next.problems.is_empty(), "{number}: {next:#?}");
        assert!(plan(&host, &web).holds());
        assert_eq!(revert(&host).state, State::Reverted);
        assert_eq!(host.everything(), before, "{number}");
    }
}

#[test]
fn a_script_of_which_only_a_part_arrives_does_nothing() {
    let host = host_or_skip!();
    let before = host.everything();
    for share in [10, 50, 90, 99] {
        host.edit(move |script| {
            let whole = !script.contains("state=/var/lib/loadline\n");
            script[..if whole { script.len() } else { script.len() * share / 100 }].to_owned()
        });
        let cut = apply(&host, &profile(""));
        assert_ne!(cut.state, State::Changed, "{share} %");
        assert_eq!(host.everything(), before, "{share} %");
    }
}
