//! Files that a deployment already has, held against each other: Compose, nginx, MySQL or MariaDB, Redis or Valkey.
//!
//! In: bytes with their names, a way to the files that they include, and what is known of the load. Out: every contradiction between
//! and inside of them, each with the failure that it causes, the numbers with their places, and numbers that would agree. Pure: the same
//! files in any order give the same answer.

mod facts;
mod kind;
mod known;
mod parse;
mod read;
mod rules;
mod units;

pub use kind::Kind;
pub use known::{Figure, From, Place};
pub use parse::Unreadable;
pub use parse::text::LARGEST_BYTES;
pub use read::{Files, Input, Note};
pub use rules::{Agree, Finding, Rule, Severity, rules};

use crate::spec::Spec;
use facts::Stack;
use facts::load::Load;

/// What is known besides the files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The spec with its name: numbers are then judged against what its load needs.
    pub spec: Option<(&'a str, &'a Spec)>,
    /// After how long a balancer before all of it gives up on an idle connection, s.
    pub balancer_idle_s: Option<f64>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Linted {
    /// The files, by name, with their kinds.
    pub files: Vec<(String, Kind)>,
    /// Contradictions, worst first.
    pub findings: Vec<Finding>,
    /// What was not followed, and what could not be read.
    pub notes: Vec<Note>,
}

impl Linted {
    /// How many findings are as bad as this.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.rule.severity == severity).count()
    }
}

/// Looks for contradictions in files. Files that another one includes are read by way of `files`.
///
/// # Errors
/// With a sentence for each file that cannot be read: then nothing is judged, since what is missing might settle it.
pub fn lint(inputs: &[Input], files: &dyn Files, context: Context<'_>) -> Result<Linted, Vec<Unreadable>> {
    let sources = read::read(inputs, files)?;
    let load = context.spec.map(|(name, spec)| Load::of(name, spec));
    let stack = Stack::of(&sources, load, context.balancer_idle_s);
    let findings = rules::check(&stack);
    let mut read = sources.files;
    read.sort();
    let mut notes = sources.notes;
    notes.extend(facts::unread(&stack));
    notes.sort();
    notes.dedup();
    Ok(Linted { files: read, findings, notes })
}
