//! The balancer: requests, connections and traffic it must take at the peak.
//!
//! What binds is measured in the unit that balancers are commonly rated and billed by: 25 new connections a second,
//! 3,000 active ones, or 1 GB an hour.

use super::assumptions::PROTOCOL_OVERHEAD;
use super::demand::Demand;
use super::wording::number;
use super::{BalancerRequirement, Need, Tally};
use crate::spec::Spec;

/// What the balancer of a spec must take.
pub(crate) fn requirement(spec: &Spec, demand: &Demand) -> BalancerRequirement {
    let per_connection = spec.load.requests_per_connection.mid.max(1.0);
    let new = demand.rps / per_connection;
    // Little: a connection stays for its requests, each a whole cycle of think time and response.
    let active = demand.users;
    let bytes = demand.mix.upload_bytes + demand.mix.download_bytes;
    let gb_per_hour = demand.rps * bytes * PROTOCOL_OVERHEAD * 3_600.0 / 1e9;
    let need = |limit, value, unit, arithmetic| Need { limit, value, unit, arithmetic };
    let needs = vec![
        need(
            "requests",
            demand.rps,
            "1/s",
            format!(
                "{} users, one request each every {} s",
                number(demand.users),
                number(demand.users / demand.rps.max(1e-9))
            ),
        ),
        need(
            "new connections",
            new,
            "1/s",
            format!("{} rps / {} requests for each connection", number(demand.rps), number(per_connection)),
        ),
        need("active connections", active, "connections", "one for each user".to_owned()),
        need(
            "traffic",
            gb_per_hour,
            "GB/h",
            format!("{} rps x {} bytes x 1.06 x 3600 s", number(demand.rps), number(bytes)),
        ),
    ];
    let units =
        [("new connections", new / 25.0), ("active connections", active / 3_000.0), ("traffic", gb_per_hour)];
    let binding = units.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or("traffic", |unit| unit.0);
    BalancerRequirement {
        tally: Tally { needs, binding },
        requests_per_s: demand.rps,
        new_connections_per_s: new,
        active_connections: active,
        gb_per_hour,
        duty: spec.load.duty.mid,
    }
}
