//! Several regions side by side, their ranking, and the explanation of single offers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use loadline::market::{Comparison, Forecast, Market, compare, why_not};
use loadline::sizing::*;
use loadline::spec::*;
use loadline_contract::{Profile, RegionOffers};

use crate::support::*;

static OTHER: Profile = Profile { name: "other", title: "Other Cloud", ..PROFILE };
static THIRD: Profile = Profile { name: "third", title: "Third Cloud", ..PROFILE };

fn spec(pin: BTreeMap<String, Pin>) -> Spec {
    let certain = Quantity::certain;
    Spec {
        name: "t".into(),
        load: Load {
            users: certain(1.0),
            think_s: certain(1.0),
            duty: certain(1.0),
            growth_per_month: certain(0.0),
            horizon_months: 1.0,
            requests_per_connection: certain(1.0),
        },
        requests: Vec::new(),
        tasks: Vec::new(),
        app: App {
            image: None,
            port: 80,
            url: None,
            health: "/".into(),
            instances: None,
            workers: None,
            cores: None,
            cpu_measured_on: CpuMeasuredOn::Thread,
            dispatch: Dispatch::Pooled,
            scaling: Scaling::NONE,
            pool: None,
            worker_memory_gib: certain(0.1),
            request_memory_gib: certain(0.001),
            task_workers: None,
            task_concurrency: None,
            task_memory_gib: certain(0.1),
            system_memory_gib: certain(1.5),
            disk_gib: 0.0,
            architecture: ArchitectureWish::Any,
        },
        database: None,
        cache: None,
        objectives: Objectives {
            mean_s: None,
            p95_s: None,
            p99_s: None,
            cpu: 0.85,
            target_cpu: 0.7,
            connections: 0.8,
            cache_memory: 0.8,
            io_wait: 0.1,
            availability: None,
            task_wait_s: None,
        },
        resilience: Resilience {
            zones: 1,
            survive: Survive::Nothing,
            database_standby: false,
            cache_replica: false,
            backup_days: 0,
            point_in_time: false,
            autoscale_max: None,
        },
        terms: TERMS,
        clouds: Vec::new(),
        pin,
        access: Access { user: "u".into(), key: None, from: Vec::new(), os: "os".into() },
        alarms: Alarms::default(),
        tune: Tune::default(),
        deploy: Deploy::default(),
        hosts: Vec::new(),
        origins: BTreeMap::new(),
    }
}

fn forecast(capacity: &Capacity) -> Forecast {
    let estimate = Estimate { value: 1.0, half_width: None };
    let response = ResponseTimes { mean_s: estimate, p50_s: estimate, p95_s: estimate, p99_s: estimate };
    Forecast {
        prediction: Prediction {
            users: 1.0,
            capacity: *capacity,
            throughput_rps: estimate,
            response,
            per_request: Vec::new(),
            in_flight: 1.0,
            app_utilisation: 0.5,
            database_utilisation: None,
            tasks_utilisation: None,
            connections_used: 1.0,
            memory: MemoryUse { app_gib: 1.0, database_gib: None, cache_gib: None },
            network_mbps: 1.0,
            method: Method::Convolution,
            caveats: Vec::new(),
            confirmation: None,
        },
        load_line: LoadLine {
            users: 1,
            binding: "cpu".into(),
            limits: Vec::new(),
            searched_to: 1,
            months: None,
            curve: Vec::new(),
        },
        misses: Vec::new(),
    }
}

fn without(sold: &RegionOffers, removed: &str) -> RegionOffers {
    let mut sold = sold.clone();
    sold.charges.retain(|charge| charge.sku != removed);
    sold
}

fn compared(pin: BTreeMap<String, Pin>) -> (Comparison, u32) {
    let sold = region();
    let incomplete = without(&sold, "disk");
    let cheap = without(&sold, "alarm");
    let markets = [
        Market { profile: &PROFILE, region: "north", sold: &sold },
        Market { profile: &OTHER, region: "north", sold: &incomplete },
        Market { profile: &THIRD, region: "north", sold: &cheap },
    ];
    let calls = AtomicU32::new(0);
    let predict = |capacity: &Capacity| {
        calls.fetch_add(1, Ordering::Relaxed);
        forecast(capacity)
    };
    let comparison = compare(&spec(pin), (&requirements(), &[]), &markets, TODAY, &predict).unwrap();
    (comparison, calls.into_inner())
}

#[test]
fn complete_bills_come_by_price_and_incomplete_ones_last() {
    let (comparison, calls) = compared(BTreeMap::new());
    // third: the same less $0.20 of alarms; other: cheaper still, but its disks have no price.
    assert_eq!(comparison.ranking, [2, 0, 1]);
    assert_eq!(calls, 1, "three designs of one capacity are forecast once");
}

#[test]
fn a_pinned_design_that_misses_something_does_not_win() {
    let pin = Pin { database: Some("d.2".into()), ..Pin::default() };
    let (comparison, calls) = compared(BTreeMap::from([("third".to_owned(), pin)]));
    assert_eq!(comparison.ranking, [0, 2, 1]);
    assert_eq!(calls, 2);
    let third = &comparison.clouds[2];
    assert!(third.pinned.as_ref().unwrap().bill.total < third.chosen.as_ref().unwrap().bill.total);
}

#[test]
fn wrong_pins_of_all_clouds_are_reported_at_once() {
    let pin = || Pin { app: Some("nothing like it".into()), ..Pin::default() };
    let pins = BTreeMap::from([("hand".to_owned(), pin()), ("third".to_owned(), pin())]);
    let sold = region();
    let markets = [&PROFILE, &OTHER, &THIRD].map(|profile| Market { profile, region: "north", sold: &sold });
    let errors = compare(&spec(pins), (&requirements(), &[]), &markets, TODAY, &forecast).unwrap_err();
    let clouds: Vec<&str> = errors.iter().map(|error| error.cloud.as_str()).collect();
    assert_eq!(clouds, ["hand", "third"]);
}

#[test]
fn every_offer_has_its_explanation() {
    let (comparison, _) = compared(BTreeMap::new());
    let sold = region();
    let why = |sku| why_not(&comparison.clouds[0], &sold, sku).join("\n");
    assert_eq!(why("C.16"), "c.16 is taken: 1 x as the machine of the chosen design");
    // 2 x m.8: 2 x 0.384 x 730 = 560.64 + 1000 GiB x 0.08 = 80 + egress 1147.20 + NAT 0.90 = 1788.74;
    // 1 x c.16: 496.40 + 40 + 1147.20 + 0.45 = 1684.05
    assert_eq!(
        why("m.8"),
        "machine m.8 meets everything, but costs $104.69 more a month: $1788.74 (2 x m.8) against $1684.05 (1 x c.16)"
    );
    assert_eq!(why("d.4"), "database d.4 misses cores: 8 cores needed, has 4 cores");
    assert_eq!(why("r.2"), "cache r.2 misses engine: valkey needed, has redis");
    assert_eq!(why("c.9"), "c.9 is not in the price book of hand north; nearest: c.2, c.4, c.8");
}

#[test]
fn each_offer_not_taken_is_rejected_once_for_each_limit() {
    let choice = choice(&requirements(), &region());
    let taken = ["c.16", "d.8", "v.1"];
    for offer in region().offers {
        let own = choice.rejections.iter().filter(|rejection| rejection.sku == offer.sku).count();
        assert_eq!(own == 0, taken.contains(&offer.sku.as_str()), "{}", offer.sku);
    }
}
