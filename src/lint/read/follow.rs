//! Each kind of file with what it includes.

use std::sync::Arc;

use super::super::known::{Place, Word};
use super::super::parse::{Unreadable, cnf, compose, env, nginx, redis};
use super::{Read, Reader, env_files};

/// Deepest chain of files that include each other.
const DEEPEST: usize = 10;
/// Most services of a Compose file.
const MOST_SERVICES: usize = 500;
/// Most values that all services together may take from others by `extends`.
const MOST_EXTENDED: usize = 100_000;

impl Reader<'_> {
    pub(super) fn compose(&mut self, name: &Arc<str>, bytes: &[u8]) -> Read<()> {
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
        bounded(&node, &start)?;
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

    pub(super) fn nginx(
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

    pub(super) fn cnf(
        &mut self,
        name: &Arc<str>,
        bytes: &[u8],
        depth: usize,
        out: &mut Vec<cnf::Entry>,
    ) -> Read<()> {
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

    pub(super) fn redis(
        &mut self,
        name: &Arc<str>,
        bytes: &[u8],
        depth: usize,
        out: &mut Vec<redis::Line>,
    ) -> Read<()> {
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
}

/// Refuses a Compose file whose services are more than anybody runs, or multiply each other.
fn bounded(root: &compose::Node, start: &Place) -> Read<()> {
    let services = root.get("services").map(compose::Node::entries).unwrap_or_default();
    if services.len() > MOST_SERVICES {
        let message = format!("more than {MOST_SERVICES} services in one file");
        return Err(Unreadable::new(start.clone(), message, "is this the right file?"));
    }
    let mut left = MOST_EXTENDED;
    for name in services.iter().filter_map(|entry| compose::extended(&entry.node)) {
        let base = services.iter().find(|entry| entry.key == name.value);
        left = left.checked_sub(base.map_or(0, |base| base.node.size())).ok_or_else(|| {
            let message = format!("`extends` stands for more than {MOST_EXTENDED} values");
            Unreadable::new(start.clone(), message, "write the services out")
        })?;
    }
    Ok(())
}
