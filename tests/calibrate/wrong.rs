//! Files that are no results, or are of another test: a sentence with the place, no panic, nothing changed.

use loadline::calibrate::{Component, Options, Readings, calibrate, read_results, read_utilisation};
use proptest::prelude::*;

use crate::formats::{
    jmeter_csv, jmeter_xml, k6_csv, k6_json, k6_summary, loadline, locust_history, locust_stats,
};
use crate::learned::{desk, run};
use crate::truth::{GUESS, Test, spec};

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
fn a_spec_without_a_file_is_refused_before_anything_is_read() {
    for words in [&["-"][..], &["-", "--write"]] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_loadline"))
            .args(["calibrate"])
            .args(words)
            .args(["results", "--utilisation", "busy"])
            .env_clear()
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("nothing was changed") && said.contains("name the file"), "{said}");
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
        ("timestamp,host,cpu_util,cores\n1795687200,web1,7,1e300\n", hosts, "which no machine has"),
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

/// One wrong digit makes a test of years, a request of days or a people of a country out of a test of minutes.
#[test]
fn a_test_of_years_is_refused_before_its_seconds_are_counted() {
    let test = Test::mixed();
    let later = |text: &str| {
        let at = text.rfind("17956").unwrap();
        format!("{}97956{}", &text[..at], &text[at + 5..])
    };
    let people = |text: String, users: &str| text.replacen(users, &users.replace("42", "4200000000"), 1);
    let hosts = "--host web1=app --host db1=database";
    for (results, part) in [
        (later(&k6_csv(&test)), "spans 92592 days; a test lasts 7 at most"),
        (k6_json(&test).replacen("\"2026-", "\"2056-", 1), "spans 109"),
        (later(&jmeter_csv(&test)), "spans 92592 days"),
        (later(&jmeter_xml(&test)), "spans 92592 days"),
        (later(&locust_history(&test)), "spans 92592 days"),
        (loadline(&test).replacen("2026", "2027", 1), "spans 365 days"),
        (k6_csv(&test) + "vus,1295687200,3.000000,,,,,,,,,,,,,,,,\n", "spans 5787 days"),
        (jmeter_csv(&test).replacen(",page,", "99999999,page,", 1), "a test lasts 7 at most"),
        (people(k6_csv(&test), ",42.000000,"), "4200000000 people at work at once"),
        (people(loadline(&test), "\"users\":42"), "4200000000 people at work at once"),
    ] {
        let (code, text) = said(&results, &test.utilisation(), hosts);
        assert!(text.contains(part), "{part}: {text}");
        assert_eq!(code, Some(1), "{text}");
    }
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

/// A test of some minutes in a few requests, as each tool writes it, and what was busy meanwhile.
fn short() -> &'static ([String; 8], Readings) {
    static SHORT: std::sync::LazyLock<([String; 8], Readings)> = std::sync::LazyLock::new(|| {
        let Test { requests, busy } = Test::plain();
        let mut text =
            String::from("time,run,host,utilisation,cores\n,results,web1,0.4,2\n,results,db1,0.2,1\n");
        for (at, host, share, cores) in busy {
            text += &format!("{at},,{host},{share},{cores}\n");
        }
        let readings = read_utilisation("busy", &mut text.as_bytes()).unwrap();
        let step = requests.len() / 20;
        let few = Test { requests: requests.into_iter().step_by(step).collect(), busy: Vec::new() };
        let texts = [
            k6_csv(&few),
            k6_json(&few),
            k6_summary(&few, 0),
            jmeter_csv(&few),
            jmeter_xml(&few),
            locust_history(&few),
            locust_stats(&few),
            loadline(&few),
        ];
        (texts, readings)
    });
    &SHORT
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_bytes_bring_it_down(
        hits in prop::collection::vec((0_usize..4000, prop_oneof![any::<u8>(), b'0'..=b'9']), 0..12),
        keep in prop_oneof![0_usize..4001, Just(4000)],
    ) {
        let spec = spec(GUESS);
        let options = Options {
            names: vec![("*".to_owned(), Some("page".to_owned()))],
            hosts: vec![("web1".to_owned(), Some(Component::App)), ("db1".to_owned(), Some(Component::Database))],
            ..Options::default()
        };
        let (texts, busy) = short();
        for text in texts {
            let bytes = damaged(text, &hits, keep);
            let _ = read_utilisation("busy", &mut bytes.as_slice());
            if let Ok(results) = read_results("results", &mut bytes.as_slice()) {
                let _ = calibrate(&spec, &[results], busy, &options);
            }
        }
    }
}
