//! A story is a page of Markdown that is run: its `console` blocks hold commands and everything that is seen.
//!
//! ````text
//! ```yaml file=school.yaml     a file that the story needs; any language, and folders are made
//! ```
//! ```console
//! $ NO_COLOR=1 loadline size school.yaml < input > output
//! ? 3                          the exit code; without this line 0
//! any [..] text                `[..]` stands for any text inside a line
//! ...                          any number of lines
//! ```
//! ````
//!
//! A story runs in an empty folder with the examples beside it. Output and complaints are seen as at a terminal, in their order.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::environment;

/// Runs every command of a page and holds what is seen against what the page shows.
pub(crate) fn tell(page: &Path) {
    let text = fs::read_to_string(page).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let examples = folder.path().join("examples");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), &examples);
    let mut commands = 0;
    let mut different = Vec::new();
    for (language, block) in blocks(&text) {
        if let Some((_, name)) = language.split_once(" file=") {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, block.join("\n") + "\n").unwrap();
        } else if language == "console" {
            for step in steps(&block) {
                commands += 1;
                let (seen, code) = run(folder.path(), step.command);
                if code != step.code || !matches(&step.shown, &seen.lines().collect::<Vec<_>>()) {
                    let shown = step.shown.join("\n");
                    different.push(format!(
                        "$ {}\n--- shown, code {}\n{shown}\n--- seen, code {code}\n{seen}",
                        step.command, step.code
                    ));
                }
            }
        }
    }
    assert!(commands > 0, "{} runs no command", page.display());
    assert!(different.is_empty(), "{}:\n{}", page.display(), different.join("\n"));
}

/// A folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The fenced blocks of a page: what stands after the fence, and the lines.
pub(crate) fn blocks(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            blocks.push((language, lines.by_ref().take_while(|line| *line != "```").collect()));
        }
    }
    blocks
}

/// One command and what the page shows of it.
struct Step<'a> {
    command: &'a str,
    code: i32,
    shown: Vec<&'a str>,
}

fn steps<'a>(block: &[&'a str]) -> Vec<Step<'a>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    for line in block {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { command, code: 0, shown: Vec::new() });
            continue;
        }
        let step = steps.last_mut().expect("a console block begins with a command");
        match line.strip_prefix("? ") {
            Some(code) if step.shown.is_empty() => step.code = code.parse().unwrap(),
            _ => step.shown.push(line),
        }
    }
    steps
}

/// Runs one command line; gives what is seen and the exit code.
fn run(folder: &Path, command: &str) -> (String, i32) {
    let mut words = split(command).into_iter().peekable();
    let mut program = Command::new(env!("CARGO_BIN_EXE_loadline"));
    environment(&mut program);
    program.current_dir(folder).stdin(Stdio::null());
    while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
        program.env(name, value);
        words.next();
    }
    assert_eq!(words.next().as_deref(), Some("loadline"), "a story runs no other program: {command}");
    let (mut reader, writer) = std::io::pipe().unwrap();
    program.stdout(writer.try_clone().unwrap()).stderr(writer);
    while let Some(word) = words.next() {
        match word.as_str() {
            "<" => program.stdin(File::open(folder.join(words.next().unwrap())).unwrap()),
            ">" => program.stdout(File::create(folder.join(words.next().unwrap())).unwrap()),
            _ => program.arg(word),
        };
    }
    let mut child = program.spawn().unwrap();
    // The command holds the writing ends; the pipe ends only when they are gone.
    drop(program);
    let mut seen = String::new();
    reader.read_to_string(&mut seen).unwrap();
    (seen, child.wait().unwrap().code().unwrap_or(-1))
}

/// Words of a command line; quotes hold spaces together.
fn split(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut begun) = (String::new(), None, false);
    for character in command.chars() {
        match (quote, character) {
            (None, '\'' | '"') => (quote, begun) = (Some(character), true),
            (Some(open), _) if open == character => quote = None,
            (None, ' ') => {
                if std::mem::take(&mut begun) {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => {
                word.push(character);
                begun = true;
            }
        }
    }
    assert!(quote.is_none(), "a quote is not closed: {command}");
    if begun {
        words.push(word);
    }
    words
}

/// Whether lines are as shown; spaces at the end of a line do not count.
fn matches(shown: &[&str], seen: &[&str]) -> bool {
    match (shown.split_first(), seen.split_first()) {
        (None, None) => true,
        (Some((&"...", rest)), _) => (0..=seen.len()).any(|skipped| matches(rest, &seen[skipped..])),
        (Some((shown, shown_rest)), Some((seen, seen_rest))) => {
            line_matches(shown.trim_end(), seen.trim_end()) && matches(shown_rest, seen_rest)
        }
        _ => false,
    }
}

fn line_matches(shown: &str, seen: &str) -> bool {
    let Some((before, after)) = shown.split_once("[..]") else { return shown == seen };
    let Some(rest) = seen.strip_prefix(before) else { return false };
    let ends = rest.char_indices().map(|(index, _)| index).chain([rest.len()]);
    ends.into_iter().any(|index| line_matches(after, &rest[index..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stand_for_lines_and_for_text_and_for_nothing_else() {
        assert!(matches(&["a", "...", "c [..] e"], &["a", "b", "b", "c d e"]));
        assert!(matches(&["a", "..."], &["a"]));
        assert!(!matches(&["a"], &["a", "b"]));
        assert!(!matches(&["a", "b"], &["a"]));
        assert!(!matches(&["...", "c [..] e"], &["c d f"]));
    }

    #[test]
    fn quotes_hold_a_word_together() {
        assert_eq!(split("a  'b c' \"\" d=e"), ["a", "b c", "", "d=e"]);
    }
}
