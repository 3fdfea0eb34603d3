//! The same test by other tools: Locust and JMeter really run it, the script for k6 is parsed. `tests/load/install` brings the tools; where
//! it was not run these tests say so and end.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use loadline::load::export::{Objectives, Tool, script};
use loadline::load::plan::{Drive, Test};

use crate::server::{Manner, Server};
use crate::support::test;

const OBJECTIVES: Objectives =
    Objectives { mean_ms: Some(60.0), p95_ms: Some(120.0), p99_ms: None, errors: 0.01 };

pub(crate) fn tools() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/load-tools");
    if folder.join("ready").exists() {
        return Some(folder);
    }
    println!("skipped: tests/load/install was not run");
    None
}

/// Three seconds of ten people with a tenth of a second of thought, and their ramp of one second.
fn brief(server: &Server) -> Test {
    Test { ramp_s: 1.0, warm_up_s: 1.0, duration_s: 2.0, ..test(&server.url(), Drive::Users(10)) }
}

/// What came in is the mix of the spec, about as often as ten people ask.
fn assert_sent(server: &Server) {
    let heard = server.heard.lock().unwrap();
    let (pages, saves) = (heard.requests["GET /pages?sort=new"], heard.requests["POST /save"]);
    let share = saves as f64 / (pages + saves) as f64;
    assert!((0.1..0.3).contains(&share), "one in five saves: {share}");
    assert_eq!(heard.body_bytes, saves * 2048);
    // 10 / (0.1 s + 5 ms) for three seconds and half as many in the ramp.
    assert!((200..=420).contains(&(pages + saves)), "{}", pages + saves);
}

/// `calibrate` reads what the tool itself wrote: about as many requests as came in (the last second may be missing).
fn assert_read(file: &Path, format: &str, server: &Server) {
    let mut source = std::io::BufReader::new(std::fs::File::open(file).unwrap());
    let read = loadline::calibrate::read_results("results", &mut source).unwrap();
    assert_eq!(read.format().word(), format);
    let sent: u64 = server.heard.lock().unwrap().requests.values().sum();
    let share = read.requests() as f64 / sent as f64;
    assert!((0.7..=1.01).contains(&share), "{format}: {} of {sent}", read.requests());
}

#[test]
fn locust_sends_the_mix_of_the_spec() {
    let Some(tools) = tools() else { return };
    let server = Server::start(Manner::After(Duration::from_millis(5)));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("locustfile.py");
    std::fs::write(&file, script(&brief(&server), Tool::Locust, &OBJECTIVES)).unwrap();
    let output = Command::new(tools.join("venv/bin/locust"))
        .args(["--headless", "--only-summary", "--csv", "results", "--csv-full-history", "-f"])
        .arg(&file)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_sent(&server);
    assert_read(&folder.path().join("results_stats.csv"), "locust stats", &server);
    assert_read(&folder.path().join("results_stats_history.csv"), "locust history", &server);
}

#[test]
fn jmeter_sends_the_mix_of_the_spec() {
    let Some(tools) = tools() else { return };
    let server = Server::start(Manner::After(Duration::from_millis(5)));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("test.jmx"), script(&brief(&server), Tool::Jmeter, &OBJECTIVES))
        .unwrap();
    let output = Command::new("java")
        .arg(format!("-Djmeter.home={}", tools.join("jmeter").display()))
        .arg("-jar")
        .arg(tools.join("jmeter/bin/ApacheJMeter.jar"))
        .args(["-n", "-t", "test.jmx", "-l", "results.jtl", "-j", "jmeter.log"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("Err:     0 (0.00%)"), "{said}");
    assert_sent(&server);
    assert_read(&folder.path().join("results.jtl"), "jmeter csv", &server);
}

#[test]
fn the_script_for_k6_is_javascript() {
    let Some(tools) = tools() else { return };
    let server = Server::start(Manner::Status(200));
    let folder = tempfile::tempdir().unwrap();
    for (name, drive) in [("users.js", Drive::Users(10)), ("rate.js", Drive::Rate(50.5))] {
        let test = Test { levels: vec![drive], ..brief(&server) };
        std::fs::write(folder.path().join(name), script(&test, Tool::K6, &OBJECTIVES)).unwrap();
        let parse = "import esprima, sys; esprima.parseModule(open(sys.argv[1]).read())";
        let output = Command::new(tools.join("venv/bin/python"))
            .args(["-c", parse, name])
            .current_dir(folder.path())
            .output();
        let output = output.unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_hostile_path_stays_a_text_in_every_script() {
    let server = Server::start(Manner::Status(200));
    let mut test = brief(&server);
    test.kinds[0].path = "/a'\"</stringProp>`${x}\\n{{y}}".to_owned();
    let jmeter = script(&test, Tool::Jmeter, &OBJECTIVES);
    assert!(!jmeter.contains("\"</stringProp>`"), "{jmeter}");
    let k6 = script(&test, Tool::K6, &OBJECTIVES);
    assert!(!k6.contains("'\"<"), "{k6}");
    let locust = script(&test, Tool::Locust, &OBJECTIVES);
    assert!(!locust.contains("'\"<"), "{locust}");
}
