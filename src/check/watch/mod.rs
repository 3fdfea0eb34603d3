//! The same lines for others to watch by: alert rules for Prometheus and a dashboard for Grafana. Pure: a spec's lines to text.

mod dashboard;
mod exporters;
mod own;
mod rules;

pub use dashboard::dashboard;
pub use rules::rules;

use super::Lines;

/// What is watched: the name of the deployment and its lines.
#[derive(Debug, Clone, Copy)]
pub struct Watched<'a> {
    /// Name in the spec.
    pub name: &'a str,
    /// Its lines.
    pub lines: &'a Lines,
    /// Share of time that it should answer; `None`: not asked for.
    pub availability: Option<f64>,
}

/// How urgent an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Somebody has to look now.
    Critical,
    /// Somebody has to look today.
    Warning,
}

impl Urgency {
    const fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
        }
    }
}

/// One alert: an expression that is true when it should ring.
#[derive(Debug, Clone)]
pub(super) struct Alarm {
    pub(super) name: &'static str,
    pub(super) expression: String,
    /// How long it has to be so, as Prometheus writes it.
    pub(super) lasting: &'static str,
    pub(super) urgency: Urgency,
    pub(super) summary: &'static str,
    pub(super) description: String,
}

/// A curve of the dashboard with its line.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    pub(super) title: &'static str,
    pub(super) expression: String,
    /// What stands in the legend.
    pub(super) legend: &'static str,
    /// Unit as Grafana names it.
    pub(super) unit: &'static str,
    /// The line; `None`: there is none.
    pub(super) line: Option<f64>,
}

/// A figure as Prometheus reads it: without the rests of binary fractions.
pub(super) fn figure(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
