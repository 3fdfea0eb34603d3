//! Each file of tests/scenarios is a test of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::story::tell;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        $(#[test] fn $story() { tell(&folder().join(concat!(stringify!($story), ".md"))); })+
        const STORIES: &[&str] = &[$(stringify!($story)),+];
    };
}

stories! {
    first_steps,
    forms_of_output,
    files_that_contradict,
    looks,
    pinned_and_chosen,
    reference,
    the_life_of_a_stack,
    what_is_refused,
    where_and_how_long,
    why_not_this_product,
    wrong_names_and_files,
    wrong_spec,
    what_cannot_be_had,
}

#[test]
fn every_story_in_the_folder_is_told() {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let there: BTreeSet<String> = fs::read_dir(folder()).unwrap().map(name).collect();
    let told: BTreeSet<String> = STORIES.iter().map(|story| format!("{story}.md")).collect();
    assert_eq!(there, told);
}
