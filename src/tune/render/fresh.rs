//! Files for a machine that has just been made, of a current Linux with systemd.

use crate::tune::blocks::HEAD;
use crate::tune::facts::Most;
use crate::tune::paths;
use crate::tune::profile::{Basis, Profile, Setting, Subject, Unset};

/// What is known of the machines.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fresh {
    /// Memory of one, GiB; `None`: not known.
    pub memory_gib: Option<f64>,
}

/// A file of a fresh machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileText {
    /// Where it belongs.
    pub path: &'static str,
    /// Its text.
    pub text: String,
    /// Whether it sets nothing.
    pub is_empty: bool,
}

/// Hard limit of open files that systemd gives by itself (systemd NEWS 240).
const HARD_FILES: u64 = 524_288;

impl Fresh {
    /// Processes that the kernel lets a user have by itself: a half of its threads, one for 128 KiB of memory (fork_init in
    /// kernel/fork.c with 16 KiB stacks). `None`: not known.
    fn processes(&self) -> Option<u64> {
        self.memory_gib.map(|gib| (gib * 4096.0) as u64)
    }

    /// The limit that a fresh machine has by itself, soft and hard; `None`: not known.
    fn limit(&self, item: &str) -> Option<(Most, Most)> {
        match item {
            "nofile" => Some((Most::Of(1024), Most::Of(HARD_FILES))),
            "nproc" => self.processes().map(|most| (Most::Of(most), Most::Of(most))),
            _ => None,
        }
    }
}

/// Settings that are to be written down without a look: what the kernel works out anew at each boot is left to it, unless
/// the spec asks for it by name.
fn settings(profile: &Profile) -> impl Iterator<Item = &Setting> {
    profile.settings.iter().filter(|it| {
        let by_itself = it.unset == Unset::ComesBack && it.basis != Basis::Spec;
        let limit = matches!(it.subject, Subject::Limit(_) | Subject::HugePages);
        profile.forbids(&it.subject).is_none() && (limit || !by_itself)
    })
}

/// Kernel settings.
pub(super) fn sysctl(profile: &Profile, _: &Fresh) -> FileText {
    let mut lines: Vec<String> = settings(profile)
        .filter(|it| matches!(it.subject, Subject::Kernel(_)))
        .map(|it| format!("{} = {}\n", it.subject, it.wanted))
        .collect();
    lines.sort();
    file(paths::SYSCTL, "", &lines)
}

/// Soft and hard limit to be written; what a fresh machine has more of is left as it is.
fn raised(profile: &Profile, fresh: &Fresh) -> Vec<(String, Most, Most)> {
    let limits = settings(profile).filter_map(|it| match &it.subject {
        Subject::Limit(item) => Some((item.clone(), Most::read(&it.wanted)?)),
        _ => None,
    });
    limits
        .filter_map(|(item, wanted)| match fresh.limit(&item) {
            Some((soft, _)) if soft >= wanted => None,
            Some((_, hard)) => Some((item, wanted, hard.max(wanted))),
            None => Some((item, wanted, wanted)),
        })
        .collect()
}

/// Limits of sessions, in the order in which a run would write them. What may lower a larger machine says so.
pub(super) fn limits(profile: &Profile, fresh: &Fresh) -> FileText {
    let mut lines = Vec::new();
    for (item, soft, hard) in raised(profile, fresh) {
        let domains: &[&str] = if item == "nproc" { &["*"] } else { &["*", "root"] };
        for domain in domains {
            for (end, most) in [("hard", hard), ("soft", soft)] {
                lines.push(((*domain, item.clone(), end), format!("{domain} {end} {item} {most}\n")));
            }
        }
    }
    lines.sort();
    let unsure = lines.iter().any(|((_, item, _), _)| item == "nproc") && fresh.memory_gib.is_none();
    let warning = if unsure {
        "# The lines about nproc lower machines with more than 16 GiB of memory: take them out there.\n"
    } else {
        ""
    };
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    file(paths::LIMITS, warning, &lines)
}

/// Defaults of systemd: services do not read limits.conf.
pub(super) fn systemd(profile: &Profile, fresh: &Fresh) -> FileText {
    let lines = raised(profile, fresh)
        .into_iter()
        .filter(|(item, ..)| item == "nofile" || fresh.memory_gib.is_some());
    let lines = lines.map(|(item, soft, hard)| {
        let (soft, hard) = (soft.to_string(), hard.to_string());
        let value = if soft == hard { soft } else { format!("{soft}:{hard}") };
        format!("DefaultLimit{}={}\n", item.to_uppercase(), value.replace("unlimited", "infinity"))
    });
    let lines: Vec<String> = lines.collect();
    file("/etc/systemd/system.conf.d/99-loadline.conf", "[Manager]\n", &lines)
}

/// The mode of huge pages at each boot.
pub(super) fn huge_pages(profile: &Profile) -> FileText {
    let found = settings(profile).filter(|it| it.subject == Subject::HugePages);
    let lines: Vec<String> =
        found.map(|it| format!("w {} - - - - {}\n", paths::HUGE_PAGES_SWITCH, it.wanted)).collect();
    file(paths::HUGE_PAGES, "", &lines)
}

fn file(path: &'static str, above: &str, lines: &[String]) -> FileText {
    let is_empty = lines.is_empty();
    FileText { path, text: format!("{HEAD}\n{above}{}", lines.concat()), is_empty }
}
