//! [`Basis`]: the arithmetic behind a quantity, kept as numbers and written out only where a bill is shown.

use std::fmt;

use super::super::words::{gib, number};

/// Why a quantity is what it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::market) enum Basis {
    /// Disk of app machines.
    Disk {
        /// Machines.
        machines: u32,
        /// Disk wanted on each, GiB.
        each_gib: f64,
        /// Disk in the price of each, GiB; `None`: no source states it, none is assumed.
        included_gib: Option<f64>,
        /// Fixed size that is bought, GiB; `None` where disks are billed by the GiB.
        fixed_gib: Option<f64>,
    },
    /// Storage of the database.
    Storage {
        /// Wanted, GiB.
        wanted_gib: f64,
        /// In the price of the server, GiB; `None`: no source states it, none is assumed.
        included_gib: Option<f64>,
    },
    /// I/O operations.
    Iops {
        /// At the peak, 1/s.
        peak: f64,
        /// Included, 1/s.
        included: f64,
    },
    /// Backups of the database.
    Backups {
        /// Held at any moment, GiB.
        held_gib: f64,
        /// Free, GiB.
        free_gib: f64,
    },
    /// Snapshots of the cache.
    Snapshots {
        /// Kept.
        kept: f64,
        /// Of them free.
        free: f64,
        /// Size of one, GiB.
        each_gib: f64,
    },
    /// Hours of one balancer.
    OneBalancer,
    /// Capacity units.
    Units {
        /// Units at the mean of the month.
        units: f64,
        /// Dimension that decides.
        dimension: &'static str,
        /// Mean as a share of the peak.
        duty: f64,
    },
    /// Nodes of a balancer.
    Nodes {
        /// Nodes.
        nodes: u32,
        /// Dimension that decides.
        dimension: &'static str,
    },
    /// Traffic through a balancer.
    BalancerTraffic {
        /// GB (10^9 bytes) an hour at the peak.
        peak_gb_per_hour: f64,
        /// Mean as a share of the peak.
        duty: f64,
    },
    /// Traffic to the internet.
    Egress {
        /// Sent, in the unit of the charge.
        sent: f64,
        /// In the price of the machines, in the same unit.
        included: f64,
        /// Whether some machine's included transfer is unknown and therefore counted as none.
        included_unknown: bool,
    },
    /// Traffic between zones.
    CrossZone {
        /// Between the tiers, GB (10^9 bytes).
        internal_gb: f64,
        /// Zones.
        zones: u32,
        /// Directions that are charged.
        directions: f64,
    },
    /// NAT gateways.
    Gateways {
        /// Gateways.
        gateways: u32,
    },
    /// NAT billed by machine.
    NatMachines {
        /// Machines.
        machines: u32,
        /// Of them charged.
        charged: f64,
    },
    /// Traffic through NAT.
    NatTraffic {
        /// Machines.
        machines: u32,
        /// Assumed for each, GB (10^9 bytes) a month.
        each_gb: f64,
    },
    /// Public addresses.
    Addresses {
        /// Of the balancer.
        balancer: u32,
        /// Of NAT gateways.
        nat: u32,
    },
    /// Alarms.
    Alarms,
}

impl fmt::Display for Basis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Disk { machines, each_gib, included_gib, fixed_gib } => {
                write!(out, "{machines} x {} wanted", gib(each_gib))?;
                included(out, included_gib)?;
                fixed_gib.map_or(Ok(()), |size| write!(out, ", sold in the size {}", gib(size)))
            }
            Self::Storage { wanted_gib, included_gib } => {
                write!(out, "{} wanted", gib(wanted_gib))?;
                included(out, included_gib)
            }
            Self::Iops { peak, included } => {
                write!(out, "{} operations/s at the peak - {} included", number(peak), number(included))
            }
            Self::Backups { held_gib, free_gib } => {
                write!(out, "{} held - {} free", gib(held_gib), gib(free_gib))
            }
            Self::Snapshots { kept, free, each_gib } => {
                write!(out, "({} snapshots kept - {} free) x {}", number(kept), number(free), gib(each_gib))
            }
            Self::OneBalancer => out.write_str("one balancer"),
            Self::Units { units, dimension, duty } => write!(
                out,
                "{} units at the month's mean ({} % of the peak); {dimension} decides",
                number(units),
                number(duty * 100.0)
            ),
            Self::Nodes { nodes, dimension } => write!(out, "{nodes} for the peak; {dimension} decides"),
            Self::BalancerTraffic { peak_gb_per_hour, duty } => {
                write!(
                    out,
                    "{} GB/h at the peak x {} % x 730 h",
                    number(peak_gb_per_hour),
                    number(duty * 100.0)
                )
            }
            Self::Egress { sent, included, included_unknown } => {
                write!(out, "{} sent - {} in the price of the machines", number(sent), number(included))?;
                out.write_str(if included_unknown { " (unknown: none assumed)" } else { "" })
            }
            Self::CrossZone { internal_gb, zones, directions } => write!(
                out,
                "{} GB between the tiers x {}/{zones} to another zone x {} direction(s) charged",
                number(internal_gb),
                zones.saturating_sub(1),
                number(directions)
            ),
            Self::Gateways { gateways } => write!(out, "{gateways} gateway(s)"),
            Self::NatMachines { machines, charged } => {
                write!(out, "{machines} machine(s) behind it, {} charged", number(charged))
            }
            Self::NatTraffic { machines, each_gb } => write!(
                out,
                "assumed {} GB for each of {machines} machine(s): updates, images; calls to outside services are not known",
                number(each_gb)
            ),
            Self::Addresses { balancer, nat } => {
                write!(out, "{balancer} of the balancer + {nat} of NAT gateways")
            }
            Self::Alarms => Ok(()),
        }
    }
}

fn included(out: &mut fmt::Formatter<'_>, gib_included: Option<f64>) -> fmt::Result {
    match gib_included {
        Some(size) if size > 0.0 => write!(out, " - {} in the price", gib(size)),
        Some(_) => Ok(()),
        None => out.write_str("; how much the price includes is unknown: none assumed"),
    }
}
