//! Settings of the hosts that do something else than they seem to.

use super::super::Finding;
use super::{Rule, View, error, note, warning};

pub(super) const RULES: &[Rule] =
    &[file_max, fin_timeout, port_range, container_sysctl, limits_file, open_files, os_support];

fn sysctl(view: &View<'_>, key: &str) -> Option<String> {
    view.spec.tune.sysctl.get(key).cloned()
}

/// What systemd sets fs.file-max to at boot: no limit.
const FILE_MAX: u64 = i64::MAX as u64;

fn file_max(view: &View<'_>) -> Vec<Finding> {
    let Some(value) = sysctl(view, "fs.file-max").and_then(|text| text.trim().parse::<u64>().ok()) else {
        return Vec::new();
    };
    if value >= FILE_MAX {
        return Vec::new();
    }
    let sentence =
        format!("fs.file-max = {value} lowers the limit: hosts with systemd start with {FILE_MAX}.");
    vec![warning(
        "file-max-lowers-limit",
        sentence,
        "Leave fs.file-max alone; raise the limit of the service (nofile).",
        "tune.sysctl.fs.file-max",
    )]
}

fn fin_timeout(view: &View<'_>) -> Vec<Finding> {
    let Some(value) = sysctl(view, "net.ipv4.tcp_fin_timeout") else { return Vec::new() };
    let sentence = format!(
        "net.ipv4.tcp_fin_timeout = {value} does not shorten TIME_WAIT, which is fixed at 60 s; it only governs \
         orphaned connections in FIN_WAIT_2."
    );
    vec![note(
        "fin-timeout-is-no-time-wait",
        sentence,
        "Against exhausted ports use keep-alive and connection pools.",
        "tune.sysctl.net.ipv4.tcp_fin_timeout",
    )]
}

/// Ports that services commonly listen on: memcached, RabbitMQ management, Redis cluster bus, Sentinel, MongoDB, MySQL X,
/// kubelet, Zabbix agent.
const LISTENERS: [u16; 8] = [11_211, 15_672, 16_379, 26_379, 27_017, 33_060, 10_250, 10_050];

fn port_range(view: &View<'_>) -> Vec<Finding> {
    let Some(range) = sysctl(view, "net.ipv4.ip_local_port_range") else { return Vec::new() };
    let ends: Vec<u16> = range.split_whitespace().filter_map(|end| end.parse().ok()).collect();
    let ([low, high], None) = (ends.as_slice(), sysctl(view, "net.ipv4.ip_local_reserved_ports")) else {
        return Vec::new();
    };
    let mut swallowed: Vec<u16> = LISTENERS
        .into_iter()
        .chain([view.spec.app.port])
        .filter(|port| (low..=high).contains(&port))
        .collect();
    swallowed.sort_unstable();
    // 33060 lies in the kernel's own default range (32768 to 60999): not news.
    if swallowed.iter().all(|port| *port >= 32_768) {
        return Vec::new();
    }
    let list: Vec<String> = swallowed.iter().map(u16::to_string).collect();
    let sentence = format!(
        "Outgoing connections may take any port from {low} to {high}, among them ports that services listen on: {}. A \
         service then fails to start at random.",
        list.join(", ")
    );
    vec![warning(
        "port-range-swallows-listeners",
        sentence,
        "Set net.ipv4.ip_local_reserved_ports to the listening ports as well.",
        "tune.sysctl.net.ipv4.ip_local_port_range",
    )]
}

fn container_sysctl(view: &View<'_>) -> Vec<Finding> {
    let set = view
        .spec
        .tune
        .sysctl
        .keys()
        .find(|key| key.starts_with("net.core.somaxconn") || key.starts_with("net.ipv4."));
    let (Some(key), Some(_)) = (set, &view.spec.app.image) else { return Vec::new() };
    let sentence = format!(
        "{key} belongs to a network namespace: a container on a bridge network does not inherit the host's value."
    );
    vec![note(
        "container-does-not-inherit-sysctl",
        sentence,
        "Set it for the container too, or run it on the host's network; raise the listener's own backlog with somaxconn.",
        "tune.sysctl",
    )]
}

fn limits_file(view: &View<'_>) -> Vec<Finding> {
    let Some(name) = view.spec.tune.limits.keys().next() else { return Vec::new() };
    let sentence = format!(
        "A limit such as {name} in limits.conf holds for login sessions only; services take theirs from systemd \
         (LimitNOFILE) and containers from their ulimits."
    );
    vec![note(
        "limits-do-not-reach-services",
        sentence,
        "Set the limit of the unit or container as well, and read it back from /proc/<pid>/limits.",
        "tune.limits",
    )]
}

/// Ceiling for one process (fs.nr_open) unless raised.
const NR_OPEN: u64 = 1_048_576;

fn open_files(view: &View<'_>) -> Vec<Finding> {
    let files = view.spec.tune.limits.get("nofile").and_then(|text| text.trim().parse::<u64>().ok());
    let ceiling =
        sysctl(view, "fs.nr_open").and_then(|text| text.trim().parse::<u64>().ok()).unwrap_or(NR_OPEN);
    let Some(files) = files.filter(|files| *files > ceiling) else { return Vec::new() };
    let sentence = format!("nofile = {files} is above fs.nr_open ({ceiling}): the service will not start.");
    vec![error(
        "open-files-above-ceiling",
        sentence,
        "Lower nofile, or raise fs.nr_open first.",
        "tune.limits.nofile",
    )]
}

/// Ends of standard support, as published by the maker in its release cycle.
const SUPPORT_ENDS: [(&str, &str); 3] =
    [("ubuntu-20.04", "2025-05-31"), ("ubuntu-22.04", "2027-04-01"), ("debian-11", "2026-08-31")];

fn os_support(view: &View<'_>) -> Vec<Finding> {
    let os = view.spec.access.os.as_str();
    let Some((_, ends)) = SUPPORT_ENDS.iter().find(|(name, _)| *name == os) else { return Vec::new() };
    let sentence = format!("Standard support of {os} ends on {ends}.");
    vec![note(
        "os-support-ends",
        sentence,
        "Start with the newest long-term release, such as ubuntu-24.04.",
        "access.os",
    )]
}
