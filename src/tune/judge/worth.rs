//! What a kernel setting is worth on this very host: nothing at all, or something less than it seems.

use crate::tune::facts::{Facts, Protocol, Reading};
use crate::tune::key::Key;
use crate::tune::profile::{Basis, Setting};

/// Why a setting would change nothing here; `None`: it would.
pub(super) fn nothing(setting: &Setting, key: &Key, facts: &Facts) -> Option<String> {
    // Who asks for it by name gets it.
    if setting.basis == Basis::Spec {
        return None;
    }
    match key.path() {
        "net/ipv4/tcp_tw_reuse" if is(facts, "net.ipv4.tcp_timestamps", "0") => Some(
            "No effect here: net.ipv4.tcp_timestamps is 0, and without timestamps no port is used again."
                .to_owned(),
        ),
        "net/netfilter/nf_conntrack_max" if facts.modules.conntrack.is_none() => {
            Some("No effect here: nothing on this host tracks connections.".to_owned())
        }
        "net/core/netdev_max_backlog" => match facts.sockets.backlog_drops {
            Some(0) => Some(
                "No effect here: no processor has dropped a packet since boot (softnet_stat).".to_owned(),
            ),
            Some(_) => None,
            None => Some("No effect here that could be shown: the host has no softnet_stat.".to_owned()),
        },
        _ => None,
    }
}

/// Whether only a look at a host can tell that a setting is worth anything.
pub(in crate::tune) fn needs_a_look(setting: &Setting, key: &Key) -> bool {
    setting.basis != Basis::Spec && key.path() == "net/core/netdev_max_backlog"
}

/// What is to be known of a setting that is set all the same.
pub(super) fn caveat(key: &Key, facts: &Facts) -> Option<String> {
    match key.path() {
        "net/core/somaxconn" => backlogs(facts),
        "net/ipv4/tcp_max_syn_backlog" if is(facts, "net.ipv4.tcp_syncookies", "1") => Some(
            "A placebo while net.ipv4.tcp_syncookies is 1: then a listener's own backlog is the only bound \
             (tcp_conn_request in net/ipv4/tcp_input.c)."
                .to_owned(),
        ),
        "net/netfilter/nf_conntrack_max" => full(facts),
        _ => None,
    }
}

fn is(facts: &Facts, name: &str, value: &str) -> bool {
    let found = Key::read(name).map(|key| facts.sysctl.now(&key));
    matches!(found, Some(Reading::Value(found)) if found == value)
}

/// Listeners that ask for less than the kernel would allow gain nothing by a higher limit.
fn backlogs(facts: &Facts) -> Option<String> {
    let limit = match facts.sysctl.now(&Key::read("net.core.somaxconn")?) {
        Reading::Value(value) => value.parse::<u64>().ok()?,
        _ => return None,
    };
    let known = facts.sockets.listeners.iter().filter(|it| it.protocol == Protocol::Tcp);
    let (mut cut, mut own) = (Vec::new(), Vec::new());
    for (listener, backlog) in known.filter_map(|it| Some((it, it.backlog?))) {
        let name = match listener.program.as_str() {
            "" => format!("port {} ({backlog})", listener.port),
            program => format!("{program} on {} ({backlog})", listener.port),
        };
        if backlog >= limit { cut.push(name) } else { own.push(name) }
    }
    let overflows = match facts.sockets.listen_overflows {
        Some(0) | None => String::new(),
        Some(count) => format!(" {count} connections have found a full queue since boot."),
    };
    if !cut.is_empty() {
        return Some(format!("It cuts {} at present.{overflows}", cut.join(", ")));
    }
    if own.is_empty() {
        return None;
    }
    Some(format!(
        "A placebo by itself: a queue is as long as the smaller of this and the listener's own backlog, and all ask for \
         less: {}. Raise theirs too.{overflows}",
        own.join(", ")
    ))
}

fn full(facts: &Facts) -> Option<String> {
    let tracked = facts.modules.conntrack?;
    let (count, most) = (tracked.count?, tracked.most?);
    Some(format!("{count} of {most} entries are taken now."))
}
