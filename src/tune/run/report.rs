//! What came of one host.

use crate::hosts::{Fares, HostError};
use crate::tune::judge::{Judged, Verdict};

/// Where a host stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is as the profile wants it.
    AsWanted,
    /// There is something to do.
    ToChange,
    /// It was changed, and proved.
    Changed,
    /// It was brought back to what it was before.
    Reverted,
    /// Nothing is left to do, but something wanted cannot be had here.
    FallsShort,
    /// Some of it was done, or nobody knows how much.
    PartWay,
    /// Another run is at it; nothing was changed.
    Held,
    /// It failed; nothing was changed.
    Failed,
    /// It was not begun.
    NotBegun,
}

impl State {
    /// The word in every form of output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AsWanted => "as-wanted",
            Self::ToChange => "to-change",
            Self::Changed => "changed",
            Self::Reverted => "reverted",
            Self::FallsShort => "falls-short",
            Self::PartWay => "part-way",
            Self::Held => "held",
            Self::Failed => "failed",
            Self::NotBegun => "not-begun",
        }
    }

    /// Whether the host came out as a person would want it.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::AsWanted | Self::Changed | Self::Reverted)
    }
}

/// What came of one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostReport {
    /// The host as the person wrote it.
    pub host: String,
    /// Where it stands.
    pub state: State,
    /// Every setting that was judged.
    pub settings: Vec<Judged>,
    /// What went wrong, and whether anything was changed.
    pub problems: Vec<String>,
    /// What is to be known.
    pub notes: Vec<String>,
    /// What to run next.
    pub hint: Option<String>,
}

impl HostReport {
    /// A host that was judged: as wanted, to be changed, or short of what cannot be had.
    pub fn judged(host: &str, settings: Vec<Judged>) -> Self {
        let state = if settings.iter().any(|it| it.verdict.is_change()) {
            State::ToChange
        } else if settings.iter().all(|it| it.verdict.holds()) {
            State::AsWanted
        } else {
            State::FallsShort
        };
        let restart = settings.iter().any(|it| it.verdict == Verdict::RestartNeeded);
        let hint = "loadline tune apply --restart-services gives running services what their units have";
        Self { settings, hint: restart.then(|| hint.to_owned()), ..Self::without(host, state) }
    }

    /// A host of which nothing is known but its state.
    pub fn without(host: &str, state: State) -> Self {
        Self {
            host: host.to_owned(),
            state,
            settings: Vec::new(),
            problems: Vec::new(),
            notes: Vec::new(),
            hint: None,
        }
    }

    /// A host that could not be worked with before anything was changed.
    pub fn unreached(host: &str, error: &HostError) -> Self {
        Self {
            problems: vec![error.to_string()],
            hint: error.hint.clone(),
            ..Self::without(host, State::Failed)
        }
    }

    /// A host whose work broke off: how far it came is not known.
    pub fn broken(host: &str, error: &HostError) -> Self {
        let mut report = Self::unreached(host, error);
        report.state = State::PartWay;
        report
    }

    /// Settings that are to be changed, or were.
    pub fn changes(&self) -> impl Iterator<Item = &Judged> {
        self.settings.iter().filter(|it| it.verdict.is_change())
    }

    /// Settings that are not as wanted and that no change brings.
    pub fn short(&self) -> impl Iterator<Item = &Judged> {
        self.settings.iter().filter(|it| !it.verdict.is_change() && !it.verdict.holds())
    }

    /// Whether every setting holds, now and at the next boot.
    pub fn holds(&self) -> bool {
        self.state == State::AsWanted && self.settings.iter().all(|it| it.verdict.holds())
    }

    /// Settings with this verdict.
    pub fn with(&self, verdict: Verdict) -> impl Iterator<Item = &Judged> {
        self.settings.iter().filter(move |it| it.verdict == verdict)
    }
}

impl Fares for HostReport {
    fn failed(&self) -> bool {
        matches!(self.state, State::Failed | State::Held | State::PartWay)
    }
}
