//! Exit codes and the one form in which a command says that it could not do what was asked.

use std::process::ExitCode;

use super::screen::Screen;

/// How a run ended; the numbers are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done.
    Done = 0,
    /// Failed; nothing was changed.
    Failed = 1,
    /// Wrong flags or a wrong spec.
    Usage = 2,
    /// The answer is no: an objective is missed, or nothing fits.
    No = 3,
    /// Stopped part-way: run again.
    PartWay = 4,
    /// Another run holds the deployment.
    Held = 75,
    /// Interrupted while it only looked: what a shell says of a process that Ctrl-C ended.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command stopped: what was being done and seen, and what to run next.
#[derive(Debug)]
pub(super) struct Failure {
    exit: Exit,
    sentence: String,
    hint: Option<String>,
}

impl Failure {
    /// Something outside did not work: a file, a book.
    pub(super) fn failed(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, sentence: sentence.into(), hint: None }
    }

    /// The user asked for something that does not exist or cannot be meant.
    pub(super) fn usage(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, sentence: sentence.into(), hint: None }
    }

    /// Some of it was done, or nobody knows.
    pub(super) fn part_way(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::PartWay, sentence: sentence.into(), hint: None }
    }

    /// A person wanted no answer any more.
    pub(super) fn interrupted(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Interrupted, sentence: sentence.into(), hint: None }
    }

    /// Another run is at it.
    pub(super) fn held(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Held, sentence: sentence.into(), hint: None }
    }

    /// It cannot be as it was asked for.
    pub(super) fn no(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::No, sentence: sentence.into(), hint: None }
    }

    /// Adds what to run or change next.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says it on stderr and gives the exit code.
    pub(super) fn report(&self, screen: &Screen) -> ExitCode {
        if !self.sentence.is_empty() {
            screen.complain(&self.sentence, self.hint.as_deref());
        }
        self.exit.into()
    }
}

/// Prints what clap has to say: help and version are answers (stdout, 0), the rest is a wrong usage (stderr, 2).
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    // A closed pipe is no reason to fail: whoever reads has seen enough.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() }
}
