//! The name of a kernel setting, as sysctl.d(5) reads it.

use std::fmt;

/// A kernel setting by its place below `/proc/sys`: `net/core/somaxconn`. Shown with dots, as people write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// Settings below `net` that exist once for the whole kernel, not in each network namespace (knowledge of
/// Documentation/admin-guide/sysctl/net.rst: they are absent or read-only in a namespace of one's own).
const OF_THE_WHOLE_KERNEL: &[&str] = &[
    "net/core/netdev_max_backlog",
    "net/core/rmem_max",
    "net/core/wmem_max",
    "net/core/rmem_default",
    "net/core/wmem_default",
    "net/core/optmem_max",
    "net/core/netdev_budget",
    "net/core/busy_poll",
    "net/core/busy_read",
    "net/ipv4/tcp_mem",
    "net/ipv4/udp_mem",
    "net/netfilter/nf_conntrack_max",
    "net/netfilter/nf_conntrack_buckets",
    "net/nf_conntrack_max",
];

impl Key {
    /// Reads a name with dots or slashes. Where the first separator is a slash the name is taken as it stands, else dots
    /// and slashes change places (sysctl.d(5)). `None` for a name that would lead out of `/proc/sys`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let path = match text.find(['.', '/']) {
            Some(at) if text[at..].starts_with('.') => swapped(text),
            _ => text.to_owned(),
        };
        let sound = |part: &str| {
            !matches!(part, "" | "." | "..") && part.chars().all(|c| c.is_ascii_graphic() && c != '\\')
        };
        path.split('/').all(sound).then_some(Self(path))
    }

    /// The file that holds its value.
    pub fn file(&self) -> String {
        format!("/proc/sys/{}", self.0)
    }

    /// The place below `/proc/sys`.
    pub fn path(&self) -> &str {
        &self.0
    }

    /// Whether every network namespace (and so every container) has its own value.
    pub fn is_namespaced(&self) -> bool {
        self.0.starts_with("net/") && !OF_THE_WHOLE_KERNEL.contains(&self.0.as_str())
    }

    /// Whether this is a pattern (`net/ipv4/conf/*/rp_filter`) rather than one setting.
    pub fn is_pattern(&self) -> bool {
        self.0.contains(['*', '?', '['])
    }

    /// Whether a pattern (or an equal name) means this setting. A `*` stands for anything within one part of the name.
    pub fn is_meant_by(&self, pattern: &Self) -> bool {
        let (mine, theirs): (Vec<&str>, Vec<&str>) =
            (self.0.split('/').collect(), pattern.0.split('/').collect());
        mine.len() == theirs.len() && mine.iter().zip(theirs).all(|(mine, theirs)| fits(theirs, mine))
    }
}

fn swapped(text: &str) -> String {
    let swap = |c| match c {
        '.' => '/',
        '/' => '.',
        other => other,
    };
    text.chars().map(swap).collect()
}

/// Shell matching with `*` and `?` within one part of a name.
fn fits(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('*') => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .any(|at| fits(rest.as_str(), &text[at..])),
        Some(wanted) => {
            let mut letters = text.chars();
            letters.next().is_some_and(|seen| wanted == '?' || wanted == seen)
                && fits(rest.as_str(), letters.as_str())
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&swapped(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_slashes_change_places_as_in_sysctl_d() {
        let key = |text| Key::read(text).unwrap();
        assert_eq!(key("net.core.somaxconn").path(), "net/core/somaxconn");
        assert_eq!(key("net/ipv4/conf/eth0.1/rp_filter"), key("net.ipv4.conf.eth0/1.rp_filter"));
        assert_eq!(key("net/ipv4/conf/eth0.1/rp_filter").to_string(), "net.ipv4.conf.eth0/1.rp_filter");
    }

    #[test]
    fn a_name_does_not_lead_out_of_proc_sys() {
        for hostile in
            ["net/../../../etc/passwd", "..", "a..b", "", "/etc/passwd", "net.core.", "a b", "a\nb", "a//b"]
        {
            assert_eq!(Key::read(hostile), None, "{hostile:?}");
        }
    }

    #[test]
    fn a_star_stands_for_one_part_of_a_name() {
        let (key, is) = (Key::read("net.ipv4.conf.eth0.rp_filter").unwrap(), |it| Key::read(it).unwrap());
        assert!(key.is_meant_by(&is("net.ipv4.conf.*.rp_filter")));
        assert!(key.is_meant_by(&is("net.ipv4.conf.eth?.rp_*")));
        assert!(!key.is_meant_by(&is("net.ipv4.*.rp_filter")));
        assert!(key.is_meant_by(&key) && !key.is_pattern());
    }

    #[test]
    fn what_every_namespace_has_for_itself_is_told_from_what_the_kernel_has_once() {
        for (name, own) in [
            ("net.core.somaxconn", true),
            ("net.ipv4.ip_local_port_range", true),
            ("net.core.netdev_max_backlog", false),
            ("fs.file-max", false),
            ("vm.swappiness", false),
        ] {
            assert_eq!(Key::read(name).unwrap().is_namespaced(), own, "{name}");
        }
    }
}
