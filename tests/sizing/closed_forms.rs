//! Closed forms of queueing theory against formulas and simulator, and whether the simulator's intervals are honest.

use loadline::sizing::network::{
    Class, Curve, Discipline, Dispatch, Network, OpenStation, SimulationEffort, Station, Visit, erlang_c,
    simulate, simulate_open,
};

use super::support::close;

fn single(users: u32, think_s: f64, (servers, service_s, service_cv2): (u32, f64, f64)) -> Network {
    Network {
        users,
        think_s,
        think_cv2: 1.0,
        classes: vec![Class {
            name: "job".into(),
            share: 1.0,
            visits: vec![Visit { count: 1.0, service_s, service_cv2 }],
            wait_s: 0.0,
            wait_cv2: 1.0,
        }],
        stations: vec![Station {
            name: "server".into(),
            servers,
            discipline: Discipline::Fcfs,
            dispatch: Dispatch::Pooled,
        }],
        pool: None,
    }
}

fn effort(seed: u64) -> SimulationEffort {
    SimulationEffort {
        replications: 10,
        completions_per_replication: 20_000,
        warm_up_completions: 4_000,
        seed,
    }
}

/// Mean response of an open queue: M/M/1 S/(1-rho); M/M/c S + C(c, a) S/(c(1-rho)); M/D/1 S + rho S/(2(1-rho)).
fn open_forms() -> [(&'static str, (u32, f64, f64), f64, f64); 4] {
    let service_s = 0.01;
    let erlang = |c: u32, rho: f64| {
        service_s + erlang_c(c, f64::from(c) * rho) * service_s / (f64::from(c) * (1.0 - rho))
    };
    [
        ("M/M/1", (1, service_s, 1.0), 70.0, service_s / 0.3),
        ("M/M/4", (4, service_s, 1.0), 320.0, erlang(4, 0.8)),
        ("M/M/16", (16, service_s, 1.0), 1360.0, erlang(16, 0.85)),
        ("M/D/1", (1, service_s, 0.0), 70.0, service_s + 0.7 * service_s / (2.0 * 0.3)),
    ]
}

#[test]
fn open_queues_have_the_response_of_their_closed_form() {
    for (name, (servers, service_s, service_cv2), rps, expected_s) in open_forms() {
        let station = OpenStation { arrival_rps: rps, arrival_cv2: 1.0, service_s, service_cv2, servers };
        close(service_s + station.mean_wait_s(), expected_s, 1e-9);
        let simulation =
            simulate_open(&single(1, 0.0, (servers, service_s, service_cv2)), rps, &effort(11), &|_| ());
        let mean = simulation.mean_s;
        assert!(
            (mean.mid - expected_s).abs() <= 2.0 * mean.half_width,
            "{name}: {} +- {} for {expected_s}",
            mean.mid,
            mean.half_width
        );
        assert!(
            mean.half_width < 0.06 * expected_s,
            "{name}: an interval of {} proves nothing",
            mean.half_width
        );
    }
}

/// Erlang C at 70, 80 and 90 % of 8, 16 and 32 servers, as printed in tables.
#[test]
fn erlang_c_is_that_of_the_tables() {
    for (servers, load, expected) in
        [(8, 0.7, 0.27), (8, 0.8, 0.46), (8, 0.9, 0.70), (16, 0.8, 0.31), (16, 0.9, 0.59), (32, 0.9, 0.46)]
    {
        let seen = erlang_c(servers, f64::from(servers) * load);
        assert!((seen - expected).abs() < 0.01, "{servers} at {load}: {seen}");
    }
}

/// M/M/c//N by its states: p(n) ~ N!/(N-n)! (S/Z)^n / (n! or c! c^(n-c)).
fn repairman_rps(users: u32, think_s: f64, servers: u32, service_s: f64) -> f64 {
    let (mut weight, mut sum, mut busy) = (1.0, 1.0, 0.0);
    for n in 1..=users {
        weight *= f64::from(users - n + 1) * service_s / think_s / f64::from(n.min(servers));
        sum += weight;
        busy += weight * f64::from(n.min(servers));
    }
    busy / sum / service_s
}

#[test]
fn machine_repairmen_work_as_their_closed_form_says() {
    for (users, think_s, servers, service_s) in
        [(1, 1.0, 1, 0.1), (30, 1.0, 1, 0.03), (60, 0.5, 4, 0.03), (200, 1.0, 16, 0.07), (400, 1.0, 16, 0.05)]
    {
        let network = single(users, think_s, (servers, service_s, 1.0));
        let expected = repairman_rps(users, think_s, servers, service_s);
        let curve = Curve::solve(&network, users);
        close(curve.throughput_rps(users), expected, 1e-9);
        close(curve.response_s(users), f64::from(users) / expected - think_s, 1e-7);
        let rps = simulate(&network, &effort(5), &|_| ()).throughput_rps;
        assert!(
            (rps.mid - expected).abs() <= 2.0 * rps.half_width,
            "{} +- {} for {expected}",
            rps.mid,
            rps.half_width
        );
    }
}

/// A 95 % interval covers the truth 28.5 times of 30 on average; with fewer than 26 it would lie (one chance in 300).
#[test]
fn simulated_intervals_cover_the_truth_as_often_as_they_say() {
    let (users, think_s, servers, service_s) = (60, 0.5, 4, 0.03);
    let network = single(users, think_s, (servers, service_s, 1.0));
    let rps = repairman_rps(users, think_s, servers, service_s);
    let response_s = f64::from(users) / rps - think_s;
    let short = |seed| SimulationEffort {
        replications: 10,
        completions_per_replication: 3_000,
        warm_up_completions: 1_000,
        seed,
    };
    let runs: Vec<_> = (1..=30).map(|seed| simulate(&network, &short(seed), &|_| ())).collect();
    for (what, covered) in [
        ("throughput", runs.iter().filter(|run| run.throughput_rps.contains(rps)).count()),
        ("response", runs.iter().filter(|run| run.mean_s.contains(response_s)).count()),
    ] {
        assert!(covered >= 26, "{what}: {covered} of 30 intervals cover the truth");
    }
    // An interval that always covers is as useless: half of it would cover about two thirds of the time.
    let half =
        runs.iter().filter(|run| (run.mean_s.mid - response_s).abs() <= 0.5 * run.mean_s.half_width).count();
    assert!(half <= 27, "{half} of 30 halved intervals cover the truth: they are too wide");
}
