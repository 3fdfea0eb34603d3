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
pub(super) use worth::needs_a_look;

use super::facts::Facts;
use super::profile::{Profile, Subject};

/// Judges every setting of a profile on a host, and what earlier runs left there that is wanted no more.
pub fn judge(profile: &Profile, facts: &Facts) -> Vec<Judged> {
    let mut judged: Vec<Judged> = Vec::new();
    for setting in &profile.settings {
        let begun = judged.len();
        match &setting.subject {
            Subject::Kernel(key) => judged.push(kernel::judge(profile, setting, key, facts)),
            Subject::Limit(item) => {
                judged.extend(limits::judge(profile, setting, item, facts));
                judged.extend(services::judge(profile, setting, item, facts));
            }
            Subject::HugePages => judged.push(huge_pages::judge(profile, setting, facts)),
        }
        for it in &mut judged[begun..] {
            (it.risk, it.source) = (setting.risk.clone(), setting.source.clone());
        }
    }
    judged.extend(modules::judge(&judged, facts));
    judged.extend(kernel::released(profile, facts));
    judged
}

#[cfg(test)]
mod tests;
