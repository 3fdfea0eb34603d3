//! Keeps the account in a file: one change a line, appended under a lock, so that several processes share it and a
//! process that is killed leaves at most an unfinished last line, which is dropped.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::world::{Change, World};

/// The file could not be read or written.
#[derive(Debug)]
pub struct StoreError {
    /// The file.
    pub path: PathBuf,
    /// What was seen.
    pub problem: String,
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "the rehearsal account in {}: {}", self.path.display(), self.problem)
    }
}

impl std::error::Error for StoreError {}

/// The file and what it says.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    file: File,
    read_to: u64,
    world: World,
}

impl Store {
    /// Opens or creates the file; its folder is made for its owner alone.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError { path: path.to_owned(), problem: error.to_string() };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(failed)?;
        Ok(Self { path: path.to_owned(), file, read_to: 0, world: World::default() })
    }

    /// Looks at the world and changes it, alone.
    pub(crate) fn with<T>(
        &mut self,
        decide: impl FnOnce(&World) -> (T, Vec<Change>),
    ) -> Result<T, StoreError> {
        self.file.lock().map_err(|error| self.failed(&error))?;
        let outcome = self.locked(decide);
        let unlocked = self.file.unlock();
        let outcome = outcome?;
        unlocked.map_err(|error| self.failed(&error))?;
        Ok(outcome)
    }

    fn locked<T>(&mut self, decide: impl FnOnce(&World) -> (T, Vec<Change>)) -> Result<T, StoreError> {
        self.catch_up()?;
        let (answer, changes) = decide(&self.world);
        if changes.is_empty() {
            return Ok(answer);
        }
        let mut text = String::new();
        for change in &changes {
            let line = serde_json::to_string(change).map_err(|error| self.failed(&error))?;
            text.push_str(&line);
            text.push('\n');
        }
        self.file.write_all(text.as_bytes()).map_err(|error| self.failed(&error))?;
        self.read_to += text.len() as u64;
        changes.into_iter().for_each(|change| self.world.apply(change));
        Ok(answer)
    }

    /// Reads what others wrote since.
    fn catch_up(&mut self) -> Result<(), StoreError> {
        let length = self.file.metadata().map_err(|error| self.failed(&error))?.len();
        if length == self.read_to {
            return Ok(());
        }
        if length < self.read_to {
            return Err(self.failed(&"the file became shorter while it was in use"));
        }
        let mut text = Vec::new();
        self.file.seek(SeekFrom::Start(self.read_to)).map_err(|error| self.failed(&error))?;
        self.file.read_to_end(&mut text).map_err(|error| self.failed(&error))?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for (number, line) in text[..whole].split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            let change = serde_json::from_slice(line).map_err(|error| {
                self.failed(&format!("change {} after byte {} is damaged: {error}", number + 1, self.read_to))
            })?;
            self.world.apply(change);
        }
        self.read_to += whole as u64;
        if whole < text.len() {
            // A writer was killed in the middle of a line: nobody was told that it happened.
            self.file.set_len(self.read_to).map_err(|error| self.failed(&error))?;
        }
        Ok(())
    }

    fn failed(&self, problem: &dyn std::fmt::Display) -> StoreError {
        StoreError { path: self.path.clone(), problem: problem.to_string() }
    }
}
