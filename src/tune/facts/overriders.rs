//! What sets kernel settings after the files of sysctl.d were applied: a firewall, an engine of containers, the network's
//! own configuration.

use super::frame::Files;
use super::services::Services;
use super::sysctl::{line_of, words};
use crate::tune::key::Key;

/// One setting that something sets later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrider {
    /// Who, and by which file.
    pub by: String,
    /// The setting.
    pub key: Key,
    /// To what.
    pub value: String,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overriders(pub Vec<Overrider>);

impl Overriders {
    /// Who sets this key last, if anybody does.
    pub fn of(&self, key: &Key) -> Option<&Overrider> {
        self.0.iter().rev().find(|it| it.key == *key)
    }
}

pub(super) fn read(files: &Files, services: &Services) -> Overriders {
    let mut found = Vec::new();
    for (path, file) in files.below("/etc/systemd/network/", ".network") {
        let text = file.text.as_deref().unwrap_or_default();
        let forwards = |line: &str| {
            let (name, value) = line.split_once('=')?;
            let wanted = matches!(name.trim(), "IPForward" | "IPv4Forwarding");
            (wanted && matches!(value.trim(), "yes" | "true" | "1" | "on" | "ipv4")).then_some(())
        };
        if text.lines().find_map(forwards).is_some() {
            found.extend(forwarding(&format!("systemd-networkd ({path})")));
        }
    }
    if services.runs("docker") || services.runs("dockerd") {
        found.extend(forwarding("the container engine"));
    }
    found.extend(firewall(files));
    Overriders(found)
}

fn forwarding(by: &str) -> Option<Overrider> {
    Some(Overrider { by: by.to_owned(), key: Key::read("net.ipv4.ip_forward")?, value: "1".to_owned() })
}

/// ufw applies a file of its own each time it starts, where `IPT_SYSCTL` names one.
fn firewall(files: &Files) -> Vec<Overrider> {
    let assigned = |path: &str, name: &str| {
        let line =
            files.text(path)?.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='));
        Some(line?.trim().trim_matches(['"', '\'']).to_owned())
    };
    let enabled = assigned("/etc/ufw/ufw.conf", "ENABLED").is_some_and(|it| it.eq_ignore_ascii_case("yes"));
    let Some(path) = assigned("/etc/default/ufw", "IPT_SYSCTL").filter(|path| enabled && !path.is_empty())
    else {
        return Vec::new();
    };
    let lines = files.text(&path).unwrap_or_default().lines().filter_map(line_of);
    lines
        .filter_map(|(key, value)| Some(Overrider { by: format!("ufw ({path})"), key, value: words(value?) }))
        .collect()
}
