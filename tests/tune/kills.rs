//! A kill at any point: never a half-written file, and the next run or a revert ends clean.

use loadline::tune::run::State;

use crate::host::{Host, host_or_skip};
use crate::support::{apply, in_old_files, plan, profile, revert};

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
