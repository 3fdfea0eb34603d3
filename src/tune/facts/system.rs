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
    /// Clock of the host, seconds since 1970.
    pub clock_s: u64,
    /// Mode of transparent huge pages; `None`: the kernel has none.
    pub huge_pages: Option<String>,
}

pub(super) fn read(printed: &Printed) -> Result<System, String> {
    let files = &printed.files;
    let value = |name| printed.value("system", name);
    // `uname -nrm`: name, release, machine.
    let names: Vec<&str> = value("kernel").unwrap_or_default().split_whitespace().collect();
    let [host, kernel, machine] = names.as_slice() else {
        return Err("the host did not name its kernel".to_owned());
    };
    Ok(System {
        host: (*host).to_owned(),
        os: os_release(files, "ID"),
        os_version: os_release(files, "VERSION_ID"),
        kernel: (*kernel).to_owned(),
        machine: (*machine).to_owned(),
        container: container(printed),
        systemd: systemd(printed),
        cores: value("cores").and_then(|cores| cores.parse().ok()),
        memory_bytes: memory(files),
        as_root: value("user") == Some("0"),
        clock_s: value("time").and_then(|time| time.parse().ok()).ok_or("the host did not tell the time")?,
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
    let named = named.or_else(|| printed.value("system", "environ"));
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

fn memory(files: &Files) -> Option<u64> {
    let line = files.text("/proc/meminfo")?.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
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
}
