//! The names that a book declares and its tables refer to: regions, sources, notes.

use std::collections::HashMap;
use std::sync::Arc;

use super::words::{Problem, date, shown};
use crate::Source;

/// Declared names. A table refers to them by index.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Regions, in the order of the `regions` line.
    pub regions: Vec<String>,
    /// Sources, in the order of their lines.
    pub sources: Vec<Arc<Source>>,
    /// Notes, in the order of their lines.
    pub notes: Vec<Arc<str>>,
    source_keys: HashMap<String, u32>,
    note_keys: HashMap<String, u32>,
}

impl Names {
    /// Takes a `regions` line; a book may have several.
    pub(super) fn add_regions(&mut self, line: &str) -> Result<(), Problem> {
        let before = self.regions.len();
        for name in line.split_whitespace().take_while(|word| !word.starts_with('#')) {
            if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
                return Err(format!("{} is not a region's name", shown(name)));
            }
            if self.regions.iter().any(|known| known == name) {
                return Err(format!("the region {} is declared twice", shown(name)));
            }
            if self.regions.len() >= usize::from(u16::MAX) {
                return Err("too many regions".to_owned());
            }
            self.regions.push(name.to_owned());
        }
        if self.regions.len() == before { Err("`regions` names no region".to_owned()) } else { Ok(()) }
    }

    /// Takes the rest of a `source KEY DATE PLACE` line; the place runs to its end.
    pub(super) fn add_source(&mut self, rest: &str) -> Result<(), Problem> {
        let (key, rest) = key(rest)?;
        let (as_of, place) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let source = Source { place: place.trim().to_owned(), as_of: date(as_of)? };
        if source.place.is_empty() {
            return Err(format!("the source {} names no place", shown(key)));
        }
        declare(&mut self.source_keys, key, self.sources.len())?;
        self.sources.push(Arc::new(source));
        Ok(())
    }

    /// Takes the rest of a `note KEY TEXT` line.
    pub(super) fn add_note(&mut self, rest: &str) -> Result<(), Problem> {
        let (key, text) = key(rest)?;
        if text.is_empty() {
            return Err(format!("the note {} says nothing", shown(key)));
        }
        declare(&mut self.note_keys, key, self.notes.len())?;
        self.notes.push(text.into());
        Ok(())
    }

    /// Index of a source.
    pub(super) fn source(&self, key: &str) -> Result<u32, Problem> {
        let known = self.source_keys.get(key).copied();
        known
            .ok_or_else(|| format!("no `source {key}` line stands above this line", key = key.escape_debug()))
    }

    /// Index of a note.
    pub(super) fn note(&self, key: &str) -> Result<u32, Problem> {
        let known = self.note_keys.get(key).copied();
        known.ok_or_else(|| format!("no `note {key}` line stands above this line", key = key.escape_debug()))
    }

    /// Indices of regions: a list with commas, or `*` for all.
    pub(super) fn regions(&self, list: &str) -> Result<Vec<u16>, Problem> {
        if list == "*" && !self.regions.is_empty() {
            return Ok((0..self.regions.len())
                .map(|at| u16::try_from(at).expect("bounded when declared"))
                .collect());
        }
        let mut found = Vec::new();
        for name in list.split(',') {
            let at = self.regions.iter().position(|known| known == name);
            let at =
                at.ok_or_else(|| format!("the region {} is not on the book's `regions` line", shown(name)))?;
            let at = u16::try_from(at).expect("bounded when declared");
            if found.contains(&at) {
                return Err(format!("the region {} is named twice", shown(name)));
            }
            found.push(at);
        }
        Ok(found)
    }
}

/// The first word of a declaration, and the rest.
fn key(rest: &str) -> Result<(&str, &str), Problem> {
    let (key, rest) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    if key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return Err(format!("{} is not a key of letters, digits, `-` and `_`", shown(key)));
    }
    Ok((key, rest.trim()))
}

/// Enters a key that must be new.
fn declare(keys: &mut HashMap<String, u32>, key: &str, at: usize) -> Result<(), Problem> {
    let at = u32::try_from(at).map_err(|_| "too many declarations".to_owned())?;
    match keys.insert(key.to_owned(), at) {
        None => Ok(()),
        Some(_) => Err(format!("{} is declared twice", shown(key))),
    }
}
