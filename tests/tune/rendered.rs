//! The rendered script, on a real shell and a real network stack.

use loadline::tune::render::{Form, Fresh, render};
use loadline::tune::run::State;

use crate::host::host_or_skip;
use crate::support::{plan, profile};

#[test]
fn the_script_raises_what_is_lower_and_a_second_run_changes_nothing() {
    let host = host_or_skip!();
    let web = profile("");
    let script = render(&web, Form::Script, &Fresh::default());
    let run = || {
        let file = "cat >/tmp/tune.sh <<'END OF SCRIPT'\n".to_owned() + &script + "END OF SCRIPT\n";
        host.sh(&format!("{file}sh /tmp/tune.sh"))
    };
    run();
    assert_eq!(host.value("net/core/somaxconn"), "65535");
    assert_eq!(host.value("net/ipv4/ip_local_port_range"), "10000 65535");
    assert_eq!(host.value("net/ipv4/ip_local_reserved_ports"), "8000");
    let left = plan(&host, &web);
    assert!(matches!(left.state, State::AsWanted), "{left:#?}");
    let first = host.everything();
    run();
    assert_eq!(host.everything(), first);
}

#[test]
fn a_file_of_the_profile_is_taken_by_sysctl_itself() {
    let host = host_or_skip!();
    if !host.command().args(["sh", "-c", "command -v sysctl"]).output().unwrap().status.success() {
        println!("skipped: there is no sysctl here");
        return;
    }
    let text = render(&profile(""), Form::Sysctl, &Fresh::default());
    host.sh(&format!("cat >/tmp/a.conf <<'EOF'\n{text}EOF\nsysctl -q -p /tmp/a.conf"));
    assert_eq!(host.value("net/ipv4/tcp_fin_timeout"), "15");
}

#[test]
fn a_machine_that_was_born_tuned_has_nothing_left_to_change() {
    let host = host_or_skip!();
    if !host.command().args(["sh", "-c", "command -v sysctl"]).output().unwrap().status.success() {
        println!("skipped: there is no sysctl here");
        return;
    }
    let web = profile("");
    for (form, path) in [
        (Form::Sysctl, "/etc/sysctl.d/99-zz-loadline.conf"),
        (Form::Limits, "/etc/security/limits.d/99-loadline.conf"),
    ] {
        let text = render(&web, form, &Fresh { memory_gib: Some(32.0) });
        host.sh(&format!("cat >{path} <<'EOF'\n{text}EOF"));
    }
    // What systemd sets by itself.
    host.sh(
        "sysctl -q -p /etc/sysctl.d/99-zz-loadline.conf; echo 9223372036854775807 >/proc/sys/fs/file-max",
    );
    let report = plan(&host, &web);
    let left: Vec<_> = report.changes().map(|it| (it.setting.as_str(), it.verdict)).collect();
    assert_eq!(left, []);
    assert_eq!(report.state, State::AsWanted, "{report:#?}");
}
