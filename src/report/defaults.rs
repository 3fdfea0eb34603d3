//! What was taken for granted, for `size --explain`: the defaults of the spec and the figures that no spec can state, each
//! with its value and its reason.

use super::look::{Look, Tone};
use super::page::Page;
use super::tidy;
use super::words::plural;
use crate::sizing::Assumption;
use crate::spec::{Origin, Spec};

/// A value that the user did not write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultTaken {
    /// Path in the spec: `load.duty`.
    pub path: String,
    /// The value, as a person would write it.
    pub value: String,
    /// Why this value.
    pub reason: String,
    /// Where the figure comes from; may be empty.
    pub source: String,
}

/// Every default of a spec, by path.
pub fn defaults_taken(spec: &Spec) -> Vec<DefaultTaken> {
    let taken = |(path, origin): (&String, &Origin)| match origin {
        Origin::Default { value, reason, source } => Some(DefaultTaken {
            path: path.clone(),
            value: value.clone(),
            reason: reason.clone(),
            source: source.clone(),
        }),
        Origin::Written { .. } | Origin::Flag => None,
    };
    spec.origins.iter().filter_map(taken).collect()
}

/// The defaults for a person.
pub fn explain_text(defaults: &[DefaultTaken], look: &Look) -> String {
    let mut page = Page::new(look);
    if defaults.is_empty() {
        page.sentence("No default was taken: every value is written in the spec.");
        return page.finish();
    }
    let count = plural(defaults.len(), "value");
    page.heading(&format!("Defaults: {count} not written in the spec. Write the key to decide it yourself."));
    for default in defaults {
        page.marked(Tone::Strong, &format!("{}:", default.path), 0, &default.value);
        page.hanging(4, &default.reason);
        if !default.source.is_empty() {
            page.hanging(4, &format!("Source: {}", default.source));
        }
    }
    page.finish()
}

/// The figures that sizing takes for granted, for a person.
pub fn assumptions_text(assumptions: &[Assumption], look: &Look) -> String {
    let mut page = Page::new(look);
    let count = plural(assumptions.len(), "figure");
    page.heading(&format!("Assumptions: {count} that a spec cannot state."));
    for assumption in assumptions {
        let value = tidy::significant(assumption.value, 4);
        page.marked(Tone::Strong, &format!("{}:", assumption.what), 0, &value);
        page.hanging(4, assumption.reason);
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;
    use crate::sizing::ASSUMPTIONS;

    #[test]
    fn every_default_is_shown_with_value_reason_and_source() {
        let defaults = defaults_taken(&fixtures::spec());
        assert_eq!(defaults.len(), 2, "the written value is no default");
        let text = explain_text(&defaults, &Look::plain(80));
        for default in &defaults {
            for word in [&default.path, &default.value, &default.reason, &default.source] {
                assert!(text.contains(word.as_str()), "{word} is missing from\n{text}");
            }
        }
    }

    #[test]
    fn every_assumption_is_shown_with_value_and_reason() {
        let text = assumptions_text(ASSUMPTIONS, &Look::plain(80));
        assert!(ASSUMPTIONS.len() > 25, "{}", ASSUMPTIONS.len());
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for assumption in ASSUMPTIONS {
            assert!(one_line.contains(&format!("{}: ", assumption.what)), "{}", assumption.what);
            assert!(one_line.contains(assumption.reason), "{}", assumption.reason);
        }
        // 8760 hours in a year, divided by 12.
        assert!(one_line.contains("hours in a month: 730"), "{text}");
        assert!(one_line.contains("bytes on the wire for each byte of payload: 1.06"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn a_spec_without_defaults_says_so() {
        assert!(explain_text(&[], &Look::plain(80)).starts_with("No default was taken"));
    }
}
