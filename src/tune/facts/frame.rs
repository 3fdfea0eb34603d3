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
    /// Whether it is a link.
    pub is_link: bool,
    /// Whether it is a link to `/etc/sysctl.conf`.
    pub is_old_sysctl: bool,
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

/// What the script's first line begins with; the word behind it begins every heading.
const FIRST: &str = "@facts ";

/// Takes the output apart.
pub(super) fn read(stdout: &[u8], stderr: &[u8]) -> Result<Printed, String> {
    let text = String::from_utf8_lossy(stdout);
    let mut printed = Printed::default();
    let mut name = String::new();
    // Whatever comes before the script's own first line is not ours: a greeting of the login shell, a warning.
    let mut lines = text.lines().skip_while(|line| !line.starts_with(FIRST));
    let mark = lines.next().and_then(|line| line.strip_prefix(FIRST)).unwrap_or_default();
    for line in lines {
        let heading = line.strip_prefix(mark).and_then(|line| line.strip_prefix('@'));
        if let Some(section) = heading.filter(|_| !mark.is_empty()) {
            section.clone_into(&mut name);
            printed.sections.entry(name.clone()).or_default();
        } else if let Some(lines) = printed.sections.get_mut(&name) {
            lines.push(line.to_owned());
        }
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
    for line in printed.sections.remove("files").unwrap_or_default() {
        let Some((mode, path)) = line.split_once(' ') else { continue };
        let text = mode.starts_with('r').then(String::new);
        let (is_link, is_old_sysctl) = (mode.ends_with(['l', 's']), mode.ends_with('s'));
        let file = File { text, writable: mode.contains('w'), is_link, is_old_sysctl };
        printed.files.0.insert(path.to_owned(), file);
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
        if file.text.is_none() && !file.is_link && !named.contains(path) && !path.ends_with('/') {
            let said = "no permission to read it".to_owned();
            printed.unreadable.push(Unreadable { what: path.clone(), said });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "Welcome!\n@facts 7f\n7f@files\nrw- /a\nr-l /a:b\n--- /secret\n--l /nowhere\n7f@text\n/a:b:1\n/a:x\n/a:@end\n7f@end\n";

    #[test]
    fn a_greeting_does_not_count_and_colons_in_paths_are_told_from_text() {
        let printed = read(WHOLE.as_bytes(), b"").unwrap();
        assert_eq!(printed.files.text("/a"), Some("b:1\nx\n@end\n"));
        let linked = printed.files.get("/a:b").unwrap();
        assert_eq!((linked.writable, linked.is_link, linked.text.as_deref()), (false, true, Some("")));
    }

    #[test]
    fn output_that_broke_off_is_an_error_with_what_was_said() {
        let error = read(b"@facts 7f\n7f@system\na\n@end\n", b"\nsh: Killed\n").unwrap_err();
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
