//! Modules that boot loads before it applies our kernel settings.

use std::collections::BTreeSet;

use super::{Work, file};
use crate::tune::blocks;
use crate::tune::facts::{Facts, module_of};
use crate::tune::judge::{Act, Judged};
use crate::tune::key::Key;
use crate::tune::paths;

/// Adds the change of the file: what it names already stays as long as a setting of ours needs it.
pub(super) fn plan(facts: &Facts, judged: &[Judged], keys: &[Key], work: &mut Work) {
    let needed: BTreeSet<&str> = keys.iter().filter_map(module_of).collect();
    let text = facts.files.text(paths::MODULES).unwrap_or_default();
    let there: BTreeSet<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let mut modules: BTreeSet<&str> = there.intersection(&needed).copied().collect();
    modules.extend(judged.iter().filter_map(|change| match change.act {
        Act::Module(module) => Some(module),
        _ => None,
    }));
    if modules == there {
        return;
    }
    let lines: String = modules.iter().map(|module| format!("{module}\n")).collect();
    let text = if lines.is_empty() { String::new() } else { format!("{}\n{lines}", blocks::HEAD) };
    file(work, facts, paths::MODULES, text);
}
