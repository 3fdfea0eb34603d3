//! Pinned products between the aim and the limit of CPU utilisation. Decides when fewer cores than a choice would take
//! are worth a warning and no more.

use loadline_contract::Offer;

use super::survey::{Amount, Misfit};
use super::words::number;
use crate::sizing::{Finding, Requirements, Severity};

/// CPU that a tier uses, and how full it may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Demand {
    busy_cores: f64,
    aim: f64,
    limit: f64,
    fixed_cores: Option<u32>,
}

impl Demand {
    /// Of the app tier.
    pub(super) fn app(requirements: &Requirements) -> Option<Self> {
        let app = &requirements.app;
        let (busy_cores, fixed_cores) = (app.busy_cores, app.pinned_cores);
        Some(Self { busy_cores, aim: app.target_utilisation, limit: app.failover_utilisation, fixed_cores })
    }

    /// Of the database; `None` without one.
    pub(super) fn database(requirements: &Requirements) -> Option<Self> {
        let (app, database) = (&requirements.app, requirements.database.as_ref()?);
        let (busy_cores, fixed_cores) = (database.busy_cores, database.pinned_cores);
        Some(Self { busy_cores, aim: app.target_utilisation, limit: app.failover_utilisation, fixed_cores })
    }
}

/// The utilisation of a product with fewer cores than are aimed for but enough for the limit: a choice never takes it,
/// a pin may. The prediction judges its response times. `None` for every other misfit.
pub(super) fn above_aim(misfit: &Misfit<'_>, demand: Option<Demand>) -> Option<(f64, Demand)> {
    let demand = demand.filter(|demand| demand.fixed_cores.is_none())?;
    let (("cores", Amount::Count(has, _)), true) = ((misfit.limit, misfit.has), demand.aim < demand.limit)
    else {
        return None;
    };
    let utilisation = demand.busy_cores / has;
    (utilisation <= demand.limit).then_some((utilisation, demand))
}

/// Says that a pinned product runs above the aim, below the limit.
pub(super) fn above_aim_note(offer: &Offer, (utilisation, demand): (f64, Demand), path: String) -> Finding {
    let percent = |share: f64| format!("{} %", number(share * 100.0));
    Finding {
        code: "pin-above-target",
        severity: Severity::Warning,
        sentence: format!(
            "pinned {} runs at {} CPU: above the {} that is aimed for, below the limit of {}",
            offer.sku,
            percent(utilisation),
            percent(demand.aim),
            percent(demand.limit)
        ),
        hint: "accept it by writing objectives.target_cpu, or pin a larger one".to_owned(),
        path,
    }
}
