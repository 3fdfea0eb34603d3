//! docs/spec.md is what the key table says.

use loadline::spec::keys;
use loadline::spec::{Paint, reference_markdown, render};

use crate::support::{SMALL, complaint, read, sound};

#[test]
fn the_reference_is_what_the_key_table_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/spec.md");
    let wanted = reference_markdown();
    if std::env::var_os("LOADLINE_REWRITE").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap();
    assert!(found == wanted, "docs/spec.md is old: LOADLINE_REWRITE=1 cargo test --test spec");
}

#[test]
fn every_key_stands_in_the_reference_once() {
    let text = reference_markdown();
    for key in keys::all() {
        let rows = text.lines().filter(|line| line.starts_with(&format!("| `{}` |", key.path))).count();
        let heading = text.lines().any(|line| line == format!("### {}", key.path));
        assert_eq!(rows + usize::from(heading), 1, "{}", key.path);
    }
}

#[test]
fn every_row_of_a_table_has_as_many_cells_as_its_head() {
    let mut width = 0;
    for line in reference_markdown().lines() {
        let cells = line.matches('|').count();
        if !line.starts_with('|') {
            width = 0;
        } else if width == 0 {
            width = cells;
        } else {
            assert_eq!(cells, width, "{line}");
        }
    }
}

/// The blocks of that language.
fn blocks(language: &str) -> Vec<String> {
    let (text, fence) = (reference_markdown(), format!("```{language}\n"));
    let parts = text.split(&fence).skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_smallest_spec_of_the_reference_is_one() {
    let spec = sound(read(&blocks("yaml")[0]));
    assert_eq!((spec.name.as_str(), spec.load.users.mid), ("school", 200.0));
}

#[test]
fn the_error_of_the_reference_is_what_is_said() {
    let mut found = complaint(SMALL.replace("users: 200\n", "users: 200\n  think: 160\n"));
    // The text of the reference has a shorter spec.
    found.file = "school.yaml".to_owned();
    found.line = 4;
    assert_eq!(blocks("text")[0], render(&[found], Paint::Plain));
}
