//! `$NAME` and `${NAME:-default}` in values (compose-spec 12).

use super::Variables;

/// Deepest nesting of defaults inside of defaults.
const DEEPEST: usize = 8;

/// The text with its variables filled in. What is not known stays as it was written.
pub(super) fn fill(text: &str, variables: &Variables) -> String {
    fill_to(text, variables, 0)
}

/// Whether a value still names a variable that nobody here knows.
pub(crate) fn is_open(text: &str) -> bool {
    text.contains("${")
}

fn fill_to(text: &str, variables: &Variables, depth: usize) -> String {
    if depth > DEEPEST {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('{') {
            let Some(end) = closing(inside) else {
                // Compose refuses it; nothing behind it can be told.
                out.push_str("${");
                rest = inside;
                break;
            };
            out.push_str(&value(&inside[..end], variables, depth));
            rest = &inside[end + 1..];
        } else {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            match variables.get(&rest[..end]) {
                Some(known) if end > 0 => out.push_str(&known.value),
                _ if end > 0 => out.push_str(&format!("${{{}}}", &rest[..end])),
                _ => out.push('$'),
            }
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
}

/// Where the brace closes that was opened before this text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn value(inside: &str, variables: &Variables, depth: usize) -> String {
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
    let (name, rule) = inside.split_at(end);
    let known = variables.get(name).map(|word| word.value.as_str());
    let filled = |text: &str| fill_to(text, variables, depth + 1);
    match (rule.as_bytes(), known) {
        ([b':', b'-', ..], Some(known)) if !known.is_empty() => known.to_owned(),
        ([b':', b'-', ..], _) => filled(&rule[2..]),
        ([b'-', ..], None) => filled(&rule[1..]),
        ([b':', b'+', ..], Some(known)) if !known.is_empty() => filled(&rule[2..]),
        ([b'+', ..], Some(_)) => filled(&rule[1..]),
        ([b':', b'+', ..] | [b'+', ..], _) => String::new(),
        (_, Some(known)) => known.to_owned(),
        (_, None) => format!("${{{inside}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::known::{Place, Word};
    use super::*;

    #[test]
    fn variables_defaults_and_dollars() {
        let place = Place { file: "x".into(), line: 1, column: 1 };
        let variables = Variables::from([("A".to_owned(), Word::written("7", place))]);
        for (text, filled) in [
            ("${A}", "7"),
            ("$A-$$B", "7-$B"),
            ("${B:-3}", "3"),
            ("${B:-${C:-x}}", "x"),
            ("${A:+set}${B:+unset}", "set"),
            ("${B}", "${B}"),
            ("$B", "${B}"),
            ("${B", "${B"),
            ("5$", "5$"),
        ] {
            assert_eq!(fill(text, &variables), filled, "{text}");
        }
    }

    #[test]
    fn nesting_without_end_is_cut_off() {
        let text = "${A:-".repeat(50_000) + &"}".repeat(50_000);
        assert!(fill(&text, &Variables::new()).starts_with("${A:-"));
    }
}
