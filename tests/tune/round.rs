//! There and back: what is applied holds, a second run does nothing, and a revert leaves nothing behind.

use std::sync::atomic::Ordering;

use loadline::tune::judge::Verdict;
use loadline::tune::run::State;

use crate::host::host_or_skip;
use crate::support::{apply, plan, profile, revert};

#[test]
fn a_host_is_tuned_in_two_round_trips_and_a_second_run_only_looks() {
    let host = host_or_skip!();
    let web = profile("");
    let first = apply(&host, &web);
    assert_eq!((first.state, first.problems.as_slice()), (State::Changed, &[][..]), "{first:#?}");
    assert_eq!(host.runs.load(Ordering::SeqCst), 2);
    assert_eq!(host.value("net/core/somaxconn"), "65535");
    assert_eq!(host.value("net/ipv4/ip_local_port_range"), "10000 65535");
    assert_eq!(host.value("net/ipv4/tcp_tw_reuse"), "1");
    assert_eq!(host.value("fs/file-max"), "500000");
    let file = host.sh("stat -c %a /etc/sysctl.d/99-zz-loadline.conf; cat /etc/sysctl.d/99-zz-loadline.conf");
    assert!(
        file.starts_with("644\n# Written by loadline") && file.contains("\nnet.core.somaxconn = 65535\n"),
        "{file}"
    );
    let limits = host.sh("cat /etc/security/limits.d/99-loadline.conf");
    assert!(limits.contains("* soft nofile 100000"), "{limits}");

    let second = apply(&host, &web);
    assert_eq!(second.changes().collect::<Vec<_>>(), Vec::<&loadline::tune::judge::Judged>::new());
    assert_eq!(host.runs.load(Ordering::SeqCst), 3, "nothing was carried out");
    assert!(plan(&host, &web).holds(), "{:#?}", plan(&host, &web).short().collect::<Vec<_>>());
}

#[test]
fn a_revert_restores_files_byte_for_byte_and_values_as_they_were() {
    let host = host_or_skip!();
    host.sh(
        "printf 65000 >/proc/sys/net/ipv4/ip_local_reserved_ports; echo 300 >/proc/sys/net/core/somaxconn",
    );
    host.sh("printf 'fs.file-max=1' >/etc/sysctl.d/99-zz-loadline.conf; chmod 0600 /etc/sysctl.d/99-zz-loadline.conf");
    let before = host.everything();
    assert_eq!(apply(&host, &profile("")).state, State::Changed);
    assert_eq!(host.value("net/ipv4/ip_local_reserved_ports"), "65000", "what is reserved stays reserved");
    assert_eq!(host.sh("stat -c %a /etc/sysctl.d/99-zz-loadline.conf").trim(), "600", "modes are kept");
    // A later run with other wishes does not overwrite what is kept of the first.
    assert_eq!(
        apply(&host, &profile("tune: { sysctl: { net.core.somaxconn: 70000 } }")).state,
        State::Changed
    );
    let back = revert(&host);
    assert_eq!((back.state, back.problems.as_slice()), (State::Reverted, &[][..]));
    assert_eq!(host.everything(), before);
    assert_eq!(host.sh("ls -A /var/lib/loadline").trim(), "lock");
    let again = revert(&host);
    assert_eq!(
        (again.state, again.notes[0].contains("nothing was changed")),
        (State::AsWanted, true),
        "{again:?}"
    );
}

#[test]
fn every_profile_leaves_nothing_to_do_once_it_is_applied() {
    for tune in [
        "",
        "tune: { profile: database }",
        "tune: { profile: cache }",
        "tune: { profile: none, sysctl: { kernel.panic: 10 } }",
    ] {
        let host = host_or_skip!();
        let before = host.everything();
        let profile = profile(tune);
        let first = apply(&host, &profile);
        assert_eq!(first.state, State::Changed, "{tune}: {first:#?}");
        let then = plan(&host, &profile);
        assert_eq!(then.state, State::AsWanted, "{tune}: {then:#?}");
        assert_eq!(revert(&host).state, State::Reverted);
        assert_eq!(host.everything(), before, "{tune}");
    }
}

#[test]
fn a_host_that_stays_right_by_itself_is_kept_so_over_a_boot() {
    let host = host_or_skip!();
    host.sh("echo 65535 >/proc/sys/net/core/somaxconn");
    let judged = plan(&host, &profile(""));
    let found = judged.settings.iter().find(|it| it.setting == "net.core.somaxconn").unwrap();
    assert_eq!(found.verdict, Verdict::Keeps, "no file keeps it");
    apply(&host, &profile(""));
    assert!(plan(&host, &profile("")).holds());
}

#[test]
fn what_nothing_asks_for_any_more_goes_back_to_what_it_was() {
    let host = host_or_skip!();
    let before = host.value("net/ipv4/tcp_fin_timeout");
    apply(&host, &profile(""));
    assert_eq!(host.value("net/ipv4/tcp_fin_timeout"), "15");
    let without = profile("tune: { never: [net.ipv4.tcp_fin_timeout] }");
    assert_eq!(apply(&host, &without).state, State::Changed);
    assert_eq!(host.value("net/ipv4/tcp_fin_timeout"), before);
    assert!(!host.sh("cat /etc/sysctl.d/99-zz-loadline.conf").contains("fin_timeout"));
    assert!(plan(&host, &without).holds());
}

#[test]
fn lines_that_nothing_asks_for_any_more_are_taken_out_of_our_files() {
    let host = host_or_skip!();
    apply(&host, &profile(""));
    let without = profile("tune: { never: [nofile] }");
    let planned = plan(&host, &without);
    assert_eq!(planned.state, State::ToChange, "{planned:#?}");
    assert_eq!(apply(&host, &without).state, State::Changed);
    assert_eq!(
        host.sh("cat /etc/security/limits.d/99-loadline.conf 2>/dev/null || echo gone").trim(),
        "gone"
    );
    assert!(plan(&host, &without).holds());
}

#[test]
fn the_scripts_run_in_every_shell_that_is_here() {
    for shell in ["dash", "bash", "busybox"] {
        let host = host_or_skip!();
        let found = host.command().args(["sh", "-c", &format!("command -v {shell}")]).output().unwrap();
        if !found.status.success() {
            println!("skipped: there is no {shell} here");
            continue;
        }
        if shell == "busybox" {
            // Its shell and its own forms of every program that the scripts call.
            host.sh(
                "busybox=$(command -v busybox)
                 for name in cat grep sed cp mv rm mkdir rmdir chmod tr sync date readlink id nproc uname df sleep flock setsid; do
                     busybox --list | grep -qx $name && ln -sf $busybox /usr/bin/$name
                 done
                 ln -sf $busybox /bin/sh",
            );
        }
        let host = host.with_shell(if shell == "busybox" { "sh" } else { shell });
        let before = host.everything();
        let first = apply(&host, &profile(""));
        assert_eq!((first.state, first.problems.as_slice()), (State::Changed, &[][..]), "{shell}");
        assert!(plan(&host, &profile("")).holds(), "{shell}");
        assert_eq!(revert(&host).state, State::Reverted, "{shell}");
        assert_eq!(host.everything(), before, "{shell}");
    }
}
