//! Kernel settings: what they are now, which files set them at boot, and which of them wins (sysctl.d(5)).

use std::collections::BTreeMap;

use super::frame::Files;
use super::system::{System, Systemd};
use crate::tune::key::Key;

/// What a kernel setting is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading<'a> {
    /// Its value, words apart by one blank; may be empty.
    Value(String),
    /// The kernel does not have it (here, or before a module is loaded).
    Absent,
    /// It is there and could not be read.
    Unreadable(&'a str),
}

/// Who sets kernel settings at boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BootOrder {
    /// systemd-sysctl: files by name over all folders; `/etc/sysctl.conf` only through a link among them.
    Systemd,
    /// procps (`sysctl --system`): the same, then `/etc/sysctl.conf` as the last.
    Procps,
}

/// A line that sets a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The file that holds the line, as it is named in its folder.
    pub file: String,
    /// The value, words apart by one blank.
    pub value: String,
}

/// Kernel settings of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sysctl {
    files: Files,
    /// Who sets them at boot.
    pub order: BootOrder,
    /// The files in the order in which they are applied; masked ones are not among them.
    pub applied: Vec<String>,
}

/// Folders of sysctl.d(5), the strongest first. `/lib` is a folder of its own only where it is not merged with `/usr/lib`.
const FOLDERS: [&str; 5] =
    ["/etc/sysctl.d/", "/run/sysctl.d/", "/usr/local/lib/sysctl.d/", "/usr/lib/sysctl.d/", "/lib/sysctl.d/"];

/// The file that procps reads last.
const LAST: &str = "/etc/sysctl.conf";

pub(super) fn read(files: &Files, system: &System) -> Sysctl {
    let order = match system.systemd {
        Systemd::Running { .. } => BootOrder::Systemd,
        Systemd::Installed | Systemd::Absent => BootOrder::Procps,
    };
    let mut by_name: BTreeMap<&str, &str> = BTreeMap::new();
    for folder in FOLDERS {
        for (path, _) in files.below(folder, ".conf") {
            let name = &path[folder.len()..];
            if !name.contains('/') {
                by_name.entry(name).or_insert(path);
            }
        }
    }
    let mut applied: Vec<String> = by_name.into_values().map(str::to_owned).collect();
    if order == BootOrder::Procps && files.get(LAST).is_some() {
        applied.push(LAST.to_owned());
    }
    Sysctl { files: files.clone(), order, applied }
}

/// One blank between the words: the kernel answers with tabs, people write blanks.
pub(crate) fn words(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Sysctl {
    /// What a setting is now.
    pub fn now(&self, key: &Key) -> Reading<'_> {
        match self.files.get(&key.file()) {
            None => Reading::Absent,
            Some(file) => match &file.text {
                Some(text) => Reading::Value(words(text)),
                None => Reading::Unreadable("the kernel did not give it"),
            },
        }
    }

    /// Whether it can be written: not in a container whose `/proc/sys` is read-only.
    pub fn is_writable(&self, key: &Key) -> bool {
        self.files.get(&key.file()).is_some_and(|file| file.writable)
    }

    /// Every line that sets this key, in the order in which they are applied: the last wins.
    pub fn assignments(&self, key: &Key) -> Vec<Assignment> {
        let lines = self.applied.iter().flat_map(|path| {
            let text = self.files.text(path).unwrap_or_default();
            text.lines().filter_map(move |line| Some((path, line_of(line)?)))
        });
        let (mut named, mut meant) = (Vec::new(), Vec::new());
        let mut left_out = false;
        for (path, (pattern, value)) in lines {
            let Some(value) = value else {
                // `-net.ipv4.conf.lo.rp_filter` takes a setting out of what patterns mean.
                left_out |= pattern == *key;
                continue;
            };
            let assignment = Assignment { file: path.clone(), value: words(value) };
            if pattern == *key {
                named.push(assignment);
            } else if pattern.is_pattern() && key.is_meant_by(&pattern) {
                meant.push(assignment);
            }
        }
        match (named.is_empty(), left_out) {
            (false, _) => named,
            (true, true) => Vec::new(),
            (true, false) => meant,
        }
    }

    /// What the next boot sets; `None`: no file sets it.
    pub fn at_boot(&self, key: &Key) -> Option<Assignment> {
        self.assignments(key).pop()
    }

    /// What `/etc/sysctl.conf` would set it to when a person runs `sysctl --system`, which reads it last.
    pub fn by_hand(&self, key: &Key) -> Option<Assignment> {
        let text = self.files.text(LAST)?;
        let found = text.lines().filter_map(line_of).filter(|(name, _)| name == key);
        let value = found.filter_map(|(_, value)| value).next_back()?;
        Some(Assignment { file: LAST.to_owned(), value: words(value) })
    }
}

/// One line: the key, and its value; `None` for a line that only takes a key out of patterns. Comments, empty lines and lines
/// that say nothing are `None` as a whole.
pub(crate) fn line_of(line: &str) -> Option<(Key, Option<&str>)> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(['#', ';']) {
        return None;
    }
    match line.split_once('=') {
        Some((name, value)) => Some((Key::read(name.trim().trim_start_matches('-'))?, Some(value.trim()))),
        None => Some((Key::read(line.strip_prefix('-')?)?, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::File;
    use super::*;

    fn sysctl(order: BootOrder, texts: &[(&str, &str)]) -> Sysctl {
        let file = |text: &str| File { text: Some(text.to_owned()), writable: true, ..File::default() };
        let files = Files(texts.iter().map(|(path, text)| ((*path).to_owned(), file(text))).collect());
        let systemd = match order {
            BootOrder::Systemd => Systemd::Running { version: Some(252) },
            BootOrder::Procps => Systemd::Absent,
        };
        read(&files, &System { systemd, ..super::super::recorded::system() })
    }

    fn winner(order: BootOrder, texts: &[(&str, &str)]) -> Option<(String, String)> {
        let key = Key::read("net.core.somaxconn").unwrap();
        sysctl(order, texts).at_boot(&key).map(|it| (it.file, it.value))
    }

    fn set(file: &str, value: &str) -> Option<(String, String)> {
        Some((file.to_owned(), value.to_owned()))
    }

    #[test]
    fn the_last_file_by_name_wins_whatever_folder_it_is_in() {
        let texts = [
            ("/etc/sysctl.d/50-a.conf", "net.core.somaxconn=1"),
            ("/usr/lib/sysctl.d/60-b.conf", "net.core.somaxconn = 2 "),
            ("/run/sysctl.d/55-c.conf", "net.core.somaxconn=3"),
        ];
        assert_eq!(winner(BootOrder::Systemd, &texts), set("/usr/lib/sysctl.d/60-b.conf", "2"));
    }

    #[test]
    fn a_file_masks_the_one_of_its_name_in_a_weaker_folder() {
        let texts =
            [("/etc/sysctl.d/50-a.conf", ""), ("/usr/lib/sysctl.d/50-a.conf", "net.core.somaxconn=2")];
        assert_eq!(winner(BootOrder::Systemd, &texts), None);
    }

    #[test]
    fn the_old_file_counts_through_its_link_or_by_procps_as_the_last() {
        let (old, ours) = ("net.core.somaxconn=128", "net.core.somaxconn=65535");
        let texts = [
            ("/etc/sysctl.conf", old),
            ("/etc/sysctl.d/99-sysctl.conf", old),
            ("/etc/sysctl.d/99-zz-loadline.conf", ours),
        ];
        assert_eq!(winner(BootOrder::Systemd, &texts), set("/etc/sysctl.d/99-zz-loadline.conf", "65535"));
        assert_eq!(winner(BootOrder::Procps, &texts), set("/etc/sysctl.conf", "128"));
        assert_eq!(winner(BootOrder::Systemd, &texts[..1]), None);
        let key = Key::read("net.core.somaxconn").unwrap();
        assert_eq!(sysctl(BootOrder::Systemd, &texts).by_hand(&key).unwrap().value, "128");
    }

    #[test]
    fn inside_a_file_the_last_line_wins_and_comments_and_dashes_are_understood() {
        let text = "# net.core.somaxconn=1\n;net.core.somaxconn=2\n-net/core/somaxconn = 3\nnonsense\n-net.core.other";
        assert_eq!(
            winner(BootOrder::Systemd, &[("/etc/sysctl.d/a.conf", text)]),
            set("/etc/sysctl.d/a.conf", "3")
        );
    }

    #[test]
    fn a_name_goes_before_a_pattern_and_a_dash_takes_out_of_it() {
        let pattern = ("/etc/sysctl.d/90.conf", "net.core.some*=9\nnet.core.*=8");
        assert_eq!(winner(BootOrder::Systemd, &[pattern]), set("/etc/sysctl.d/90.conf", "8"));
        let named = ("/etc/sysctl.d/10.conf", "net.core.somaxconn=1");
        assert_eq!(winner(BootOrder::Systemd, &[pattern, named]), set("/etc/sysctl.d/10.conf", "1"));
        assert_eq!(
            winner(BootOrder::Systemd, &[pattern, ("/etc/sysctl.d/10.conf", "-net.core.somaxconn")]),
            None
        );
    }

    #[test]
    fn empty_and_zero_are_values_and_absence_is_none() {
        let it = sysctl(
            BootOrder::Systemd,
            &[("/proc/sys/vm/swappiness", "0\n"), ("/proc/sys/net/ipv4/ip_local_reserved_ports", "\n")],
        );
        let now = |name| it.now(&Key::read(name).unwrap());
        assert_eq!(now("vm.swappiness"), Reading::Value("0".to_owned()));
        assert_eq!(now("net.ipv4.ip_local_reserved_ports"), Reading::Value(String::new()));
        assert_eq!(now("net.netfilter.nf_conntrack_max"), Reading::Absent);
    }
}
