//! Where the formulas do not hold the simulator speaks, and the answer says so.

use loadline::sizing::network::{
    Class, Curve, Discipline, Dispatch, Network, Scaling, Station, Visit, breakdowns,
};
use loadline::sizing::{Confirm, Effort, Method, Prediction, size};

use super::support::{example, fast, pinned};
use loadline::spec::Spec;

fn predicted(spec: &Spec, confirm: Confirm) -> Prediction {
    size(spec, &Effort { confirm, ..fast() }, &|_| {}).prediction
}

/// The simulator speaks for `odd`, with intervals and a caveat with these words; the formulas speak for `ordinary`.
fn takes_over(odd: &Spec, words: &str, ordinary: &Spec) {
    let seen = predicted(odd, Confirm::WhenFormulasBreak);
    assert_eq!(seen.method, Method::Simulation, "{words}: {:?}", seen.caveats);
    assert!(seen.caveats.iter().any(|caveat| caveat.contains(words)), "{words}: {:?}", seen.caveats);
    for estimate in [seen.throughput_rps, seen.response.mean_s, seen.response.p95_s, seen.response.p99_s] {
        let half_width = estimate.half_width.unwrap();
        assert!(half_width > 0.0 && half_width < 0.2 * estimate.value, "{words}: {estimate:?}");
    }
    let unconfirmed = predicted(odd, Confirm::Never);
    assert_eq!(unconfirmed.method, Method::Convolution);
    assert!(!unconfirmed.caveats.is_empty(), "{words}: formulas that may be off must say so");
    let plain = predicted(ordinary, Confirm::WhenFormulasBreak);
    assert_eq!(plain.method, Method::Convolution, "{words}: {:?}", plain.caveats);
    assert!(plain.caveats.is_empty() && plain.throughput_rps.half_width.is_none(), "{:?}", plain.caveats);
}

#[test]
fn single_threaded_workers_are_simulated() {
    for (dispatch, words) in [
        ("random", "drawn at random"),
        ("round-robin", "balances between loops"),
        ("least-loaded", "balances between loops"),
    ] {
        takes_over(&pinned(&[("app.dispatch", dispatch)]), words, &pinned(&[]));
    }
}

/// Random dispatch makes 16 queues of one: 0.7096 / (1 - 0.7096) x 2.24 ms = 5.5 ms of waiting, less what slower answers
/// relieve; pooled cores add 0.3 ms. Balanced loops lie between. (Least loaded counts requests in flight, which here
/// mostly wait elsewhere: it gains little.)
#[test]
fn the_better_requests_are_spread_the_shorter_they_wait() {
    let mean = |dispatch| {
        predicted(&pinned(&[("app.dispatch", dispatch)]), Confirm::WhenFormulasBreak).response.mean_s.value
    };
    let (random, turn, least, pooled) =
        (mean("random"), mean("round-robin"), mean("least-loaded"), mean("pooled"));
    assert!(random > turn && random > least, "{random} {turn} {least}");
    assert!(turn > pooled && least > pooled, "{turn} {least} {pooled}");
    let wait_ms = 1e3 * (random - pooled);
    assert!((4.2..5.4).contains(&wait_ms), "{wait_ms} ms");
}

/// 16 connections for queries that keep 6.4 of 8 database cores busy: all are taken for more than 1 % of the queries.
#[test]
fn a_contended_pool_around_queries_is_simulated() {
    let changes = [("requests[0].connection", "query"), ("requests[0].query_cpu", "0.42 ms")];
    let small = pinned(&[&changes[..], &[("app.pool", "1")]].concat());
    let large = pinned(&[&changes[..], &[("app.pool", "10")]].concat());
    takes_over(&small, "pool of 16 connections", &large);
}

#[test]
fn constant_service_on_few_cores_is_simulated() {
    let base = [("app.cores", "2"), ("load.users", "300"), ("requests[0].wait", "0 ms")];
    let constant = example("human-paced-2000", &[&base[..], &[("requests[0].cpu_cv2", "0")]].concat());
    let spread = example("human-paced-2000", &[("load.users", "300")]);
    takes_over(&constant, "nearly constant service", &spread);
}

/// Without queries a request is one visit to the application; at 12 ms on one core 60 users queue for a while.
#[test]
fn the_tail_of_a_single_visit_is_simulated() {
    let one = [
        ("app.cores", "1"),
        ("load.users", "120"),
        ("requests[0].queries", "0"),
        ("requests[0].writes", "0"),
        ("requests[0].wait", "0 ms"),
    ];
    let idle = [&one[..], &[("load.users", "2")]].concat();
    takes_over(&example("human-paced-2000", &one), "only 1.0 visits", &example("human-paced-2000", &idle));
}

fn in_order(users: u32, service_cv2: f64) -> Network {
    let visits = vec![Visit { count: 1.0, service_s: 0.01, service_cv2 }];
    Network {
        users,
        think_s: 1.0,
        think_cv2: 1.0,
        // Waiting elsewhere dominates, so that a single visit decides nothing by itself.
        classes: vec![Class { name: "job".into(), share: 1.0, visits, wait_s: 2.0, wait_cv2: 1.0 }],
        stations: vec![Station {
            name: "disk".into(),
            servers: 4,
            discipline: Discipline::Fcfs,
            dispatch: Dispatch::Pooled,
            scaling: Scaling::NONE,
        }],
        pool: None,
    }
}

/// N* = 3.01 s x 400/s = 1204 users; 0.95 N* = 1144.
#[test]
fn service_in_order_that_is_not_exponential_is_not_trusted_near_saturation() {
    let breaks = |users, cv2| {
        let network = in_order(users, cv2);
        breakdowns(&network, &Curve::solve(&network, users))
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert!(breaks(1144, 4.0).iter().any(|text| text.contains("cv2 4.00")), "{:?}", breaks(1144, 4.0));
    assert!(breaks(1144, 1.0).is_empty(), "{:?}", breaks(1144, 1.0));
    assert!(breaks(500, 4.0).is_empty(), "{:?}", breaks(500, 4.0));
}

#[test]
fn more_users_than_the_formulas_were_checked_for_are_mentioned() {
    let seen = predicted(&example("human-paced-2000", &[("load.users", "150000")]), Confirm::Never);
    assert!(seen.caveats.iter().any(|caveat| caveat.contains("150000 users")), "{:?}", seen.caveats);
}

/// One core, requests of 18 and 90 ms: whoever meets a long one meets it at every visit, which the formulas do not know.
#[test]
fn a_simulation_that_does_not_confirm_the_formulas_replaces_them() {
    let seen = predicted(&example("small-school", &[("load.users", "240")]), Confirm::Always);
    assert_eq!(seen.method, Method::Simulation);
    assert!(seen.caveats.iter().any(|caveat| caveat.contains("does not confirm")), "{:?}", seen.caveats);
    let confirmed = predicted(&pinned(&[]), Confirm::Always);
    assert_eq!((confirmed.method, confirmed.caveats.len()), (Method::Convolution, 0));
}
