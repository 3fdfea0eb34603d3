//! Textbook queues: formulas and simulator must both give the closed form, and the simulator must be as sure as it says.

use loadline::sizing::network::{
    Class, Curve, Discipline, Dispatch, Interval, Network, OpenStation, Scaling, Simulation,
    SimulationEffort, Station, Visit, erlang_c, simulate, simulate_open,
};

use super::support::close;

const SERVICE_S: f64 = 0.01;

fn station_network(users: u32, think_s: f64, service_cv2: f64, servers: u32) -> Network {
    let visits = vec![Visit { count: 1.0, service_s: SERVICE_S, service_cv2 }];
    Network {
        users,
        think_s,
        think_cv2: 1.0,
        classes: vec![Class { name: "job".into(), share: 1.0, visits, wait_s: 0.0, wait_cv2: 1.0 }],
        stations: vec![Station {
            name: "server".into(),
            servers,
            discipline: Discipline::Fcfs,
            dispatch: Dispatch::Pooled,
            scaling: Scaling::NONE,
        }],
        pool: None,
    }
}

fn effort(seed: u64) -> SimulationEffort {
    SimulationEffort {
        replications: 10,
        completions_per_replication: 8_000,
        warm_up_completions: 1_000,
        seed,
    }
}

/// A queue fed from outside with its mean response in closed form.
struct Open {
    name: &'static str,
    load: f64,
    servers: u32,
    service_cv2: f64,
    response_s: f64,
}

/// M/M/1: S / (1 - rho) = 10 / 0.4 = 25 ms.
/// M/D/1: S + rho S / (2 (1 - rho)) = 10 + 0.6 x 10 / 0.8 = 17.5 ms (Pollaczek and Khinchine).
/// M/M/2 at rho 0.6: C = 2 rho^2 / (1 + rho) = 0.45; S + C S / (2 (1 - rho)) = 10 + 0.45 x 10 / 0.8 = 15.625 ms.
const OPEN: [Open; 3] = [
    Open { name: "M/M/1", load: 0.6, servers: 1, service_cv2: 1.0, response_s: 0.025 },
    Open { name: "M/D/1", load: 0.6, servers: 1, service_cv2: 0.0, response_s: 0.0175 },
    Open { name: "M/M/2", load: 0.6, servers: 2, service_cv2: 1.0, response_s: 0.015_625 },
];

impl Open {
    fn arrival_rps(&self) -> f64 {
        self.load * f64::from(self.servers) / SERVICE_S
    }

    fn simulate(&self, seed: u64) -> Simulation {
        let network = station_network(0, 0.0, self.service_cv2, self.servers);
        simulate_open(&network, self.arrival_rps(), &effort(seed), &|_| ())
    }
}

#[test]
fn formulas_of_open_queues_are_the_textbook_ones() {
    close("C(2, 1.2)", erlang_c(2, 1.2), 0.45, 1e-12);
    for queue in OPEN {
        let station = OpenStation {
            arrival_rps: queue.arrival_rps(),
            arrival_cv2: 1.0,
            service_s: SERVICE_S,
            service_cv2: queue.service_cv2,
            servers: queue.servers,
        };
        close(queue.name, SERVICE_S + station.mean_wait_s(), queue.response_s, 1e-12);
    }
}

/// The response of an M/M/1 queue is exponential: p95 = ln 20 x mean, p99 = ln 100 x mean.
#[test]
fn simulated_percentiles_of_a_single_server_are_exponential() {
    let seen = OPEN[0].simulate(11);
    close("p50", seen.p50_s.mid, 2.0_f64.ln() * 0.025, 0.02);
    close("p95", seen.p95_s.mid, 20.0_f64.ln() * 0.025, 0.03);
    close("p99", seen.p99_s.mid, 100.0_f64.ln() * 0.025, 0.05);
}

/// With 30 seeds a 95 % interval covers the truth about 28 times; fewer than 85 % would be dishonest.
fn covers(name: &str, truth: f64, of: impl Fn(u64) -> Interval) {
    let intervals: Vec<Interval> = (0..30).map(|seed| of(1_000 + seed)).collect();
    let covered = intervals.iter().filter(|interval| interval.contains(truth)).count();
    assert!(covered * 100 >= 30 * 85, "{name}: {covered} of 30 intervals cover {truth}");
    let width = intervals.iter().map(|interval| interval.half_width).sum::<f64>() / 30.0;
    assert!(width < 0.06 * truth, "{name}: intervals of +-{width} around {truth} cover anything");
}

#[test]
fn intervals_of_open_queues_cover_the_closed_form_as_often_as_they_claim() {
    for queue in OPEN {
        covers(queue.name, queue.response_s, |seed| queue.simulate(seed).mean_s);
    }
}

/// Machine repairman with 12 users, think time 100 ms, one server of 10 ms: X = (1 - p0) / S with
/// p0 = 1 / sum over n of 12! / (12 - n)! 0.1^n.
#[test]
fn intervals_of_the_machine_repairman_cover_the_closed_form_as_often_as_they_claim() {
    let (mut term, mut sum) = (1.0, 1.0);
    for waiting in 0..12 {
        term *= f64::from(12 - waiting) * 0.1;
        sum += term;
    }
    let expected = (1.0 - 1.0 / sum) / SERVICE_S;
    let network = station_network(12, 0.1, 1.0, 1);
    close("convolution", Curve::solve(&network, 12).throughput_rps(12), expected, 1e-10);
    covers("repairman", expected, |seed| simulate(&network, &effort(seed), &|_| ()).throughput_rps);
}

/// M/M/4//60 with Z = 0.5 s and S = 0.03 s, published: X = 109.51/s exactly, p99 = 0.1753 s by two simulators.
#[test]
fn sixty_users_on_four_servers_behave_as_published() {
    let mut network = station_network(60, 0.5, 1.0, 4);
    network.classes[0].visits[0].service_s = 0.03;
    close("convolution", Curve::solve(&network, 60).throughput_rps(60), 109.51, 5e-5);
    let seen = simulate(&network, &effort(5), &|_| ());
    let rps = seen.throughput_rps;
    assert!((rps.mid - 109.51).abs() <= 2.0 * rps.half_width, "{rps:?}");
    close("p99", seen.p99_s.mid, 0.1753, 0.03);
}
