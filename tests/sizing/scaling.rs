//! Cores that get in each other's way: the load-dependent network against a direct sum, the simulator and the law itself.

use loadline::sizing::network::{
    Class, Curve, Discipline, Dispatch, Network, Sampler, Scaling, SimulationEffort, Station, Visit,
    open_in_closed, simulate,
};

use super::support::{close, pinned, sized, with_code};

const SERVICE_S: f64 = 0.01;

/// Users who think for a second at one tier; each request makes `visits` equal visits of 10 ms together.
fn network(users: u32, servers: u32, dispatch: Dispatch, scaling: Scaling, visits: f64) -> Network {
    let visit = Visit { count: visits, service_s: SERVICE_S / visits, service_cv2: 1.0 };
    Network {
        users,
        think_s: 1.0,
        think_cv2: 1.0,
        classes: vec![Class {
            name: "job".into(),
            share: 1.0,
            visits: vec![visit],
            wait_s: 0.1,
            wait_cv2: 1.0,
        }],
        stations: vec![Station {
            name: "app".into(),
            servers,
            discipline: Discipline::ProcessorSharing,
            dispatch,
            scaling,
        }],
        pool: None,
    }
}

/// Probabilities of n requests at the tier, each from the one before: (N - n) / 1.1 s arrive, and what n of them do departs.
#[test]
fn throughput_is_that_of_the_birth_and_death_chain() {
    let law = Scaling::new(0.02, 0.001);
    for (users, servers) in [(40, 8), (900, 16), (2500, 16), (4000, 64)] {
        let solved = Curve::solve(&network(users, servers, Dispatch::Pooled, law, 1.0), users);
        // With 64 servers those beyond the peak of sqrt(0.98 / 0.001) = 31.3 do nothing.
        let most = f64::from(servers.min(31));
        let rate =
            |n: f64| n.min(most) / (1.0 + (n.min(most) - 1.0) * (0.02 + 0.001 * n.min(most))) / SERVICE_S;
        let (mut weight, mut sum, mut done) = (1.0_f64, 1.0_f64, 0.0_f64);
        for n in 1..=users {
            weight *= f64::from(users - n + 1) / 1.1 / rate(f64::from(n));
            sum += weight;
            done += weight * rate(f64::from(n));
            if sum > 1e200 {
                (weight, sum, done) = (weight / sum, 1.0, done / sum);
            }
        }
        close(&format!("{users} users on {servers}"), solved.throughput_rps(users), done / sum, 1e-9);
        let mean_s = Sampler::new(solved.network(), 1000, 1).response_times(&solved, users).all.mean_s;
        close("mean of the sampler", mean_s, solved.response_s(users), 1e-6);
    }
}

fn effort() -> SimulationEffort {
    SimulationEffort {
        replications: 10,
        completions_per_replication: 40_000,
        warm_up_completions: 4_000,
        seed: 5,
    }
}

/// At 40, 80 and 110 % of what saturates 16 cores that do 16 / (1 + 15 x 0.02 + 16 x 15 x 0.0005) = 11.3 times one.
#[test]
fn the_simulator_confirms_the_formulas() {
    let law = Scaling::new(0.02, 0.000_5);
    for (users, p95) in [(500, 0.01), (1000, 0.03), (1400, 0.06)] {
        let network = network(users, 16, Dispatch::Pooled, law, 4.0);
        let curve = Curve::solve(&network, users);
        let times = Sampler::new(&network, 100_000, 1).response_times(&curve, users).all;
        let seen = simulate(&network, &effort(), &|_| ());
        close("throughput", curve.throughput_rps(users), seen.throughput_rps.mid, 0.005);
        close("mean", curve.response_s(users), seen.mean_s.mid, 0.01 + p95);
        close("p95", times.p95_s, seen.p95_s.mid, 0.02 + p95);
        // The mean number at work slows less than the numbers themselves do on average.
        close("utilisation", curve.utilisation(0, users), seen.utilisation[0].mid, 0.04);
    }
}

/// Event loops are estimated, by the mean number at work.
#[test]
fn event_loops_slow_each_other_too() {
    let law = Scaling::new(0.02, 0.0);
    let of = |law| {
        let network = network(600, 8, Dispatch::Random, law, 1.0);
        let curve = Curve::solve(&network, 600);
        (
            curve.throughput_rps(600),
            curve.response_s(600),
            curve.utilisation(0, 600),
            simulate(&network, &effort(), &|_| ()),
        )
    };
    let (rps, response_s, utilisation, seen) = of(law);
    close("throughput", rps, seen.throughput_rps.mid, 0.01);
    close("response", response_s, seen.mean_s.mid, 0.05);
    close("utilisation", utilisation, seen.utilisation[0].mid, 0.02);
    let (alone_rps, alone_s, alone, _) = of(Scaling::NONE);
    assert!(rps < alone_rps && response_s > alone_s && utilisation > alone * 1.05);
}

#[test]
fn the_quick_approximation_knows_the_law() {
    let law = Scaling::new(0.02, 0.000_5);
    let network = network(700, 16, Dispatch::Pooled, law, 1.0);
    let quick = open_in_closed(&network, 700);
    let exact = Curve::solve(&network, 700);
    close("throughput", quick.throughput_rps, exact.throughput_rps(700), 0.001);
    close("response", quick.response_s, exact.response_s(700), 0.02);
}

/// 5068 rps x 2.24 ms are 11.35 cores alone; with a contention of 2 % b = 11.35 (1 + 0.02 (b - 1)) are at work: b = 14.4.
#[test]
fn a_tier_with_contention_needs_the_cores_that_wait() {
    let plain = sized(&pinned(&[]));
    let slowed = sized(&pinned(&[("app.contention", "2 %")]));
    let work = plain.requirements.app.busy_cores - 0.24;
    let at_work = work * 0.98 / (1.0 - 0.02 * work);
    close("busy cores", slowed.requirements.app.busy_cores - 0.24, at_work, 1e-3);
    let cpu = slowed.requirements.app.tally.needs.iter().find(|need| need.limit == "cpu").unwrap();
    assert!(cpu.arithmetic.contains(" x 1.2"), "{}", cpu.arithmetic);
    assert!(slowed.prediction.app_utilisation > plain.prediction.app_utilisation * 1.2);
    assert!(slowed.prediction.response.mean_s.value > plain.prediction.response.mean_s.value);
    assert!(slowed.load_line.users < plain.load_line.users);
    assert_eq!(with_code(&slowed, "cores-slow-each-other").len(), 1);
    assert!(with_code(&plain, "cores-slow-each-other").is_empty());
    // The database has a law of its own.
    let database = sized(&pinned(&[("database.contention", "5 %")]));
    assert!(database.prediction.database_utilisation > plain.prediction.database_utilisation);
    assert_eq!(database.requirements.app.busy_cores, plain.requirements.app.busy_cores);
}

/// 1 / 12 % = 8.3 cores are all that any number of cores does, and 11.35 are wanted.
#[test]
fn a_load_that_no_number_of_cores_carries_is_an_error() {
    let sizing = sized(&pinned(&[("app.contention", "12 %")]));
    let found = with_code(&sizing, "load-beyond-contention");
    assert_eq!(found.len(), 1, "{:#?}", sizing.findings);
    assert_eq!(found[0].path, "app.contention");
    assert!(sizing.requirements.app.busy_cores.is_finite());
    // With 16 cores 16 / (1 + 15 x 0.12) = 5.7 of them, half of what is wanted: saturated.
    assert!(sizing.prediction.app_utilisation > 0.99, "{}", sizing.prediction.app_utilisation);
    close("throughput", sizing.prediction.throughput_rps.value, 16.0 / 2.8 / 0.002_24, 0.001);
}

/// Whatever is asked of it, a larger coefficient never makes anything better.
#[test]
fn more_contention_is_never_better() {
    let mut before: Option<loadline::sizing::Sizing> = None;
    for share in ["0 %", "0.5 %", "2 %", "8 %", "50 %", "100 %"] {
        let sizing = sized(&pinned(&[("app.contention", share), ("app.coherency", "0.01 %")]));
        if let Some(before) = before {
            assert!(
                sizing.prediction.throughput_rps.value <= before.prediction.throughput_rps.value + 1e-9,
                "{share}"
            );
            assert!(
                sizing.prediction.response.p95_s.value >= before.prediction.response.p95_s.value - 1e-9,
                "{share}"
            );
            assert!(sizing.load_line.users <= before.load_line.users, "{share}");
        }
        before = Some(sizing);
    }
}
