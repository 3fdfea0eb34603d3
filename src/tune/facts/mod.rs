//! What a host is: one script that prints it ([`script`]) and pure parsers of what it printed ([`read`]). Decides nothing.
//!
//! Absent is absent, 0 is 0, and what is there but could not be read is an [`Unreadable`], never a default.

mod disks;
mod frame;
mod limits;
mod modules;
mod overriders;
mod services;
mod sockets;
mod sysctl;
mod system;

pub use disks::{Disk, Disks};
pub use frame::{File, Files};
pub(crate) use limits::limit_line;
pub use limits::{LimitLine, Limits, Most, SessionDefaults};
pub use modules::{Conntrack, Modules, module_of};
pub use overriders::{Overrider, Overriders};
pub use services::{Activity, Service, ServiceLimits, Services};
pub use sockets::{Listener, Protocol, Sockets};
pub use sysctl::{Assignment, BootOrder, Reading, Sysctl};
pub(crate) use sysctl::{line_of as sysctl_line, words as sysctl_words};
pub use system::{Container, System, Systemd};

use super::key::Key;
use crate::hosts::quoted;

/// What could not be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// A file or a command.
    pub what: String,
    /// What was seen.
    pub said: String,
}

/// A change that waits to be confirmed, as the host keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Names the change.
    pub token: String,
    /// When it is taken back, seconds since 1970 by the host's clock; `None`: not written yet.
    pub deadline_s: Option<u64>,
}

/// Everything that one look at a host brought back.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Operating system, kernel, container, cores, memory.
    pub system: System,
    /// Kernel settings: values now, files, who wins at boot.
    pub sysctl: Sysctl,
    /// Limits of login sessions.
    pub limits: Limits,
    /// Services with their limits.
    pub services: Services,
    /// What listens.
    pub sockets: Sockets,
    /// Kernel modules and connection tracking.
    pub modules: Modules,
    /// What sets kernel settings after the files of sysctl.d were applied.
    pub overriders: Overriders,
    /// File systems.
    pub disks: Disks,
    /// Every file that was looked at.
    pub files: Files,
    /// A change that waits to be confirmed; `None`: none does.
    pub pending: Option<Pending>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// What the script is to look for beside what it always does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Questions {
    /// Kernel settings.
    pub keys: Vec<Key>,
    /// Units of services, such as `nginx.service`.
    pub units: Vec<String>,
}

/// Settings that say what others are worth; always looked at.
const RELATED: &[&str] = &[
    "fs.file-max",
    "fs.nr_open",
    "kernel.threads-max",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_timestamps",
    "net.core.somaxconn",
    "net.netfilter.nf_conntrack_buckets",
    "net.netfilter.nf_conntrack_count",
    "net.netfilter.nf_conntrack_max",
];

/// The script that prints the facts: POSIX shell, coreutils, grep and sed; `ss` and `systemctl` where they are.
pub fn script(questions: &Questions) -> String {
    let related = RELATED.iter().filter_map(|name| Key::read(name));
    let mut keys: Vec<String> =
        questions.keys.iter().cloned().chain(related).map(|key| key.path().to_owned()).collect();
    keys.sort();
    keys.dedup();
    format!(
        "KEYS={}\nUNITS={}\n{}",
        quoted(&keys.join("\n")),
        quoted(&questions.units.join("\n")),
        include_str!("facts.sh")
    )
}

/// Reads what the script printed.
///
/// # Errors
/// With a sentence if the output is not whole: a look that broke off says nothing of what is missing.
pub fn read(stdout: &[u8], stderr: &[u8]) -> Result<Facts, String> {
    let printed = frame::read(stdout, stderr)?;
    let files = printed.files.clone();
    let system = system::read(&printed)?;
    let mut unreadable = printed.unreadable.clone();
    let services = services::read(&printed, &mut unreadable);
    let sysctl = sysctl::read(&files, &system);
    let pending = files.text("/var/lib/loadline/pending/token").map(|token| Pending {
        token: token.trim().to_owned(),
        deadline_s: files
            .text("/var/lib/loadline/pending/deadline")
            .and_then(|deadline| deadline.trim().parse().ok()),
    });
    Ok(Facts {
        limits: limits::read(&printed, &mut unreadable),
        sockets: sockets::read(&printed, &files, &mut unreadable),
        modules: modules::read(&files, &sysctl),
        overriders: overriders::read(&files, &services),
        disks: disks::read(&printed, &files),
        system,
        sysctl,
        services,
        files,
        pending,
        unreadable,
    })
}

#[cfg(test)]
pub(crate) mod recorded;
