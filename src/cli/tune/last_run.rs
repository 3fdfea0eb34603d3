//! Which hosts failed in the last run on a spec: a small file beside the journal, for `--retry-failed`.

use std::path::{Path, PathBuf};

use super::super::exit::Failure;
use super::super::input::{Existing, write_file};
use super::super::screen::Screen;
use crate::tune::run::{HostReport, State};

fn place(name: &str) -> PathBuf {
    Path::new(".loadline/tune").join(format!("{name}.json"))
}

/// Hosts that did not come through in the last run.
pub(super) fn failed(name: &str) -> Result<Vec<String>, Failure> {
    let place = place(name);
    let failed = |said: String| {
        Failure::failed(format!(
            "reading which hosts failed from {}: {said}; nothing was looked at",
            place.display()
        ))
        .hint("run once without --retry-failed")
    };
    let text = std::fs::read_to_string(&place).map_err(|error| failed(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| failed(error.to_string()))
}

/// Writes down which hosts failed, for --retry-failed. Not being able to is no failure of the run.
pub(super) fn remember(name: &str, reports: &[HostReport], screen: &Screen) {
    if let Err(error) = write(name, reports) {
        screen.note(&format!(
            "note: which hosts failed could not be written down ({error}): --retry-failed will not know"
        ));
    }
}

/// Writes down the hosts that did not come through.
fn write(name: &str, reports: &[HostReport]) -> std::io::Result<()> {
    let bad = |report: &&HostReport| {
        matches!(report.state, State::Failed | State::Held | State::PartWay | State::NotBegun)
    };
    let failed: Vec<&str> = reports.iter().filter(bad).map(|report| report.host.as_str()).collect();
    let place = place(name);
    // A run in which nothing fails leaves no folder behind.
    if failed.is_empty() && !place.exists() {
        return Ok(());
    }
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let text = format!("{}\n", serde_json::json!(failed));
    write_file(&place, &text, Existing::Replace)
        .map_err(|_| std::io::Error::other("the file cannot be written"))
}
