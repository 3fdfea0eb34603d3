//! The rules of docs/architecture.md that a compiler does not check: who may import whom, where a cloud may be named, how long a file may be.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its own sources should stop")]

use std::fs;
use std::path::{Path, PathBuf};

/// Modules of `src` and the modules of `src` that each may import. `cli` may import everything and nobody imports it.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("spec", &[]),
    ("sizing", &["spec"]),
    ("lint", &["sizing", "spec"]),
    ("market", &["sizing", "spec"]),
    ("hosts", &[]),
    ("tune", &["hosts", "sizing", "spec"]),
    ("check", &["hosts", "tune", "sizing", "spec"]),
    ("deploy", &["check", "hosts", "tune", "sizing", "spec"]),
    ("blueprint", &["tune", "market", "sizing", "spec"]),
    ("load", &["hosts", "sizing", "spec"]),
    ("calibrate", &["load", "sizing", "spec"]),
    ("plan", &["market"]),
    ("event", &[]),
    ("apply", &["plan", "event"]),
    (
        "report",
        &[
            "calibrate",
            "check",
            "load",
            "deploy",
            "lint",
            "tune",
            "apply",
            "event",
            "plan",
            "market",
            "sizing",
            "spec",
        ],
    ),
    ("clouds", &["spec"]),
];

/// Words that belong to one cloud. They may stand in `src/clouds.rs` and in `providers/` only.
const CLOUD_WORDS: &[&str] = &[
    "aws",
    "amazon",
    "ec2",
    "rds",
    "elasticache",
    "cloudwatch",
    "gcp",
    "google",
    "cloud sql",
    "memorystore",
    "azure",
    "microsoft",
    "digitalocean",
    "droplet",
];

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn modules_import_only_what_stands_before_them() {
    let modules: Vec<&str> = MAY_IMPORT.iter().map(|(module, _)| *module).chain(["cli"]).collect();
    let mut wrong = Vec::new();
    for path in sources("src") {
        let module = module_of(&path);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
            assert!(
                ["cli", "lib", "main"].contains(&module.as_str()),
                "{module} is not in the table of imports"
            );
            continue;
        };
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            for other in modules.iter().filter(|other| **other != module && !allowed.contains(other)) {
                if line.contains(&format!("crate::{other}")) {
                    wrong.push(format!("{}:{}: {module} imports {other}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_cloud_is_named_in_the_core() {
    let mut wrong = Vec::new();
    for path in sources("src").into_iter().filter(|path| !path.ends_with("src/clouds.rs")) {
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let lower = line.to_lowercase();
            for word in CLOUD_WORDS {
                let named = lower.match_indices(word).any(|(at, _)| {
                    let edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
                    edge(lower[..at].chars().next_back()) && edge(lower[at + word.len()..].chars().next())
                });
                if named {
                    wrong.push(format!("{}:{}: names `{word}`", path.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_small() {
    let mut lengths: Vec<(usize, PathBuf)> = ["src", "providers"]
        .into_iter()
        .flat_map(sources)
        .map(|path| (fs::read_to_string(&path).unwrap().lines().count(), path))
        .collect();
    lengths.sort();
    let median = lengths[lengths.len() / 2].0;
    assert!(median <= 150, "the median file has {median} lines; split by idea");
    let long: Vec<_> = lengths.iter().filter(|(lines, _)| *lines > 450).collect();
    assert!(long.is_empty(), "over 450 lines: {long:?}");
}
