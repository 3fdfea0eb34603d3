//! What is learned from a stack that is known.

use std::process::{Command, Output};

use loadline::load::judge::Judge;
use loadline::load::plan::Drive;
use serde_json::Value;
use tempfile::TempDir;

use crate::formats::{
    jmeter_csv, jmeter_xml, k6_csv, k6_json, k6_summary, loadline, locust_history, locust_stats,
};
use crate::truth::{BACKGROUND, GUESS, TRUTH, Test, spec};

/// A folder with the spec, results and a utilisation.
pub(crate) fn desk(results: &str, utilisation: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.yaml"), GUESS).unwrap();
    std::fs::write(folder.path().join("results"), results).unwrap();
    std::fs::write(folder.path().join("busy"), utilisation).unwrap();
    folder
}

pub(crate) fn run(folder: &TempDir, words: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_loadline"))
        .args("calibrate shop.yaml results --utilisation busy".split(' '))
        .args(words.split_whitespace())
        .current_dir(folder.path())
        .env_clear()
        .output()
        .unwrap()
}

const HOSTS: &str = "--host web1=app --host db1=database";

fn json(folder: &TempDir, words: &str) -> Value {
    let output = run(folder, &format!("{HOSTS} {words} --json"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Within a share of the truth.
fn near(found: &Value, truth: f64, share: f64) {
    let mid = found["mid"].as_f64().unwrap();
    assert!((mid / truth - 1.0).abs() < share, "{mid} is not {truth}: {found}");
}

#[test]
fn demands_and_waits_are_found_again_from_every_format() {
    let test = Test::mixed();
    for (name, text) in [
        ("k6 csv", k6_csv(&test)),
        ("k6 json", k6_json(&test)),
        ("jmeter csv", jmeter_csv(&test)),
        ("jmeter xml", jmeter_xml(&test)),
        ("locust history", locust_history(&test)),
        ("loadline", loadline(&test)),
    ] {
        for busy in [test.utilisation(), test.rounds()] {
            let found = json(&desk(&text, &busy), "");
            assert_eq!(found["results"][0]["format"], name);
            let app = &found["demands"][0];
            assert!(app["told_apart"].as_bool().unwrap(), "{name}: {app:#}");
            near(&app["by_request"][0]["cpu_ms"], 20.0, 0.12);
            near(&app["by_request"][1]["cpu_ms"], 50.0, 0.12);
            near(&found["demands"][1]["by_request"][0]["cpu_ms"], 6.0, 0.15);
            near(&found["demands"][1]["by_request"][1]["cpu_ms"], 20.0, 0.15);
            let background = app["background_cores"]["mid"].as_f64().unwrap();
            assert!((background - BACKGROUND).abs() < 0.08, "{background}");
            near(&found["waits"][0]["wait_ms"], 120.0, 0.1);
            assert!(
                (found["waits"][1]["wait_ms"]["mid"].as_f64().unwrap() - 30.0).abs() < 12.0,
                "{}",
                found["waits"]
            );
            assert!((found["think_s"].as_f64().unwrap() - 1.0).abs() < 0.05, "{}", found["think_s"]);
        }
    }
}

/// Summaries have no time of day: a file for each level, and a utilisation that names the files.
#[test]
fn demands_are_found_again_from_a_file_for_each_level() {
    let levels = Test::mixed().levels();
    for (format, text) in [
        ("k6 summary", (|level, number| k6_summary(level, number % 3)) as fn(&Test, usize) -> String),
        ("locust stats", |level, _| locust_stats(level)),
    ] {
        let mut busy = String::from("run,host,utilisation,cores\n");
        let folder = desk("", "");
        let mut files = Vec::new();
        for (number, level) in levels.iter().enumerate() {
            let file = format!("level{number}");
            std::fs::write(folder.path().join(&file), text(level, number)).unwrap();
            busy += &level.utilisation_of(&file);
            files.push(file);
        }
        std::fs::write(folder.path().join("busy"), busy).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_loadline"))
            .args(["calibrate", "shop.yaml"])
            .args(&files)
            .args("--utilisation busy --json".split(' '))
            .args(HOSTS.split(' '))
            .current_dir(folder.path())
            .env_clear()
            .output()
            .unwrap();
        assert!(output.status.success(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(found["results"].as_array().unwrap().len(), levels.len());
        assert!(found["results"].as_array().unwrap().iter().all(|it| it["format"] == format), "{found:#}");
        let app = &found["demands"][0];
        near(&app["by_request"][0]["cpu_ms"], 20.0, 0.15);
        near(&app["by_request"][1]["cpu_ms"], 50.0, 0.15);
        near(&found["demands"][1]["by_request"][1]["cpu_ms"], 20.0, 0.2);
        near(&found["waits"][0]["wait_ms"], 120.0, 0.12);
    }
}

#[test]
fn a_mix_that_never_varies_is_scaled_and_that_is_said() {
    let test = Test::plain();
    let found = json(&desk(&jmeter_csv(&test), &test.utilisation()), "");
    let app = &found["demands"][0];
    assert!(!app["told_apart"].as_bool().unwrap(), "{app:#}");
    let mid = |index: usize| app["by_request"][index]["cpu_ms"]["mid"].as_f64().unwrap();
    // As the spec has them: 10 to 25.
    assert!((mid(1) / mid(0) - 2.5).abs() < 1e-9);
    near(&app["mean_ms"], 0.8 * 20.0 + 0.2 * 50.0, 0.08);
    let findings = found["findings"].as_array().unwrap();
    assert!(
        findings.iter().any(|it| it.as_str().unwrap().contains("all scaled by one factor")),
        "{findings:#?}"
    );
}

#[test]
fn the_spec_is_written_with_its_comments_and_then_predicts_what_was_measured() {
    let test = Test::mixed();
    let folder = desk(&jmeter_csv(&test), &test.utilisation());
    let path = folder.path().join("shop.yaml");
    // Without --write the difference is shown, and nothing else happens.
    let shown = run(&folder, HOSTS);
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(
        text.contains("-    cpu: 10 ms        # a guess") && text.contains("Nothing was written"),
        "{text}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), GUESS);
    let found = json(&folder, "--write");
    assert_eq!(found["written"], true);
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written.lines().count(), GUESS.lines().count() + 1, "{written}");
    assert!(written.starts_with("# the shop\nversion: 1\nname: shop            # its name\n"), "{written}");
    assert!(
        written.contains(" ms        # a guess\n") && written.ends_with("database: { cores: 1 }\n"),
        "{written}"
    );
    assert!((spec(&written).requests[1].cpu_s.mid / 0.05 - 1.0).abs() < 0.12, "{written}");
    for level in found["levels"].as_array().unwrap() {
        let of = |name: &str| level[name].as_f64().unwrap();
        assert!((of("predicted_ms") / of("mean_ms") - 1.0).abs() < 0.15, "{level:#}");
        assert!((of("predicted_rps") / of("throughput_rps") - 1.0).abs() < 0.05, "{level:#}");
    }
    // What is there already is not written again.
    let again = json(&folder, "--write");
    assert_eq!((again["written"].as_bool(), again["difference"].as_str()), (Some(false), Some("")));
}

#[test]
fn intervals_are_written_where_they_are_asked_for() {
    let test = Test::mixed();
    let folder = desk(&loadline(&test), &test.utilisation());
    json(&folder, "--write --intervals");
    let written = spec(&std::fs::read_to_string(folder.path().join("shop.yaml")).unwrap());
    let cpu = written.requests[0].cpu_s;
    let range = cpu.range.unwrap();
    assert!(
        range.low < cpu.mid && cpu.mid < range.high && range.low < 0.02 && range.high > 0.0199,
        "{cpu:?}"
    );
    assert_eq!(range.confidence, 0.9);
}

#[test]
fn a_window_of_errors_is_left_out() {
    let test = Test::mixed();
    let text = jmeter_csv(&test);
    // The last third of the test fails.
    let lines: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(number, line)| {
            if number > text.lines().count() * 2 / 3 {
                line.replace(",true,", ",false,")
            } else {
                line.to_owned()
            }
        })
        .collect();
    let found = json(&desk(&lines.join("\n"), &test.utilisation()), "");
    let findings = found["findings"].as_array().unwrap();
    assert!(
        findings.iter().any(|it| it.as_str().unwrap().contains("of their requests failed")),
        "{findings:#?}"
    );
    near(&found["demands"][0]["by_request"][0]["cpu_ms"], 20.0, 0.15);
}

/// Eight cores of which each slows each other one by 3 %: at the top 7.5 of them are at work, and requests take 1.2 times as long.
fn crowded() -> (loadline::spec::Spec, Test) {
    let text = TRUTH.replace("app: { cores: 2 }", "app: { cores: 8, contention: 3 % }");
    let stack = spec(&text.replace("database: { cores: 1 }", "database: { cores: 4 }"));
    let test =
        Test::on(&stack, [20, 70, 120, 170, 220, 255], |level| [0.05, 0.5, 0.15, 0.4, 0.1, 0.3][level]);
    (stack, test)
}

#[test]
fn cores_that_get_in_each_others_way_are_seen_and_written() {
    let (stack, test) = crowded();
    let folder = desk(&jmeter_csv(&test), &test.utilisation());
    let found = json(&folder, "--write");
    let (app, database) = (&found["demands"][0], &found["demands"][1]);
    assert!(app["scaling"]["seen"].as_bool().unwrap(), "{app:#}");
    near(&app["scaling"]["contention"], 0.03, 0.35);
    near(&app["by_request"][0]["cpu_ms"], 20.0, 0.12);
    near(&app["by_request"][1]["cpu_ms"], 50.0, 0.12);
    assert!(!database["scaling"]["seen"].as_bool().unwrap_or(false), "{database:#}");
    let change = found["changes"].as_array().unwrap().iter().find(|it| it["path"] == "app.contention");
    assert!(change.unwrap()["after_share"]["low"].as_f64().unwrap() > 0.0, "{:#}", found["changes"]);
    // What is written predicts what was measured, and what would be beyond it.
    let written = std::fs::read_to_string(folder.path().join("shop.yaml")).unwrap();
    assert!(written.contains("app: { contention: ") && written.contains("# a guess"), "{written}");
    let text = written.replace("workers: 2", "cores: 8").replace("{ cores: 1 }", "{ cores: 4 }");
    let mut learned = spec(&text.replace("think: 7 s", "think: 1 s"));
    (learned.requests[0].share, learned.requests[1].share) = (0.8, 0.2);
    for users in [60, 150, 250, 400] {
        let of =
            |spec: &loadline::spec::Spec| Judge::new(spec).predict(Drive::Users(users)).throughput_rps.value;
        let (learned, truth) = (of(&learned), of(&stack));
        assert!((learned / truth - 1.0).abs() < 0.04, "{users} users: {learned} rps for {truth}");
    }
}

/// A spec that has a contention which the test does not show is told so.
#[test]
fn a_contention_that_is_not_there_is_taken_back() {
    let stack = spec(&TRUTH.replace("cores: 2", "cores: 8").replace("{ cores: 1 }", "{ cores: 4 }"));
    let test =
        Test::on(&stack, [20, 70, 120, 170, 220, 280], |level| [0.05, 0.5, 0.15, 0.4, 0.1, 0.3][level]);
    let folder = desk(&jmeter_csv(&test), &test.utilisation());
    let guess = GUESS.replace("app: { workers: 2 }", "app: { workers: 2, contention: 5 % }");
    std::fs::write(folder.path().join("shop.yaml"), guess).unwrap();
    let found = json(&folder, "--write");
    assert!(!found["demands"][0]["scaling"]["seen"].as_bool().unwrap(), "{:#}", found["demands"][0]);
    near(&found["demands"][0]["by_request"][0]["cpu_ms"], 20.0, 0.12);
    let written = std::fs::read_to_string(folder.path().join("shop.yaml")).unwrap();
    assert!(written.contains("app: { workers: 2, contention: 0 % }"), "{written}");
}
