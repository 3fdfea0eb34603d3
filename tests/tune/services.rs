//! Services: a stand-in for systemd that reads drop-ins as it does (on `daemon-reload`) and gives limits at a restart.

use loadline::tune::changes::Restart;
use loadline::tune::judge::Verdict;
use loadline::tune::run::{Go, State};

use crate::host::{Host, host_or_skip};
use crate::support::{apply, apply_so, go, plan, profile, revert};

/// Answers `show`, `daemon-reload` and `try-restart` for a unit `nginx.service`, whose process is a `sleep`.
const SYSTEMCTL: &str = r#"#!/bin/sh
state=/tmp/units
case $1 in
    daemon-reload)
        cat /etc/systemd/system/nginx.service.d/*.conf 2>/dev/null | grep = >$state/read
        ls -d /etc/systemd/system/nginx.service.d/*.conf >$state/dropins 2>/dev/null || :
        ;;
    try-restart)
        kill "$(cat $state/pid)" 2>/dev/null
        limit=$(sed -n 's/^LimitNOFILE=//p' $state/read | tail -n 1)
        ( ulimit -Sn "${limit%%:*}"; exec sleep 1000 ) </dev/null >/dev/null 2>&1 &
        echo $! >$state/pid
        ;;
    show)
        case "$*" in
            *DefaultLimit*) printf 'Version=252.1\nDefaultLimitNOFILE=524288\nDefaultLimitNOFILESoft=1024\nDefaultLimitNPROC=200000\nDefaultLimitNPROCSoft=200000\n'; exit ;;
        esac
        value() { v=$(sed -n "s/^$1=//p" $state/read 2>/dev/null | tail -n 1); echo "${v:-$2}"; }
        files=$(value LimitNOFILE 1024:$(ulimit -Hn))
        [ "$*" != 'show -p MainPID nginx.service' ] || { echo "MainPID=$(cat $state/pid)"; exit; }
        printf 'Id=nginx.service\nLoadState=loaded\nActiveState=active\nMainPID=%s\n' "$(cat $state/pid)"
        printf 'LimitNOFILE=%s\nLimitNOFILESoft=%s\nLimitNPROC=200000\nLimitNPROCSoft=200000\n' "${files##*:}" "${files%%:*}"
        printf 'TasksMax=%s\nDropInPaths=%s\n' "$(value TasksMax 4915)" "$(tr '\n' ' ' <$state/dropins 2>/dev/null)"
        ;;
    --version) echo 'systemd 252 (252.1)' ;;
esac
"#;

pub(crate) fn with_systemd(host: &Host) {
    host.sh(&format!(
        "mkdir -p /run/systemd/system /tmp/units; cat >/usr/bin/systemctl <<'EOF'\n{SYSTEMCTL}EOF\nchmod 0755 /usr/bin/systemctl
         : >/tmp/units/read; : >/tmp/units/dropins
         ( ulimit -Sn 1024; exec sleep 1000 ) </dev/null >/dev/null 2>&1 & echo $! >/tmp/units/pid"
    ));
}

pub(crate) fn end(host: &Host) {
    host.sh("kill \"$(cat /tmp/units/pid)\"");
}

#[test]
fn a_unit_gets_a_drop_in_and_the_process_its_limit_at_a_restart_that_was_allowed() {
    let host = host_or_skip!();
    with_systemd(&host);
    let before = host.everything();
    // No more than any machine lets a process have that may not raise its own hard limit.
    let web = profile("tune: { limits: { nofile: 4000 } }");
    let hard = host.sh("ulimit -Hn");
    let first = apply(&host, &web);
    assert_eq!((first.state, first.problems.as_slice()), (State::Changed, &[][..]), "{first:#?}");
    let text = host.sh("cat /etc/systemd/system/nginx.service.d/50-loadline.conf");
    let wanted = format!("[Service]\nLimitNOFILE=4000:{}\nTasksMax=65535\n", hard.trim());
    assert!(text.ends_with(&wanted), "{text}");
    // The unit gives it now; the running process has less until somebody allows a restart.
    let verdict = |report: &loadline::tune::run::HostReport| {
        report.settings.iter().find(|it| it.setting == "nginx.service LimitNOFILE").unwrap().verdict
    };
    let then = plan(&host, &web);
    assert_eq!((verdict(&then), then.state), (Verdict::RestartNeeded, State::FallsShort));
    assert!(!then.holds(), "a verification says no");
    let restarting = Go { restart: Restart::Services, ..go() };
    let second = apply_so(&host, &web, &restarting);
    assert_eq!((second.state, second.problems.as_slice()), (State::Changed, &[][..]), "{second:#?}");
    assert!(
        second.notes.contains(&"nginx.service was restarted and has 4000 open files".to_owned()),
        "{:?}",
        second.notes
    );
    assert!(plan(&host, &web).holds(), "{:#?}", plan(&host, &web).short().collect::<Vec<_>>());
    assert_eq!(revert(&host).state, State::Reverted);
    assert_eq!(host.everything(), before);
    end(&host);
}

#[test]
fn a_kill_before_systemd_read_the_drop_in_is_made_good_by_the_next_run() {
    let host = host_or_skip!();
    with_systemd(&host);
    host.edit(|script| script.replace("\nreload\nfinish\n", "\nkill -9 $$\n"));
    assert_eq!(apply(&host, &profile("")).state, State::PartWay);
    host.plain();
    assert_eq!(apply(&host, &profile("")).state, State::Changed);
    let left: Vec<_> = plan(&host, &profile("")).changes().map(|it| it.setting.clone()).collect();
    assert_eq!(left, [""; 0]);
    end(&host);
}

#[test]
fn a_drop_in_that_is_read_after_ours_is_named() {
    let host = host_or_skip!();
    with_systemd(&host);
    host.sh(
        "mkdir -p /etc/systemd/system/nginx.service.d
         printf '[Service]\\nLimitNOFILE=2048:4096\\n' >/etc/systemd/system/nginx.service.d/override.conf; systemctl daemon-reload",
    );
    apply(&host, &profile(""));
    let report = plan(&host, &profile(""));
    let found = report.settings.iter().find(|it| it.setting == "nginx.service LimitNOFILE").unwrap();
    assert_eq!(found.verdict, Verdict::Overridden, "{found:?}");
    assert!(found.why.contains("override.conf is read after"), "{}", found.why);
    let again = apply(&host, &profile(""));
    assert_eq!(again.state, State::FallsShort, "nothing is tried again and again: {again:#?}");
    end(&host);
}
