//! From verdicts to what a host has to do ([`work`]), to one script ([`script`]) and from its output to an outcome
//! ([`outcome`]). Pure; nothing here touches a host.

mod huge_pages;
mod limits;
mod modules;
mod outcome;
mod script;
mod services;
mod sysctl;

pub use outcome::{Ending, Outcome, Step, outcome};
pub use script::{Arming, confirm_script, revert_script, script};

use super::facts::Facts;
use super::judge::Judged;
use super::profile::Profile;

/// Whether services may be restarted so that they get their new limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// No: they get them at their next start.
    Leave,
    /// Those that have less than their unit gives.
    Services,
}

/// A file that is to have another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The file.
    pub path: String,
    /// Its text as it was looked at; `None`: there was none.
    pub before: Option<String>,
    /// Its new text; `None`: it goes.
    pub after: Option<String>,
}

/// A value of the running kernel that is to be another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueChange {
    /// The file below `/proc/sys` or `/sys`.
    pub path: String,
    /// Its value as it was looked at, words apart by one blank.
    pub before: String,
    /// Its new value.
    pub after: String,
}

/// What a host has to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Work {
    /// Files.
    pub files: Vec<FileChange>,
    /// Values, in the order in which they are written.
    pub values: Vec<ValueChange>,
    /// Values that go back to what they were before the first run.
    pub released: Vec<String>,
    /// Whether systemd has to read its units again.
    pub reload: bool,
    /// Units to restart.
    pub restart: Vec<String>,
}

impl Work {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a host has to do to get from the facts to what was judged.
pub fn work(profile: &Profile, facts: &Facts, judged: &[Judged], restart: Restart) -> Work {
    let mut work = Work::default();
    let kept = sysctl::plan(profile, facts, judged, &mut work);
    limits::plan(profile, facts, judged, &mut work);
    services::plan(facts, judged, restart, &mut work);
    modules::plan(facts, judged, &kept, &mut work);
    huge_pages::plan(facts, judged, &mut work);
    // Ports are reserved before the range grows over them.
    work.values.sort_by_key(|value| !value.path.ends_with("/ip_local_reserved_ports"));
    work
}

/// Adds a change of a file unless its text is the wanted one. An empty text means that the file goes.
fn file(work: &mut Work, facts: &Facts, path: &str, text: String) {
    let before = facts.files.text(path).map(str::to_owned);
    let after = (!text.is_empty()).then_some(text);
    if before.as_deref().map(str::trim_end) != after.as_deref().map(str::trim_end) {
        work.files.push(FileChange { path: path.to_owned(), before, after });
    }
}

#[cfg(test)]
mod tests;
