//! Names with wildcards, as SSH configurations and `--limit` write them.

/// Whether the text is what the pattern means: `*` stands for any characters, `?` for one. Letters count alike in either case.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().flat_map(char::to_lowercase).collect();
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let (mut at, mut in_text) = (0, 0);
    // Where the last star stood, and the first character that it has not swallowed yet.
    let mut star: Option<(usize, usize)> = None;
    while in_text < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_text));
                at += 1;
            }
            Some(&expected) if expected == '?' || expected == text[in_text] => {
                at += 1;
                in_text += 1;
            }
            _ => match star {
                Some((of_star, swallowed)) => {
                    star = Some((of_star, swallowed + 1));
                    at = of_star + 1;
                    in_text = swallowed + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

/// Whether any of the patterns means the text and none with `!` before it does.
#[cfg_attr(not(feature = "ssh"), allow(dead_code, reason = "only configurations are read this way"))]
pub(super) fn any_matches<'a>(patterns: impl IntoIterator<Item = &'a str>, text: &str) -> bool {
    let mut found = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(refused) if matches(refused, text) => return false,
            Some(_) => {}
            None => found |= matches(pattern, text),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters_and_a_question_mark_for_one() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("web-?", "web-1", true),
            ("web-?", "web-12", false),
            ("*.example.org", "a.b.EXAMPLE.org", true),
            ("*.example.org", "example.org", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("", "x", false),
            ("**", "x", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} against {text}");
        }
    }

    #[test]
    fn a_pattern_made_to_be_slow_is_not() {
        assert!(!matches(&"*a".repeat(500), &"a".repeat(499)));
        assert!(!matches(&format!("{}b", "*a".repeat(200)), &"a".repeat(5000)));
    }

    #[test]
    fn a_refused_name_stays_refused_wherever_it_stands() {
        assert!(any_matches(["*.org", "!bad.org"], "good.org"));
        assert!(!any_matches(["!bad.org", "*.org"], "bad.org"));
        assert!(!any_matches(["!bad.org"], "good.org"));
    }
}
