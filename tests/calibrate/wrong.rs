//! Files that are no results, or are of another test: a sentence with the place, no panic, nothing changed.

use loadline::calibrate::{read_results, read_utilisation};
use proptest::prelude::*;

use crate::formats::{jmeter_csv, k6_csv, loadline, locust_history};
use crate::learned::{desk, run};
use crate::truth::{GUESS, Test};

/// Runs it; the code and what was said.
fn said(results: &str, busy: &str, words: &str) -> (Option<i32>, String) {
    let folder = desk(results, busy);
    let output = run(&folder, words);
    assert_eq!(std::fs::read_to_string(folder.path().join("shop.yaml")).unwrap(), GUESS);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    assert!(text.contains("nothing was changed") && text.contains("next: "), "{text}");
    (output.status.code(), text)
}

#[test]
fn each_damage_has_its_sentence() {
    let test = Test::mixed();
    let busy = test.utilisation();
    let own = loadline(&test);
    let half = &own[..own.len() / 2];
    let no_column = jmeter_csv(&test).replacen("elapsed", "elapsedtime", 1);
    let no_count = locust_history(&test).replacen("Total Failure Count", "Failures", 1);
    for (results, part) in [
        ("", "the file is empty"),
        ("hello\nworld\n", "no result file that is understood"),
        (half, "no JSON"),
        (&own.replace("\"schema\":1", "\"schema\":9"), "schema 9"),
        (&own.replace("\"duration_s\":60", "\"duration_s\":null"), "levels[0] has no length"),
        (&no_column, "`elapsed`"),
        (&no_count, "Total Failure Count"),
        ("{\"type\":\"Point\",\"metric\":\"vus\",\"data\":{}}\n", "results:"),
        ("<?xml version=\"1.0\"?><testResults version=\"1.1\">", "version"),
        ("metric_name,timestamp\nhttp_reqs,1795687200\n", "metric_value"),
    ] {
        let (code, text) = said(results, &busy, "--host web1=app --host db1=database");
        assert!(text.contains(part), "{part}: {text}");
        assert_eq!(code, Some(1), "{text}");
    }
}

#[test]
fn a_utilisation_that_does_not_fit_is_said() {
    let test = Test::mixed();
    let results = jmeter_csv(&test);
    let hosts = "--host web1=app --host db1=database";
    let later = test.utilisation().replace("17956", "17966");
    for (busy, words, part) in [
        (test.utilisation().as_str(), "", "which part of the stack the host"),
        (later.as_str(), hosts, "and the test ran from"),
        ("timestamp,host\n1795687200,web1\n", hosts, "no column `utilisation`"),
        ("timestamp,host,cpu_util\nnoon,web1,3\n", hosts, "busy:2"),
        ("timestamp,host,cpu_util\n1795687200,web1,7000\n", hosts, "more than all"),
        ("", hosts, "the file is empty"),
        ("timestamp,host,cpu_util\n", hosts, "no utilisation in this file"),
    ] {
        let (_, text) = said(&results, busy, words);
        assert!(text.contains(part), "{part}: {text}");
    }
    let without_cores: String =
        test.utilisation().lines().map(|line| format!("{}\n", line.rsplit_once(',').unwrap().0)).collect();
    let (_, text) = said(&results, &without_cores, hosts);
    assert!(text.contains("--cores app=4"), "{text}");
}

#[test]
fn names_that_the_spec_does_not_have_are_asked_for() {
    let test = Test::mixed();
    let results = jmeter_csv(&test).replace(",page,", ",GET /page,");
    let hosts = "--host web1=app --host db1=database";
    let (code, text) = said(&results, &test.utilisation(), hosts);
    assert_eq!(code, Some(2));
    assert!(text.contains("`GET /page`") && text.contains("--map"), "{text}");
    let folder = desk(&results, &test.utilisation());
    let output = run(&folder, &format!("{hosts} --map GET*page=page"));
    // The star is the shell's as little as ours: no blank in the argument.
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A text with some of its bytes exchanged, and its end cut off.
fn damaged(text: &str, hits: &[(usize, u8)], keep: usize) -> Vec<u8> {
    let mut bytes = text.as_bytes()[..text.len().min(4000)].to_vec();
    for (at, byte) in hits {
        let length = bytes.len();
        bytes[at % length] = *byte;
    }
    bytes.truncate(keep % 4001);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_bring_a_reader_down(hits in prop::collection::vec((0_usize..4000, any::<u8>()), 0..12), keep in 0_usize..4001) {
        let test = Test { requests: Test::plain().requests.into_iter().take(20).collect(), busy: Vec::new() };
        for text in [k6_csv(&test), jmeter_csv(&test), locust_history(&test), loadline(&test)] {
            let bytes = damaged(&text, &hits, keep);
            let _ = read_results("results", &mut bytes.as_slice());
            let _ = read_utilisation("busy", &mut bytes.as_slice());
        }
    }
}
