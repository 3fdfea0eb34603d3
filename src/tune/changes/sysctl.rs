//! Kernel settings: the lines of our file, and the values that are set now.

use std::collections::BTreeMap;

use super::{ValueChange, Work, file};
use crate::tune::blocks;
use crate::tune::facts::{Facts, Reading};
use crate::tune::judge::{Act, Judged, Verdict};
use crate::tune::key::Key;
use crate::tune::paths;
use crate::tune::profile::{Place, Profile};

/// Adds the changes; gives the keys that our file holds afterwards.
pub(super) fn plan(profile: &Profile, facts: &Facts, judged: &[Judged], work: &mut Work) -> Vec<Key> {
    let path = paths::sysctl(profile.place);
    let there = blocks::kernel_settings(&facts.files, profile.place);
    let mut lines = there.clone();
    for change in judged {
        let Act::Kernel(key) = &change.act else { continue };
        match (change.verdict, &change.to) {
            (Verdict::Releases, _) => {
                lines.remove(key);
                work.released.push(key.file());
            }
            (verdict, Some(to)) if verdict.is_change() => {
                if change.file.as_deref() == Some(path) {
                    lines.insert(key.clone(), to.clone());
                }
                if let Reading::Value(before) = facts.sysctl.now(key)
                    && before != *to
                {
                    work.values.push(ValueChange { path: key.file(), before, after: to.clone() });
                }
            }
            _ => {}
        }
    }
    // Comments and order are nobody's business.
    if lines == there {
        return lines.into_keys().collect();
    }
    let text = facts.files.text(path).unwrap_or_default();
    let text = match profile.place {
        Place::OwnFiles => own(&lines),
        Place::OldFiles => blocks::with(text, &part(&lines)),
    };
    file(work, facts, path, text);
    lines.into_keys().collect()
}

fn own(lines: &BTreeMap<Key, String>) -> String {
    if lines.is_empty() { String::new() } else { format!("{}\n{}", blocks::HEAD, part(lines)) }
}

/// The lines, one for each key.
fn part(lines: &BTreeMap<Key, String>) -> String {
    lines.iter().map(|(key, value)| format!("{key} = {value}\n")).collect()
}
