//! What README.md and docs/cli.md show is run, and every flag of the program is described.

use std::fs;
use std::path::{Path, PathBuf};

use crate::story::tell;
use crate::support::stdout;

fn document(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn the_commands_of_the_readme_show_what_is_seen() {
    tell(&document("README.md"));
}

#[test]
fn the_commands_of_the_command_page_show_what_is_seen() {
    tell(&document("docs/cli.md"));
}

/// Flags of a help text: words that begin with two dashes at the start of an entry.
fn flags(help: &str) -> Vec<&str> {
    let entries = help.lines().map(str::trim).filter(|line| line.starts_with('-'));
    entries.filter_map(|line| line.split([' ', ',']).find(|word| word.starts_with("--"))).collect()
}

#[test]
fn every_command_flag_and_variable_is_described() {
    let page = fs::read_to_string(document("docs/cli.md")).unwrap();
    let mut missing = Vec::new();
    for command in [
        "init",
        "size",
        "compare",
        "plan",
        "apply",
        "destroy",
        "drift",
        "status",
        "leftovers",
        "tune plan",
        "tune apply",
        "tune verify",
        "tune revert",
        "tune render",
        "deploy",
        "deploy render",
        "deploy rollback",
        "deploy status",
        "deploy logs",
        "deploy unlock",
        "load",
        "load export",
        "check",
        "calibrate",
        "lint",
        "prices show",
        "schema",
        "completions",
        "man",
    ] {
        if !page.contains(&format!("`loadline {command}")) {
            missing.push(format!("loadline {command}"));
        }
        let help = stdout(&format!("{command} --help"), 0);
        let found = flags(&help);
        assert!(found.contains(&"--help"), "{help}");
        let own = found.into_iter().filter(|flag| !page.contains(&format!("`{flag}")));
        missing.extend(own.map(|flag| format!("{command} {flag}")));
        let variables = help.split("[env: ").skip(1).filter_map(|rest| rest.split(['=', ']']).next());
        missing.extend(variables.filter(|name| !page.contains(&format!("`{name}`"))).map(str::to_owned));
    }
    assert!(missing.is_empty(), "not in docs/cli.md: {missing:?}");
}

#[test]
fn every_link_in_the_documents_leads_to_a_file() {
    let mut checked = 0;
    for name in [
        "README.md",
        "docs/cli.md",
        "docs/deploy.md",
        "docs/json.md",
        "docs/lint.md",
        "docs/calibrate.md",
        "docs/check.md",
        "docs/load.md",
        "docs/rehearsal.md",
        "docs/testing.md",
        "docs/tune.md",
    ] {
        let text = fs::read_to_string(document(name)).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            assert!(document(name).parent().unwrap().join(target).exists(), "{name} links to {target}");
            checked += 1;
        }
    }
    assert!(checked > 4, "only {checked} links found");
}
