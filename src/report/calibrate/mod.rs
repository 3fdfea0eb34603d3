//! What a load test taught: as text, as JSON, as a difference of the spec.

mod json;
mod text;

pub use json::calibrate_json;
pub use text::calibrate_text;

use crate::calibrate::Calibration;

/// What is shown of a calibration.
#[derive(Debug, Clone, Copy)]
pub struct CalibrateView<'a> {
    /// Name of the spec in messages.
    pub spec: &'a str,
    /// What was learned.
    pub found: &'a Calibration,
    /// Names of the kinds of requests, in the order of the spec.
    pub kinds: &'a [String],
    /// Result files: name, format, requests.
    pub results: &'a [(String, &'static str, f64)],
    /// The spec before and after; equal where nothing changes.
    pub texts: (&'a str, &'a str),
    /// Whether it was written.
    pub written: bool,
}

impl CalibrateView<'_> {
    /// The unified difference of the spec; empty where nothing changes.
    pub(crate) fn difference(&self) -> String {
        let (before, after) = self.texts;
        similar::TextDiff::from_lines(before, after)
            .unified_diff()
            .context_radius(1)
            .header(self.spec, &format!("{} (calibrated)", self.spec))
            .to_string()
    }
}
