//! The parts of files that are ours: a file of our own whole, or a marked block in a file that others write as well.

use std::collections::BTreeMap;

use super::facts::{Files, LimitLine, limit_line, sysctl_line};
use super::key::Key;
use super::paths;
use super::profile::Place;

/// First line of a block.
pub(super) const BEGIN: &str =
    "# BEGIN loadline: written by `loadline tune apply`, taken out by `loadline tune revert`";
/// Last line of a block.
pub(super) const END: &str = "# END loadline";
/// First line of a file that is ours, whether a run or a first start wrote it.
pub(super) const HEAD: &str =
    "# Written by loadline. Change the spec and run `loadline tune apply` rather than edit this file.";

/// Our part of a text.
pub(super) fn ours(text: &str, place: Place) -> String {
    match place {
        Place::OwnFiles => text.to_owned(),
        Place::OldFiles => parts(text).1,
    }
}

/// A text with our part put in place of the one that was there, or at its end; an empty part takes the block out.
pub(super) fn with(text: &str, part: &str) -> String {
    let (mut rest, _) = parts(text);
    if !part.is_empty() {
        if !rest.is_empty() && !rest.ends_with('\n') {
            rest.push('\n');
        }
        rest.push_str(&format!("{BEGIN}\n{part}{END}\n"));
    }
    rest
}

/// A text without our blocks, and what stood in them. A block without an end reaches as far as lines that could be ours do not
/// tell: it is left alone, so that nothing of others is lost.
fn parts(text: &str) -> (String, String) {
    let (mut rest, mut ours) = (String::new(), String::new());
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let ahead: Vec<&str> = lines.clone().collect();
        let end = ahead.iter().position(|line| line.trim_end() == END);
        match end.filter(|_| line.starts_with("# BEGIN loadline")) {
            Some(end) => {
                ours.extend(ahead[..end].iter().copied());
                lines.nth(end);
            }
            None => rest.push_str(line),
        }
    }
    (rest, ours)
}

/// Kernel settings that earlier runs wrote to this place.
pub(super) fn kernel_settings(files: &Files, place: Place) -> BTreeMap<Key, String> {
    let text = ours(files.text(paths::sysctl(place)).unwrap_or_default(), place);
    text.lines()
        .filter_map(|line| sysctl_line(line).and_then(|(key, value)| Some((key, value?.to_owned()))))
        .collect()
}

/// Session limits that earlier runs wrote to this place.
pub(super) fn limits(files: &Files, place: Place) -> Vec<LimitLine> {
    let path = paths::limits(place);
    let text = ours(files.text(path).unwrap_or_default(), place);
    text.lines().filter_map(|line| limit_line(path, line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_put_at_the_end_replaced_in_place_and_taken_out() {
        let once = with("a=1\nb=2", "c=3\n");
        assert_eq!(once, format!("a=1\nb=2\n{BEGIN}\nc=3\n{END}\n"));
        assert_eq!(ours(&once, Place::OldFiles), "c=3\n");
        assert_eq!(with(&once, "c=4\n"), format!("a=1\nb=2\n{BEGIN}\nc=4\n{END}\n"));
        assert_eq!(with(&once, ""), "a=1\nb=2\n");
    }

    #[test]
    fn a_block_whose_end_somebody_took_out_swallows_nothing() {
        let text = format!("a=1\n{BEGIN}\nc=3\nmine=4\n");
        assert_eq!(with(&text, ""), text);
        assert_eq!(ours(&text, Place::OldFiles), "");
    }
}
