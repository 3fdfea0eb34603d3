//! The queueing engine against closed forms, published figures and its own simulator.

use loadline::sizing::network::{
    Class, Curve, Discipline, Dispatch, Hold, Network, OpenStation, Pool, Sampler, Scaling, SimulationEffort,
    Station, Visit, erlang_c, simulate, simulate_open,
};

fn close(seen: f64, expected: f64, relative: f64) {
    assert!(
        (seen - expected).abs() <= relative * expected.abs(),
        "{seen} is not within {relative} of {expected}"
    );
}

fn station(name: &str, servers: u32, discipline: Discipline) -> Station {
    Station { name: name.into(), servers, discipline, dispatch: Dispatch::Pooled, scaling: Scaling::NONE }
}

/// 2000 users, 160 ms think time, four application slices of 0.56 ms on 16 cores, three queries of 0.373 ms on 8 cores,
/// 231 ms of waiting elsewhere: the network whose figures were found with three independent programs.
fn teachers() -> Network {
    let visit = |count, service_s| Visit { count, service_s, service_cv2: 1.0 };
    let visits = vec![visit(4.0, 0.56e-3), visit(3.0, 0.373e-3)];
    Network {
        users: 2000,
        think_s: 0.160,
        think_cv2: 1.0,
        classes: vec![Class { name: "page".into(), share: 1.0, visits, wait_s: 0.231, wait_cv2: 0.25 }],
        stations: vec![
            station("app", 16, Discipline::ProcessorSharing),
            station("database", 8, Discipline::ProcessorSharing),
        ],
        pool: None,
    }
}

fn single(users: u32, think_s: f64, service_s: f64, servers: u32) -> Network {
    let visits = vec![Visit { count: 1.0, service_s, service_cv2: 1.0 }];
    Network {
        users,
        think_s,
        think_cv2: 1.0,
        classes: vec![Class { name: "job".into(), share: 1.0, visits, wait_s: 0.0, wait_cv2: 1.0 }],
        stations: vec![station("server", servers, Discipline::Fcfs)],
        pool: None,
    }
}

#[test]
fn the_network_of_2000_users_behaves_as_published() {
    let network = teachers();
    let curve = Curve::solve(&network, 3400);
    close(curve.throughput_rps(2000), 5069.0, 0.002);
    close(curve.response_s(2000), 0.2346, 0.002);
    close(curve.in_flight(2000), 1189.0, 0.001);
    close(curve.utilisation(0, 2000), 0.7096, 0.001);
    close(curve.utilisation(1, 2000), 0.7090, 0.001);
    let times = Sampler::new(&network, 200_000, 1).response_times(&curve, 2000);
    close(times.all.p95_s, 0.451, 0.01);
    close(times.all.p99_s, 0.584, 0.01);
    close(times.all.mean_s, curve.response_s(2000), 0.005);
}

#[test]
fn limits_of_the_network_of_2000_users_are_reached_where_published() {
    let curve = Curve::solve(&teachers(), 3400);
    let last = |holds: &dyn Fn(u32) -> bool| (1..=3400).take_while(|users| holds(*users)).last();
    assert_eq!(last(&|users| curve.utilisation(0, users) <= 0.70), Some(1972));
    assert_eq!(last(&|users| curve.utilisation(0, users) <= 0.80), Some(2256));
    assert_eq!(last(&|users| curve.utilisation(0, users) <= 0.85), Some(2399));
    assert_eq!(last(&|users| curve.in_flight(users) <= 1600.0), Some(2676));
    assert_eq!(last(&|users| curve.in_flight(users) <= 2000.0), Some(3139));
    close(curve.saturation_users(), 2817.0, 0.001);
    close(curve.throughput_rps(2500), 6317.0, 0.001);
    close(curve.utilisation(0, 2500), 0.884, 0.001);
}

#[test]
fn a_pool_held_over_the_request_limits_throughput_as_published() {
    for (size, rps, response_s) in [(1150, 4909.0, 0.247), (600, 2561.0, 0.621)] {
        let network = Network { pool: Some(Pool { size, station: 1, hold: Hold::Request }), ..teachers() };
        let curve = Curve::solve(&network, 2000);
        close(curve.throughput_rps(2000), rps, 0.003);
        close(curve.response_s(2000), response_s, 0.006);
    }
}

/// M/M/1//N by the sum over its states: p0 = 1 / sum N!/(N-n)! (S/Z)^n, X = (1 - p0)/S.
#[test]
fn the_machine_repairman_agrees_with_its_closed_form() {
    for (users, think_s, service_s) in [(1, 1.0, 0.1), (8, 1.0, 0.1), (60, 0.5, 0.02)] {
        let mut term = 1.0;
        let mut sum = 1.0;
        for n in 0..users {
            term *= f64::from(users - n) * service_s / think_s;
            sum += term;
        }
        let expected = (1.0 - 1.0 / sum) / service_s;
        let curve = Curve::solve(&single(users, think_s, service_s, 1), users);
        close(curve.throughput_rps(users), expected, 1e-10);
    }
}

#[test]
fn digits_do_not_vanish_in_large_populations() {
    let network = teachers();
    let curve = Curve::solve(&network, 100_000);
    let limit = curve.saturation_rps();
    let mut before = 0.0;
    for users in (1..=100_000).step_by(97) {
        let rps = curve.throughput_rps(users);
        assert!(
            rps.is_finite() && rps >= before * (1.0 - 1e-9) && rps <= limit * (1.0 + 1e-9),
            "{users}: {rps}"
        );
        before = rps;
    }
    close(before, limit, 1e-6);
}

/// Erlang C by hand for two servers and one erlang: 1/3.
#[test]
fn erlang_c_agrees_with_hand_worked_values() {
    close(erlang_c(2, 1.0), 1.0 / 3.0, 1e-12);
    close(erlang_c(1, 0.5), 0.5, 1e-12);
    let huge = erlang_c(5000, 4900.0);
    assert!(huge > 0.0 && huge < 1.0);
}

/// M/M/1: W = rho/(1-rho) S. M/D/1 waits half as long (Pollaczek and Khinchine).
#[test]
fn open_stations_agree_with_closed_forms() {
    let one = |service_cv2| OpenStation {
        arrival_rps: 80.0,
        arrival_cv2: 1.0,
        service_s: 0.01,
        service_cv2,
        servers: 1,
    };
    close(one(1.0).mean_wait_s(), 0.04, 1e-9);
    close(one(0.0).mean_wait_s(), 0.02, 1e-9);
    let four = OpenStation { servers: 4, arrival_rps: 320.0, ..one(1.0) };
    close(four.mean_wait_s(), erlang_c(4, 3.2) * 0.01 / 0.8, 1e-9);
}

const EFFORT: SimulationEffort = SimulationEffort {
    replications: 10,
    completions_per_replication: 20_000,
    warm_up_completions: 5_000,
    seed: 7,
};

#[test]
fn the_simulator_agrees_with_the_formulas_within_its_interval() {
    for network in [teachers(), single(60, 0.5, 0.03, 4), single(40, 1.0, 0.03, 1)] {
        let curve = Curve::solve(&network, network.users);
        let simulation = simulate(&network, &EFFORT, &|_| ());
        // A 95 % interval misses once in twenty; twice its half width misses once in thousands, and the seed is fixed.
        let rps = simulation.throughput_rps;
        let gap = (rps.mid - curve.throughput_rps(network.users)).abs();
        assert!(gap <= 2.0 * rps.half_width, "{gap} > 2 x {}", rps.half_width);
        close(rps.mid, curve.throughput_rps(network.users), 0.01);
        let mean = simulation.mean_s;
        let gap = (mean.mid - curve.response_s(network.users)).abs();
        assert!(gap <= 2.0 * mean.half_width, "{gap} > 2 x {}", mean.half_width);
        assert!(
            mean.half_width <= 0.05 * mean.mid,
            "an interval this wide proves nothing: {}",
            mean.half_width
        );
    }
}

#[test]
fn simulated_percentiles_of_the_network_of_2000_users_are_those_published() {
    let simulation = simulate(&teachers(), &EFFORT, &|_| ());
    close(simulation.p95_s.mid, 0.4512, 0.01);
    close(simulation.p99_s.mid, 0.5838, 0.015);
    close(simulation.utilisation[0].mid, 0.7096, 0.01);
}

#[test]
fn a_simulated_open_queue_has_the_mean_of_its_closed_form() {
    let network = single(1, 0.0, 0.01, 1);
    let simulation = simulate_open(&network, 70.0, &EFFORT, &|_| ());
    // M/M/1 at 70 %: R = S/(1-rho) = 33.3 ms.
    close(simulation.mean_s.mid, 0.01 / 0.3, 0.06);
}

#[test]
fn answers_do_not_depend_on_the_number_of_threads() {
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let curve = Curve::solve(&teachers(), 2000);
            let sampled = Sampler::new(&teachers(), 50_000, 3).response_times(&curve, 2000);
            let simulated = simulate(&teachers(), &EFFORT, &|_| ());
            (sampled.all.p99_s.to_bits(), simulated.p99_s.mid.to_bits(), simulated.events)
        })
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn extreme_networks_give_finite_answers() {
    let mut odd = vec![single(1, 0.0, 0.01, 1), single(3, 0.0, 0.01, 64), single(50, 1.0, 0.0, 2)];
    odd.push(Network { think_s: 0.0, users: 5000, ..teachers() });
    for network in odd {
        let curve = Curve::solve(&network, network.users);
        let sampler = Sampler::new(&network, 2_000, 1);
        let times = sampler.response_times(&curve, network.users);
        for value in [curve.throughput_rps(network.users), curve.response_s(network.users), times.all.p99_s] {
            assert!(value.is_finite() && value >= 0.0, "{value}");
        }
        assert!(curve.utilisation(0, network.users) <= 1.0 + 1e-9);
    }
}
