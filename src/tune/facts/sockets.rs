//! What listens, with which backlog, and whether the kernel has dropped anything on the way in.

use super::Unreadable;
use super::frame::{Files, Printed};

/// Transport of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// A socket that listens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listener {
    /// Transport.
    pub protocol: Protocol,
    /// Port.
    pub port: u16,
    /// Accept queue that the kernel gave it; `None` for UDP, and where `ss` is missing.
    pub backlog: Option<u64>,
    /// The program; empty when not known.
    pub program: String,
}

/// Sockets and counters of a host. A counter is `None` where the kernel does not show it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sockets {
    /// By protocol and port; several addresses of one port count once.
    pub listeners: Vec<Listener>,
    /// Connections that found an accept queue full, since boot.
    pub listen_overflows: Option<u64>,
    /// Packets dropped because the queue of a processor was full, since boot.
    pub backlog_drops: Option<u64>,
}

pub(super) fn read(printed: &Printed, files: &Files, unreadable: &mut Vec<Unreadable>) -> Sockets {
    let mut listeners = match (printed.section("sockets"), printed.section("ports")) {
        (Some(lines), _) => of_ss(lines, unreadable),
        (None, Some(lines)) => lines.iter().filter_map(|line| of_proc(line)).collect(),
        (None, None) => Vec::new(),
    };
    listeners.sort();
    listeners.dedup_by(|a, b| a.port == b.port && a.protocol == b.protocol);
    Sockets {
        listeners,
        listen_overflows: files.text("/proc/net/netstat").and_then(|text| counter(text, "ListenOverflows")),
        backlog_drops: files.text("/proc/net/softnet_stat").map(drops),
    }
}

/// `tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))`; columns may run into each other after the address.
fn of_ss(lines: &[String], unreadable: &mut Vec<Unreadable>) -> Vec<Listener> {
    let mut listeners = Vec::new();
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let found = match words.as_slice() {
            ["Netid", ..] | [] => continue,
            [protocol @ ("tcp" | "udp"), "LISTEN" | "UNCONN", _, send, local, ..] => local
                .rsplit_once(':')
                .and_then(|(_, port)| port.parse().ok())
                .map(|port| (*protocol, port, send.parse().ok())),
            _ => None,
        };
        let Some((protocol, port, backlog)) = found else {
            unreadable.push(Unreadable { what: "ss -ltunp".to_owned(), said: line.clone() });
            continue;
        };
        let program = line.split_once("((\"").and_then(|(_, rest)| rest.split_once('"'));
        let tcp = protocol == "tcp";
        listeners.push(Listener {
            protocol: if tcp { Protocol::Tcp } else { Protocol::Udp },
            port,
            backlog: backlog.filter(|_| tcp),
            program: program.map(|(name, _)| name.to_owned()).unwrap_or_default(),
        });
    }
    listeners
}

/// A line of `/proc/net/tcp` with the name of the table before it: the port is the hexadecimal number after the address.
fn of_proc(line: &str) -> Option<Listener> {
    let mut words = line.split_whitespace();
    let protocol = if words.next()?.starts_with("tcp") { Protocol::Tcp } else { Protocol::Udp };
    let port = u16::from_str_radix(words.nth(1)?.rsplit_once(':')?.1, 16).ok()?;
    Some(Listener { protocol, port, backlog: None, program: String::new() })
}

/// A counter of `/proc/net/netstat`: a line of names, then a line of numbers.
fn counter(text: &str, name: &str) -> Option<u64> {
    let lines: Vec<&str> = text.lines().collect();
    lines.chunks(2).find_map(|pair| {
        let [names, numbers] = pair else { return None };
        let at = names.split_whitespace().position(|it| it == name)?;
        numbers.split_whitespace().nth(at)?.parse().ok()
    })
}

/// The second column of `/proc/net/softnet_stat`, over all processors.
fn drops(text: &str) -> u64 {
    let second = |line: &str| u64::from_str_radix(line.split_whitespace().nth(1)?, 16).ok();
    text.lines().filter_map(second).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_of_ss_are_read_with_backlog_and_program() {
        let lines = [
            "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess",
            "tcp   LISTEN 0      511          0.0.0.0:80        0.0.0.0:*    users:((\"nginx\",pid=9,fd=6))",
            "tcp   LISTEN 0      511             [::]:80           [::]:*    users:((\"nginx\",pid=9,fd=7))",
            "udp   UNCONN 0      0      127.0.0.53%lo:53        0.0.0.0:*",
            "Cannot open netlink socket: Permission denied",
        ];
        let lines: Vec<String> = lines.iter().map(|it| (*it).to_owned()).collect();
        let mut unreadable = Vec::new();
        let found = of_ss(&lines, &mut unreadable);
        assert_eq!(found[0].program, "nginx");
        assert_eq!((found[0].port, found[0].backlog), (80, Some(511)));
        assert_eq!((found[2].protocol, found[2].port, found[2].backlog), (Protocol::Udp, 53, None));
        assert_eq!(unreadable.len(), 1, "what cannot be read is said");
    }

    #[test]
    fn without_ss_ports_come_from_the_kernels_table() {
        let line =
            "tcp6   0: 00000000000000000000000000000000:1F40 00000000000000000000000000000000:0000 0A 0 0";
        assert_eq!(of_proc(line).unwrap().port, 8000);
    }

    #[test]
    fn counters_are_found_by_name_and_drops_are_summed_in_hexadecimal() {
        let text = "TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 0 7 9\nIpExt: A\nIpExt: 1\n";
        assert_eq!((counter(text, "ListenOverflows"), counter(text, "Nothing")), (Some(7), None));
        assert_eq!(drops("0000000a 0000000f 0\n00000001 00000001 0\n"), 16);
    }
}
