//! Files to trees: the kind of each, what it includes, and what could not be followed.

mod follow;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::kind::Kind;
use super::known::{Place, Word};
use super::parse::{Unreadable, cnf, compose, nginx, redis};

/// Most files that are read because others name them.
const MOST: usize = 256;

/// A file to look at.
#[derive(Debug, Clone)]
pub struct Input {
    /// Name, as it is to be shown.
    pub name: String,
    /// Kind; `None`: to be told from name and text.
    pub kind: Option<Kind>,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A way to the files that other files name.
pub trait Files {
    /// The files that a path or pattern names, relative to the folder of the file `from`, each with its name and bytes; none where there are none.
    ///
    /// # Errors
    /// When a file is there and cannot be read.
    fn matching(&self, from: &str, pattern: &str) -> std::io::Result<Vec<(String, Vec<u8>)>>;
}

/// Something that a person should know about the reading itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Where.
    pub place: Place,
    /// What was not followed or not understood, and what that means.
    pub sentence: String,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// The names of the files and their kinds.
    pub(super) files: Vec<(String, Kind)>,
    /// All Compose files as one tree.
    pub(super) compose: Option<compose::Node>,
    /// Each nginx file with what it includes in place.
    pub(super) nginx: Vec<(Arc<str>, Vec<nginx::Directive>)>,
    /// Each option file with what it includes.
    pub(super) cnf: Vec<(Arc<str>, Vec<cnf::Entry>)>,
    /// Each redis.conf with what it includes.
    pub(super) redis: Vec<(Arc<str>, Vec<redis::Line>)>,
    /// Environment files, by the name that a Compose file gives them.
    pub(super) env: Vec<(String, compose::Variables)>,
    /// What was not followed.
    pub(super) notes: Vec<Note>,
}

/// Reads all files. The order in which they are given does not matter.
///
/// # Errors
/// With every file that cannot be read.
pub(super) fn read(inputs: &[Input], files: &dyn Files) -> Result<Sources, Vec<Unreadable>> {
    let mut reader = Reader { files, sources: Sources::default(), seen: BTreeSet::new(), budget: MOST };
    let mut wrong = Vec::new();
    let mut sorted: Vec<&Input> = inputs.iter().collect();
    sorted.sort_by_key(|input| rank(&input.name));
    sorted.dedup_by(|one, other| clean(&one.name) == clean(&other.name));
    for input in sorted {
        wrong.extend(reader.file(input).err());
    }
    if wrong.is_empty() { Ok(reader.finish()) } else { Err(wrong) }
}

/// Compose files lie on top of each other: the one with the plain name first, overrides last.
fn rank(name: &str) -> (u8, String) {
    let file = name.rsplit('/').next().unwrap_or(name);
    let plain = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"].contains(&file);
    let place = if plain { 0 } else { 1 + u8::from(file.contains("override")) };
    (place, clean(name).to_owned())
}

fn clean(name: &str) -> &str {
    name.strip_prefix("./").unwrap_or(name)
}

struct Reader<'a> {
    files: &'a dyn Files,
    sources: Sources,
    seen: BTreeSet<String>,
    budget: usize,
}

type Read<T> = Result<T, Unreadable>;

impl Reader<'_> {
    fn file(&mut self, input: &Input) -> Read<()> {
        let name: Arc<str> = input.name.as_str().into();
        let start = Place { file: name.clone(), line: 1, column: 1 };
        let Some(kind) = input.kind.or_else(|| Kind::of(&input.name, &input.bytes)) else {
            return Err(Unreadable::new(
                start,
                "neither the name nor the text tells what kind of file this is",
                format!("say it: --as nginx:{name} (or compose, mysql, redis)"),
            ));
        };
        match kind {
            Kind::Compose => self.compose(&name, &input.bytes)?,
            Kind::Nginx => {
                let directives = self.nginx(&name, &name, &input.bytes, 0)?;
                self.sources.nginx.push((name.clone(), directives));
            }
            Kind::Mysql => {
                let mut entries = Vec::new();
                self.cnf(&name, &input.bytes, 0, &mut entries)?;
                self.sources.cnf.push((name.clone(), entries));
            }
            Kind::Redis => {
                let mut lines = Vec::new();
                self.redis(&name, &input.bytes, 0, &mut lines)?;
                self.sources.redis.push((name.clone(), lines));
            }
        }
        self.sources.files.push((input.name.clone(), kind));
        Ok(())
    }

    /// What is read because another file includes it is not read a second time for itself.
    fn finish(mut self) -> Sources {
        let seen = &self.seen;
        let own = |name: &Arc<str>| !seen.contains(clean(name));
        self.sources.nginx.retain(|(name, _)| own(name));
        self.sources.cnf.retain(|(name, _)| own(name));
        self.sources.redis.retain(|(name, _)| own(name));
        self.sources.notes.sort();
        self.sources.notes.dedup();
        self.sources
    }

    /// The files that another one names.
    fn others(&mut self, from: &str, path: &Word) -> Read<Vec<(Arc<str>, Vec<u8>)>> {
        let place = || path.place().cloned().unwrap_or(Place { file: from.into(), line: 1, column: 1 });
        let found = self.files.matching(from, &path.value).map_err(|error| {
            Unreadable::new(
                place(),
                format!("reading what this names: {error}"),
                "make it readable, or remove it",
            )
        })?;
        self.budget = self.budget.checked_sub(found.len()).ok_or_else(|| {
            Unreadable::new(place(), format!("more than {MOST} files are included"), "check the patterns")
        })?;
        self.seen.extend(found.iter().map(|(name, _)| clean(name).to_owned()));
        Ok(found.into_iter().map(|(name, bytes)| (name.into(), bytes)).collect())
    }

    fn note(&mut self, what: &Word, sentence: &str) {
        if let Some(place) = what.place() {
            let sentence = format!("`{}` {sentence}", what.value);
            self.sources.notes.push(Note { place: place.clone(), sentence });
        }
    }
}

/// The environment files that a service names: a text, a list of texts, or a list of maps with `path`.
pub(super) fn env_files(service: &compose::Node) -> Vec<Word> {
    let Some(node) = service.get("env_file") else { return Vec::new() };
    let one = |node: &compose::Node| node.word().or_else(|| node.get("path")?.word());
    one(node).into_iter().chain(node.items().iter().filter_map(one)).collect()
}
