//! Foreign words made harmless: what a user or a price book wrote must not steer a terminal, a spreadsheet or a Markdown renderer.
//!
//! HTML is escaped by the template engine, JSON by its serialiser.

/// The text with every control character and every character that reorders or hides text written out, such as `\u{1b}`.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}

/// Control characters (C0, DEL, C1), line and paragraph separators, and the bidirectional controls of Unicode TR 36.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A spreadsheet cell that is never read as a formula (OWASP, "CSV injection": a leading `=`, `+`, `-`, `@`, tab or return).
pub(crate) fn cell(text: &str) -> String {
    let text = plain(text);
    if text.starts_with(['=', '+', '-', '@']) || text.starts_with("\\t") || text.starts_with("\\r") {
        format!("'{text}")
    } else {
        text
    }
}

/// Text for a Markdown table cell or paragraph: no markup, no table column, no HTML tag, no mention of a person.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_move_the_cursor_or_turn_the_line_around() {
        assert_eq!(plain("a\u{1b}[2Jb\r\u{202e}c\u{9b}"), "a\\u{1b}[2Jb\\r\\u{202e}c\\u{9b}");
    }

    #[test]
    fn ordinary_words_of_any_script_pass_unchanged() {
        assert_eq!(plain("Schule für 2000 生徒"), "Schule für 2000 生徒");
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("\t=1"), "'\\t=1");
        assert_eq!(cell("e8.4xlarge"), "e8.4xlarge");
    }

    #[test]
    fn markdown_markup_is_shown_not_obeyed() {
        assert_eq!(markdown("a|b <i> @x `c`"), "a\\|b &lt;i&gt; &#64;x \\`c\\`");
    }
}
