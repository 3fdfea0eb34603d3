//! Hosts that take connections of people: reverse proxies and applications. The values are those of the plan for 2000
//! users, raised where the load needs more.

use super::load::{Load, grouped};
use super::setting::{Basis, Direction, Setting};

const PLAN: &str = "plan for 2000 users, operating system tuning";
const IP_SYSCTL: &str = "Linux Documentation/networking/ip-sysctl.rst";
const NET: &str = "Linux Documentation/admin-guide/sysctl/net.rst";

pub(super) fn settings(load: &Load) -> Vec<Setting> {
    vec![
        accept_queue(load),
        syn_queue(load),
        reserved_ports(load),
        port_range(load),
        time_wait(),
        fin_wait(),
        file_max(load),
        conntrack(load),
        packet_queue(),
        open_files(load),
        processes(),
    ]
}

/// The larger of what the profile states and what the load needs, and which of them it is.
pub(super) fn larger(stated: u64, needed: u64) -> (u64, Basis) {
    if needed > stated { (needed, Basis::Load) } else { (stated, Basis::Profile) }
}

fn accept_queue(load: &Load) -> Setting {
    let (wanted, basis) = larger(65_535, load.active_connections);
    let all = grouped(load.active_connections);
    Setting::kernel("net.core.somaxconn", Direction::AtLeast, wanted)
        .because(
            "The kernel cuts the accept queue of every listener to this; a full queue drops connections.",
            &format!("{NET} (4096 by itself since Linux 5.4); {PLAN}"),
            "None known: a queue takes memory only for connections that wait in it.",
        )
        .reckoned(basis, format!("{all} people who come back at once after a restart need a queue of {all}"))
}

fn syn_queue(load: &Load) -> Setting {
    let (wanted, basis) = larger(8_192, load.active_connections);
    Setting::kernel("net.ipv4.tcp_max_syn_backlog", Direction::AtLeast, wanted)
        .because(
            "Connections whose handshake is not finished, kept for one listener.",
            &format!("{IP_SYSCTL}; {PLAN}"),
            "About 300 bytes for each connection that waits (ip-sysctl.rst).",
        )
        .reckoned(basis, format!("{} handshakes at once", grouped(load.active_connections)))
}

fn reserved_ports(load: &Load) -> Setting {
    Setting::kernel("net.ipv4.ip_local_reserved_ports", Direction::Include, u64::from(load.port))
        .because(
            "Keeps ports that services listen on out of the range of outgoing connections: a service whose port was taken \
             by chance does not start.",
            IP_SYSCTL,
            "None: what is in the list stays in it.",
        )
        .reckoned(Basis::Profile, format!("the application listens on {}", load.port))
}

/// Ports from 10000 to 65535.
const RANGE: u64 = 65_535 - 10_000 + 1;

fn port_range(load: &Load) -> Setting {
    let (ports, mut arithmetic) = load.ports();
    if ports > RANGE {
        arithmetic.push_str(&format!(
            "; even the whole range holds {} to one destination: keep connections alive and pool them",
            grouped(RANGE)
        ));
    } else {
        arithmetic.push_str(&format!(", of {} in the range", grouped(RANGE)));
    }
    Setting::kernel("net.ipv4.ip_local_port_range", Direction::Widen, "10000 65535")
        .because(
            "Ports for outgoing connections, to one destination at a time: from the proxy to the application, from there to \
             the database.",
            &format!("{IP_SYSCTL} (32768 to 60999 by itself, 28,232 ports); {PLAN}"),
            "A port of the range may be taken before a service that wants it starts: listening ports are reserved.",
        )
        .reckoned(Basis::Profile, arithmetic)
}

fn time_wait() -> Setting {
    Setting::kernel("net.ipv4.tcp_tw_reuse", Direction::Exactly, 1)
        .because(
            "An outgoing connection may take the port of one that has ended, where timestamps tell their packets apart. It \
             does nothing for connections that come in.",
            &format!("{IP_SYSCTL} (2 by itself: only on the loopback); {PLAN}"),
            "The kernel's documentation advises against changing it without need.",
        )
        .reckoned(Basis::Profile, "needs net.ipv4.tcp_timestamps on both sides".to_owned())
}

fn fin_wait() -> Setting {
    Setting::kernel("net.ipv4.tcp_fin_timeout", Direction::AtMost, 15)
        .because(
            "How long a connection that no program holds any more waits for the other side's end (FIN_WAIT_2). It does not \
             shorten TIME_WAIT, which is fixed at 60 s.",
            &format!("{IP_SYSCTL} (60 by itself); {PLAN}"),
            "A very slow client may be cut off while it sends its last bytes.",
        )
        .reckoned(Basis::Profile, "as the plan states it".to_owned())
}

fn file_max(load: &Load) -> Setting {
    let (wanted, basis) = larger(500_000, 4 * load.active_connections);
    Setting::kernel("fs.file-max", Direction::AtLeast, wanted)
        .because(
            "Open files of the whole machine.",
            &format!(
                "Linux Documentation/admin-guide/sysctl/fs.rst; systemd NEWS 240 (it sets 2^63 - 1); {PLAN}"
            ),
            "None when raised; the plan's value would lower what systemd sets.",
        )
        .reckoned(
            basis,
            format!(
                "4 for each of {} connections, two at either end of a proxy",
                grouped(load.active_connections)
            ),
        )
        .comes_back()
}

fn conntrack(load: &Load) -> Setting {
    let (wanted, arithmetic) = load.tracked();
    Setting::kernel("net.netfilter.nf_conntrack_max", Direction::AtLeast, wanted.max(1))
        .because(
            "Connections that the firewall can track; with a full table new ones are dropped. A closed connection stays for \
             120 s, an open one up to 5 days.",
            "Linux Documentation/networking/nf_conntrack-sysctl.rst",
            "Up to 320 bytes of kernel memory for each entry.",
        )
        .reckoned(Basis::Load, arithmetic)
        .comes_back()
}

fn packet_queue() -> Setting {
    Setting::kernel("net.core.netdev_max_backlog", Direction::AtLeast, 2_000)
        .because(
            "Packets that wait for a processor; only a host that has dropped some (second column of softnet_stat) gains by it.",
            &format!("{NET} (1000 by itself)"),
            "A longer queue adds delay when a processor cannot keep up at all.",
        )
        .reckoned(Basis::Load, "twice the 1000 that were not enough".to_owned())
        .comes_back()
}

fn open_files(load: &Load) -> Setting {
    let needed = 4 * load.active_connections;
    let (wanted, basis) = larger(100_000, needed);
    Setting::limit("nofile", wanted)
        .because(
            "Open files of one process, connections among them. Sessions take it from limits.conf, services from their unit.",
            &format!("limits.conf(5), systemd.exec(5), nginx worker_connections (all connections, both sides); {PLAN}"),
            "None known where it is raised; above fs.nr_open a service would not start.",
        )
        .reckoned(
            basis,
            format!(
                "{} connections x 2 for both sides of a proxy x 2 for room = {}",
                grouped(load.active_connections),
                grouped(needed)
            ),
        )
}

fn processes() -> Setting {
    Setting::limit("nproc", 65_535)
        .because(
            "Processes and threads of one user, counted over all sessions and services of that user; root has no such limit.",
            &format!("limits.conf(5), systemd.resource-control(5); {PLAN}"),
            "None known where it is raised.",
        )
        .reckoned(Basis::Profile, "as the plan states it".to_owned())
        .comes_back()
}
