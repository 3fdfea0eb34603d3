//! What surviving a failure asks of the app tier, and which availability a structure can reach.
//!
//! Machines are not known here: the market counts them. Availabilities of the parts are assumptions (listed in
//! `assumptions`), so the result is an estimate and says so.

use super::Need;
use super::assumptions::{
    BALANCER_AVAILABILITY, CACHE_PAIR_AVAILABILITY, DATABASE_PAIR_AVAILABILITY, NODE_AVAILABILITY,
    ZONE_AVAILABILITY,
};
use super::wording::{number, percent};
use crate::spec::{Spec, Survive};

/// Cores of the app tier over all zones that leave enough after the failure to be survived; `None` when nothing is
/// to be survived.
pub(crate) fn failover_need(spec: &Spec, busy_cores: f64) -> Option<Need> {
    let limit = spec.objectives.cpu;
    let left = busy_cores / limit;
    let (value, arithmetic) = match spec.resilience.survive {
        Survive::Nothing => return None,
        Survive::Instance => (
            left,
            format!(
                "{} busy cores / {} = {} must remain when one machine is lost: one machine more than that takes",
                number(busy_cores),
                percent(limit),
                number(left)
            ),
        ),
        Survive::Zone => {
            let zones = f64::from(spec.resilience.zones.max(2));
            let value = left * zones / (zones - 1.0);
            let text = format!(
                "{} busy cores / {} x {zones}/{} zones = {}",
                number(busy_cores),
                percent(limit),
                zones - 1.0,
                number(value)
            );
            (value, text)
        }
    };
    Some(Need { limit: "failover", value, unit: "cores", arithmetic })
}

/// Fewest equal machines on which a tier survives the loss of one: n with U n / (n - 1) <= limit. `None` when no
/// number of machines is enough.
pub(crate) fn machines_to_survive_one(utilisation: f64, limit: f64) -> Option<u32> {
    let share = utilisation / limit;
    if share >= 1.0 {
        return None;
    }
    Some(super::wording::whole_up(1.0 / (1.0 - share)).max(2))
}

/// Share of time that at least `need` of `count` machines work, each with availability `each`, independently.
pub(crate) fn tier_availability(count: u32, need: u32, each: f64) -> f64 {
    let mut chance = 0.0;
    let mut combinations = 1.0;
    for down in 0..=count.saturating_sub(need) {
        if down > 0 {
            combinations *= f64::from(count - down + 1) / f64::from(down);
        }
        let (up, down) = (f64::from(count - down), f64::from(down));
        chance += combinations * each.powf(up) * (1.0 - each).powf(down);
    }
    chance
}

/// Availability of one part in series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part {
    /// Which.
    pub(crate) name: &'static str,
    /// Share of time.
    pub(crate) availability: f64,
}

/// The parts in series, least available first.
pub(crate) fn parts(spec: &Spec) -> Vec<Part> {
    let zones = spec.resilience.zones;
    let app = match spec.resilience.survive {
        Survive::Nothing => NODE_AVAILABILITY,
        _ => tier_availability(2, 1, NODE_AVAILABILITY),
    };
    let spread = match spec.resilience.survive {
        Survive::Zone if zones > 1 => tier_availability(zones, zones - 1, ZONE_AVAILABILITY),
        _ => ZONE_AVAILABILITY,
    };
    let mut parts = vec![
        Part { name: "balancer", availability: BALANCER_AVAILABILITY },
        Part { name: "app", availability: app * spread },
    ];
    let pair = |paired: bool, pair: f64| if paired { pair } else { NODE_AVAILABILITY };
    if spec.database.is_some() {
        let availability = pair(spec.resilience.database_standby, DATABASE_PAIR_AVAILABILITY);
        parts.push(Part { name: "database", availability });
    }
    if spec.cache.is_some() {
        let availability = pair(spec.resilience.cache_replica, CACHE_PAIR_AVAILABILITY);
        parts.push(Part { name: "cache", availability });
    }
    parts.sort_by(|a, b| a.availability.total_cmp(&b.availability));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizing::fixtures::teachers;

    #[test]
    fn losing_one_of_three_zones_needs_half_as_much_again() {
        let mut spec = teachers();
        spec.resilience.survive = Survive::Zone;
        spec.resilience.zones = 3;
        // 11.35 / 0.85 x 3/2 = 20.03 (utilisation at most 0.567 in normal operation)
        let need = failover_need(&spec, 11.35).unwrap();
        assert!((need.value - 20.03).abs() < 0.005, "{}", need.value);
    }

    #[test]
    fn losing_one_machine_takes_seven_at_71_percent() {
        // 0.71 / 0.85 = 0.835; 1 / (1 - 0.835) = 6.07
        assert_eq!(machines_to_survive_one(0.71, 0.85), Some(7));
        assert_eq!(machines_to_survive_one(0.425, 0.85), Some(2));
        assert_eq!(machines_to_survive_one(0.85, 0.85), None);
    }

    #[test]
    fn one_of_two_machines_is_enough_unless_both_fail() {
        // 1 - 0.005^2
        assert!((tier_availability(2, 1, 0.995) - 0.999_975).abs() < 1e-12);
        // 3 choose 2: 0.9^3 + 3 x 0.9^2 x 0.1
        assert!((tier_availability(3, 2, 0.9) - 0.972).abs() < 1e-12);
        assert!((tier_availability(4, 4, 0.99) - 0.99_f64.powi(4)).abs() < 1e-12);
    }
}
