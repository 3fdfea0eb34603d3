//! Traffic of a month and the alarms to set up: what is billed by use.

use super::Traffic;
use super::assumptions::{HOURS_PER_MONTH, PROTOCOL_OVERHEAD, QUERY_BYTES};
use super::demand::Demand;
use crate::spec::Spec;

/// Traffic of a month at the spec's duty.
pub(crate) fn monthly(spec: &Spec, demand: &Demand) -> Traffic {
    let requests = demand.rps * spec.load.duty.mid * HOURS_PER_MONTH * 3_600.0;
    // One entry of the cache read for each request; a spec does not state how often the cache is asked.
    let cache_bytes = spec.cache.as_ref().map_or(0.0, |cache| cache.entry_size_bytes.mid);
    Traffic {
        requests,
        egress_bytes: requests * demand.mix.download_bytes * PROTOCOL_OVERHEAD,
        ingress_bytes: requests * demand.mix.upload_bytes * PROTOCOL_OVERHEAD,
        internal_bytes: requests * (demand.mix.queries * QUERY_BYTES + cache_bytes) * PROTOCOL_OVERHEAD,
    }
}

/// Alarms to set up: none without an address to tell.
///
/// App: CPU, memory, network, unhealthy machines. Database: CPU, connections, free storage, disk waits.
/// Cache: memory, evictions. Tasks: age of the oldest task.
pub(crate) fn alarms(spec: &Spec) -> u32 {
    if spec.alarms.email.is_none() {
        return 0;
    }
    let database = if spec.database.is_some() { 4 } else { 0 };
    let cache = if spec.cache.is_some() { 2 } else { 0 };
    let tasks = u32::from(!spec.tasks.is_empty());
    4 + database + cache + tasks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizing::fixtures::teachers;

    #[test]
    fn a_month_of_traffic_follows_the_duty() {
        let spec = teachers();
        let mut demand = Demand::of(&spec);
        demand.rps = 1000.0;
        // 1000 x 0.25 x 730 x 3600 = 657e6 requests; x 8192 x 1.06 = 5.705e12 bytes
        let traffic = monthly(&spec, &demand);
        assert!((traffic.requests - 657e6).abs() < 1.0);
        assert!((traffic.egress_bytes / 1e12 - 5.705).abs() < 0.001);
    }

    #[test]
    fn alarms_need_somebody_to_tell() {
        let mut spec = teachers();
        assert_eq!(alarms(&spec), 11);
        spec.alarms.email = None;
        assert_eq!(alarms(&spec), 0);
    }
}
