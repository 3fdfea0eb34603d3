//! Command lines: words as a shell splits them, and the options of the programs that are known.

use super::super::known::{Place, Word};

/// The words of a text. `skip`: characters of the text's own quote before its first one, where each word's place can be told.
pub(crate) fn split(text: &str, place: &Place, skip: Option<usize>) -> Vec<Word> {
    let mut words = Vec::new();
    let (mut word, mut begun, mut quote) = (String::new(), None, None);
    let mut rest = text.chars().enumerate();
    while let Some((at, c)) = rest.next() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None | Some('"'), '\\') => word.extend(rest.next().map(|(_, c)| c).filter(|c| *c != '\n')),
            (None, _) if c.is_whitespace() => {
                if let Some(begun) = begun.take() {
                    let offset = skip.map(|skip| skip + begun);
                    words.push(Word::at(std::mem::take(&mut word), place, offset));
                }
                continue;
            }
            _ => word.push(c),
        }
        begun = begun.or(Some(at));
    }
    if let Some(begun) = begun {
        words.push(Word::at(word, place, skip.map(|skip| skip + begun)));
    }
    words
}

/// A program with its arguments, out of a container's whole command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// Name without its folder: `gunicorn`.
    pub(crate) program: String,
    /// What follows, up to the next command of a script.
    pub(crate) args: Vec<Word>,
}

/// The words with the script of `sh -c "..."` in place of itself.
pub(crate) fn opened(words: Vec<Word>) -> Vec<Word> {
    let shell = words.first().is_some_and(|word| matches!(base(&word.value), "sh" | "bash" | "ash" | "dash"));
    let script = words.iter().position(|word| word.value.starts_with('-') && word.value.ends_with('c'));
    match (shell, script.and_then(|at| words.get(at + 1))) {
        (true, Some(script)) => match script.place() {
            Some(place) => split(&script.value, place, None),
            None => words,
        },
        _ => words,
    }
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The call of one of these programs; also as `python -m program`.
pub(crate) fn call(words: &[Word], programs: &[&str]) -> Option<Call> {
    let at = words.iter().position(|word| programs.contains(&base(&word.value)))?;
    let args = words[at + 1..]
        .iter()
        .take_while(|word| !matches!(word.value.as_str(), "&&" | "||" | ";" | "|" | "&"))
        .map(|word| match word.value.strip_suffix(';') {
            Some(text) => Word { value: text.to_owned(), text: text.to_owned(), from: word.from.clone() },
            None => word.clone(),
        })
        .collect();
    Some(Call { program: base(&words[at].value).to_owned(), args })
}

impl Call {
    /// The value of an option in any of its spellings: `--workers 4`, `--workers=4`, `-w 4`, `-w4`. The last one counts.
    pub(crate) fn option(&self, names: &[&str]) -> Option<Word> {
        let mut found = None;
        for (index, word) in self.args.iter().enumerate() {
            for name in names {
                let Some(rest) = word.value.strip_prefix(name) else { continue };
                let inside = match rest.strip_prefix('=') {
                    Some(value) => Some(value),
                    None if !rest.is_empty() && !name.starts_with("--") => Some(rest),
                    None => None,
                };
                match inside {
                    Some(value) => {
                        let text = value.to_owned();
                        found = Some(Word { value: text.clone(), text, from: word.from.clone() });
                    }
                    None if rest.is_empty() => found = self.args.get(index + 1).cloned().or(found),
                    None => {}
                }
            }
        }
        found
    }

    /// A flag without a value.
    pub(crate) fn flag(&self, names: &[&str]) -> Option<&Word> {
        self.args.iter().find(|word| names.contains(&word.value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { file: "x".into(), line: 3, column: 10 }
    }

    #[test]
    fn words_have_places_and_quotes_hold_together() {
        let words = split("a 'b c' \"d\\\"e\"", &place(), Some(0));
        let seen: Vec<(&str, usize)> =
            words.iter().map(|word| (word.value.as_str(), word.place().unwrap().column)).collect();
        assert_eq!(seen, [("a", 10), ("b c", 12), ("d\"e", 18)]);
    }

    #[test]
    fn a_script_is_opened_and_ends_at_the_next_command() {
        let words = split(
            "sh -c 'alembic upgrade head && gunicorn app:app -w 4 --timeout=30; echo x'",
            &place(),
            Some(0),
        );
        let call = call(&opened(words), &["gunicorn"]).unwrap();
        assert_eq!(call.option(&["--workers", "-w"]).unwrap().value, "4");
        assert_eq!(call.option(&["--timeout", "-t"]).unwrap().value, "30");
    }

    #[test]
    fn every_spelling_of_an_option_is_found_and_the_last_counts() {
        for text in ["u --workers 4", "u --workers=4", "u -w 4", "u -w4", "u -w 2 -w 4"] {
            let call = call(&split(text, &place(), Some(0)), &["u"]).unwrap();
            assert_eq!(call.option(&["--workers", "-w"]).unwrap().value, "4", "{text}");
        }
    }
}
