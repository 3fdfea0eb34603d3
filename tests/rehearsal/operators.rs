//! Two at once, people who interrupt, journals that cannot be used.

use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{Folder, wanted};

fn begun(folder: &Folder) -> std::process::Child {
    let slow = folder.fault(r#"[{"on": "database", "action": "create", "trouble": {"slow": 2000}}]"#);
    let child = folder
        .command("apply", "aws", &["--yes", &slow[0], &slow[1]])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let file = folder.path().join(".loadline/rehearsal/aws/account.jsonl");
    let since = Instant::now();
    while !std::fs::read_to_string(&file).unwrap_or_default().contains("database/main") {
        assert!(since.elapsed() < Duration::from_secs(60), "the database was never begun");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

fn interrupt(child: &std::process::Child) {
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT).unwrap();
}

#[test]
fn a_second_operator_is_told_who_is_at_it_and_changes_nothing() {
    let folder = Folder::new();
    let first = begun(&folder);
    let second = folder.run("apply", "aws", &["--yes", "--set", "app.port=9000"]);
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(75), "{said}");
    assert!(said.contains("holds the deployment since") && said.contains("nothing was changed"), "{said}");
    assert!(said.contains("--lock-wait"), "{said}");
    interrupt(&first);
    assert_eq!(first.wait_with_output().unwrap().status.code(), Some(4));
}

#[test]
fn the_first_interrupt_ends_in_order_and_says_what_is_left() {
    let folder = Folder::new();
    let child = begun(&folder);
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(4), "{out}{err}");
    assert!(err.contains("stopping: what is in flight is finished"), "{err}");
    assert!(out.contains("left     create database/main"), "{out}");
    assert!(out.contains("Run the same command again"), "{out}");
}

#[test]
fn the_second_interrupt_stops_at_once_and_the_next_run_goes_on() {
    let folder = Folder::new();
    let expected = wanted(&Folder::new(), "aws");
    let child = begun(&folder);
    interrupt(&child);
    interrupt(&child);
    // Both may be told at once: then the run ends in order.
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(4));
    // The database takes 6 s of the wall here, longer than one run waits for it.
    let since = Instant::now();
    while !folder.run("apply", "aws", &["--yes"]).status.success() {
        assert!(since.elapsed() < Duration::from_secs(60), "it is never whole");
    }
    assert_eq!(folder.census("aws"), expected);
}

#[test]
fn a_damaged_journal_stops_everything_before_anything_is_changed() {
    let folder = Folder::new();
    folder.done("apply", "aws", &["--yes"]);
    let journal = folder.path().join(".loadline/rehearsal/aws/journal/teachers");
    let mut entries: Vec<_> =
        std::fs::read_dir(&journal).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    std::fs::write(entries.last().unwrap(), "{").unwrap();
    for verb in ["apply", "destroy"] {
        let output = folder.run(verb, "aws", &["--yes", "--set", "app.port=9000"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("is damaged") && said.contains("nothing was changed"), "{said}");
        assert!(said.contains("move the journal aside"), "{said}");
    }
}

#[test]
fn without_an_answer_nothing_is_changed() {
    let folder = Folder::new();
    let output = folder.run("apply", "aws", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--yes"));
    assert!(folder.census("aws").is_empty());
}

#[test]
fn a_kept_plan_is_carried_out_while_it_holds_and_refused_with_the_difference_when_not() {
    let folder = Folder::new();
    folder.done("plan", "aws", &["--out", "plan.json"]);
    let apply = |more: &[&str]| {
        let mut command = folder.command("apply", "aws", &[]);
        let program = command.get_program().to_owned();
        command = std::process::Command::new(program);
        command
            .env_clear()
            .env("LOADLINE_TODAY", "2026-11-24")
            .current_dir(folder.path())
            .stdin(Stdio::null());
        command.args(["apply", "plan.json", "--rehearse", "--speed", "20000", "--yes"]).args(more);
        command.output().unwrap()
    };
    let spec = std::fs::read_to_string(folder.path().join("spec.yaml")).unwrap();
    std::fs::write(folder.path().join("spec.yaml"), spec.replace("users: 500", "users: 5000")).unwrap();
    let stale = apply(&[]);
    let said = String::from_utf8(stale.stderr).unwrap();
    assert_eq!(stale.status.code(), Some(1), "{said}");
    assert!(
        said.contains("no longer holds; nothing was changed")
            && said.contains("the spec says something else"),
        "{said}"
    );
    std::fs::write(folder.path().join("spec.yaml"), spec).unwrap();
    let carried_out = apply(&[]);
    assert!(carried_out.status.success(), "{carried_out:#?}");
    let stale = apply(&[]);
    let said = String::from_utf8(stale.stderr).unwrap();
    assert_eq!(stale.status.code(), Some(1), "{said}");
    assert!(said.contains("the account holds something else"), "{said}");
}
