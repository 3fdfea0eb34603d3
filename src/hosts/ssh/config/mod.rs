//! The person's own SSH configuration. Decides what holds for one host: of every keyword the first value obtained, as OpenSSH
//! reads it. Knows files and this machine, and no network.

mod criteria;
mod file;
mod keywords;
mod line;
mod settings;
mod words;

use std::time::Duration;

use file::{ConfigFile, Place};
pub(super) use settings::{KeyChecking, Proxy, Settings};

use super::Habits;
use crate::hosts::{HostError, Target};

/// Everything that the person's files say, read once.
#[derive(Debug, Clone)]
pub(super) struct Configuration {
    habits: Habits,
    files: Vec<ConfigFile>,
}

impl Configuration {
    /// Reads the files.
    ///
    /// # Errors
    /// If a file is there and cannot be read or understood.
    pub(super) fn read(habits: Habits) -> Result<Self, HostError> {
        let mut files = Vec::new();
        for path in &habits.files {
            let folder = path.parent().unwrap_or(&habits.home);
            files.extend(ConfigFile::read(path, Place { home: &habits.home, folder })?);
        }
        Ok(Self { habits, files })
    }

    /// What holds for a host. May run the commands of `Match exec`, so it may block.
    ///
    /// # Errors
    /// If a value that holds for the host cannot be understood.
    pub(super) fn settings(&self, target: &Target) -> Result<Settings, HostError> {
        let obtained = criteria::obtain(&self.habits, &self.files, target)?;
        settings::settle(&self.habits, target, &obtained)
    }
}

/// A time in seconds of a keyword, where 0 switches it off.
fn duration(text: &str) -> Result<Option<Duration>, String> {
    words::seconds(text).map(|seconds| (seconds > 0).then(|| Duration::from_secs(seconds)))
}

#[cfg(test)]
mod tests;
