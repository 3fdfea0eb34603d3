//! `docs/spec.md`: its tables are those of the program, and what its introduction shows is so.

use std::path::Path;

use loadline::spec::reference_markdown;

use crate::support::{errors, shown, sound};

/// Behind this line the page is made by the program.
const MARK: &str = "<!-- Made from the key table in src/spec/keys. Rewrite: UPDATE=1 cargo test --test spec reference -->\n\n";

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/spec.md")).unwrap()
}

fn introduction(page: &str) -> &str {
    page.split_once(MARK).expect("docs/spec.md has the line behind which it is made").0
}

#[test]
fn the_page_is_what_the_program_says() {
    let page = page();
    let wanted = format!("{}{MARK}{}", introduction(&page), reference_markdown());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/spec.md"), &wanted).unwrap();
        return;
    }
    assert!(
        page == wanted,
        "docs/spec.md is out of date; rewrite it: UPDATE=1 cargo test --test spec reference"
    );
}

#[test]
fn the_reference_names_every_key_and_every_unit() {
    let reference = reference_markdown();
    for key in loadline::spec::keys::all() {
        assert!(
            reference.contains(&format!("`{}`", key.path))
                || reference.contains(&format!("### {}\n", key.path)),
            "{}",
            key.path
        );
        assert!(reference.contains(key.doc), "{}", key.path);
    }
    for row in reference.lines().filter(|line| line.starts_with("| ")) {
        let cells = row.matches(" | ").count();
        assert!(cells == 1 || cells == 3, "a cell of this row holds a `|`: {row}");
    }
}

/// The fenced blocks of the introduction in a language.
fn blocks(language: &str) -> Vec<String> {
    let page = page();
    introduction(&page)
        .split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.strip_prefix(&format!("{language}\n")).map(str::to_owned))
        .collect()
}

#[test]
fn the_whole_spec_in_the_introduction_is_read() {
    let whole: Vec<String> =
        blocks("yaml").into_iter().filter(|block| block.starts_with("version: 1")).collect();
    assert_eq!(whole.len(), 1);
    assert_eq!(sound(&whole[0]).load.users.mid, 200.0);
}

#[test]
fn the_complaint_in_the_introduction_is_the_one_that_is_made() {
    let whole = &blocks("yaml")[0];
    let broken = whole.replace("cpu: 12 ms", "cpu: 12");
    let shown = shown(&errors(&broken)).replace("spec.yaml", "school.yaml");
    assert_eq!(blocks("text"), [shown]);
}
