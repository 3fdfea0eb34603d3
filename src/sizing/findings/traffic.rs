//! Traffic, disks, links: what is forgotten in a bill or bought far too large.

use super::super::Finding;
use super::super::assumptions::VOLUME_IOPS;
use super::super::wording::{number, percent};
use super::{Rule, View, note, warning};

pub(super) const RULES: &[Rule] = &[egress, link, disk];

/// Bytes a month from which egress is worth a word: 270 dollars at the usual 0.09 USD/GB, as much as a small database.
const EGRESS_BYTES: f64 = 3e12;

fn egress(view: &View<'_>) -> Vec<Finding> {
    let traffic = &view.requirements.traffic;
    let duty = view.spec.load.duty.mid;
    if traffic.egress_bytes < EGRESS_BYTES || duty <= 0.0 {
        return Vec::new();
    }
    let sentence = format!(
        "{} TB leave for the internet each month at {} of the peak, {} TB if the peak lasted day and night: egress is \
         billed by the GB and can cost more than the machines.",
        number(traffic.egress_bytes / 1e12),
        percent(duty),
        number(traffic.egress_bytes / duty / 1e12)
    );
    vec![warning(
        "egress-volume",
        sentence,
        "Compress, cache at the edge, send less; check load.duty, which this follows.",
        "load.duty",
    )]
}

/// From this on a link deserves a thought, Mbit/s.
const LINK_MBPS: f64 = 100.0;

fn link(view: &View<'_>) -> Vec<Finding> {
    let mbps = view.prediction.network_mbps;
    if mbps < LINK_MBPS {
        return Vec::new();
    }
    let sentence = format!(
        "The peak is {} Mbit/s with the clients, {} with room for bursts; a link of 10 Gbit/s is {} times the mean.",
        number(mbps),
        number(2.0 * mbps),
        number(10_000.0 / mbps)
    );
    vec![note(
        "link",
        sentence,
        "Look at the baseline of a machine's network, not at its burst, and pay for no more.",
        "requests",
    )]
}

fn disk(view: &View<'_>) -> Vec<Finding> {
    let Some(database) = &view.requirements.database else { return Vec::new() };
    let all = database.read_iops + database.write_iops;
    if all <= VOLUME_IOPS {
        return Vec::new();
    }
    let sentence = format!(
        "The database does {} disk operations a second ({} reads, {} writes), more than the {} of an ordinary volume.",
        number(all),
        number(database.read_iops),
        number(database.write_iops),
        number(VOLUME_IOPS)
    );
    vec![warning(
        "disk-operations",
        sentence,
        "Buy a volume with more operations, enlarge the buffer pool, or write less.",
        "database.storage",
    )]
}
