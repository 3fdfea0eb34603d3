//! Contradictions and traps of a spec: one small rule each, with its arithmetic, for any spec.
//!
//! A rule sees the spec and what sizing made of it, and says nothing, one thing, or one thing for each item. Rules
//! decide no size. What is about products and their prices (retired, too small) is the market's.

mod connections;
mod growth;
mod host;
mod load;
mod memory;
mod objectives;
mod resilience;
mod scaling;
mod tasks;
mod traffic;
mod workers;

use super::{Finding, LoadLine, Model, Prediction, Requirements, Severity};
use crate::spec::Spec;

/// What no part of the model knows; a report must say so.
pub const NOT_MODELLED: [&str; 6] = [
    "garbage-collection pauses",
    "lock convoys",
    "retry storms",
    "cache stampedes",
    "cold starts",
    "noisy neighbours",
];

/// What a rule may look at.
pub(crate) struct View<'a> {
    pub(crate) model: &'a Model,
    pub(crate) spec: &'a Spec,
    pub(crate) requirements: &'a Requirements,
    pub(crate) prediction: &'a Prediction,
    pub(crate) load_line: &'a LoadLine,
}

type Rule = fn(&View<'_>) -> Vec<Finding>;

/// Every finding, worst first; equals in the order of the rules.
pub(crate) fn findings(view: &View<'_>) -> Vec<Finding> {
    let rules: [&[Rule]; 11] = [
        load::RULES,
        scaling::RULES,
        workers::RULES,
        connections::RULES,
        memory::RULES,
        tasks::RULES,
        resilience::RULES,
        traffic::RULES,
        growth::RULES,
        objectives::RULES,
        host::RULES,
    ];
    let mut found = view.model.misses(view.prediction);
    found.extend(rules.iter().flat_map(|rules| rules.iter()).flat_map(|rule| rule(view)));
    found.push(not_modelled());
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

fn not_modelled() -> Finding {
    note(
        "not-modelled",
        format!("Not in any number here: {}.", NOT_MODELLED.join(", ")),
        "Prove the result with a load test before relying on it.",
        "",
    )
}

fn finding(severity: Severity, code: &'static str, sentence: String, hint: &str, path: &str) -> Finding {
    Finding { code, severity, sentence, hint: hint.to_owned(), path: path.to_owned() }
}

fn error(code: &'static str, sentence: String, hint: &str, path: &str) -> Finding {
    finding(Severity::Error, code, sentence, hint, path)
}

fn warning(code: &'static str, sentence: String, hint: &str, path: &str) -> Finding {
    finding(Severity::Warning, code, sentence, hint, path)
}

fn note(code: &'static str, sentence: String, hint: &str, path: &str) -> Finding {
    finding(Severity::Note, code, sentence, hint, path)
}
