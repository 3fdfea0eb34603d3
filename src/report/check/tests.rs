//! The same round in every form.

use jiff::Timestamp;

use super::*;
use crate::check::{Alert, Finding, Looked, Turn, Unit};
use crate::report::Look;

fn round(memory: Verdict) -> Round {
    let at = Timestamp::from_second(1_790_000_000).unwrap();
    let findings = vec![
        Finding::measured("cache", "memory", 0.831, Unit::Share, "It is \"full\".".into())
            .against(0.8, memory)
            .hint("do so"),
        Finding::unknown("host/a\\b", "cpu", Unit::Share, "Nobody knows."),
        Finding::measured("cache", "answers", 0.0042, Unit::Seconds, "It answered.".into()),
    ];
    Round { at, looks: vec![Looked { at, findings }], not_checked: vec!["the queue: say where".into()] }
}

fn view(round: &Round) -> CheckView<'_> {
    CheckView { deployment: "shop", round }
}

#[test]
fn the_text_says_no_shows_each_value_and_what_to_do_and_fits_eighty_columns() {
    let text = check_text(view(&round(Verdict::Fail)), &Look::plain(80));
    for part in [
        "shop: NO, 1 fail, 1 unknown, 1 ok.",
        "83.1 %",
        "80 %",
        "4.2 ms",
        "Next: do so.",
        "- the queue: say where",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn what_was_not_measured_has_no_value_and_is_not_ok() {
    let round = round(Verdict::Ok);
    assert_eq!(round.verdict(), Verdict::Unknown);
    let metrics = check_metrics(view(&round), 7);
    assert!(!metrics.contains("loadline_check_value{component=\"host"), "{metrics}");
    for line in [
        "loadline_check_ok{component=\"host/a\\\\b\",check=\"cpu\"} 0",
        "loadline_check_known{component=\"host/a\\\\b\",check=\"cpu\"} 0",
        "loadline_check_value{component=\"cache\",check=\"memory\"} 0.831",
        "loadline_check_limit{component=\"cache\",check=\"memory\"} 0.8",
        "loadline_check_rounds_total 7",
    ] {
        assert!(metrics.lines().any(|it| it == line), "{line}: {metrics}");
    }
    assert_eq!(check_json(view(&round))["findings"][1]["value"], serde_json::Value::Null);
}

#[test]
fn only_what_changes_is_a_line() {
    let (fine, full) = (round(Verdict::Ok), round(Verdict::Fail));
    assert_eq!(change_lines(Some(&fine), &fine), [""; 0]);
    assert_eq!(
        change_lines(Some(&fine), &full),
        ["2026-09-21T14:13:20Z cache memory: ok -> fail: It is \"full\"."]
    );
    assert_eq!(change_lines(None, &fine), ["2026-09-21T14:13:20Z host/a\\b cpu: unknown: Nobody knows."]);
    assert_eq!(
        round_line(view(&full), 3),
        "2026-09-21T14:13:20Z shop round 3: fail (1 fail, 1 unknown, 1 ok)"
    );
}

#[test]
fn a_small_screen_shows_the_worst_and_how_much_is_left_out() {
    let text = check_table(view(&round(Verdict::Fail)), 4, &Look::plain(80), 9);
    assert!(text.contains("Round 4") && text.lines().count() <= 12, "{text}");
    let fail = text.find("cache      memory").unwrap();
    assert!(fail < text.find("host/a").unwrap(), "{text}");
}

#[test]
fn a_message_reads_as_a_sentence() {
    let round = round(Verdict::Fail);
    let alert = Alert {
        component: "cache".into(),
        turn: Turn::Failed,
        since: round.at,
        at: round.at,
        rounds: 3,
        findings: round.looks[0].findings[..1].to_vec(),
    };
    let message = alert_json("shop", &alert);
    assert_eq!(message["text"], "shop: cache has failed. It is \"full\".");
    assert_eq!((&message["event"], &message["findings"][0]["limit"]), (&"failed".into(), &0.8.into()));
}
