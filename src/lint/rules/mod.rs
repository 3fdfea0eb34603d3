//! The rules: each a row of data and a function from facts to what it found.
//!
//! A rule fires on what is written, or on a default that a documentation states; then the number says which. A rule that needs a number
//! which nobody wrote stays silent.

mod backlogs;
mod cache;
mod clients;
mod compose;
mod connections;
mod database;
mod hygiene;
mod kernel;
mod load;
mod memory;
mod opened;
mod proxy;
mod redo_log;
mod secrets;
mod tasks;
mod timeouts;
mod upstream;

use super::facts::Stack;
use super::known::{Figure, Place};
pub use crate::sizing::Severity;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Stable name, kebab-case.
    pub id: &'static str,
    /// How bad it is when it fires.
    pub severity: Severity,
    /// What has to agree.
    pub title: &'static str,
    /// What happens where it does not.
    pub failure: &'static str,
    /// Where the facts come from.
    pub source: &'static str,
    check: fn(&Stack) -> Vec<Hit>,
}

/// What a rule found, before it is a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hit {
    sentence: String,
    figures: Vec<Figure>,
    agree: Vec<Agree>,
}

/// A setting and the value with which the numbers would agree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Agree {
    /// Setting, with the service or the file that it belongs to.
    pub setting: String,
    /// Value, with its bound in words where there is a range.
    pub value: String,
}

/// A contradiction.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// What does not agree, with the numbers.
    pub sentence: String,
    /// The numbers, each with its place.
    pub figures: Vec<Figure>,
    /// Numbers that would agree.
    pub agree: Vec<Agree>,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Finding {
    /// The first place that is written.
    pub fn place(&self) -> Option<&Place> {
        self.figures.iter().find_map(Figure::place)
    }
}

impl Figure {
    /// The place, if it is written.
    pub fn place(&self) -> Option<&Place> {
        match &self.from {
            super::known::From::Written(place) => Some(place),
            _ => None,
        }
    }
}

fn hit(sentence: impl Into<String>, figures: Vec<Figure>) -> Hit {
    Hit { sentence: sentence.into(), figures, agree: Vec::new() }
}

impl Hit {
    /// Adds what would agree.
    fn agree(mut self, setting: impl Into<String>, value: impl Into<String>) -> Self {
        self.agree.push(Agree { setting: setting.into(), value: value.into() });
        self
    }

    /// Whether every number that it rests on could be read.
    fn is_founded(&self) -> bool {
        !self.figures.iter().any(|figure| matches!(figure.from, super::known::From::Unread(_)))
    }

    /// The one thing that was found.
    fn into_vec(self) -> Vec<Self> {
        vec![self]
    }
}

/// Every rule, by topic.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        proxy::RULES,
        upstream::RULES,
        timeouts::RULES,
        backlogs::RULES,
        connections::RULES,
        database::RULES,
        redo_log::RULES,
        memory::RULES,
        cache::RULES,
        clients::RULES,
        tasks::RULES,
        kernel::RULES,
        compose::RULES,
        hygiene::RULES,
        secrets::RULES,
        load::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Everything that the rules find, worst first.
pub(super) fn check(stack: &Stack) -> Vec<Finding> {
    let mut found: Vec<Finding> = rules()
        .flat_map(|rule| {
            let hits = (rule.check)(stack).into_iter().filter(Hit::is_founded);
            hits.map(move |Hit { sentence, figures, agree }| Finding { rule, sentence, figures, agree })
        })
        .collect();
    found.sort_by(|one, other| {
        let key = |it: &Finding| (std::cmp::Reverse(it.rule.severity), it.rule.id);
        let rest = |it: &Finding| (it.place().cloned(), it.sentence.clone(), it.figures.clone());
        key(one).cmp(&key(other)).then_with(|| rest(one).cmp(&rest(other)))
    });
    found.dedup();
    found
}
