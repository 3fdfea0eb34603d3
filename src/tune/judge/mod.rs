//! What a host is against what it should be: a verdict for each setting. Pure; the same facts give the same verdicts.

mod holds;
mod huge_pages;
mod kernel;
mod limits;
mod modules;
mod ports;
mod services;
mod verdict;
mod worth;

pub use ports::Ports;
pub use verdict::{Act, Judged, Verdict};

use super::facts::Facts;
use super::profile::{Profile, Subject};

/// Judges every setting of a profile on a host, and what earlier runs left there that is wanted no more.
pub fn judge(profile: &Profile, facts: &Facts) -> Vec<Judged> {
    let mut judged = Vec::new();
    for setting in &profile.settings {
        match &setting.subject {
            Subject::Kernel(key) => judged.push(kernel::judge(profile, setting, key, facts)),
            Subject::Limit(item) => {
                judged.extend(limits::judge(profile, setting, item, facts));
                judged.extend(services::judge(profile, setting, item, facts));
            }
            Subject::HugePages => judged.push(huge_pages::judge(profile, setting, facts)),
        }
    }
    judged.extend(modules::judge(&judged, facts));
    judged.extend(kernel::released(profile, facts));
    judged
}

#[cfg(test)]
mod tests;
