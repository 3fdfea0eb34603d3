//! What a family says of its sizes and a size may say for itself: disk, traffic, network, connections.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::words::{Attributes, Problem, float, number, shown};

/// How many physical cores stand behind a size's vCPUs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cores {
    /// `cores=half`: two threads share a core.
    Half,
    /// `cores=all`: every vCPU is a core.
    All,
    /// Not stated.
    Unknown,
}

/// How many connections a size takes: a number, or so many for each GiB.
#[derive(Debug, Clone, Copy)]
pub(super) enum Quota {
    Fixed(f64),
    PerGib(f64),
}

/// Attributes that a family gives all its sizes and a size may override.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traits {
    pub disk_gib: Option<f64>,
    pub transfer_gib: Option<f64>,
    pub network_mbps: Option<f64>,
    pub connections: Option<Quota>,
    pub max_connections: Option<Quota>,
    pub burstable: bool,
}

/// A number of vCPUs or GiB; `?` unknown.
pub(super) fn amount(text: &str) -> Result<Option<Decimal>, Problem> {
    if text == "?" {
        return Ok(None);
    }
    let value = number(text)?;
    if value.is_zero() || value > Decimal::from(1_000_000) {
        return Err(format!("{} is no size: write `?` if it is unknown", shown(text)));
    }
    Ok(Some(value))
}

/// Reads the attributes that families and sizes share, starting from `base`.
pub(super) fn traits(attributes: &mut Attributes<'_>, base: Traits) -> Result<Traits, Problem> {
    let mut figure = |key: &str, base: Option<f64>| match attributes.take(key) {
        None => Ok(base),
        Some("?") => Ok(None),
        Some(text) => float(text).map(Some),
    };
    let disk_gib = figure("disk", base.disk_gib)?;
    let transfer_gib = figure("transfer", base.transfer_gib)?;
    let network_mbps = figure("network", base.network_mbps)?;
    let mut quota = |key: &str, base: Option<Quota>| match attributes.take(key) {
        None => Ok(base),
        Some(text) => match text.strip_suffix("/GiB") {
            Some(each) => float(each).map(|each| Some(Quota::PerGib(each))),
            None => float(text).map(|all| Some(Quota::Fixed(all))),
        },
    };
    let connections = quota("connections", base.connections)?;
    let max_connections = quota("max-connections", base.max_connections)?;
    let burstable = attributes.flag("burstable") || base.burstable;
    Ok(Traits { disk_gib, transfer_gib, network_mbps, connections, max_connections, burstable })
}

impl Quota {
    /// Connections for a memory; `None` when the memory is unknown.
    pub(super) fn of(self, memory_gib: Option<Decimal>) -> Option<u32> {
        let connections = match self {
            Self::Fixed(all) => all,
            Self::PerGib(each) => each * memory_gib?.to_f64()?,
        };
        connections.round().to_u32()
    }
}
