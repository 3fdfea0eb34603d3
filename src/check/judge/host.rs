//! What a host said of itself.

use super::super::host::{Counters, HostSample};
use super::super::lines::{CLOCK_S, DISK, HEADROOM, HOST_MEMORY, STEAL, below, none_wanted};
use super::super::{Finding, Lines, Unit, Verdict};
use super::{per_second, percent};

/// Findings about a host that cannot be looked at.
pub fn host_down(component: &str, why: &str, hint: Option<&str>) -> Vec<Finding> {
    let unseen = |check| Finding::unknown(component, check, Unit::Share, "The host could not be looked at.");
    let down =
        Finding::failed(component, "answers", Unit::Seconds, format!("{}.", why.trim_end_matches('.')));
    let down = match hint {
        Some(hint) => down.hint(hint),
        None => down.hint("log in by hand (ssh -v), or look at its console"),
    };
    vec![down, unseen("cpu"), unseen("io_wait"), unseen("network"), unseen("memory")]
}

/// Findings about a host that answered. `took_s` is the time of the look; `ours_s` is our own clock before and after it, s since
/// 1970; `before` are counters of an earlier look.
pub fn host(
    component: &str,
    sample: &HostSample,
    before: Option<&Counters>,
    (took_s, ours_s): (f64, (f64, f64)),
    lines: &Lines,
) -> Vec<Finding> {
    let answered = format!("It answered over the login of the check in {}.", super::seconds(took_s));
    let mut findings = vec![Finding::measured(component, "answers", took_s, Unit::Seconds, answered)];
    let before = sample.before.as_ref().or(before);
    if let Some(cores) = sample.cores {
        findings.push(Finding::measured(
            component,
            "cores",
            cores,
            Unit::Count,
            format!("It has {cores} cores."),
        ));
    }
    findings.extend(processor(component, &sample.now, before, lines));
    findings.push(network(component, sample, before, lines));
    findings.extend(drops(component, sample, before));
    findings.push(memory(component, sample));
    findings.extend(disk(component, sample));
    findings.extend(tables(component, sample));
    findings.push(clock(component, sample, ours_s));
    findings.extend(victims(component, sample, before));
    findings
}

/// Positions in a line of /proc/stat.
const IDLE: usize = 3;
const IO_WAIT: usize = 4;
const STOLEN: usize = 7;
/// Guest time stands in user time already: only so many kinds add up to all.
const KINDS: usize = 8;

fn processor(component: &str, now: &Counters, before: Option<&Counters>, lines: &Lines) -> Vec<Finding> {
    let spent: Vec<f64> = match before {
        Some(before) => {
            now.cpu.iter().zip(&before.cpu).take(KINDS).map(|(now, was)| (now - was).max(0.0)).collect()
        }
        None => Vec::new(),
    };
    let all: f64 = spent.iter().sum();
    let share = |kind: usize| spent.get(kind).map_or(0.0, |spent| spent / all);
    if all <= 0.0 || spent.len() <= IO_WAIT {
        let unseen = |check| {
            Finding::unknown(
                component,
                check,
                Unit::Share,
                "Its CPU counters did not move between two looks.",
            )
        };
        return vec![unseen("cpu"), unseen("io_wait")];
    }
    let (busy, waiting, stolen) = (1.0 - share(IDLE) - share(IO_WAIT), share(IO_WAIT), share(STOLEN));
    let said = |what: &str, share: f64, line: f64| {
        format!("{what} {}, the line is {}.", percent(share), percent(line))
    };
    vec![
        Finding::measured(component, "cpu", busy, Unit::Share, said("The CPUs are busy", busy, lines.cpu))
            .against(lines.cpu, below(busy, lines.cpu))
            .hint("look for the process (top); if it is the load, loadline size says how many machines it needs"),
        Finding::measured(component, "io_wait", waiting, Unit::Share, said("The CPUs wait for disks", waiting, lines.io_wait))
            .against(lines.io_wait, below(waiting, lines.io_wait))
            .hint("look for the process (iotop) and at the limits of the disk"),
        Finding::measured(component, "steal", stolen, Unit::Share, said("Others on the same machine took", stolen, STEAL))
            .against(STEAL, below(stolen, STEAL))
            .hint("a noisy neighbour, or CPU credits are used up: take a machine with cores of its own"),
    ]
}

/// The busiest interface against its speed; where none says its speed, all together against what the design asks of the tier.
fn network(component: &str, sample: &HostSample, before: Option<&Counters>, lines: &Lines) -> Finding {
    const CHECK: &str = "network";
    let elapsed_s = before.map_or(0.0, |before| sample.now.at_s - before.at_s);
    // The kernel counts for every interface of this network; what else is known of one may be missing.
    let link = |name: &str| sample.links.iter().find(|link| link.name == name);
    let is_device = |name: &str| link(name).is_some_and(|link| link.device);
    let devices = sample.now.bytes.keys().any(|name| is_device(name));
    let rates: Vec<(&str, f64, Option<f64>)> = sample
        .now
        .bytes
        .iter()
        .filter(|(name, _)| *name != "lo" && (is_device(name) || !devices))
        .filter_map(|(name, now)| {
            let was = before?.bytes.get(name)?;
            let received = per_second(Some(was.0), now.0, elapsed_s)?;
            let sent = per_second(Some(was.1), now.1, elapsed_s)?;
            Some((name.as_str(), received.max(sent) * 8.0 / 1e6, link(name).and_then(|link| link.mbps)))
        })
        .collect();
    let by_share = |one: &&(&str, f64, Option<f64>)| one.1 / one.2.unwrap_or(f64::INFINITY);
    let busiest = rates.iter().filter(|it| it.2.is_some()).max_by(|a, b| by_share(a).total_cmp(&by_share(b)));
    let hint = "look for who sends (ss -tin, iftop); then a machine with more network";
    if let Some((name, mbps, Some(speed))) = busiest {
        let share = mbps / speed;
        let sentence = format!(
            "{name} carries {mbps:.1} of {speed} Mbit/s ({}), the line is {}.",
            percent(share),
            percent(HEADROOM)
        );
        return Finding::measured(component, CHECK, share, Unit::Share, sentence)
            .against(HEADROOM, below(share, HEADROOM))
            .hint(hint);
    }
    if rates.is_empty() {
        return Finding::unknown(
            component,
            CHECK,
            Unit::Share,
            "No interface said twice how much it carried.",
        );
    }
    let mbps: f64 = rates.iter().map(|(_, mbps, _)| mbps).sum();
    let share = mbps / lines.network_mbps.max(1.0);
    let sentence = format!(
        "Its interfaces carry {mbps:.1} Mbit/s and say no speed; the design asks {:.0} Mbit/s of all machines together ({}), the line is {}.",
        lines.network_mbps,
        percent(share),
        percent(HEADROOM)
    );
    Finding::measured(component, CHECK, share, Unit::Share, sentence)
        .against(HEADROOM, below(share, HEADROOM))
        .hint(hint)
}

fn drops(component: &str, sample: &HostSample, before: Option<&Counters>) -> Vec<Finding> {
    let Some(before) = before else { return Vec::new() };
    let now = &sample.now;
    let elapsed_s = now.at_s - before.at_s;
    let all = |counters: &Counters| {
        counters.dropped.iter().filter(|(name, _)| *name != "lo").map(|(_, lost)| lost).sum::<f64>()
    };
    let rate = |was: Option<f64>, is: Option<f64>| per_second(was, is?, elapsed_s);
    let rows = [
        (
            "packet_drops",
            rate(Some(all(before)), Some(all(now))),
            "packets a second are dropped at the interfaces",
            "look at ip -s link and at the network allowance of the machine",
        ),
        (
            "backlog_drops",
            rate(before.backlog_drops, now.backlog_drops),
            "packets a second are dropped before a CPU takes them",
            "loadline tune plan: net.core.netdev_max_backlog",
        ),
        (
            "listen_overflows",
            rate(before.listen_overflows, now.listen_overflows),
            "connections a second find a listener's queue full",
            "look for the listener (ss -ltn); loadline tune plan: net.core.somaxconn, and the backlog of the server",
        ),
    ];
    let one = |(check, rate, what, hint): (&str, Option<f64>, &str, &str)| {
        let rate = rate?;
        let sentence = if rate > 0.0 {
            format!("{rate:.1} {what}.")
        } else {
            format!("No {}.", what.replace(" a second", ""))
        };
        let finding = Finding::measured(component, check, rate, Unit::PerSecond, sentence);
        Some(finding.against(0.0, none_wanted(rate)).hint(hint))
    };
    rows.into_iter().filter_map(one).collect()
}

fn memory(component: &str, sample: &HostSample) -> Finding {
    let Some((all, available)) = sample.memory_kib.filter(|(all, _)| *all > 0.0) else {
        return Finding::unknown(
            component,
            "memory",
            Unit::Share,
            "Its kernel did not say MemTotal and MemAvailable.",
        );
    };
    let used = 1.0 - available / all;
    let sentence = format!(
        "{} of {} are in use ({}), the line is {}.",
        super::bytes((all - available) * 1024.0),
        super::bytes(all * 1024.0),
        percent(used),
        percent(HOST_MEMORY)
    );
    Finding::measured(component, "memory", used, Unit::Share, sentence)
        .against(HOST_MEMORY, below(used, HOST_MEMORY))
        .hint("look for the process (ps --sort=-rss); the kernel kills one when nothing is left")
}

fn disk(component: &str, sample: &HostSample) -> Option<Finding> {
    let fullest = sample.mounts.iter().max_by(|a, b| a.used.total_cmp(&b.used))?;
    let sentence =
        format!("{} is {} full, the line is {}.", fullest.folder, percent(fullest.used), percent(DISK));
    let finding = Finding::measured(component, "disk", fullest.used, Unit::Share, sentence);
    Some(
        finding
            .against(DISK, below(fullest.used, DISK))
            .hint("look for what grew (du -xh), such as logs and old images"),
    )
}

/// Tables of the kernel that fill up.
fn tables(component: &str, sample: &HostSample) -> Vec<Finding> {
    let rows = [
        (
            "ports",
            sample.time_wait.zip(sample.ports),
            "outgoing ports rest in TIME_WAIT",
            "keep connections open between requests; loadline tune plan: net.ipv4.ip_local_port_range",
        ),
        (
            "files",
            sample.files,
            "files are open",
            "look for the process (lsof); loadline tune plan: fs.file-max",
        ),
        (
            "tracked_connections",
            sample.tracked,
            "connections are tracked",
            "new connections are dropped when that is full: net.netfilter.nf_conntrack_max",
        ),
    ];
    let one = |(check, row, what, hint): (&str, Option<(f64, f64)>, &str, &str)| {
        let (used, most) = row.filter(|(_, most)| *most > 0.0)?;
        let share = used / most;
        // The limit of files may be the largest number of the kernel: that is no number for a person.
        let most = if most > 1e12 { "countless".to_owned() } else { most.to_string() };
        let sentence =
            format!("{used} of {most} {what} ({}), the line is {}.", percent(share), percent(HEADROOM));
        let finding = Finding::measured(component, check, share, Unit::Share, sentence);
        Some(finding.against(HEADROOM, below(share, HEADROOM)).hint(hint))
    };
    rows.into_iter().filter_map(one).collect()
}

/// The offset of the host's clock: what the start and the end of the look leave open is not counted as an offset.
fn clock(component: &str, sample: &HostSample, (before_s, after_s): (f64, f64)) -> Finding {
    const CHECK: &str = "clock_offset";
    let Some((began_s, ended_s, exact_s)) = sample.clock else {
        return Finding::unknown(component, CHECK, Unit::Seconds, "Its date command did not say the time.");
    };
    // The script began after our look did and ended before it.
    let (least, most) = (ended_s - after_s - exact_s, began_s - before_s + exact_s);
    let offset = if least > 0.0 {
        least
    } else if most < 0.0 {
        -most
    } else {
        0.0
    };
    let side = if least > 0.0 { "ahead of" } else { "behind" };
    let open = super::seconds((most - least).max(0.0));
    let sentence = match offset {
        0.0 => format!("Its clock agrees with ours, as far as a look of {open} can tell."),
        offset => format!(
            "Its clock is at least {} {side} ours, the line is {}.",
            super::seconds(offset),
            super::seconds(CLOCK_S)
        ),
    };
    Finding::measured(component, CHECK, offset, Unit::Seconds, sentence)
        .against(CLOCK_S, below(offset, CLOCK_S))
        .hint("is its time service running (timedatectl)? Then look at ours")
}

fn victims(component: &str, sample: &HostSample, before: Option<&Counters>) -> Option<Finding> {
    let kills = sample.now.oom_kills?;
    let since = before.and_then(|before| before.oom_kills).map_or(0.0, |was| (kills - was).max(0.0));
    let (verdict, sentence) = match (kills, since) {
        (0.0, _) => (Verdict::Ok, "No process was killed for want of memory since its start.".to_owned()),
        (kills, 0.0) => (
            Verdict::Warn,
            format!(
                "{kills} processes were killed for want of memory since its start, none since the look before."
            ),
        ),
        (_, since) => (
            Verdict::Fail,
            format!("{since} processes were killed for want of memory since the look before."),
        ),
    };
    let finding = Finding::measured(component, "memory_kills", since, Unit::Count, sentence);
    Some(finding.against(0.0, verdict).hint("look at who (dmesg, journalctl -k), then at its memory"))
}
