//! Who holds a deployment, and whether that process still lives.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A process on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Login name.
    pub user: String,
    /// Name of the machine.
    pub host: String,
    /// Process number there.
    pub pid: u32,
    /// The machine's boot and process numbering: only where these are equal do process numbers mean the same; `None`:
    /// the system does not say.
    pub world: Option<String>,
    /// When the process began, in the system's own count; `None`: the system does not say.
    pub began: Option<String>,
}

impl Holder {
    /// This process.
    pub fn this(user: String) -> Self {
        let pid = std::process::id();
        let host = read("/proc/sys/kernel/hostname").unwrap_or_else(|| "an unnamed machine".to_owned());
        Self { user, host, pid, world: world(), began: began(pid) }
    }

    /// Whether the process is certainly gone: it ran on this machine, and no such process runs now.
    pub fn is_gone(&self) -> bool {
        let here = world();
        here.is_some() && here == self.world && self.began.is_some() && began(self.pid) != self.began
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} on {} (process {})", self.user, self.host, self.pid)
    }
}

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn world() -> Option<String> {
    let boot = read("/proc/sys/kernel/random/boot_id")?;
    let numbering = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{boot} {}", numbering.display()))
}

/// Field 22 of `/proc/<pid>/stat` (proc_pid_stat(5)): ticks from boot to the start of the process. A zombie counts as
/// gone.
fn began(pid: u32) -> Option<String> {
    let stat = read(&format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold anything, parentheses too.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    if state == "Z" || state == "X" {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_lives_and_one_that_began_at_another_time_is_gone() {
        let this = Holder::this("me".to_owned());
        assert!(this.began.is_some() && !this.is_gone());
        assert!(Holder { began: Some("1".to_owned()), ..this.clone() }.is_gone());
        let elsewhere = Holder { world: Some("another".to_owned()), began: Some("1".to_owned()), ..this };
        assert!(!elsewhere.is_gone(), "nobody can tell from here");
    }
}
