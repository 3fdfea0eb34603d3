//! Kernel modules that bring settings with them, which of them boot loads, and connection tracking.

use super::frame::Files;
use super::sysctl::{Reading, Sysctl};
use crate::tune::key::Key;

/// Connection tracking as it is now; `None` figures could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conntrack {
    /// Entries in the table.
    pub count: Option<u64>,
    /// Most entries.
    pub most: Option<u64>,
    /// Buckets of the table.
    pub buckets: Option<u64>,
}

/// Modules of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modules {
    /// Names of the loaded ones; `None`: the kernel has no modules, everything is built in.
    pub loaded: Option<Vec<String>>,
    /// Names that the next boot loads before kernel settings are applied.
    pub at_boot: Vec<String>,
    /// Connection tracking; `None`: it is not there.
    pub conntrack: Option<Conntrack>,
}

/// Folders of modules-load.d(5), and Debian's older file.
const FOLDERS: [&str; 3] = ["/etc/modules-load.d/", "/run/modules-load.d/", "/usr/lib/modules-load.d/"];

pub(super) fn read(files: &Files, sysctl: &Sysctl) -> Modules {
    let loaded = files.text("/proc/modules").map(|text| {
        text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
    });
    let paths = FOLDERS.iter().flat_map(|folder| files.below(folder, ".conf").map(|(path, _)| path));
    let mut at_boot: Vec<String> = paths
        .chain(["/etc/modules"])
        .flat_map(|path| files.text(path).unwrap_or_default().lines())
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with(['#', ';']))
        .filter_map(|line| line.split_whitespace().next())
        .map(|name| name.replace('-', "_"))
        .collect();
    at_boot.sort();
    at_boot.dedup();
    let number = |name: &str| match sysctl.now(&Key::read(name)?) {
        Reading::Value(value) => value.parse().ok(),
        _ => None,
    };
    let conntrack = Key::read("net.netfilter.nf_conntrack_max")
        .filter(|key| !matches!(sysctl.now(key), Reading::Absent))
        .map(|_| Conntrack {
            count: number("net.netfilter.nf_conntrack_count"),
            most: number("net.netfilter.nf_conntrack_max"),
            buckets: number("net.netfilter.nf_conntrack_buckets"),
        });
    Modules { loaded, at_boot, conntrack }
}

/// The module that a setting needs; `None`: the kernel itself has it.
pub fn module_of(key: &Key) -> Option<&'static str> {
    match key.path() {
        path if path.starts_with("net/netfilter/nf_conntrack") || path == "net/nf_conntrack_max" => {
            Some("nf_conntrack")
        }
        path if path.starts_with("net/bridge/") => Some("br_netfilter"),
        "net/ipv4/tcp_congestion_control" => Some("tcp_bbr"),
        _ => None,
    }
}

impl Modules {
    /// Whether a setting of this module, found as `now`, can be applied at boot: the module is loaded by then, or is no
    /// module here but a part of the kernel.
    pub fn is_ready_at_boot(&self, module: &str, now: &Reading<'_>) -> bool {
        let named = |names: &[String]| names.iter().any(|it| it == module);
        let built_in = match &self.loaded {
            None => true,
            // It is there and not among the modules.
            Some(loaded) => !matches!(now, Reading::Absent) && !named(loaded),
        };
        built_in || named(&self.at_boot)
    }
}
