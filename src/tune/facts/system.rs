//! Operating system, kernel, container, cores, memory, systemd.

use super::frame::{Files, Printed};

/// Whether the host is a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Container {
    /// A machine of its own: real or virtual.
    No,
    /// A container of this kind: `docker`, `podman`, `lxc`, `systemd-nspawn`, or `container` where only traces show.
    Yes(String),
}

/// Whether systemd is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Systemd {
    /// It runs the host.
    Running {
        /// Version; `None`: it did not say.
        version: Option<u32>,
    },
    /// Installed, but something else runs the host.
    Installed,
    /// Not there.
    Absent,
}

/// The machine and its operating system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// Name of the host as it calls itself.
    pub host: String,
    /// `ID` of os-release; empty when there is none.
    pub os: String,
    /// `VERSION_ID` of os-release; empty for rolling systems.
    pub os_version: String,
    /// Kernel release.
    pub kernel: String,
    /// Instruction set, as the kernel names it.
    pub machine: String,
    /// Whether it is a container.
    pub container: Container,
    /// Whether systemd runs it.
    pub systemd: Systemd,
    /// Processors that may be used; `None`: the host did not say.
    pub cores: Option<u32>,
    /// Memory, bytes; `None`: the host did not say.
    pub memory_bytes: Option<u64>,
    /// Whether the look was made as root.
    pub as_root: bool,
    /// Mode of transparent huge pages; `None`: the kernel has none.
    pub huge_pages: Option<String>,
}

pub(super) fn read(printed: &Printed) -> Result<System, String> {
    let files = &printed.files;
    let line =
        |path: &str| files.text(path).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let Some(kernel) = line("/proc/sys/kernel/osrelease") else {
        return Err("the host did not name its kernel".to_owned());
    };
    // Older kernels do not say it in a file.
    let machine = || printed.value("system", "machine").map(str::to_owned);
    Ok(System {
        host: line("/proc/sys/kernel/hostname").unwrap_or_default(),
        os: os_release(files, "ID"),
        os_version: os_release(files, "VERSION_ID"),
        kernel,
        machine: line("/proc/sys/kernel/arch").or_else(machine).unwrap_or_default(),
        container: container(printed),
        systemd: systemd(printed),
        cores: entry(files, LOOKED, "Cpus_allowed_list").and_then(cores),
        memory_bytes: memory(files),
        as_root: entry(files, LOOKED, "Uid").is_some_and(|ids| ids.split_whitespace().nth(1) == Some("0")),
        huge_pages: files.text("/sys/kernel/mm/transparent_hugepage/enabled").and_then(chosen),
    })
}

/// The word in brackets, `always [madvise] never`, or the only one.
fn chosen(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [only] => Some(only.trim_matches(['[', ']']).to_owned()),
        several => {
            several.iter().find_map(|word| word.strip_prefix('[')?.strip_suffix(']')).map(str::to_owned)
        }
    }
}

fn os_release(files: &Files, name: &str) -> String {
    let text =
        files.text("/etc/os-release").or_else(|| files.text("/usr/lib/os-release")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    line.unwrap_or_default().trim_matches(['"', '\'']).to_owned()
}

/// systemd's own answer first, then what engines leave behind. On a machine without systemd the traces decide.
fn container(printed: &Printed) -> Container {
    let named = printed.value("system", "detect");
    if named == Some("none") {
        return Container::No;
    }
    let named = named.or_else(|| Some(printed.value("system", "container")?.trim_end_matches('\0')));
    let named = named.or_else(|| printed.value("system", "marker"));
    if let Some(kind) = named {
        return Container::Yes(kind.to_owned());
    }
    let groups = printed.files.text("/proc/1/cgroup").unwrap_or_default();
    let traces = ["docker", "kubepods", "libpod", "lxc", "containerd"];
    match traces.iter().find(|trace| groups.contains(&format!("/{trace}"))) {
        Some(trace) => Container::Yes((*trace).to_owned()),
        None => Container::No,
    }
}

fn systemd(printed: &Printed) -> Systemd {
    if printed.section("manager").is_some() {
        let version = printed.value("manager", "Version");
        // `252.38-1~deb12u1` and `v254` are 252 and 254.
        let digits = |text: &str| -> String {
            text.trim_start_matches('v').chars().take_while(char::is_ascii_digit).collect()
        };
        return Systemd::Running { version: version.and_then(|text| digits(text).parse().ok()) };
    }
    match printed.section("installed") {
        Some([_, ..]) => Systemd::Installed,
        _ => Systemd::Absent,
    }
}

/// What the kernel says of the process that looked.
const LOOKED: &str = "/proc/self/status";

/// What stands behind `name:` in a file of the kernel.
fn entry<'a>(files: &'a Files, path: &str, name: &str) -> Option<&'a str> {
    files.text(path)?.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}

/// Processors of a list such as `0-3,8`.
fn cores(list: &str) -> Option<u32> {
    let number = |text: &str| text.trim().parse::<u32>().ok();
    list.split(',').try_fold(0, |sum: u32, part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        sum.checked_add(number(last)?.checked_sub(number(first)?)?.checked_add(1)?)
    })
}

fn memory(files: &Files) -> Option<u64> {
    let kib: u64 = entry(files, "/proc/meminfo", "MemTotal")?.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_mode_is_the_one_in_brackets() {
        assert_eq!(chosen("always [madvise] never\n").as_deref(), Some("madvise"));
        assert_eq!(chosen("madvise\n").as_deref(), Some("madvise"));
        assert_eq!(chosen("\n"), None);
    }

    #[test]
    fn processors_are_counted_in_ranges() {
        assert_eq!(cores("0-3,8,10-11"), Some(7));
        assert_eq!(cores("0"), Some(1));
        for wrong in ["", "3-0", "a", "0-", "0-4294967295"] {
            assert_eq!(cores(wrong), None, "{wrong}");
        }
    }
}
