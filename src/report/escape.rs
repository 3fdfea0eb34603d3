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

/// A spreadsheet cell that is never read as a formula (OWASP, "CSV injection"): an apostrophe stands before a sign that begins
/// one. A spreadsheet set to semicolons begins a cell after each, so the same holds there.
pub(crate) fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut beginning = true;
    for character in plain(text).chars() {
        // Full-width signs are read as formulas in East Asian locales.
        if beginning
            && matches!(character, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
        {
            out.push('\'');
        }
        beginning = character == ';' || (beginning && matches!(character, ' ' | '"'));
        out.push(character);
    }
    out
}

/// Text for a Markdown table cell, paragraph or list item: no markup, no table column, no HTML tag, no formula, no link, no mention.
pub(crate) fn markdown(text: &str) -> String {
    let text = plain(text);
    let text = text.trim();
    let mut out = String::with_capacity(text.len());
    // A digit run at the start is a list when a dot or a bracket follows it.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    for (index, character) in text.char_indices() {
        let begins_list = match character {
            '-' | '+' => index == 0,
            '.' | ')' => digits > 0 && index == digits,
            _ => false,
        };
        if begins_list || matches!(character, '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$') {
            out.push('\\');
        }
        out.push_str(&html_character(character, &text[index + character.len_utf8()..]));
    }
    out
}

/// Text inside an HTML tag of a Markdown page, where Markdown's own escapes are shown as they are.
pub(crate) fn markdown_html(text: &str) -> String {
    let text = plain(text);
    text.char_indices()
        .map(|(index, character)| html_character(character, &text[index + character.len_utf8()..]))
        .collect()
}

/// One character for HTML. Forges look for people, issues and addresses after everything is unescaped, so an invisible space must
/// part `@name`, `#1` and `://` (as Renovate does in the pull requests that it writes).
fn html_character(character: char, rest: &str) -> String {
    match character {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '@' | '#' => format!("{character}&#8203;"),
        ':' if rest.starts_with("//") => ":&#8203;".to_owned(),
        'w' | 'W' if rest.get(..3).is_some_and(|rest| rest.eq_ignore_ascii_case("ww.")) => {
            format!("{character}&#8203;")
        }
        _ => character.to_string(),
    }
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
        assert_eq!(cell("\t=1"), "\\t=1", "a tab is written out, so the cell begins with a backslash");
        assert_eq!(cell("\u{ff1d}1+1"), "'\u{ff1d}1+1");
        assert_eq!(cell("a;=1;\"+1"), "a;'=1;\"'+1");
        assert_eq!(cell("e8.4xlarge"), "e8.4xlarge");
        assert_eq!(cell("2 x 500 GiB - 25; at 5 - 1"), "2 x 500 GiB - 25; at 5 - 1");
    }

    proptest::proptest! {
        #[test]
        fn no_text_becomes_a_formula_whatever_parts_the_cells(text in "[-=+@;,\"'a\t\r\n \u{ff1d}]{0,12}") {
            let mut writer = ::csv::Writer::from_writer(Vec::new());
            writer.write_record(["x", &cell(&text)]).unwrap();
            let written = writer.into_inner().unwrap();
            for delimiter in [b',', b';', b'\t'] {
                let mut reader =
                    ::csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(&written[..]);
                for field in reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
                    let begins = field.trim_start_matches([' ', '"']).chars().next();
                    proptest::prop_assert!(!matches!(begins, Some('=' | '+' | '-' | '@' | '\u{ff1d}')), "{field:?}");
                }
            }
        }
    }

    #[test]
    fn markdown_markup_is_shown_not_obeyed() {
        assert_eq!(markdown("a|b <i> `c` *d* [e](f)"), "a\\|b &lt;i&gt; \\`c\\` \\*d\\* \\[e\\](f)");
        assert_eq!(markdown("$6.10 and $x$"), "\\$6.10 and \\$x\\$");
    }

    #[test]
    fn a_name_begins_no_list_and_no_block_of_code() {
        assert_eq!(markdown("- a - b"), "\\- a - b");
        assert_eq!(markdown("12. a 1."), "12\\. a 1.");
        assert_eq!(markdown("     x"), "x");
    }

    #[test]
    fn nobody_is_called_and_nothing_is_linked() {
        assert_eq!(markdown("@all see #1"), "@&#8203;all see #&#8203;1");
        assert_eq!(
            markdown("https://x.example www.x.example"),
            "https:&#8203;//x.example w&#8203;ww.x.example"
        );
    }

    #[test]
    fn inside_a_tag_the_escapes_are_those_of_html() {
        assert_eq!(markdown_html("a_b $1 <b> @x"), "a_b $1 &lt;b&gt; @&#8203;x");
    }
}
