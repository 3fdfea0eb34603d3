//! What else can be asked of hosts: their logs, and the end of a lock that nobody gives back.

use std::time::Duration;

use super::host::{Host, Trouble};
use crate::deploy::host::Script;

/// Which lines of the logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Project, such as a release's.
    pub project: String,
    /// The last lines of each container.
    pub lines: u32,
    /// Not before: what the engine takes, such as `10m` or a time.
    pub since: Option<String>,
    /// One service: `app`, `tasks`, `proxy`.
    pub service: Option<String>,
}

/// A line that a container wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The container.
    pub container: String,
    /// Its service.
    pub service: String,
    /// When, as the engine writes it; empty where it did not say.
    pub at: String,
    /// The line.
    pub text: String,
}

/// The logs of a project on a host, by time.
///
/// # Errors
/// If the host cannot be worked with.
pub async fn logs(
    host: &Host,
    deployment: &str,
    what: &Logged,
    within: Duration,
) -> Result<Vec<LogLine>, Trouble> {
    let (since, service) =
        (what.since.as_deref().unwrap_or_default(), what.service.as_deref().unwrap_or_default());
    let words = [what.project.as_str(), &what.lines.to_string(), since, service];
    let said = host.ask(&Script::about(deployment).call("logs", &words), within).await?;
    let mut lines = Vec::new();
    for (mark, text) in said.text {
        let rest = said.marks.get(mark).filter(|it| it.word == "container").map_or("", |it| it.rest.as_str());
        let (container, service) = rest.split_once(' ').unwrap_or((rest, ""));
        let stamp = text.split_once(' ').filter(|(at, _)| at.len() > 18 && at.contains('T'));
        let (at, text) = stamp.unwrap_or(("", &text));
        lines.push(LogLine {
            container: container.to_owned(),
            service: service.to_owned(),
            at: at.to_owned(),
            text: text.to_owned(),
        });
    }
    lines.sort_by(|one, other| one.at.cmp(&other.at));
    Ok(lines)
}

/// Ends the lock of a run that is no more; whose it was.
///
/// # Errors
/// If the host cannot be worked with.
pub async fn unlock(host: &Host, deployment: &str, within: Duration) -> Result<Option<String>, Trouble> {
    let said = host.ask(&Script::about(deployment).call("break_lock", &[]), within).await?;
    Ok(said.of("broken").map(str::to_owned))
}
