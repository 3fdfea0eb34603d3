//! my.cnf: groups of options (MySQL 8.4 manual, "Using option files"). The crates for INI files keep no places and know neither flags
//! without a value nor `!include`.

use std::sync::Arc;

use super::super::known::{Place, Word};
use super::{Unreadable, text};

/// An option of a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// Group, lower-case: `mysqld`.
    pub(crate) group: String,
    /// Name with `_` for `-`, lower-case.
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) place: Place,
    /// Value; `None`: a flag.
    pub(crate) value: Option<Word>,
}

/// A file, or every `.cnf` file of a folder, that is read as well.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Include {
    /// Path as written.
    pub(crate) path: Word,
    /// Whether it is a folder.
    pub(crate) folder: bool,
}

/// What an option file holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cnf {
    /// Options in their order.
    pub(crate) entries: Vec<Entry>,
    /// Other files, in their order.
    pub(crate) includes: Vec<Include>,
}

/// The options of a file.
///
/// # Errors
/// When the server would refuse it too: an option before any group, a group without `]`.
pub(crate) fn parse(file: &Arc<str>, bytes: &[u8]) -> Result<Cnf, Unreadable> {
    let text = text::decode(file, bytes)?;
    let mut cnf = Cnf::default();
    let mut group: Option<String> = None;
    for (index, line) in text.lines().enumerate() {
        let start = line.chars().take_while(|c| c.is_whitespace()).count();
        let place = Place { file: file.clone(), line: index + 1, column: start + 1 };
        let body = line.trim();
        if body.is_empty() || body.starts_with(['#', ';']) {
            continue;
        }
        if let Some(rest) = body.strip_prefix('[') {
            let Some((name, _)) = rest.split_once(']') else {
                return Err(Unreadable::new(place, "this group has no `]`", "write it as [mysqld]"));
            };
            group = Some(name.trim().to_ascii_lowercase());
        } else if let Some(rest) = body.strip_prefix('!') {
            let (folder, path) = match (rest.strip_prefix("includedir"), rest.strip_prefix("include")) {
                (Some(path), _) => (true, path),
                (None, Some(path)) => (false, path),
                _ => {
                    let help = "`!include FILE` or `!includedir FOLDER`";
                    return Err(Unreadable::new(place, "an unknown word after `!`", help));
                }
            };
            cnf.includes.push(Include { path: Word::written(path.trim(), place), folder });
        } else {
            let Some(group) = &group else {
                let help = "begin with a group such as [mysqld]";
                return Err(Unreadable::new(place, "an option before the first group", help));
            };
            cnf.entries.push(entry(group, line, start, place));
        }
    }
    Ok(cnf)
}

fn entry(group: &str, line: &str, start: usize, place: Place) -> Entry {
    let body = line.trim();
    let (name, rest) = match body.split_once('=') {
        Some((name, rest)) => (name, Some(rest)),
        None => (without_comment(body), None),
    };
    let value = rest.map(|rest| {
        let blank = rest.chars().take_while(|c| c.is_whitespace()).count();
        let column = start + name.chars().count() + 1 + blank + 1;
        Word::written(unquoted(without_comment(rest.trim())), Place { column, ..place.clone() })
    });
    let name = normal(name.trim());
    Entry { group: group.to_owned(), name, place, value }
}

/// An option's name in one form: `innodb-buffer-pool-size` and `loose_innodb_buffer_pool_size` are `innodb_buffer_pool_size`.
pub(crate) fn normal(name: &str) -> String {
    let name = name.to_ascii_lowercase().replace('-', "_");
    name.strip_prefix("loose_").unwrap_or(&name).to_owned()
}

/// The text before a `#` that stands outside of quotes.
fn without_comment(text: &str) -> &str {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '#') => return text[..at].trim_end(),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    text
}

fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote)) {
            return inside;
        }
    }
    text
}
