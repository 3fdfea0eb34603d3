//! One line of an SSH configuration: a keyword and its words, with the quoting of OpenSSH.

/// A line that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// In lower case.
    pub(super) keyword: String,
    pub(super) words: Vec<String>,
    /// Everything after the keyword as it was written, for the keywords that take a command.
    pub(super) rest: String,
}

/// Reads a line; `None` if it is empty or a comment.
///
/// # Errors
/// If a quote is not closed, or the keyword stands alone.
pub(super) fn read(line: &str) -> Result<Option<Line>, &'static str> {
    let line = line.trim_matches(|it: char| it.is_whitespace() || it == '\u{c}');
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let end = line.find(|it: char| it.is_whitespace() || it == '=').unwrap_or(line.len());
    let (keyword, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('=').unwrap_or(rest).trim_start();
    let keyword = keyword.trim_matches('"').to_lowercase();
    // What a shell will read keeps its quotes and its `#`.
    let words = if keyword == "proxycommand" { Vec::new() } else { words(rest)? };
    if words.is_empty() && rest.is_empty() {
        return Err("the keyword has no value");
    }
    Ok(Some(Line { keyword, words, rest: rest.to_owned() }))
}

/// Splits at spaces outside of quotes; `\` keeps a quote, a space or itself; `#` at the beginning of a word ends the line.
fn words(text: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut characters = text.chars().peekable();
    loop {
        while characters.next_if(|it| it.is_whitespace()).is_some() {}
        match characters.peek() {
            None | Some('#') => return Ok(words),
            Some(_) => {}
        }
        let mut word = String::new();
        let mut quote: Option<char> = None;
        while let Some(character) = characters.next_if(|it| quote.is_some() || !it.is_whitespace()) {
            match (character, quote) {
                ('\\', _) => match characters.peek() {
                    Some(&kept @ ('"' | '\'' | '\\')) => {
                        word.push(kept);
                        characters.next();
                    }
                    Some(' ') if quote.is_none() => {
                        word.push(' ');
                        characters.next();
                    }
                    _ => word.push('\\'),
                },
                ('"' | '\'', None) => quote = Some(character),
                (_, Some(open)) if open == character => quote = None,
                _ => word.push(character),
            }
        }
        if quote.is_some() {
            return Err("a quote is not closed");
        }
        words.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(line: &str) -> Vec<String> {
        read(line).unwrap().unwrap().words
    }

    #[test]
    fn keyword_and_words_are_separated_by_spaces_or_an_equals_sign() {
        for line in ["Port 22", "port=22", "PORT = 22", "\tPort\t22  ", "Port \"22\"", "Port 22 # why"] {
            let line = read(line).unwrap().unwrap();
            assert_eq!((line.keyword.as_str(), line.words), ("port", vec!["22".to_owned()]));
        }
        assert_eq!(read("  # Port 22").unwrap(), None);
        assert_eq!(read(" \t ").unwrap(), None);
    }

    #[test]
    fn quotes_keep_spaces_and_a_backslash_keeps_quotes() {
        assert_eq!(words_of(r#"IdentityFile "~/my keys/id" ~/b\ c 'd e'"#), ["~/my keys/id", "~/b c", "d e"]);
        assert_eq!(
            words_of(r#"Match exec "test \"$(id -u)\" = 0 # no" user a"#),
            ["exec", "test \"$(id -u)\" = 0 # no", "user", "a"]
        );
        assert_eq!(words_of(r"Host a\\b c#d"), [r"a\b", "c#d"]);
    }

    #[test]
    fn a_command_is_kept_as_it_was_written() {
        let line = read(r#"ProxyCommand ssh -W "%h:%p" jump # x"#).unwrap().unwrap();
        assert_eq!(line.rest, r#"ssh -W "%h:%p" jump # x"#);
    }

    #[test]
    fn a_line_that_says_half_is_an_error() {
        for line in ["Port", "Port=", "Host \"a", "Match exec 'x", "ProxyCommand"] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
