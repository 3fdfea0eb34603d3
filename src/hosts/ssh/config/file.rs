//! Files of an SSH configuration: reads them with everything they include. Decides nothing about which host a part is for.

use std::fs;
use std::path::{Path, PathBuf};

use super::line::{self, Line};
use crate::hosts::{HostError, HostErrorClass};

/// Files within files: as many as OpenSSH follows (READCONF_MAX_DEPTH in its readconf.c).
const DEEPEST_INCLUDE: usize = 16;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ConfigFile {
    pub(super) path: PathBuf,
    pub(super) entries: Vec<Entry>,
}

/// One line that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// From 1.
    pub(super) number: usize,
    pub(super) line: Line,
    /// What an `Include` names, in the order of OpenSSH.
    pub(super) included: Vec<ConfigFile>,
}

/// Where a configuration is read for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) home: &'a Path,
    /// Where a relative `Include` is looked for.
    pub(super) folder: &'a Path,
}

impl ConfigFile {
    /// Reads a file; `None` if there is none.
    ///
    /// # Errors
    /// If a file is there and cannot be read or understood.
    pub(super) fn read(path: &Path, place: Place<'_>) -> Result<Option<Self>, HostError> {
        Self::read_at(path, place, 0)
    }

    fn read_at(path: &Path, place: Place<'_>, depth: usize) -> Result<Option<Self>, HostError> {
        let text = match fs::read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(path, None, &error.to_string())),
        };
        let mut entries = Vec::new();
        for (index, written) in text.lines().enumerate() {
            let number = index + 1;
            let wrong = |said: &str| failed(path, Some(number), said);
            let Some(line) = line::read(written).map_err(wrong)? else { continue };
            let mut included = Vec::new();
            if line.keyword == "include" {
                if depth >= DEEPEST_INCLUDE {
                    return Err(wrong("files include each other without end"));
                }
                for word in &line.words {
                    for file in named(word, place).map_err(|said| wrong(&said))? {
                        included.extend(Self::read_at(&file, place, depth + 1)?);
                    }
                }
            }
            entries.push(Entry { number, line, included });
        }
        Ok(Some(Self { path: path.to_owned(), entries }))
    }
}

/// The files that a word of an `Include` names, sorted; none is no error.
fn named(word: &str, place: Place<'_>) -> Result<Vec<PathBuf>, String> {
    let literal = |path: &Path| glob::Pattern::escape(&path.to_string_lossy());
    let pattern = if let Some(rest) = word.strip_prefix("~/") {
        format!("{}/{rest}", literal(place.home))
    } else if word.starts_with('/') {
        word.to_owned()
    } else {
        format!("{}/{word}", literal(place.folder))
    };
    let found =
        glob::glob(&pattern).map_err(|error| format!("`{word}` is no pattern of file names: {error}"))?;
    found.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

/// A complaint about a line of a file.
pub(super) fn failed(path: &Path, number: Option<usize>, said: &str) -> HostError {
    let place = number.map_or_else(String::new, |number| format!(":{number}"));
    HostError::new(
        HostErrorClass::Unexpected,
        format!("read the SSH configuration {}{place}", path.display()),
        said,
    )
    .with_hint("nothing was changed; correct the file and run again")
}
