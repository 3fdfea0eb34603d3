//! The verdict on one setting of one host.

use crate::tune::facts::Most;
use crate::tune::key::Key;

/// What is to be done, or why nothing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The value goes up.
    Raises,
    /// The value goes down, which is the better for this setting.
    Lowers,
    /// It is set to the very value.
    Sets,
    /// The range grows.
    Widens,
    /// The range grows over ports that services listen on, which are reserved in the same run.
    Collides,
    /// Entries are added to a list.
    Reserves,
    /// It is right now, but no file keeps it over a boot: one is written.
    Keeps,
    /// An earlier run set it and nothing wants it any more: it goes back to what it was.
    Releases,
    /// It is right, now and at the next boot.
    AlreadyEnough,
    /// The host has more than the value asked for: it is left alone.
    WouldLower,
    /// It would change nothing here.
    NoEffect,
    /// It cannot be set here.
    NotSettable,
    /// The spec forbids it.
    Forbidden,
    /// Everything of ours is in place, but something else has the last word.
    Overridden,
    /// The service has less than its unit gives: it has to be restarted.
    RestartNeeded,
    /// It is there and could not be read: nobody knows.
    Unreadable,
}

impl Verdict {
    /// The word in every form of output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Raises => "raises",
            Self::Lowers => "lowers",
            Self::Sets => "sets",
            Self::Widens => "widens",
            Self::Collides => "collides",
            Self::Reserves => "reserves",
            Self::Keeps => "keeps",
            Self::Releases => "releases",
            Self::AlreadyEnough => "already-enough",
            Self::WouldLower => "would-lower",
            Self::NoEffect => "no-effect",
            Self::NotSettable => "not-settable",
            Self::Forbidden => "forbidden",
            Self::Overridden => "overridden",
            Self::RestartNeeded => "restart-needed",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether `apply` has something to do.
    pub const fn is_change(self) -> bool {
        matches!(
            self,
            Self::Raises
                | Self::Lowers
                | Self::Sets
                | Self::Widens
                | Self::Collides
                | Self::Reserves
                | Self::Keeps
                | Self::Releases
        )
    }

    /// Whether the host is as the profile wants it, as far as this setting goes.
    pub const fn holds(self) -> bool {
        matches!(self, Self::AlreadyEnough | Self::WouldLower | Self::NoEffect | Self::Forbidden)
    }
}

/// What a change acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A kernel setting.
    Kernel(Key),
    /// A limit of sessions.
    Session {
        /// `*` or a user.
        domain: &'static str,
        /// `soft` or `hard`.
        end: &'static str,
        /// `nofile`, `nproc`.
        item: String,
    },
    /// A property of a unit, such as `LimitNOFILE`.
    Unit {
        /// The unit.
        unit: String,
        /// The property.
        property: &'static str,
    },
    /// A kernel module that boot has to load.
    Module(&'static str),
    /// Transparent huge pages.
    HugePages,
    /// A file of ours that is not as it would be written now.
    File,
}

/// A setting of a host, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Its name for people: `net.core.somaxconn`, `* soft nofile`, `nginx.service LimitNOFILE`.
    pub setting: String,
    /// What a change acts on.
    pub act: Act,
    /// The file that holds it, or will.
    pub file: Option<String>,
    /// What it is; `None`: not known, or not there.
    pub from: Option<String>,
    /// What it becomes, or what was wanted; `None`: unknown until the host is asked.
    pub to: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in sentences; ends with a full stop.
    pub why: String,
    /// What a change may cost or break; empty where nothing of a profile is judged.
    pub risk: String,
    /// Where the facts about the setting come from; empty likewise.
    pub source: String,
}

impl Judged {
    /// Adds a sentence.
    pub(super) fn note(&mut self, sentence: &str) {
        if !self.why.is_empty() {
            self.why.push(' ');
        }
        self.why.push_str(sentence);
    }
}

/// A limit as a person reads it: soft and hard, or one where they are the same.
pub(super) fn pair((soft, hard): (Most, Most)) -> String {
    if soft == hard { soft.to_string() } else { format!("{soft}:{hard}") }
}
