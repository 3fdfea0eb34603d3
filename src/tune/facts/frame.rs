//! The form of what the script prints: sections of lines, and files with their text.

use std::collections::BTreeMap;

use super::Unreadable;

/// A file as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// Its text, each line ended by a line break; `None`: it is there and cannot be read, or is a link into nothing.
    pub text: Option<String>,
    /// Whether root may write it: not on a read-only file system.
    pub writable: bool,
    /// Where it leads if it is a link.
    pub target: Option<String>,
}

/// Files by path. A path that is not here is not on the host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files(pub(super) BTreeMap<String, File>);

impl Files {
    /// The file; `None`: it is not there.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.0.get(path)
    }

    /// Its text; `None`: it is not there or cannot be read.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.get(path)?.text.as_deref()
    }

    /// Files below a folder whose names end like this, by path.
    pub fn below<'a>(
        &'a self,
        folder: &'a str,
        end: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a File)> + 'a {
        self.0
            .iter()
            .filter(move |(path, _)| path.starts_with(folder) && path.ends_with(end))
            .map(|(path, file)| (path.as_str(), file))
    }
}

/// What the script printed, taken apart.
#[derive(Debug, Default)]
pub(super) struct Printed {
    sections: BTreeMap<String, Vec<String>>,
    pub(super) files: Files,
    pub(super) unreadable: Vec<Unreadable>,
}

impl Printed {
    /// Lines of a section; `None`: the script did not print it.
    pub(super) fn section(&self, name: &str) -> Option<&[String]> {
        self.sections.get(name).map(Vec::as_slice)
    }

    /// What stands behind `name=` in a section; `None` where it is empty as well.
    pub(super) fn value(&self, section: &str, name: &str) -> Option<&str> {
        let lines = self.section(section)?.iter();
        lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix('=')).find(|value| !value.is_empty())
    }
}

/// Takes the output apart.
pub(super) fn read(stdout: &[u8], stderr: &[u8]) -> Result<Printed, String> {
    let text = String::from_utf8_lossy(stdout);
    let mut printed = Printed::default();
    let mut name = String::new();
    for line in text.lines() {
        if let Some(section) = line.strip_prefix('@') {
            section.clone_into(&mut name);
            printed.sections.entry(name.clone()).or_default();
        } else if let (Some(line), Some(lines)) = (line.strip_prefix('|'), printed.sections.get_mut(&name)) {
            lines.push(line.to_owned());
        }
        // Anything else is not ours: a greeting of the login shell, a warning.
    }
    if !printed.sections.contains_key("end") {
        let said = String::from_utf8_lossy(stderr);
        let said = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("nothing on standard error");
        return Err(format!("the look broke off in section `{name}`: {said}"));
    }
    files(&mut printed);
    complaints(&mut printed, &String::from_utf8_lossy(stderr));
    Ok(printed)
}

fn files(printed: &mut Printed) {
    let mut last = None;
    for line in printed.sections.remove("files").unwrap_or_default() {
        if let Some(target) = line.strip_prefix('=') {
            let file: Option<&mut File> = last.as_ref().and_then(|path| printed.files.0.get_mut(path));
            if let Some(file) = file {
                file.target = Some(target.to_owned());
            }
        } else if let Some((mode, path)) = line.split_once(' ') {
            let readable = mode.starts_with('r');
            let file = File { text: readable.then(String::new), writable: mode.ends_with('w'), target: None };
            printed.files.0.insert(path.to_owned(), file);
            last = Some(path.to_owned());
        }
    }
    for line in printed.sections.remove("text").unwrap_or_default() {
        // A path may hold colons: the first colon that ends a path which was named is the one.
        let split = line.match_indices(':').find(|(at, _)| printed.files.0.contains_key(&line[..*at]));
        if let Some((at, _)) = split
            && let Some(File { text: Some(text), .. }) = printed.files.0.get_mut(&line[..at])
        {
            text.push_str(&line[at + 1..]);
            text.push('\n');
        }
    }
}

/// What grep could not read: `grep: /path: Input/output error`.
fn complaints(printed: &mut Printed, stderr: &str) {
    for line in stderr.lines() {
        let Some((path, said)) = line.strip_prefix("grep: ").and_then(|rest| rest.rsplit_once(": ")) else {
            continue;
        };
        if let Some(file) = printed.files.0.get_mut(path) {
            file.text = None;
            printed.unreadable.push(Unreadable { what: path.to_owned(), said: said.to_owned() });
        }
    }
    let named: Vec<String> = printed.unreadable.iter().map(|it| it.what.clone()).collect();
    for (path, file) in &printed.files.0 {
        if file.text.is_none() && file.target.is_none() && !named.contains(path) && !path.ends_with('/') {
            let said = "no permission to read it".to_owned();
            printed.unreadable.push(Unreadable { what: path.clone(), said });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str =
        "Welcome!\n@files\n|rw /a\n|r- /a:b\n|=/c\n|-- /secret\n@text\n|/a:b:1\n|/a:x\n@end\n";

    #[test]
    fn a_greeting_does_not_count_and_colons_in_paths_are_told_from_text() {
        let printed = read(WHOLE.as_bytes(), b"").unwrap();
        assert_eq!(printed.files.text("/a"), Some("b:1\nx\n"));
        let linked = printed.files.get("/a:b").unwrap();
        assert_eq!(
            (linked.writable, linked.target.as_deref(), linked.text.as_deref()),
            (false, Some("/c"), Some(""))
        );
    }

    #[test]
    fn output_that_broke_off_is_an_error_with_what_was_said() {
        let error = read(b"@system\n|a\n", b"\nsh: Killed\n").unwrap_err();
        assert_eq!(error, "the look broke off in section `system`: sh: Killed");
    }

    #[test]
    fn what_cannot_be_read_is_said_and_is_not_empty() {
        let printed = read(WHOLE.as_bytes(), b"grep: /a: Input/output error\n").unwrap();
        assert_eq!(printed.files.text("/a"), None);
        let said: Vec<_> = printed.unreadable.iter().map(|it| (it.what.as_str(), it.said.as_str())).collect();
        assert_eq!(said, [("/a", "Input/output error"), ("/secret", "no permission to read it")]);
    }
}
