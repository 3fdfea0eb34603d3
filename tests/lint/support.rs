//! Files in memory, a spec, and what is found in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use loadline::lint::{Context, Files, Input, Linted, Unreadable, lint};
use loadline::spec::Spec;

/// Files that others may name, by name; patterns match by what stands before and behind the star.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shelf(pub(crate) BTreeMap<String, Vec<u8>>);

impl Files for Shelf {
    fn matching(&self, from: &str, pattern: &str) -> std::io::Result<Vec<(String, Vec<u8>)>> {
        let folder = from.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let pattern = pattern.strip_prefix("/etc/nginx/").unwrap_or(pattern);
        let wanted = format!("{folder}{pattern}");
        let fits = |name: &&String| match wanted.split_once('*') {
            Some((before, after)) => name.starts_with(before) && name.ends_with(after),
            None => **name == wanted,
        };
        Ok(self.0.keys().filter(fits).map(|name| (name.clone(), self.0[name].clone())).collect())
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The example of 2000 users, with its pool stated.
pub(crate) fn spec() -> Spec {
    let text = fs::read(root().join("examples/teachers-2000.yaml")).unwrap();
    loadline::spec::read("teachers.yaml", &text, &loadline::clouds::vocabulary(), &[]).unwrap()
}

/// A file to look at.
pub(crate) fn input(name: &str, text: &str) -> Input {
    Input { name: name.to_owned(), kind: None, bytes: text.as_bytes().to_vec() }
}

/// Looks at files that name no others.
pub(crate) fn look(inputs: &[Input]) -> Result<Linted, Vec<Unreadable>> {
    lint(inputs, &Shelf::default(), Context::default())
}

/// The rules that fire.
pub(crate) fn fired(linted: &Linted) -> Vec<&'static str> {
    let mut ids: Vec<_> = linted.findings.iter().map(|finding| finding.rule.id).collect();
    ids.dedup();
    ids
}
