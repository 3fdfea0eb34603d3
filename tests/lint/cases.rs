//! tests/lint/cases: for each rule files in which it fires, and a change after which it does not.
//!
//! A case is a heading with the rule's name, a block for each file (`nginx file=nginx.conf`), and a line `near: A => B`: with B in
//! place of A the rule is silent. `with: spec` brings the example of 2000 users in, `with: balancer 60` a balancer's idle timeout.

use std::collections::BTreeMap;
use std::fs;

use loadline::lint::{Context, Linted, lint, rules};

use crate::support::{Shelf, fired, input, root, spec};

#[derive(Debug, Default)]
struct Case {
    rule: String,
    files: Vec<(String, String)>,
    near: Vec<(String, String)>,
    spec: bool,
    balancer: Option<f64>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut pages: Vec<_> =
        fs::read_dir(root().join("tests/lint/cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(rule) = line.strip_prefix("## ") {
                cases.push(Case { rule: rule.to_owned(), ..Case::default() });
                continue;
            }
            let Some(case) = cases.last_mut() else { continue };
            if let Some((_, name)) = line.strip_prefix("```").and_then(|fence| fence.split_once(" file=")) {
                let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                case.files.push((name.to_owned(), body.join("\n") + "\n"));
            } else if let Some(change) = line.strip_prefix("near: ") {
                let (from, to) = change.split_once(" =>").unwrap_or_else(|| panic!("{line}"));
                case.near.push((from.to_owned(), to.trim_start().to_owned()));
            } else if line == "with: spec" {
                case.spec = true;
            } else if let Some(seconds) = line.strip_prefix("with: balancer ") {
                case.balancer = Some(seconds.parse().unwrap());
            }
        }
    }
    cases
}

fn run(case: &Case, files: &[(String, String)]) -> Linted {
    let spec = spec();
    let inputs: Vec<_> = files.iter().map(|(name, text)| input(name, text)).collect();
    let context =
        Context { spec: case.spec.then_some(("teachers.yaml", &spec)), balancer_idle_s: case.balancer };
    lint(&inputs, &Shelf::default(), context).unwrap_or_else(|wrong| panic!("{}: {wrong:?}", case.rule))
}

#[test]
fn each_rule_fires_in_its_case_and_is_silent_beside_it() {
    let mut wrong = Vec::new();
    for case in cases() {
        let linted = run(&case, &case.files);
        let found: Vec<_> = linted.findings.iter().filter(|it| it.rule.id == case.rule).collect();
        if found.is_empty() {
            wrong.push(format!("{}: silent in its case; {:?}", case.rule, fired(&linted)));
        }
        for finding in found {
            let placed = finding.figures.iter().any(|figure| figure.place().is_some());
            if !placed || finding.agree.is_empty() || finding.sentence.is_empty() {
                wrong.push(format!("{}: no place, or nothing that would agree: {finding:?}", case.rule));
            }
        }
        assert!(!case.near.is_empty(), "{} has nothing near", case.rule);
        for (from, to) in &case.near {
            let changed: Vec<_> = case
                .files
                .iter()
                .map(|(name, text)| (name.clone(), text.replace(from.as_str(), to)))
                .collect();
            assert_ne!(changed, case.files, "{}: `{from}` stands nowhere", case.rule);
            let linted = run(&case, &changed);
            if let Some(finding) = linted.findings.iter().find(|it| it.rule.id == case.rule) {
                wrong.push(format!("{}: fires after {from} => {to}: {}", case.rule, finding.sentence));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case_and_every_case_a_rule() {
    let mut count: BTreeMap<String, i32> = rules().map(|rule| (rule.id.to_owned(), 0)).collect();
    for case in cases() {
        *count.get_mut(&case.rule).unwrap_or_else(|| panic!("no rule `{}`", case.rule)) += 1;
    }
    let without: Vec<_> = count.iter().filter(|(_, count)| **count == 0).collect();
    assert!(without.is_empty(), "{without:?}");
}
