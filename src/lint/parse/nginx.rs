//! nginx.conf: directives, blocks, quotes and comments (nginx.org, "Beginner's guide", configuration file's structure). No crate keeps
//! places of words and follows includes; the grammar is four tokens.

use std::sync::Arc;

use super::super::known::{Place, Word};
use super::{Cursor, Unreadable, text};

/// Deepest nesting of blocks; real files have five.
const DEEPEST: usize = 64;

/// Most directives of a file; the largest files of hosts with a thousand sites have half of it.
const MOST: usize = 20_000;

/// A directive.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Directive {
    /// Its name.
    pub(crate) name: String,
    /// Where its name stands.
    pub(crate) place: Place,
    /// What follows the name.
    pub(crate) args: Vec<Word>,
    /// What stands in its braces; `None`: it ends with `;`.
    pub(crate) block: Option<Vec<Directive>>,
}

impl Directive {
    /// The argument of that index.
    pub(crate) fn arg(&self, index: usize) -> Option<&Word> {
        self.args.get(index)
    }
}

enum Token {
    Word(String),
    End,
    Open,
    Close,
}

/// The directives of a file.
///
/// # Errors
/// When nginx could not read it either, or it is hostile.
pub(crate) fn parse(file: &Arc<str>, bytes: &[u8]) -> Result<Vec<Directive>, Unreadable> {
    let text = text::decode(file, bytes)?;
    let mut reader = Reader { cursor: Cursor::new(file, text), left: MOST };
    reader.block(0, None)
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    left: usize,
}

impl Reader<'_> {
    fn block(&mut self, depth: usize, opened: Option<&Place>) -> Result<Vec<Directive>, Unreadable> {
        let mut directives = Vec::new();
        let mut words: Vec<Word> = Vec::new();
        loop {
            let Some((token, place)) = self.token()? else {
                if let Some(opened) = opened {
                    return Err(Unreadable::new(
                        opened.clone(),
                        "this `{` is never closed",
                        "close it with `}`",
                    ));
                }
                return match words.first().and_then(Word::place) {
                    None => Ok(directives),
                    Some(place) => {
                        Err(Unreadable::new(place.clone(), "this directive has no `;`", "end it with `;`"))
                    }
                };
            };
            match token {
                Token::Word(text) => words.push(Word::written(text, place)),
                Token::End => {
                    self.count(&place)?;
                    directives.extend(directive(&mut words, None, &place)?);
                }
                Token::Open => {
                    self.count(&place)?;
                    if depth >= DEEPEST {
                        let message = format!("blocks nested more than {DEEPEST} deep");
                        return Err(Unreadable::new(place, message, "check the braces"));
                    }
                    let lua = words.first().is_some_and(|word| word.value.ends_with("_by_lua_block"));
                    let inside =
                        if lua { self.skip_code(&place)? } else { self.block(depth + 1, Some(&place))? };
                    directives.extend(directive(&mut words, Some(inside), &place)?);
                }
                Token::Close => {
                    return match (opened, words.first().and_then(Word::place)) {
                        (_, Some(word)) => {
                            Err(Unreadable::new(word.clone(), "this directive has no `;`", "end it with `;`"))
                        }
                        (None, None) => Err(Unreadable::new(place, "a `}` that closes nothing", "remove it")),
                        (Some(_), None) => Ok(directives),
                    };
                }
            }
        }
    }

    fn count(&mut self, place: &Place) -> Result<(), Unreadable> {
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            let message = format!("more than {MOST} directives in one file");
            Unreadable::new(place.clone(), message, "spread them over files that are included")
        })?;
        Ok(())
    }

    /// Code of another language up to the closing brace.
    fn skip_code(&mut self, opened: &Place) -> Result<Vec<Directive>, Unreadable> {
        let mut depth = 1_usize;
        while let Some(next) = self.cursor.take() {
            match next {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(Vec::new());
            }
        }
        Err(Unreadable::new(opened.clone(), "this `{` is never closed", "close it with `}`"))
    }

    fn token(&mut self) -> Result<Option<(Token, Place)>, Unreadable> {
        self.cursor.skip_blank(true);
        let place = self.cursor.place();
        let Some(first) = self.cursor.peek() else { return Ok(None) };
        let sign = match first {
            ';' => Some(Token::End),
            '{' => Some(Token::Open),
            '}' => Some(Token::Close),
            _ => None,
        };
        if let Some(token) = sign {
            self.cursor.take();
            return Ok(Some((token, place)));
        }
        let text = match first {
            '"' | '\'' => {
                self.cursor.take();
                self.quoted(first, &place)?
            }
            _ => self.bare(),
        };
        Ok(Some((Token::Word(text), place)))
    }

    fn quoted(&mut self, quote: char, opened: &Place) -> Result<String, Unreadable> {
        let mut text = String::new();
        while let Some(next) = self.cursor.take() {
            match next {
                '\\' => match self.cursor.take() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some(other) => text.push(other),
                    None => break,
                },
                _ if next == quote => return Ok(text),
                _ => text.push(next),
            }
        }
        Err(Unreadable::new(opened.clone(), "this quote is never closed", "close it with the same sign"))
    }

    fn bare(&mut self) -> String {
        let mut text = String::new();
        let mut variable = false;
        while let Some(next) = self.cursor.peek() {
            // `${name}` is part of a word, other braces are not.
            if next == '{' && text.ends_with('$') {
                variable = true;
            } else if (next == '}' && !variable) || next.is_whitespace() || matches!(next, ';' | '{') {
                break;
            }
            variable = variable && next != '}';
            self.cursor.take();
            text.push(next);
            if next == '\\' {
                text.extend(self.cursor.take());
            }
        }
        text
    }
}

fn directive(
    words: &mut Vec<Word>,
    block: Option<Vec<Directive>>,
    sign: &Place,
) -> Result<Option<Directive>, Unreadable> {
    let mut words = std::mem::take(words).into_iter();
    match words.next() {
        Some(Word { value: name, from: super::super::known::From::Written(place), .. }) => {
            Ok(Some(Directive { name, place, args: words.collect(), block }))
        }
        _ if block.is_some() => Err(Unreadable::new(
            sign.clone(),
            "a `{` without a name before it",
            "name the block, or remove it",
        )),
        _ => Err(Unreadable::new(sign.clone(), "a `;` without a directive before it", "remove it")),
    }
}
