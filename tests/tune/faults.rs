//! Hosts on which things cannot be done: what is said, and that nothing is half done.

use loadline::tune::changes::{Ending, Restart, outcome, script, work};
use loadline::tune::facts;
use loadline::tune::judge::{Verdict, judge};
use loadline::tune::run::State;

use crate::host::{Host, host_or_skip};
use crate::support::{apply, plan, profile, revert};

#[test]
fn a_read_only_etc_is_said_and_nothing_is_changed() {
    let host = host_or_skip!();
    let before = host.everything();
    host.sh("mount --bind /etc /etc; mount -o remount,ro,bind /etc");
    let failed = apply(&host, &profile(""));
    assert_eq!(failed.state, State::Failed, "{failed:#?}");
    assert!(failed.problems[0].contains("Read-only file system"), "{:?}", failed.problems);
    assert!(failed.problems[0].ends_with("nothing was changed"), "{:?}", failed.problems);
    assert!(failed.notes.iter().any(|note| note == "/etc cannot be written"), "{:?}", failed.notes);
    assert_eq!(host.everything(), before);
}

#[test]
fn a_full_disk_is_said_and_nothing_is_changed() {
    for folder in ["/etc/sysctl.d", "/etc/security/limits.d", "/var/lib/loadline"] {
        let host = host_or_skip!();
        host.sh(&format!(
            "mkdir -p {folder}; mount -t tmpfs -o size=4k,nr_inodes=5 tmpfs {folder}; head -c 8192 /dev/zero >{folder}/full || true"
        ));
        let before = host.everything();
        let failed = apply(&host, &profile(""));
        assert_eq!(failed.state, State::Failed, "{folder}: {failed:#?}");
        assert!(failed.problems[0].ends_with("nothing was changed"), "{folder}: {:?}", failed.problems);
        assert_eq!(host.everything(), before, "{folder}");
        host.sh(&format!("umount {folder}"));
        assert_eq!(apply(&host, &profile("")).state, State::Changed, "{folder}: after that was mended");
    }
}

#[test]
fn a_setting_that_the_kernel_does_not_have_does_not_hold_up_the_others() {
    let host = host_or_skip!();
    let odd = profile("tune: { sysctl: { net.ipv4.no_such_setting: 1 } }");
    let report = apply(&host, &odd);
    assert_eq!(report.state, State::Changed, "{report:#?}");
    let short: Vec<_> = report.short().map(|it| (it.setting.as_str(), it.verdict)).collect();
    assert_eq!(short, [("net.ipv4.no_such_setting", Verdict::NotSettable)]);
    assert_eq!(host.value("net/core/somaxconn"), "65535");
    assert!(!plan(&host, &odd).holds(), "a verification says no");
}

#[test]
fn a_value_that_cannot_be_written_is_known_beforehand() {
    let host = host_or_skip!();
    host.sh("mount --bind /proc/sys/net/core/somaxconn /proc/sys/net/core/somaxconn; mount -o remount,ro,bind /proc/sys/net/core/somaxconn");
    let report = plan(&host, &profile(""));
    let found = report.settings.iter().find(|it| it.setting == "net.core.somaxconn").unwrap();
    assert_eq!(found.verdict, Verdict::NotSettable, "{found:?}");
}

/// Looks, lets something happen, and carries out what was decided before.
fn with_between(
    host: &Host,
    between: &str,
) -> (loadline::tune::changes::Outcome, loadline::tune::changes::Work) {
    let web = profile("");
    let said = run(host, &facts::script(&web.questions()));
    let facts = facts::read(&said.stdout, &said.stderr).unwrap();
    let work = work(&web, &facts, &judge(&web, &facts), Restart::Leave);
    host.sh(between);
    let said = run(host, &script(&work, None));
    (outcome(&said.stdout, &work), work)
}

fn run(host: &Host, script: &str) -> loadline::hosts::Said {
    use loadline::hosts::Connection as _;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(host.run(script, std::time::Duration::from_secs(60))).unwrap()
}

#[test]
fn a_value_that_the_kernel_refuses_is_one_failure_among_successes() {
    let host = host_or_skip!();
    let between = "mount --bind /proc/sys/net/core/somaxconn /proc/sys/net/core/somaxconn
                   mount -o remount,ro,bind /proc/sys/net/core/somaxconn";
    let (outcome, _) = with_between(&host, between);
    let wrong: Vec<_> = outcome.wrong().map(|step| step.what.clone()).collect();
    assert_eq!((wrong, outcome.ending), (vec!["/proc/sys/net/core/somaxconn".to_owned()], Ending::Whole));
    assert_eq!(host.value("net/ipv4/tcp_tw_reuse"), "1");
}

#[test]
fn what_somebody_changed_meanwhile_is_not_overwritten() {
    let host = host_or_skip!();
    let (outcome, _) = with_between(&host, "echo 20000 >/proc/sys/net/core/somaxconn");
    let wrong = outcome.wrong().next().unwrap().wrong.clone().unwrap();
    assert!(wrong.contains("changed to `20000` since"), "{wrong}");
    assert_eq!(host.value("net/core/somaxconn"), "20000");
    let other = host_or_skip!();
    let before = other.everything();
    let (outcome, _) = with_between(&other, "echo '# mine' >/etc/sysctl.d/99-zz-loadline.conf");
    let why = "/etc/sysctl.d/99-zz-loadline.conf has been changed since it was looked at";
    assert_eq!(outcome.ending, Ending::Refused(why.to_owned()));
    other.sh("rm /etc/sysctl.d/99-zz-loadline.conf");
    assert_eq!(other.everything(), before);
}

#[test]
fn two_runs_at_once_come_one_after_the_other() {
    let host = host_or_skip!();
    let before = host.everything();
    let runs: Vec<_> = (0..4)
        .map(|_| {
            let host = host.clone();
            std::thread::spawn(move || apply(&host, &profile("")))
        })
        .collect();
    for run in runs {
        let report = run.join().unwrap();
        assert!(matches!(report.state, State::Changed | State::AsWanted), "{report:#?}");
    }
    assert!(plan(&host, &profile("")).holds());
    assert_eq!(revert(&host).state, State::Reverted);
    assert_eq!(host.everything(), before);
}

#[test]
fn a_run_that_holds_the_host_is_named_to_the_other() {
    let host = host_or_skip!();
    host.sh("mkdir -p /var/lib/loadline; echo 4711 >/var/lib/loadline/holder");
    let mut holder =
        host.command().args(["flock", "--no-fork", "/var/lib/loadline/lock", "sleep", "60"]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    host.edit(|script| script.replace("patience=10", "patience=2"));
    let held = apply(&host, &profile(""));
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert_eq!(held.state, State::Held, "{held:#?}");
    assert!(held.problems[0].contains("another run (process 4711)"), "{:?}", held.problems);
}

#[test]
fn without_flock_a_folder_is_the_lock_and_a_dead_holder_does_not_keep_it() {
    let host = host_or_skip!();
    host.sh("rm /usr/bin/flock; mkdir -p /var/lib/loadline/held; echo 999999999 >/var/lib/loadline/held/pid");
    assert_eq!(apply(&host, &profile("")).state, State::Changed);
    assert_eq!(host.sh("ls /var/lib/loadline/held 2>/dev/null || echo gone").trim(), "gone");
    assert_eq!(revert(&host).state, State::Reverted);
}
