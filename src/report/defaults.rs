//! What was taken for granted, for `size --explain`: the defaults of the spec and the figures that no spec states.

use super::look::{Look, Tone};
use super::page::Page;
use super::tidy::significant;
use super::words::plural;
use crate::sizing::ASSUMPTIONS;
use crate::spec::DefaultTaken;

/// The defaults for a person, then the figures that sizing assumes.
pub fn explain_text(defaults: &[DefaultTaken], look: &Look) -> String {
    let mut page = Page::new(look);
    if defaults.is_empty() {
        page.sentence("No default was taken: every value is written in the spec.");
    } else {
        let count = plural(defaults.len(), "value");
        page.heading(&format!(
            "Defaults: {count} not written in the spec. Write the key to decide it yourself."
        ));
    }
    for default in defaults {
        page.marked(Tone::Strong, &format!("{}:", default.path), 0, &default.value);
        page.hanging(4, &default.reason);
        if !default.source.is_empty() {
            page.hanging(4, &format!("Source: {}", default.source));
        }
    }
    page.heading("Assumptions: figures that every size rests on and that a spec cannot state.");
    for one in ASSUMPTIONS {
        page.sentence(&format!("{} {}", significant(one.value, 6), one.what));
        page.hanging(4, one.reason);
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;
    use crate::spec;

    #[test]
    fn every_default_is_shown_with_value_reason_and_source() {
        let defaults = spec::explain(&fixtures::spec());
        assert_eq!(defaults.len(), 2, "the written value is no default");
        let text = explain_text(&defaults, &Look::plain(80));
        for default in &defaults {
            for word in [&default.path, &default.value, &default.reason, &default.source] {
                assert!(text.contains(word.as_str()), "{word} is missing from\n{text}");
            }
        }
    }

    #[test]
    fn every_assumption_is_shown_with_its_reason_within_80_columns() {
        let text = explain_text(&spec::explain(&fixtures::spec()), &Look::plain(80));
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for one in ASSUMPTIONS {
            assert!(words.contains(one.what) && words.contains(one.reason), "{} is missing", one.what);
        }
        assert!(words.contains("1.06 bytes on the wire for each byte of payload"), "{words}");
        let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{wide:?}");
    }

    #[test]
    fn a_spec_without_defaults_says_so() {
        assert!(explain_text(&[], &Look::plain(80)).starts_with("No default was taken"));
    }
}
