//! What came of hosts: as text with hosts that agree in one group, as JSON, as JUnit XML.

mod json;
mod junit;
mod text;

pub use json::tune_json;
pub use junit::tune_junit;
pub use text::tune_text;

use super::words::plural;
use crate::tune::profile::Profile;
use crate::tune::run::HostReport;

/// Which command's results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tuned {
    /// What would change.
    Plan,
    /// What was changed.
    Apply,
    /// Whether it holds.
    Verify,
    /// What was brought back.
    Revert,
}

/// What is shown of hosts.
#[derive(Debug, Clone, Copy)]
pub struct TuneView<'a> {
    /// Of which command.
    pub what: Tuned,
    /// The profile.
    pub profile: &'a Profile,
    /// What came of each host.
    pub hosts: &'a [HostReport],
}

/// `1 host`, `2 hosts`.
pub fn hosts(number: usize) -> String {
    plural(number, "host")
}

/// Hosts that agree in everything but their names, the largest group first.
fn groups(hosts: &[HostReport]) -> Vec<Vec<&HostReport>> {
    let mut groups: Vec<Vec<&HostReport>> = Vec::new();
    for host in hosts {
        match groups.iter_mut().find(|group| alike(group[0], host)) {
            Some(group) => group.push(host),
            None => groups.push(vec![host]),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups
}

fn alike(one: &HostReport, other: &HostReport) -> bool {
    HostReport { host: String::new(), ..one.clone() } == HostReport { host: String::new(), ..other.clone() }
}

#[cfg(test)]
mod tests;
