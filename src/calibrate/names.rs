//! Which kind of request of the spec each name in the results means.

use std::collections::BTreeSet;

use super::observed::Run;
use super::options::{Options, Unclear};
use super::unreadable::quoted;
use crate::spec::Spec;

/// Names shown in a sentence at most.
const SHOWN: usize = 5;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The kind of request of that index in the spec.
    Kind(usize),
    /// Nothing: it is left out.
    LeftOut,
}

/// The meaning of every name of every run, in the order of [`Run::names`].
///
/// What was stated goes first, then equal names, then, in a spec of one kind, everything is of that kind.
pub(super) fn meanings(spec: &Spec, runs: &[Run], options: &Options) -> Result<Vec<Vec<Meaning>>, Unclear> {
    let stated = stated(spec, options)?;
    let mut unknown = BTreeSet::new();
    let mut used = BTreeSet::new();
    let mut of = |name: &str| {
        if let Some(index) = stated.iter().position(|(pattern, _)| fits(pattern, name)) {
            used.insert(index);
            return stated[index].1;
        }
        let kind = spec.requests.iter().position(|request| request.name == name);
        if let Some(kind) = kind.or_else(|| (spec.requests.len() == 1).then_some(0)) {
            return Meaning::Kind(kind);
        }
        unknown.insert(name.to_owned());
        Meaning::LeftOut
    };
    let all = runs.iter().map(|run| run.names.iter().map(|name| of(name)).collect()).collect();
    if !unknown.is_empty() {
        let names: Vec<&String> = unknown.iter().collect();
        let kinds: Vec<&str> = spec.requests.iter().map(|request| request.name.as_str()).collect();
        let sentence = format!(
            "the results name {}, and which of the spec's requests ({}) that is, is not known",
            listed(&names),
            kinds.join(", ")
        );
        let name = names.first().map_or("", |name| name.as_str());
        let hint = format!(
            "say it: --map '{name}={}', or --map '{name}=none' to leave it out",
            kinds.first().unwrap_or(&"page")
        );
        return Err(Unclear::new(sentence, hint));
    }
    if let Some((index, _)) = options.names.iter().enumerate().find(|(index, _)| !used.contains(index)) {
        let sentence = format!("--map {}: the results hold no such name", quoted(&options.names[index].0));
        let there: BTreeSet<&String> = runs.iter().flat_map(|run| &run.names).collect();
        let hint = format!("names that are there: {}", listed(&there.into_iter().collect::<Vec<_>>()));
        return Err(Unclear::new(sentence, hint));
    }
    Ok(all)
}

fn stated<'a>(spec: &Spec, options: &'a Options) -> Result<Vec<(&'a str, Meaning)>, Unclear> {
    let one = |(pattern, kind): &'a (String, Option<String>)| {
        let Some(kind) = kind else { return Ok((pattern.as_str(), Meaning::LeftOut)) };
        match spec.requests.iter().position(|request| request.name == *kind) {
            Some(index) => Ok((pattern.as_str(), Meaning::Kind(index))),
            None => {
                let kinds: Vec<&str> = spec.requests.iter().map(|request| request.name.as_str()).collect();
                let sentence = format!("--map: the spec has no request {}", quoted(kind));
                Err(Unclear::new(sentence, format!("requests of the spec: {}", kinds.join(", "))))
            }
        }
    };
    options.names.iter().map(one).collect()
}

fn listed(names: &[&String]) -> String {
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| quoted(name)).collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    shown.join(", ")
}

/// Whether a name fits a pattern, in which `*` stands for any text.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_text_and_nothing_else_does() {
        for (pattern, name) in
            [("a", "a"), ("*", ""), ("/u/*", "/u/7"), ("*/u/*/x", "http://h/u/7/x"), ("a*b*c", "a1b2b3c")]
        {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a", "ab"), ("a*", "ba"), ("*b", "ba"), ("a*b*c", "acb"), ("ab*bc", "abc")] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
