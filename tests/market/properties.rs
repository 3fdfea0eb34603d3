//! What holds for any region and any load.

use loadline::market::{Completeness, choose};
use loadline::sizing::Requirements;
use loadline::spec::{CpuMeasuredOn, Survive};
use loadline_contract::*;
use proptest::prelude::*;

use crate::support::*;

/// Machines, databases and caches of random sizes and prices, some prices unknown.
fn any_region() -> impl Strategy<Value = RegionOffers> {
    let size = (1u32..=32, 1u32..=8, 1u32..=400, 0u32..10);
    let list = || proptest::collection::vec(size.clone(), 1..12);
    (list(), list(), list()).prop_map(|(machines, databases, caches)| {
        let mut sold = region();
        sold.offers.clear();
        let build =
            |name: String, kind, engine: &str, (vcpus, per_vcpu, price, known): (u32, u32, u32, u32)| {
                let hourly = (Money::from(price) / Money::from(1000)).to_string();
                let size = (f64::from(vcpus), f64::from(vcpus * per_vcpu));
                let mut offer = service(kind, &name, engine, size, &hourly);
                if known == 0 {
                    offer.rates.iter_mut().for_each(|rate| rate.price.amount = None);
                }
                if known == 1 {
                    offer.shape.cores = Some(f64::from(vcpus) / 2.0);
                }
                offer
            };
        for (index, size) in machines.into_iter().enumerate() {
            sold.offers.push(build(format!("m{index}"), Kind::Compute, "", size));
        }
        for (index, size) in databases.into_iter().enumerate() {
            sold.offers.push(build(format!("d{index}"), Kind::Database, "mysql", size));
        }
        for (index, size) in caches.into_iter().enumerate() {
            sold.offers.push(build(format!("c{index}"), Kind::Cache, "valkey", size));
        }
        // One of each that is large, dear and known, so that something always fits.
        sold.offers.push(service(Kind::Compute, "large", "", (64.0, 512.0), "9"));
        sold.offers.push(service(Kind::Database, "large-d", "mysql", (512.0, 4096.0), "90"));
        sold.offers.push(service(Kind::Cache, "large-c", "valkey", (64.0, 512.0), "9"));
        sold
    })
}

fn any_load() -> impl Strategy<Value = f64> {
    0.05f64..6.0
}

/// The plan's requirements at a multiple of its load.
fn loaded(factor: f64) -> Requirements {
    let mut requirements = requirements();
    let app = &mut requirements.app;
    app.busy_cores *= factor;
    app.cores *= factor;
    app.memory_shared_gib *= factor;
    let database = requirements.database.as_mut().unwrap();
    database.cores *= factor;
    database.memory_gib *= factor;
    database.storage_gib *= factor;
    database.backup_gib *= factor;
    requirements.cache.as_mut().unwrap().memory_gib *= factor;
    requirements.balancer.gb_per_hour *= factor;
    requirements.traffic.egress_bytes *= factor;
    requirements.traffic.internal_bytes *= factor;
    requirements
}

fn total(requirements: &Requirements, sold: &RegionOffers) -> Money {
    let selection = chosen(requirements, sold);
    assert_eq!(selection.bill.completeness, Completeness::Complete);
    selection.bill.total
}

proptest! {
    #[test]
    fn shuffling_the_offers_changes_nothing(sold in any_region(), load in any_load(), seed in any::<u64>()) {
        let requirements = loaded(load);
        let mut shuffled = sold.clone();
        let count = shuffled.offers.len() as u64;
        for index in (1..shuffled.offers.len()).rev() {
            shuffled.offers.swap(index, ((seed.rotate_left(index as u32) ^ count) % (index as u64 + 1)) as usize);
        }
        shuffled.charges.reverse();
        prop_assert_eq!(choice(&requirements, &sold), choice(&requirements, &shuffled));
    }

    #[test]
    fn more_load_never_costs_less(sold in any_region(), load in any_load(), more in 1.0f64..2.0, survive in 0usize..3, processes in 1u32..40) {
        let survive = [Survive::Nothing, Survive::Instance, Survive::Zone][survive];
        let at = |load| {
            let mut requirements = loaded(load);
            requirements.app.survive = survive;
            requirements.app.zones = 3;
            requirements.app.processes = processes;
            requirements.app.processes_fixed = processes % 2 == 0;
            total(&requirements, &sold)
        };
        prop_assert!(at(load) <= at(load * more));
    }

    #[test]
    fn more_resilience_never_costs_less(sold in any_region(), load in any_load(), zones in 2u32..=3) {
        let at = |survive, standby| {
            let mut requirements = loaded(load);
            requirements.app.survive = survive;
            requirements.app.zones = zones;
            requirements.database.as_mut().unwrap().standby = standby;
            requirements.cache.as_mut().unwrap().replica = standby;
            total(&requirements, &sold)
        };
        prop_assert!(at(Survive::Nothing, false) <= at(Survive::Instance, false));
        prop_assert!(at(Survive::Instance, false) <= at(Survive::Zone, false));
        prop_assert!(at(Survive::Zone, false) <= at(Survive::Zone, true));
    }

    #[test]
    fn the_chosen_offers_meet_every_requirement(sold in any_region(), load in any_load(), survive in 0usize..3, cores in any::<bool>()) {
        let mut requirements = loaded(load);
        requirements.app.survive = [Survive::Nothing, Survive::Instance, Survive::Zone][survive];
        requirements.app.zones = 2;
        requirements.app.cpu_measured_on = if cores { CpuMeasuredOn::Core } else { CpuMeasuredOn::Thread };
        let selection = chosen(&requirements, &sold);
        let (app, shape) = (&requirements.app, &selection.design.app.offer.shape);
        let vcpus = shape.vcpus.unwrap();
        let each = if cores && shape.cores.unwrap() < vcpus { 0.6 * vcpus } else { vcpus };
        let count = f64::from(selection.design.app.count);
        prop_assert!(f64::from(selection.design.capacity.app_servers) + 1e-6 >= app.cores);
        prop_assert!(count * each + 1e-6 >= app.cores);
        let left = match app.survive {
            Survive::Nothing => count,
            Survive::Instance => count - 1.0,
            Survive::Zone => count / 2.0,
        };
        if app.survive != Survive::Nothing {
            prop_assert!(left * each + 1e-6 >= app.busy_cores / 0.85);
        }
        prop_assert!(count >= 2.0);
        prop_assert!(1.5 + app.memory_shared_gib / count <= shape.memory_gib.unwrap() + 1e-6);
        let database = requirements.database.as_ref().unwrap();
        let taken = selection.design.database.unwrap().offer.shape;
        prop_assert!(taken.vcpus.unwrap() >= database.cores && taken.memory_gib.unwrap() >= database.memory_gib);
        let taken = selection.design.cache.unwrap().offer.shape;
        prop_assert!(taken.memory_gib.unwrap() >= requirements.cache.as_ref().unwrap().memory_gib);
    }

    #[test]
    fn a_bill_is_the_sum_of_its_lines_to_the_cent(sold in any_region(), load in any_load()) {
        let bill = chosen(&loaded(load), &sold).bill;
        let amounts: Vec<Money> = bill.lines.iter().filter_map(|line| line.amount).collect();
        prop_assert_eq!(bill.total, amounts.iter().sum::<Money>());
        prop_assert!(amounts.iter().all(|amount| amount.round_dp(2) == *amount));
    }

    #[test]
    fn an_unknown_price_never_wins_while_a_known_one_fits(sold in any_region(), load in any_load()) {
        // `large` of each kind is always known and always fits.
        let bill = chosen(&loaded(load), &sold).bill;
        prop_assert_eq!(bill.completeness, Completeness::Complete);
    }

    #[test]
    fn no_cheaper_fitting_machine_is_passed_over(sold in any_region(), load in any_load()) {
        let requirements = loaded(load);
        let whole = choose(&ask(&requirements), &PROFILE, "north", &sold).unwrap();
        for only in sold.offers.iter().filter(|offer| offer.kind == Kind::Compute) {
            let mut fewer = sold.clone();
            fewer.offers.retain(|offer| offer.kind != Kind::Compute || offer.sku == only.sku);
            let alone = choose(&ask(&requirements), &PROFILE, "north", &fewer).unwrap();
            if let Some(alone) = alone.chosen.filter(|alone| alone.bill.completeness == Completeness::Complete) {
                prop_assert!(whole.chosen.as_ref().unwrap().bill.total <= alone.bill.total);
            }
        }
    }
}
