//! Limits of sessions: the lines of our file.

use std::collections::BTreeMap;

use super::{Work, file};
use crate::tune::blocks;
use crate::tune::facts::Facts;
use crate::tune::judge::{Act, Judged, Verdict};
use crate::tune::paths;
use crate::tune::profile::{Place, Profile};

/// Adds the change of the file.
pub(super) fn plan(profile: &Profile, facts: &Facts, judged: &[Judged], work: &mut Work) {
    let path = paths::limits(profile.place);
    let left: BTreeMap<(String, String, String), String> = blocks::limits(&facts.files, profile.place)
        .into_iter()
        .map(|line| ((line.domain, line.item, line.kind), line.most.to_string()))
        .collect();
    let mut lines = BTreeMap::new();
    for change in judged {
        let Act::Session { domain, end, item } = &change.act else { continue };
        let key = ((*domain).to_owned(), item.clone(), (*end).to_owned());
        // What an earlier run wrote stays while it is wanted; what nothing wants any more is not taken over.
        let value = match change.verdict {
            verdict if verdict.is_change() => change.to.clone(),
            Verdict::Forbidden => None,
            _ => left.get(&key).cloned(),
        };
        if let Some(value) = value {
            lines.insert(key, value);
        }
    }
    if lines == left {
        return;
    }
    let part: String =
        lines.iter().map(|((domain, item, end), value)| format!("{domain} {end} {item} {value}\n")).collect();
    let text = facts.files.text(path).unwrap_or_default();
    let text = match profile.place {
        Place::OwnFiles if part.is_empty() => String::new(),
        Place::OwnFiles => format!("{}\n{part}", blocks::HEAD),
        Place::OldFiles => blocks::with(text, &part),
    };
    file(work, facts, path, text);
}
