//! Files to trees: the kind of each, what it includes, and what could not be followed.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::kind::Kind;
use super::known::{Place, Word};
use super::parse::{Unreadable, cnf, compose, env, nginx, redis};

/// Deepest chain of files that include each other.
const DEEPEST: usize = 10;
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

    fn compose(&mut self, name: &Arc<str>, bytes: &[u8]) -> Read<()> {
        let mut variables = compose::Variables::new();
        let start = Place { file: name.clone(), line: 1, column: 1 };
        for (file, bytes) in self.others(name, &Word::written(".env", start.clone()))? {
            variables.extend(env::parse(&file, &bytes)?);
        }
        let node = compose::parse(name, bytes, &variables)?;
        if node.get("services").is_none() {
            let help = "a Compose file has `services:`; give other YAML files to other tools";
            return Err(Unreadable::new(start, "there are no services in this file", help));
        }
        for path in node.get("services").into_iter().flat_map(|services| services.entries()) {
            for file in env_files(&path.node) {
                let mut read = compose::Variables::new();
                let found = self.others(name, &file)?;
                if found.is_empty() {
                    self.note(&file, "is not there: its variables are not known");
                }
                for (name, bytes) in found {
                    read.extend(env::parse(&name, &bytes)?);
                }
                self.sources.env.push((file.value, read));
            }
        }
        for key in node.entries().iter().filter(|entry| entry.key == "include") {
            let word = Word::written("include", key.place.clone());
            self.note(&word, "is not followed: give its files too, or the output of `docker compose config`");
        }
        self.sources.compose = Some(match self.sources.compose.take() {
            Some(base) => base.merged(node, ""),
            None => node,
        });
        Ok(())
    }

    fn nginx(
        &mut self,
        root: &str,
        name: &Arc<str>,
        bytes: &[u8],
        depth: usize,
    ) -> Read<Vec<nginx::Directive>> {
        let directives = nginx::parse(name, bytes)?;
        self.include(root, directives, depth)
    }

    fn include(
        &mut self,
        root: &str,
        directives: Vec<nginx::Directive>,
        depth: usize,
    ) -> Read<Vec<nginx::Directive>> {
        let mut out = Vec::with_capacity(directives.len());
        for mut directive in directives {
            if let Some(block) = directive.block.take() {
                directive.block = Some(self.include(root, block, depth)?);
            }
            let path = if directive.name == "include" { directive.arg(0).cloned() } else { None };
            let Some(path) = path else {
                out.push(directive);
                continue;
            };
            if depth >= DEEPEST {
                self.note(&path, "is not followed: files that include each other");
                continue;
            }
            let found = self.others(root, &path)?;
            let known = path.value.contains('*')
                || ["mime.types", "_params"].iter().any(|end| path.value.ends_with(end));
            if found.is_empty() && !known {
                self.note(&path, "is not there: what it holds is not known");
            }
            for (name, bytes) in found {
                out.extend(self.nginx(root, &name, &bytes, depth + 1)?);
            }
        }
        Ok(out)
    }

    fn cnf(&mut self, name: &Arc<str>, bytes: &[u8], depth: usize, out: &mut Vec<cnf::Entry>) -> Read<()> {
        let read = cnf::parse(name, bytes)?;
        out.extend(read.entries);
        for include in read.includes {
            let mut path = include.path.clone();
            if include.folder {
                path.value = format!("{}/*.cnf", path.value.trim_end_matches('/'));
            }
            for (name, bytes) in self.deeper(name, &path, depth, include.folder)? {
                self.cnf(&name, &bytes, depth + 1, out)?;
            }
        }
        Ok(())
    }

    fn redis(&mut self, name: &Arc<str>, bytes: &[u8], depth: usize, out: &mut Vec<redis::Line>) -> Read<()> {
        for line in redis::parse(name, bytes)? {
            match (line.name.as_str(), line.args.first()) {
                ("include", Some(path)) => {
                    for (name, bytes) in self.deeper(name, path, depth, path.value.contains('*'))? {
                        self.redis(&name, &bytes, depth + 1, out)?;
                    }
                }
                _ => out.push(line),
            }
        }
        Ok(())
    }

    fn deeper(
        &mut self,
        from: &str,
        path: &Word,
        depth: usize,
        may_lack: bool,
    ) -> Read<Vec<(Arc<str>, Vec<u8>)>> {
        if depth >= DEEPEST {
            self.note(path, "is not followed: files that include each other");
            return Ok(Vec::new());
        }
        let found = self.others(from, path)?;
        if found.is_empty() && !may_lack {
            self.note(path, "is not there: what it holds is not known");
        }
        Ok(found)
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
