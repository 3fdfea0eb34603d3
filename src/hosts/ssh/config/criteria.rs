//! Which parts of a configuration are for a host: `Host`, `Match` and where an `Include` stands.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Habits;
use super::file::{ConfigFile, Entry, failed};
use super::keywords::{Taken, taken};
use super::words::Tokens;
use crate::hosts::{HostError, Target, pattern};

/// What the files say for one host.
#[derive(Debug, Default)]
pub(super) struct Obtained {
    /// The first value of each keyword, and where it stands.
    pub(super) first: HashMap<String, Value>,
    /// The first of `ProxyJump` and `ProxyCommand`.
    pub(super) proxy: Option<(ProxyKeyword, Value)>,
    /// Every `IdentityFile`.
    pub(super) identities: Vec<Value>,
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProxyKeyword {
    Jump,
    Command,
}

/// Words and where they stand.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) words: Vec<String>,
    pub(super) rest: String,
    place: (std::path::PathBuf, usize),
}

impl Value {
    pub(super) fn text(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// A complaint about this value.
    pub(super) fn wrong(&self, said: &str) -> HostError {
        failed(&self.place.0, Some(self.place.1), said)
    }
}

struct Walk<'a> {
    habits: &'a Habits,
    target: &'a Target,
    obtained: Obtained,
}

/// Goes through the files in their order.
///
/// # Errors
/// If a condition cannot be understood.
pub(super) fn obtain(habits: &Habits, files: &[ConfigFile], target: &Target) -> Result<Obtained, HostError> {
    let mut walk = Walk { habits, target, obtained: Obtained::default() };
    for file in files {
        walk.file(file, true)?;
    }
    Ok(walk.obtained)
}

impl Walk<'_> {
    fn file(&mut self, file: &ConfigFile, active: bool) -> Result<(), HostError> {
        let mut here = active;
        for entry in &file.entries {
            let wrong = |said: String| failed(&file.path, Some(entry.number), &said);
            match entry.line.keyword.as_str() {
                "host" => {
                    let patterns = entry.line.words.iter().map(String::as_str);
                    here = active && pattern::any_matches(patterns, &self.target.name);
                }
                "match" => here = active && self.all_hold(&entry.line.words).map_err(wrong)?,
                "include" => {
                    for included in &entry.included {
                        self.file(included, here)?;
                    }
                }
                _ if here => self.take(&file.path, entry),
                _ => {}
            }
        }
        Ok(())
    }

    fn take(&mut self, file: &Path, entry: &Entry) {
        let keyword = &entry.line.keyword;
        let value = || Value {
            words: entry.line.words.clone(),
            rest: entry.line.rest.clone(),
            place: (file.to_owned(), entry.number),
        };
        match keyword.as_str() {
            "proxyjump" => _ = self.obtained.proxy.get_or_insert_with(|| (ProxyKeyword::Jump, value())),
            "proxycommand" => _ = self.obtained.proxy.get_or_insert_with(|| (ProxyKeyword::Command, value())),
            _ => match taken(keyword) {
                Taken::First => _ = self.obtained.first.entry(keyword.clone()).or_insert_with(value),
                Taken::All => self.obtained.identities.push(value()),
                Taken::Noted(instead) => {
                    self.note(format!(
                        "{}:{}: {keyword} is not followed: {instead}",
                        file.display(),
                        entry.number
                    ));
                }
                Taken::Passed => {}
            },
        }
    }

    fn note(&mut self, note: String) {
        if !self.obtained.notes.contains(&note) {
            self.obtained.notes.push(note);
        }
    }

    /// Whether all criteria of a `Match` hold for what has been obtained so far.
    fn all_hold(&mut self, words: &[String]) -> Result<bool, String> {
        let mut words = words.iter();
        let mut all = true;
        while let Some(word) = words.next() {
            let (negated, word) = word.strip_prefix('!').map_or((false, word.as_str()), |word| (true, word));
            let (criterion, attached) =
                word.split_once('=').map_or((word, None), |(c, value)| (c, Some(value)));
            let criterion = criterion.to_lowercase();
            if criterion == "all" {
                all &= !negated;
                continue;
            }
            if criterion == "canonical" || criterion == "final" {
                self.note(format!("Match {criterion} is not followed: its part counts for no host"));
                all = false;
                continue;
            }
            let value = attached.or_else(|| words.next().map(String::as_str));
            let value = value.ok_or_else(|| format!("`Match {criterion}` has no value"))?;
            let holds = match criterion.as_str() {
                "host" => listed(value, &self.host_name()),
                "originalhost" => listed(value, &self.target.name),
                "user" => listed(value, &self.user()),
                "localuser" => listed(value, &self.habits.user),
                // What is certain not to count is not run.
                "exec" if !all => false,
                "exec" => self.succeeds(value)?,
                _ => {
                    self.note(format!("Match {criterion} is not followed: its part counts for no host"));
                    all = false;
                    continue;
                }
            };
            all &= holds != negated;
        }
        Ok(all)
    }

    fn host_name(&self) -> String {
        let name = &self.target.name;
        self.obtained
            .first
            .get("hostname")
            .map_or_else(|| name.clone(), |value| value.text().replace("%h", name))
    }

    fn user(&self) -> String {
        let configured = || self.obtained.first.get("user").map(|value| value.text().to_owned());
        self.target.user.clone().or_else(configured).unwrap_or_else(|| self.habits.user.clone())
    }

    fn succeeds(&self, command: &str) -> Result<bool, String> {
        let configured = |keyword: &str| self.obtained.first.get(keyword).map(Value::text);
        let (host, user) = (self.host_name(), self.user());
        let tokens = Tokens {
            host: &host,
            given: &self.target.name,
            port: self.target.port.or_else(|| configured("port")?.parse().ok()).unwrap_or(22),
            user: &user,
            local_user: &self.habits.user,
            home: &self.habits.home,
            key_name: configured("hostkeyalias").unwrap_or(&host),
        };
        let command = tokens.replace(command)?;
        let shell = std::env::var_os("SHELL").filter(|it| !it.is_empty()).unwrap_or_else(|| "/bin/sh".into());
        let status = Command::new(&shell)
            .arg("-c")
            .arg(&command)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| format!("`Match exec` could not run {}: {error}", shell.to_string_lossy()))?;
        Ok(status.success())
    }
}

fn listed(patterns: &str, text: &str) -> bool {
    pattern::any_matches(patterns.split(','), text)
}
