//! Limits of login sessions: `limits.conf`, `limits.d`, and what holds where no line says anything (limits.conf(5)).

use std::fmt;

use super::Unreadable;
use super::frame::{Files, Printed};

/// The most that a limit allows; ordered: no end is more than any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Most {
    /// So many.
    Of(u64),
    /// No end.
    Unlimited,
}

impl Most {
    /// Reads what limits.conf, systemd and `/proc/<pid>/limits` write. `None`: no number.
    pub fn read(text: &str) -> Option<Self> {
        match text.trim() {
            "unlimited" | "infinity" | "-1" | "18446744073709551615" => Some(Self::Unlimited),
            digits => digits.parse().ok().map(Self::Of),
        }
    }
}

impl fmt::Display for Most {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Of(number) => write!(f, "{number}"),
            Self::Unlimited => f.write_str("unlimited"),
        }
    }
}

/// A line of a limits file: `* soft nofile 100000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitLine {
    /// The file.
    pub file: String,
    /// Whom it is about: a user, `@group`, `*`.
    pub domain: String,
    /// `soft`, `hard` or `-` for both.
    pub kind: String,
    /// What: `nofile`, `nproc`.
    pub item: String,
    /// How many.
    pub most: Most,
}

/// Soft and hard limits that a session has where no line says anything. `None`: not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SessionDefaults {
    /// Open files.
    pub nofile: Option<(Most, Most)>,
    /// Processes of the user.
    pub nproc: Option<(Most, Most)>,
}

/// Limits of login sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Every line, in the order in which PAM reads them.
    pub lines: Vec<LimitLine>,
    /// What holds without any.
    pub defaults: SessionDefaults,
}

/// The file that PAM reads first.
const FIRST: &str = "/etc/security/limits.conf";
/// The folder it reads then, by name.
const FOLDER: &str = "/etc/security/limits.d/";

pub(super) fn read(printed: &Printed, unreadable: &mut Vec<Unreadable>) -> Limits {
    let files = &printed.files;
    let paths = files.get(FIRST).map(|_| FIRST).into_iter();
    let paths = paths.chain(files.below(FOLDER, ".conf").map(|(path, _)| path));
    let mut lines = Vec::new();
    for path in paths {
        for text in files.text(path).unwrap_or_default().lines() {
            match line_of(path, text) {
                Line::Limit(line) => lines.push(line),
                Line::Nothing => {}
                Line::Wrong => unreadable.push(Unreadable {
                    what: path.to_owned(),
                    said: format!("PAM skips the line `{}`", text.trim()),
                }),
            }
        }
    }
    Limits { lines, defaults: defaults(printed, files) }
}

enum Line {
    Limit(LimitLine),
    Nothing,
    Wrong,
}

fn line_of(file: &str, text: &str) -> Line {
    let text = text.split('#').next().unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [] => Line::Nothing,
        // `user -` lifts every limit of that user.
        [_, "-"] => Line::Nothing,
        [domain, kind @ ("soft" | "hard" | "-"), item, most] => match Most::read(most) {
            Some(most) => Line::Limit(LimitLine {
                file: file.to_owned(),
                domain: (*domain).to_owned(),
                kind: (*kind).to_owned(),
                item: (*item).to_owned(),
                most,
            }),
            // Priorities and the like may be negative numbers: none of them is ours.
            None => Line::Nothing,
        },
        _ => Line::Wrong,
    }
}

/// A line of a limits file, if it is one.
pub(crate) fn limit_line(file: &str, text: &str) -> Option<LimitLine> {
    match line_of(file, text) {
        Line::Limit(line) => Some(line),
        Line::Nothing | Line::Wrong => None,
    }
}

/// Sessions inherit from the service that opens them, and services from systemd's defaults; without systemd from process 1.
fn defaults(printed: &Printed, files: &Files) -> SessionDefaults {
    if printed.section("manager").is_some() {
        let of = |name: &str| {
            let hard = Most::read(printed.value("manager", &format!("DefaultLimit{name}"))?)?;
            let soft = printed.value("manager", &format!("DefaultLimit{name}Soft")).and_then(Most::read);
            Some((soft.unwrap_or(hard), hard))
        };
        return SessionDefaults { nofile: of("NOFILE"), nproc: of("NPROC") };
    }
    match files.text("/proc/1/limits") {
        Some(text) => SessionDefaults {
            nofile: of_process(text, "Max open files"),
            nproc: of_process(text, "Max processes"),
        },
        None => SessionDefaults::default(),
    }
}

/// Soft and hard limit in the form of `/proc/<pid>/limits`.
pub(super) fn of_process(text: &str, name: &str) -> Option<(Most, Most)> {
    let mut words = text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace();
    Some((Most::read(words.next()?)?, Most::read(words.next()?)?))
}

impl Limits {
    /// The line that decides for a domain: for `*` and for users the last one that names it. `end` is `soft` or `hard`.
    pub fn deciding(&self, domain: &str, item: &str, end: &str) -> Option<&LimitLine> {
        let about = |line: &&LimitLine| {
            line.domain == domain && line.item == item && (line.kind == end || line.kind == "-")
        };
        self.lines.iter().rfind(about)
    }

    /// Lines about one user or group that beat `*` for it and allow less than this.
    pub fn lower_for_some(&self, item: &str, wanted: Most) -> Vec<&LimitLine> {
        let about = |line: &&LimitLine| {
            line.item == item && !matches!(line.domain.as_str(), "*" | "root") && line.most < wanted
        };
        self.lines.iter().filter(about).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Limits {
        let lines = text.lines().filter_map(|line| limit_line("/f", line));
        Limits { lines: lines.collect(), defaults: SessionDefaults::default() }
    }

    #[test]
    fn the_last_line_about_a_domain_decides() {
        let limits =
            lines("* soft nofile 1024 # old\n* - nofile 4096\n@web hard nofile 10\nroot soft nofile 5");
        assert_eq!(limits.deciding("*", "nofile", "soft").unwrap().most, Most::Of(4096));
        assert_eq!(limits.deciding("*", "nofile", "hard").unwrap().most, Most::Of(4096));
        assert_eq!(limits.deciding("*", "nproc", "hard"), None);
        let lower: Vec<_> =
            limits.lower_for_some("nofile", Most::Of(100)).iter().map(|it| &it.domain).collect();
        assert_eq!(lower, ["@web"]);
    }

    #[test]
    fn no_end_is_more_than_any_number_and_zero_is_a_number() {
        assert!(Most::read("infinity") > Most::read("9223372036854775807"));
        assert_eq!(Most::read("0"), Some(Most::Of(0)));
        assert_eq!(Most::read("many"), None);
    }

    #[test]
    fn lines_that_pam_skips_are_said() {
        assert!(matches!(line_of("/f", "* soft nofile"), Line::Wrong));
        assert!(matches!(line_of("/f", "ftp -"), Line::Nothing));
        assert!(matches!(line_of("/f", "* hard priority -20"), Line::Nothing));
    }

    #[test]
    fn limits_of_a_process_are_read_from_their_columns() {
        let text = "Limit   Soft Limit   Hard Limit   Units\nMax processes   unlimited   96364   processes\n";
        assert_eq!(of_process(text, "Max processes"), Some((Most::Unlimited, Most::Of(96364))));
        assert_eq!(of_process(text, "Max open files"), None);
    }
}
