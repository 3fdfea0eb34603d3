//! What one look found: a value held against its line, with a sentence.

use jiff::Timestamp;

/// How a value stands to its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Measured, and on the right side of its line.
    Ok,
    /// Measured, and near its line, or something that a person should know.
    Warn,
    /// Not measured, and the sentence says why. Never counts as fine.
    Unknown,
    /// Measured, and over its line; or a component that does not answer.
    Fail,
}

impl Verdict {
    /// Every verdict, the worst first.
    pub const ALL: [Self; 4] = [Self::Fail, Self::Unknown, Self::Warn, Self::Ok];

    /// The word in every form of output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::Fail => "fail",
        }
    }

    /// Whether a person can go on sleeping: nothing failed and nothing is unknown.
    pub const fn is_healthy(self) -> bool {
        matches!(self, Self::Ok | Self::Warn)
    }
}

/// What a value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share, 0..=1.
    Share,
    /// A plain number of things.
    Count,
    /// Seconds.
    Seconds,
    /// Things a second.
    PerSecond,
    /// Days.
    Days,
    /// Mbit/s.
    Mbps,
    /// A status code of HTTP.
    Status,
}

impl Unit {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Count => "count",
            Self::Seconds => "s",
            Self::PerSecond => "1/s",
            Self::Days => "days",
            Self::Mbps => "Mbit/s",
            Self::Status => "status",
        }
    }
}

/// One check of one component.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// `balancer`, `instance/10.0.0.7:8000`, `database`, `cache`, `queue`, `host/web-1`.
    pub component: String,
    /// What was looked at, such as `connections`.
    pub check: String,
    /// What was measured; `None`: it could not be.
    pub value: Option<f64>,
    /// The line that it is held against; `None`: there is none.
    pub limit: Option<f64>,
    /// Unit of both.
    pub unit: Unit,
    /// How they stand to each other.
    pub verdict: Verdict,
    /// What was seen, for a person.
    pub sentence: String,
    /// What to run or change next, where something is to be done.
    pub hint: Option<String>,
}

impl Finding {
    /// A measured value without a line.
    pub fn measured(component: &str, check: &str, value: f64, unit: Unit, sentence: String) -> Self {
        Self {
            component: component.to_owned(),
            check: check.to_owned(),
            value: Some(value),
            limit: None,
            unit,
            verdict: Verdict::Ok,
            sentence,
            hint: None,
        }
    }

    /// Something that could not be measured, with the reason.
    pub fn unknown(component: &str, check: &str, unit: Unit, why: impl Into<String>) -> Self {
        Self {
            component: component.to_owned(),
            check: check.to_owned(),
            value: None,
            limit: None,
            unit,
            verdict: Verdict::Unknown,
            sentence: why.into(),
            hint: None,
        }
    }

    /// A component that does not do what it is there for.
    pub fn failed(component: &str, check: &str, unit: Unit, sentence: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, ..Self::unknown(component, check, unit, sentence) }
    }

    /// The same with a line and how the value stands to it.
    pub fn against(mut self, limit: f64, verdict: Verdict) -> Self {
        self.limit = Some(limit);
        self.verdict = verdict;
        self
    }

    /// The same with this verdict.
    pub fn with(mut self, verdict: Verdict) -> Self {
        self.verdict = verdict;
        self
    }

    /// The same with what to run or change next, unless all is well.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if self.verdict != Verdict::Ok {
            self.hint = Some(hint.into());
        }
        self
    }
}

/// What a look at one component found, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// When the look ended.
    pub at: Timestamp,
    /// What it found; never empty.
    pub findings: Vec<Finding>,
}

/// One look at everything.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// When it ended.
    pub at: Timestamp,
    /// The looks, in the order of the components.
    pub looks: Vec<Looked>,
    /// What nobody could look at because it was not said where it is, each as a sentence.
    pub not_checked: Vec<String>,
}

impl Round {
    /// Every finding with the time of its look.
    pub fn findings(&self) -> impl Iterator<Item = (&Finding, Timestamp)> {
        self.looks.iter().flat_map(|look| look.findings.iter().map(move |finding| (finding, look.at)))
    }

    /// The worst of the findings; [`Verdict::Unknown`] where nothing was looked at.
    pub fn verdict(&self) -> Verdict {
        self.findings().map(|(finding, _)| finding.verdict).max().unwrap_or(Verdict::Unknown)
    }

    /// Components in their order, each with its worst verdict.
    pub fn components(&self) -> Vec<(&str, Verdict)> {
        let mut components: Vec<(&str, Verdict)> = Vec::new();
        for (finding, _) in self.findings() {
            match components.iter_mut().find(|(name, _)| *name == finding.component) {
                Some((_, worst)) => *worst = (*worst).max(finding.verdict),
                None => components.push((&finding.component, finding.verdict)),
            }
        }
        components
    }

    /// How many findings have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings().filter(|(finding, _)| finding.verdict == verdict).count()
    }
}
