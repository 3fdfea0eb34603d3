//! The program itself: exit codes, what it refuses, and Ctrl-C.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::server::{Manner, Server};
use crate::support::SPEC;

const BRIEF: &str = "--ramp 0s --warm-up 1s --duration 2s";

fn command(words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
    command.args(words.split_whitespace()).env_clear().env("TOKEN", "hunter2").env("PATH", "/usr/bin:/bin");
    command
}

fn loadline(words: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.yaml"), SPEC).unwrap();
    let output = command(words).current_dir(folder.path()).output().unwrap();
    for text in [&output.stdout, &output.stderr] {
        assert!(!String::from_utf8_lossy(text).contains("hunter2"), "a secret is never printed");
    }
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_test_that_holds_passes_and_one_that_misses_fails() {
    let server = Server::start(Manner::After(Duration::from_millis(20)));
    let output =
        loadline(&format!("load shop.yaml --url {} {BRIEF} --header Authorization=TOKEN", server.url()));
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).starts_with("PASS "), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("50 users"), "a quarter more than the spec has");
    assert!(server.heard.lock().unwrap().last_head.contains("authorization: hunter2"));
    let slow = Server::start(Manner::After(Duration::from_millis(90)));
    let output = loadline(&format!("load shop.yaml --url {} {BRIEF} --json", slow.url()));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (json["verdict"].as_str(), json["objectives"][0]["verdict"].as_str()),
        (Some("fail"), Some("fail"))
    );
}

#[test]
fn what_the_spec_does_not_own_is_left_in_peace() {
    for url in ["http://app.example.org", "http://192.0.2.1:8000"] {
        let output = loadline(&format!("load shop.yaml --url {url} {BRIEF}"));
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("nothing was sent"), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("--i-own-this-target"));
    }
    let output = loadline(&format!("load shop.yaml {BRIEF}"));
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("neither --url nor the spec says where"),
        "{}",
        text(&output.stderr)
    );
    let output = loadline("load shop.yaml --url http://127.0.0.1:1 --header Authorization=NOT_THERE");
    assert!(text(&output.stderr).contains("the environment has no NOT_THERE"), "{}", text(&output.stderr));
}

#[test]
fn a_page_is_written_beside_the_answer_or_printed_instead() {
    let server = Server::start(Manner::After(Duration::from_millis(20)));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.yaml"), SPEC).unwrap();
    let run = |words: &str| {
        let words = format!("load shop.yaml --url {} {BRIEF} {words}", server.url());
        command(&words).current_dir(folder.path()).output().unwrap()
    };
    let output = run("--steps 50%,100% --html load.html --json");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["levels"].as_array().map(Vec::len), Some(2));
    let page = std::fs::read_to_string(folder.path().join("load.html")).unwrap();
    assert!(page.contains("<strong>PASS</strong>") && page.matches("<svg").count() == 2, "{page}");
    let printed = run("--html -");
    assert!(text(&printed.stdout).starts_with("<!doctype html>"), "{}", text(&printed.stdout));
    for refused in ["--html - --json", "--html nowhere/load.html", "--out nowhere/load.json"] {
        let before = server.heard.lock().unwrap().requests.len();
        let output = run(refused);
        assert_eq!(output.status.code(), Some(2), "{refused}");
        assert!(text(&output.stderr).contains("nothing was sent"), "{}", text(&output.stderr));
        assert_eq!(server.heard.lock().unwrap().requests.len(), before);
    }
}

#[test]
fn an_interrupt_keeps_what_was_measured() {
    let server = Server::start(Manner::After(Duration::from_millis(5)));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.yaml"), SPEC).unwrap();
    let words = format!(
        "load shop.yaml --url {} --ramp 0s --warm-up 0s --duration 1h --json --out kept.json",
        server.url()
    );
    let child = command(&words)
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(3));
    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (json["verdict"].as_str(), json["levels"][0]["ending"].as_str()),
        (Some("no-verdict"), Some("interrupted"))
    );
    assert!(json["levels"][0]["requests"].as_u64().unwrap() > 100, "{json:#}");
    let kept: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("kept.json")).unwrap()).unwrap();
    assert_eq!(kept, json);
}

#[test]
fn a_limit_of_open_files_is_said_before_anything_is_sent_or_named_as_the_cause() {
    let server = Server::start(Manner::Endless);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.yaml"), SPEC).unwrap();
    let limited = |words: String| {
        let script = format!("ulimit -n 200; exec {} {words}", env!("CARGO_BIN_EXE_loadline"));
        Command::new("sh").args(["-c", &script]).current_dir(folder.path()).env_clear().output().unwrap()
    };
    let output = limited(format!("load shop.yaml --url {} --users 500 {BRIEF}", server.url()));
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("500 connections need more open files than the 200"),
        "{}",
        text(&output.stderr)
    );
    // Nobody is answered: a hundred requests a second hold as many connections as there may be after two seconds.
    let output = limited(format!("load shop.yaml --url {} --rate 100 --timeout 5s {BRIEF}", server.url()));
    assert_eq!(output.status.code(), Some(1), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("this machine: too many open files"), "{}", text(&output.stdout));
}
