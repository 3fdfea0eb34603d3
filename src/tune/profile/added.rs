//! What a spec adds to a profile or states otherwise: `tune.sysctl` and `tune.limits`.

use super::setting::{Basis, Direction, Setting, Subject};
use crate::spec::Tune;
use crate::tune::facts::Most;
use crate::tune::key::Key;

/// Limits that PAM knows (limits.conf(5)) and that are counts.
const LIMITS: [&str; 13] = [
    "as",
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nofile",
    "nproc",
    "rss",
    "sigpending",
    "stack",
];

/// The settings with those of the spec. A setting that the profile has keeps its direction: it is not lowered by a spec.
pub(super) fn add(mut settings: Vec<Setting>, tune: &Tune) -> Result<Vec<Setting>, Vec<String>> {
    let mut wrong = Vec::new();
    for (name, value) in &tune.sysctl {
        match Key::read(name) {
            None => wrong.push(format!("tune.sysctl.{name} is no kernel setting: no place below /proc/sys")),
            Some(key) if key.is_pattern() => {
                wrong.push(format!("tune.sysctl.{name} is a pattern: name each setting"));
            }
            Some(key) => state(&mut settings, Subject::Kernel(key), direction, value),
        }
    }
    for (name, value) in &tune.limits {
        if !LIMITS.contains(&name.as_str()) {
            wrong.push(format!("tune.limits.{name} is no limit: {}", LIMITS.join(", ")));
        } else if Most::read(value).is_none() {
            wrong.push(format!("tune.limits.{name}: `{value}` is neither a number nor unlimited"));
        } else {
            state(&mut settings, Subject::Limit(name.clone()), |_| Direction::AtLeast, value);
        }
    }
    if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
}

fn state(settings: &mut Vec<Setting>, subject: Subject, direction: fn(&str) -> Direction, value: &str) {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let arithmetic = "as the spec states it".to_owned();
    match settings.iter_mut().find(|it| it.subject == subject) {
        Some(setting) => {
            setting.wanted = value;
            *setting = setting.clone().reckoned(Basis::Spec, arithmetic);
        }
        None => {
            let direction = direction(&subject.to_string());
            let path = match &subject {
                Subject::Kernel(_) => "tune.sysctl",
                _ => "tune.limits",
            };
            let setting = Setting::new(subject, direction, value.as_str())
                .because(&format!("The spec asks for it ({path})."), path, "Not known here.")
                .reckoned(Basis::Spec, arithmetic);
            settings.push(setting);
        }
    }
}

/// Which way a setting may be moved that no profile names. What is not known is set to the very value.
fn direction(name: &str) -> Direction {
    const SIZES: [&str; 10] = [
        "fs.nr_open",
        "fs.file-max",
        "fs.aio-max-nr",
        "fs.inotify.max_user_watches",
        "fs.inotify.max_user_instances",
        "kernel.pid_max",
        "kernel.threads-max",
        "net.core.somaxconn",
        "net.ipv4.tcp_max_syn_backlog",
        "net.netfilter.nf_conntrack_max",
    ];
    match name {
        "net.ipv4.ip_local_port_range" => Direction::Widen,
        "net.ipv4.ip_local_reserved_ports" => Direction::Include,
        "net.ipv4.tcp_fin_timeout" | "vm.swappiness" => Direction::AtMost,
        size if SIZES.contains(&size) || size.ends_with("_max_backlog") => Direction::AtLeast,
        _ => Direction::Exactly,
    }
}
