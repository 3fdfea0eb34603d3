//! Transparent huge pages: the value now, and the line by which boot sets it.

use super::{ValueChange, Work, file};
use crate::tune::blocks;
use crate::tune::facts::{Facts, sysctl_words};
use crate::tune::judge::{Act, Judged, Verdict};
use crate::tune::paths;

/// Adds the change of the value and of the file.
pub(super) fn plan(facts: &Facts, judged: &[Judged], work: &mut Work) {
    let judged = judged.iter().find(|change| change.act == Act::HugePages);
    let there = facts.files.text(paths::HUGE_PAGES).is_some();
    let text = match judged {
        Some(change) if change.verdict.is_change() => {
            let mode = change.to.as_deref().unwrap_or("madvise");
            if let Some(before) = facts.files.text(paths::HUGE_PAGES_SWITCH) {
                let (path, before) = (paths::HUGE_PAGES_SWITCH.to_owned(), sysctl_words(before));
                work.values.push(ValueChange { path, before, after: mode.to_owned() });
            }
            format!("{}\nw {} - - - - {mode}\n", blocks::HEAD, paths::HUGE_PAGES_SWITCH)
        }
        Some(change) if there && change.verdict != Verdict::Forbidden => return,
        _ => String::new(),
    };
    file(work, facts, paths::HUGE_PAGES, text);
}
