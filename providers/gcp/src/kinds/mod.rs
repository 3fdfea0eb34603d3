//! The kinds of resources on Google Cloud, in the order in which they are made. What stands in one stage refers only to
//! what stands in earlier ones.
//!
//! Permissions are those that the methods' pages in Google's API references list, of the calls that the account makes;
//! `compute.globalOperations.get` and `compute.regionOperations.get` are for waiting. Minutes are rounded experience, not promises.

mod alarms;
mod balancer;
mod data;
mod machines;
mod network;

pub(crate) use data::FINAL_BACKUP_DAYS;
use loadline_contract::deploy::KindRule;

/// To ask beforehand whether the API of a kind is enabled.
const API: &str = "serviceusage.services.get";
/// To ask beforehand what is left of the region's quotas: for what takes from one (`account/preflight/quotas.rs`).
pub(crate) const QUOTAS: &str = "compute.regions.get";

/// Every kind, stage by stage.
pub(crate) static STAGES: &[&[KindRule]] = &[
    &[
        network::NETWORK,
        balancer::PUBLIC_ADDRESS,
        balancer::HEALTH_CHECK,
        balancer::SSL_POLICY,
        data::PASSWORD,
        alarms::NOTIFICATION_CHANNEL,
    ],
    &[network::SUBNET, network::FIREWALL, network::ROUTER, network::PRIVATE_RANGE],
    &[machines::TEMPLATE, network::SERVICE_CONNECTION, network::CONNECTION_POLICY],
    &[machines::GROUP, data::DATABASE, data::CACHE],
    &[machines::AUTOSCALER, balancer::BACKEND, data::READ_REPLICA],
    &[balancer::URL_MAP, alarms::ALERT],
    &[balancer::HTTP_PROXY, balancer::HTTPS_PROXY],
    &[balancer::FORWARDING_RULE],
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn rules() -> impl Iterator<Item = &'static KindRule> {
        STAGES.iter().copied().flatten()
    }

    #[test]
    fn every_kind_stands_in_one_stage() {
        let kinds: BTreeSet<&str> = rules().map(|rule| rule.kind).collect();
        assert_eq!(kinds.len(), rules().count());
    }

    #[test]
    fn every_kind_can_be_looked_at_made_and_removed() {
        for rule in rules() {
            let [look, make, _, remove] = rule.permissions;
            let has = |set: &[&str], verbs: &[&str]| {
                set.iter().any(|it| verbs.iter().any(|verb| it.rsplit('.').next() == Some(verb)))
            };
            assert!(has(look, &["list", "get"]), "{}", rule.kind);
            assert!(has(make, &["create", "createInternal", "addPeering"]), "{}", rule.kind);
            assert!(has(remove, &["delete", "deleteInternal", "deleteConnection"]), "{}", rule.kind);
        }
    }

    #[test]
    fn permissions_are_spelled_as_service_resource_and_verb() {
        for permission in rules().flat_map(|rule| rule.permissions).flatten() {
            let parts: Vec<&str> = permission.split('.').collect();
            let word = |part: &&str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_alphanumeric());
            assert!(parts.len() == 3 && parts.iter().all(word), "{permission}");
        }
    }

    #[test]
    fn a_kind_that_only_looks_changes_nothing() {
        for permission in rules().flat_map(|rule| rule.permissions[0]) {
            let verb = permission.rsplit('.').next().unwrap();
            assert!(["get", "list"].contains(&verb), "{permission}");
        }
    }
}
