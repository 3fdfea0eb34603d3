//! One look at a host: the script that prints it and the parser of what it printed. Decides nothing; what is not there is `None`.

use std::collections::BTreeMap;

/// Whether the host has to be looked at twice, since nothing is known to compare its counters with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glance {
    /// Two looks, a second apart.
    Twice,
    /// One.
    Once,
}

/// Counters that only grow until a boot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Counters {
    /// When, s by the host's clock.
    pub at_s: f64,
    /// CPU time by kind, in the order of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal.
    pub cpu: Vec<f64>,
    /// Bytes received and sent by interface.
    pub bytes: BTreeMap<String, (f64, f64)>,
    /// Packets dropped by interface, received and sent together.
    pub dropped: BTreeMap<String, f64>,
    /// Processes killed for want of memory; `None`: the kernel does not count them.
    pub oom_kills: Option<f64>,
    /// Connections that found a listener's queue full.
    pub listen_overflows: Option<f64>,
    /// Packets dropped because the backlog of a CPU was full.
    pub backlog_drops: Option<f64>,
}

/// A network interface.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Whether there is a device behind it.
    pub device: bool,
    /// Its speed, Mbit/s; `None`: it does not say, as most virtual ones.
    pub mbps: Option<f64>,
}

/// A mounted file system.
#[derive(Debug, Clone, PartialEq)]
pub struct Mount {
    /// Where.
    pub folder: String,
    /// Share in use, 0..=1, of what users may have.
    pub used: f64,
}

/// What one look brought back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HostSample {
    /// The host's clock when the script began and ended, s since 1970, and how exact it is, s.
    pub clock: Option<(f64, f64, f64)>,
    /// Counters a second before, where the script looked twice.
    pub before: Option<Counters>,
    /// Counters.
    pub now: Counters,
    /// Cores.
    pub cores: Option<f64>,
    /// Processes that want to run, mean of a minute.
    pub load: Option<f64>,
    /// Memory in all and available, KiB.
    pub memory_kib: Option<(f64, f64)>,
    /// File systems on disks of the host.
    pub mounts: Vec<Mount>,
    /// Interfaces.
    pub links: Vec<Link>,
    /// TCP connections in TIME_WAIT.
    pub time_wait: Option<f64>,
    /// Ports for outgoing connections.
    pub ports: Option<f64>,
    /// Open files and their limit.
    pub files: Option<(f64, f64)>,
    /// Tracked connections and their limit; `None`: none are tracked.
    pub tracked: Option<(f64, f64)>,
}

/// The script.
pub fn script(glance: Glance) -> String {
    let twice = if glance == Glance::Twice { "yes" } else { "no" };
    format!("TWICE={twice}\n{}", include_str!("host.sh"))
}

/// Reads what the script printed.
///
/// # Errors
/// With a sentence if the output is not whole.
pub fn read(stdout: &[u8], stderr: &[u8]) -> Result<HostSample, String> {
    let text = String::from_utf8_lossy(stdout);
    let mut sections: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut name = "";
    for line in text.lines() {
        if let Some(section) = line.strip_prefix('@') {
            name = section;
            sections.entry(name).or_default();
        } else if let (Some(line), Some(lines)) = (line.strip_prefix('|'), sections.get_mut(name)) {
            lines.push(line);
        }
    }
    if !sections.contains_key("end") {
        let said = String::from_utf8_lossy(stderr);
        let said = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing more");
        return Err(format!("the look broke off in section `{name}`: {said}"));
    }
    let lines = |name: &str| sections.get(name).map_or(&[][..], Vec::as_slice);
    let first = |name: &str| lines(name).first().copied().unwrap_or_default();
    let value = |key: &str| {
        lines("values")
            .iter()
            .find_map(|line| line.strip_prefix(key))
            .map(|rest| numbers(rest.split_whitespace()))
    };
    let began = clock(first("began"));
    let memory: Vec<f64> =
        lines("memory").iter().filter_map(|line| line.split_whitespace().nth(1)?.parse().ok()).collect();
    let pair = |values: Option<Vec<f64>>, second: usize| {
        values.and_then(|values| Some((*values.first()?, *values.get(second)?)))
    };
    let tracked = (value("net/netfilter/nf_conntrack_count"), value("net/netfilter/nf_conntrack_max"));
    Ok(HostSample {
        clock: began
            .zip(clock(first("ended")))
            .map(|((began, exact), (ended, also))| (began, ended, exact.max(also))),
        before: sections.contains_key("cpu0").then(|| counters(&lines, "0")),
        now: counters(&lines, "1"),
        cores: first("cores").parse().ok().filter(|cores| *cores > 0.0),
        load: first("load").split(' ').next().and_then(|load| load.parse().ok()),
        memory_kib: memory.first().copied().zip(memory.get(1).copied()),
        mounts: lines("disks").iter().filter_map(|line| mount(line)).collect(),
        links: lines("links").iter().filter_map(|line| link(line)).collect(),
        time_wait: after(first("sockets"), "tw"),
        ports: pair(value("net/ipv4/ip_local_port_range"), 1).map(|(low, high)| high - low + 1.0),
        files: pair(value("fs/file-nr"), 2),
        tracked: tracked
            .0
            .and_then(|it| it.first().copied())
            .zip(tracked.1.and_then(|it| it.first().copied())),
    })
}

fn counters<'a>(lines: &impl Fn(&str) -> &'a [&'a str], which: &str) -> Counters {
    let lines = |name: &str| lines(&format!("{name}{which}"));
    let first = |name: &str| lines(name).first().copied().unwrap_or_default();
    let (mut bytes, mut dropped) = (BTreeMap::new(), BTreeMap::new());
    for line in lines("net") {
        let Some((name, rest)) = line.split_once(':') else { continue };
        // Eight figures of what was received, then eight of what was sent: bytes, packets, errors, drops.
        if let [received, _, _, lost, _, _, _, _, sent, _, _, lost_too, ..] =
            numbers(rest.split_whitespace())[..]
        {
            bytes.insert(name.trim().to_owned(), (received, sent));
            dropped.insert(name.trim().to_owned(), lost + lost_too);
        }
    }
    let drops: Vec<f64> =
        lines("softnet").iter().filter_map(|line| hexadecimal(line.split(' ').nth(1)?)).collect();
    let overflows = match lines("netstat") {
        [names, values, ..] => {
            let at = names.split(' ').position(|name| name == "ListenOverflows");
            at.and_then(|at| values.split(' ').nth(at)?.parse().ok())
        }
        _ => None,
    };
    Counters {
        at_s: clock(first("clock")).map_or(0.0, |(at, _)| at),
        cpu: numbers(first("cpu").split_whitespace().skip(1)),
        bytes,
        dropped,
        oom_kills: after(first("kernel"), "oom_kill"),
        listen_overflows: overflows,
        backlog_drops: (!drops.is_empty()).then(|| drops.iter().sum()),
    }
}

fn numbers<'a>(words: impl Iterator<Item = &'a str>) -> Vec<f64> {
    words.map_while(|word| word.parse().ok()).collect()
}

fn hexadecimal(word: &str) -> Option<f64> {
    u32::from_str_radix(word, 16).ok().map(f64::from)
}

/// The number behind a word.
fn after(line: &str, word: &str) -> Option<f64> {
    let mut words = line.split_whitespace();
    words.find(|it| *it == word)?;
    words.next()?.parse().ok()
}

/// Seconds since 1970 and how exact they are: some `date` know no fractions.
fn clock(text: &str) -> Option<(f64, f64)> {
    match text.parse() {
        Ok(seconds) => Some((seconds, if text.contains('.') { 0.0 } else { 1.0 })),
        Err(_) => Some((text.split('.').next()?.parse().ok()?, 1.0)),
    }
}

/// A line of `df -Pk`; file systems in memory, read-only images and those of containers are not a host's disks.
fn mount(line: &str) -> Option<Mount> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [device, _, used, available, _, folder @ ..] = words.as_slice() else { return None };
    let memory = ["tmpfs", "devtmpfs", "udev", "shm", "none", "efivarfs"].contains(device);
    let image = device.starts_with("/dev/loop") || folder.first()?.starts_with("/snap/");
    if memory || image {
        return None;
    }
    let (used, available): (f64, f64) = (used.parse().ok()?, available.parse().ok()?);
    let most = used + available;
    (most > 0.0).then(|| Mount { folder: folder.join(" "), used: used / most })
}

fn link(line: &str) -> Option<Link> {
    let mut words = line.split(' ');
    let (name, kind) = (words.next()?, words.next()?);
    let mbps = words.next().and_then(|speed| speed.parse().ok()).filter(|speed| *speed > 0.0);
    Some(Link { name: name.to_owned(), device: kind == "device", mbps })
}
