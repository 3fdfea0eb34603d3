//! `--set path=value`.

use loadline::spec::Origin;
use loadline_contract::Term;

use crate::support::{FULL, SMALL, help, marked, read_with, sound};

fn refused(flags: &[(&str, &str)]) -> loadline::spec::Diagnostic {
    let mut found = read_with(FULL, flags).expect_err("this flag is wrong, but nothing was said");
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_flag_replaces_what_the_file_says() {
    let spec = sound(read_with(FULL, &[("load.users", "2500"), ("requests[0].cpu", "3 ms")]));
    assert_eq!((spec.load.users.mid, spec.requests[0].cpu_s.mid), (2500.0, 0.003));
    assert_eq!(spec.origins["load.users"], Origin::Flag);
    assert_eq!(spec.load.think_s.mid, 0.16, "its neighbours stay");
}

#[test]
fn a_flag_adds_what_the_file_does_not_say() {
    let spec = sound(read_with(SMALL, &[("objectives.p95", "400 ms"), ("cache.entries", "5")]));
    assert_eq!(spec.objectives.p95_s, Some(0.4));
    assert_eq!(spec.cache.unwrap().entries.mid, 5.0);
}

#[test]
fn the_last_of_two_flags_wins() {
    let spec = sound(read_with(SMALL, &[("load.users", "1"), ("load.users", "7")]));
    assert_eq!(spec.load.users.mid, 7.0);
}

#[test]
fn a_flag_takes_lists_and_maps() {
    let flags = [("load.users", "{low: 100, mid: 150, high: 400}"), ("hosts", "[a.example, b.example]")];
    let spec = sound(read_with(SMALL, &flags));
    assert_eq!(spec.load.users.range.unwrap().high, 400.0);
    assert_eq!(spec.hosts, ["a.example", "b.example"]);
    let spec = sound(read_with(FULL, &[("clouds", "{gcp: {}}")]));
    assert_eq!(spec.clouds.len(), 1);
}

#[test]
fn one_tier_can_leave_the_term_that_holds_for_all() {
    let text = FULL.replace("terms: on-demand", "terms: reserved-3y");
    let terms = sound(read_with(text, &[("terms.app", "on-demand")])).terms;
    assert_eq!(
        [terms.app, terms.database, terms.cache],
        [Term::OnDemand, Term::Reserved3y, Term::Reserved3y],
        "what holds for the other tiers was written and stays"
    );
}

#[test]
fn a_flag_mends_what_is_wrong_in_the_file() {
    let text = SMALL.replace("200", "minus two");
    assert_eq!(sound(read_with(text, &[("load.users", "2")])).load.users.mid, 2.0);
}

#[test]
fn an_entry_that_is_not_there_is_counted_from_zero() {
    let found = refused(&[("requests[1].cpu", "3 ms")]);
    assert_eq!(found.code, "set-path");
    assert!(help(&found).contains("number 0"), "{found:?}");
    assert!(help(&refused(&[("requests[99999999999999999999].cpu", "1 ms")])).contains("--set"), "no number");
    let mut found = read_with(SMALL, &[("tasks[0].rate", "1/s")]).unwrap_err();
    assert!(help(&found.remove(0)).contains("no entries"));
}

#[test]
fn a_list_without_a_number_is_told_to_have_one() {
    let found = refused(&[("requests.cpu", "3 ms")]);
    assert_eq!(found.code, "set-path");
    assert!(help(&found).contains("`requests[0].cpu`"), "{found:?}");
}

#[test]
fn what_is_no_path_is_refused() {
    for path in
        ["load..users", ".users", "load.", "a b", "load[x]", "load[0", "[0]", "a.b.c.d.e.f.g.h.i", "ü"]
    {
        assert_eq!(refused(&[(path, "1")]).code, "set-path", "{path}");
    }
}

#[test]
fn an_unknown_path_is_answered_with_the_nearest_key() {
    let found = refused(&[("load.uesrs", "5")]);
    assert_eq!((found.code, found.file.as_str()), ("unknown-key", "--set"));
    assert!(help(&found).contains("`users`"), "{found:?}");
}

#[test]
fn a_wrong_value_is_shown_in_its_flag() {
    let found = refused(&[("load.users", "5"), ("objectives.p95", "{low: 1 s}")]);
    assert_eq!(found.excerpt, "objectives.p95={low: 1 s}");
    let found = refused(&[("load.users", "{low: 1, mid: 7, high: 3}")]);
    assert_eq!((found.column, marked(&found).as_str()), (26, "7"));
}

#[test]
fn an_empty_value_is_missing() {
    assert_eq!(refused(&[("load.users", "")]).code, "missing-value");
}

#[test]
fn a_value_stays_on_its_line() {
    for value in ["1\nname: x", "1\u{1b}[31m", "1\u{0}", "1\t2"] {
        assert_eq!(refused(&[("load.users", value)]).code, "control-character", "{value:?}");
    }
}

#[test]
fn a_huge_flag_is_refused() {
    assert_eq!(refused(&[("load.users", &"9".repeat(20_000))]).code, "too-large");
}
