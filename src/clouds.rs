//! The registry of clouds: one line each.

use loadline_contract::Provider;

use crate::spec::{CloudWords, Vocabulary};

/// Every cloud, in the order in which they are shown.
pub fn all() -> &'static [&'static dyn Provider] {
    &[&loadline_aws::Aws, &loadline_gcp::Gcp, &loadline_azure::Azure, &loadline_digitalocean::DigitalOcean]
}

/// The cloud of that short name; `None` when there is none.
pub fn by_name(name: &str) -> Option<&'static dyn Provider> {
    all().iter().copied().find(|cloud| cloud.profile().name == name)
}

/// The clouds and regions that a spec may name.
pub fn vocabulary() -> Vocabulary {
    let words = |cloud: &&dyn Provider| {
        let profile = cloud.profile();
        CloudWords {
            name: profile.name.to_owned(),
            regions: profile.regions.iter().map(|region| region.name.to_owned()).collect(),
            default_region: profile.regions.first().map_or_else(String::new, |region| region.name.to_owned()),
        }
    };
    Vocabulary { clouds: all().iter().map(words).collect() }
}

#[cfg(test)]
mod tests {
    use loadline_contract::{Availability, Charge, ChargeRole, Kind, Meter, Pricing};

    use super::*;

    /// Folders below `providers/` that are no clouds.
    const NOT_CLOUDS: &[&str] = &["contract", "sim"];

    #[test]
    fn every_provider_folder_is_registered_under_its_name() {
        let providers = concat!(env!("CARGO_MANIFEST_DIR"), "/providers");
        let mut folders = Vec::new();
        for entry in std::fs::read_dir(providers).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_dir() {
                folders.push(entry.file_name().into_string().unwrap());
            }
        }
        folders.retain(|name| !NOT_CLOUDS.contains(&name.as_str()));
        assert!(folders.len() >= 4, "{folders:?}");
        for folder in &folders {
            assert!(by_name(folder).is_some(), "providers/{folder} has no line in src/clouds.rs");
        }
        assert_eq!(all().len(), folders.len());
    }

    #[test]
    fn a_covered_region_sells_every_kind_and_prices_or_questions_everything_that_a_bill_needs() {
        for cloud in all() {
            let profile = cloud.profile();
            let without_zones = profile.inabilities.iter().any(|it| it.what == "zones");
            for region in profile.regions.iter().filter(|region| region.priced == Pricing::Covered) {
                let place = format!("{} {}", profile.name, region.name);
                assert_eq!(region.zones.is_empty(), without_zones, "{place}");
                let known = cloud.offers(region.name).unwrap();
                for kind in [Kind::Compute, Kind::Database, Kind::Cache, Kind::Balancer] {
                    assert!(known.offers.iter().any(|offer| offer.kind == kind), "{place} sells no {kind:?}");
                }
                let billed: Vec<&Charge> =
                    known.charges.iter().filter(|it| it.role == ChargeRole::Default).collect();
                let has = |wanted: fn(&Meter) -> bool| billed.iter().any(|charge| wanted(&charge.meter));
                assert!(has(|it| matches!(it, Meter::AppDiskGib | Meter::AppDiskSteps)), "{place}: disk");
                assert!(has(|it| matches!(it, Meter::EgressGb | Meter::EgressGib)), "{place}: egress");
                assert!(has(|it| matches!(it, Meter::Alarms)), "{place}: alarms");
                if !without_zones {
                    assert!(has(|it| matches!(it, Meter::CrossZoneGb { .. })), "{place}: between zones");
                    assert!(
                        has(|it| matches!(it, Meter::NatHours | Meter::NatMachineHours { .. })),
                        "{place}: NAT"
                    );
                    assert!(has(|it| matches!(it, Meter::PublicIpHours { .. })), "{place}: addresses");
                }
                for with in [Availability::Single, Availability::Standby] {
                    let storage = billed.iter().filter(|it| it.meter == Meter::DatabaseStorageGib);
                    let fits = storage.filter(|it| it.availability.is_none_or(|only| only == with)).count();
                    assert_eq!(fits, 1, "{place}: one kind of database storage is billed, {with:?}");
                }
                let default = &known.offers.iter().find(|offer| offer.kind == Kind::Balancer).unwrap().sku;
                let balancers: Vec<&String> = billed.iter().filter_map(|it| it.balancer.as_ref()).collect();
                assert!(
                    !balancers.is_empty() && balancers.iter().all(|name| *name == default),
                    "{place}: {balancers:?}"
                );
            }
        }
    }

    #[test]
    fn every_cloud_is_found_by_its_name_and_no_other() {
        for cloud in all() {
            let name = cloud.profile().name;
            assert_eq!(by_name(name).map(|found| found.profile().name), Some(name));
        }
        assert!(by_name("AWS").is_none());
        assert!(by_name("").is_none());
    }
}
