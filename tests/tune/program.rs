//! The program as a person and a script meet it, on a host of its own.

use std::process::Output;

use serde_json::Value;

use crate::host::{Host, host_or_skip};

const SPEC: &str = "version: 1\nname: shop\nload: { users: 2000, think: 160 ms }\n\
                    requests: [{ name: page, share: 100 %, cpu: 2 ms, wait: 231 ms }]\n";

fn loadline(host: &Host, arguments: &str) -> Output {
    let mut command = host.command();
    command.args(["env", "-i", "PATH=/usr/bin:/bin", "COLUMNS=100", "LC_ALL=C.UTF-8", "sh", "-c"]);
    let program = env!("CARGO_BIN_EXE_loadline");
    command.arg(format!("mkdir -p /run/work; cd /run/work; exec '{program}' tune {arguments} </dev/null"));
    command.output().unwrap()
}

fn ends(host: &Host, arguments: &str, code: i32) -> String {
    let output = loadline(host, arguments);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments}\n{out}\n{err}");
    format!("{out}{err}")
}

fn json(host: &Host, arguments: &str, code: i32) -> Value {
    let text = ends(host, &format!("{arguments} --json"), code);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_commands_go_there_and_back_with_their_exit_codes() {
    let host = host_or_skip!();
    host.sh(&format!("mkdir -p /run/work; cat >/run/work/shop.yaml <<'EOF'\n{SPEC}EOF"));
    let before = host.everything();
    let plan = ends(&host, "plan shop.yaml --local --detailed-exitcode", 2);
    assert!(plan.starts_with("1 host, profile web: 1 to change."), "{plan}");
    assert!(plan.contains("Nothing was changed."), "{plan}");
    assert_eq!(host.everything(), before, "a plan changes nothing");
    ends(&host, "verify shop.yaml --local", 3);
    let asked = ends(&host, "apply shop.yaml --local", 2);
    assert!(asked.contains("nobody is there to be asked, so nothing was changed"), "{asked}");
    assert_eq!(host.everything(), before);

    let applied = json(&host, "apply shop.yaml --local --yes", 0);
    assert_eq!(applied["hosts"][0]["state"], "changed");
    let changes = applied["hosts"][0]["changes"].as_array().unwrap();
    let queue = changes.iter().find(|it| it["setting"] == "net.core.somaxconn").unwrap();
    assert_eq!(
        (&queue["from"], &queue["to"], &queue["verdict"]),
        (&"4096".into(), &"65535".into(), &"raises".into())
    );
    assert_eq!(queue["file"], "/etc/sysctl.d/99-zz-loadline.conf");
    assert_eq!(host.value("net/core/somaxconn"), "65535");

    let again = json(&host, "apply shop.yaml --local --yes", 0);
    assert_eq!(again["hosts"][0]["state"], "as-wanted");
    assert_eq!(again["hosts"][0]["changes"], Value::Array(Vec::new()));
    ends(&host, "plan shop.yaml --local --detailed-exitcode", 0);
    let holds = ends(&host, "verify shop.yaml --local --junit report.xml", 0);
    assert!(holds.contains("YES, 1 as the profile wants, now and after a boot"), "{holds}");
    assert!(host.sh("cat /run/work/report.xml").contains("failures=\"0\" errors=\"0\""));

    host.sh("echo 4096 >/proc/sys/net/core/somaxconn");
    let no = ends(&host, "verify shop.yaml --local --junit report.xml", 3);
    assert!(no.contains("net.core.somaxconn"), "{no}");
    assert!(host.sh("cat /run/work/report.xml").contains("message=\"4096 instead of 65535\""));

    assert_eq!(json(&host, "revert shop.yaml --local --yes", 0)["hosts"][0]["state"], "reverted");
    assert_eq!(host.everything(), before);
}

#[test]
fn a_host_that_fails_ends_with_one_and_can_be_tried_again_by_itself() {
    let host = host_or_skip!();
    host.sh(&format!("mkdir -p /run/work; cat >/run/work/shop.yaml <<'EOF'\n{SPEC}EOF"));
    let early = ends(&host, "apply shop.yaml --local --yes --retry-failed", 1);
    assert!(early.contains("reading which hosts failed"), "{early}");
    host.sh("mount --bind /etc /etc; mount -o remount,ro,bind /etc");
    let failed = ends(&host, "apply shop.yaml --local --yes", 1);
    assert!(failed.contains("Read-only file system") && failed.contains("nothing was changed"), "{failed}");
    host.sh("umount /etc");
    ends(&host, "apply shop.yaml --local --yes --retry-failed", 0);
    let nobody = ends(&host, "apply shop.yaml --local --yes --retry-failed", 2);
    assert!(nobody.contains("no host is left"), "{nobody}");
}

#[test]
fn what_cannot_be_had_ends_with_three_and_wrong_wishes_with_two() {
    let host = host_or_skip!();
    host.sh(&format!("mkdir -p /run/work; cat >/run/work/shop.yaml <<'EOF'\n{SPEC}EOF"));
    let with = |name: &str, tune: &str| {
        host.sh(&format!("cd /run/work; {{ cat shop.yaml; echo '{tune}'; }} >{name}"))
    };
    with("odd.yaml", "tune: { sysctl: { net.ipv4.no_such_setting: 1 } }");
    let applied = ends(&host, "apply odd.yaml --local --yes", 3);
    assert!(applied.contains("net.ipv4.no_such_setting"), "{applied}");
    assert_eq!(host.value("net/core/somaxconn"), "65535", "the others are set all the same");
    with("wrong.yaml", "tune: { limits: { nofile: few } }");
    let wrong = ends(&host, "plan wrong.yaml --local", 2);
    assert!(wrong.contains("`few` is neither a number nor unlimited"), "{wrong}");
    let nothing = ends(&host, "plan shop.yaml", 2);
    assert!(nothing.contains("no hosts are named"), "{nothing}");
}
