//! Transparent huge pages.

use super::verdict::{Act, Judged, Verdict};
use crate::tune::facts::{Container, Facts};
use crate::tune::paths;
use crate::tune::profile::{Profile, Setting};

/// Judges the mode of transparent huge pages: `never` is as good as `madvise`.
pub(super) fn judge(profile: &Profile, setting: &Setting, facts: &Facts) -> Judged {
    let mut judged = Judged {
        setting: setting.subject.to_string(),
        act: Act::HugePages,
        file: Some(paths::HUGE_PAGES.to_owned()),
        from: facts.system.huge_pages.clone(),
        to: Some(setting.wanted.clone()),
        verdict: Verdict::AlreadyEnough,
        why: "The kernel has it so.".to_owned(),
        risk: String::new(),
        source: String::new(),
    };
    let switch = facts.files.get(paths::HUGE_PAGES_SWITCH);
    let (verdict, why) = if let Some(entry) = profile.forbids(&setting.subject) {
        (Verdict::Forbidden, format!("tune.never forbids it (`{entry}`)."))
    } else if let (Some(now), true) = (&facts.system.huge_pages, switch.is_some()) {
        if *now == setting.wanted || now == "never" {
            return judged;
        }
        match &facts.system.container {
            Container::Yes(kind) => (
                Verdict::NotSettable,
                format!("It belongs to the whole machine, and this is a container ({kind})."),
            ),
            Container::No if !switch.is_some_and(|file| file.writable) => {
                (Verdict::NotSettable, format!("{} is read-only here.", paths::HUGE_PAGES_SWITCH))
            }
            Container::No => (Verdict::Sets, format!("{} {}.", setting.why, setting.arithmetic)),
        }
    } else if switch.is_some() {
        (Verdict::Unreadable, format!("{} could not be read.", paths::HUGE_PAGES_SWITCH))
    } else {
        (Verdict::NoEffect, "No effect here: the kernel has no transparent huge pages.".to_owned())
    };
    (judged.verdict, judged.why) = (verdict, why);
    judged
}
