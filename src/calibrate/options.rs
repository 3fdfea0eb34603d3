//! What the person states besides the files.

use super::component::Component;

/// Probability that a true value lies inside of an interval: that of intervals in a spec that state none.
pub const CONFIDENCE: f64 = 0.9;

/// Most cores of a component: a spec takes no more (docs/spec.md, `app.cores`).
pub const MOST_CORES: f64 = 1e5;

/// What is written for a value that was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Write {
    /// The number; an interval that stands there stays one.
    #[default]
    Numbers,
    /// `{ low, mid, high, confidence }`, so that `size` says how far its answers may be off.
    Intervals,
}

/// What the person states besides the files.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// Which kind of request of the spec a name in the results means; `None`: none, it is left out. A `*` in the name stands for any text.
    pub names: Vec<(String, Option<String>)>,
    /// Which component a host of the utilisation belongs to; `None`: none.
    pub hosts: Vec<(String, Option<Component>)>,
    /// Cores of a component.
    pub cores: Vec<(Component, f64)>,
    /// Length of a window, s; `None`: as the data ask for.
    pub window_s: Option<f64>,
    /// What is left out at the beginning of each level at least, s.
    pub warm_up_s: f64,
    /// What is written.
    pub write: Write,
}

/// Why nothing was calibrated although every file could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// What is not known or does not fit.
    pub sentence: String,
    /// What to add to the command, or to measure.
    pub hint: String,
}

impl Unclear {
    pub(super) fn new(sentence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), hint: hint.into() }
    }
}
