//! Speed of sizing: convolution, simulator, percentiles, and `size` as a whole; ratios and figures in one run.
//!
//! `cargo bench --bench model`. Times are the best of several rounds, so that a busy machine disturbs little; a slow one
//! shows in the figures but hardly in the ratios.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Instant;

use loadline::sizing::network::{
    Class, Curve, Discipline, Dispatch, Network, Sampler, SimulationEffort, Station, Visit, simulate,
};
use loadline::sizing::{Confirm, Effort, size};
use loadline::spec::read;

const SPEC: &[u8] = include_bytes!("../examples/teachers-2000.yaml");
const ROUNDS: u32 = 7;

/// The network of the example with so many users: think 160 ms, 4 x 0.56 ms on 16 cores, 3 x 0.373 ms on 8, 231 ms outside.
fn network(users: u32) -> Network {
    let visit = |count, service_s| Visit { count, service_s, service_cv2: 1.0 };
    let station = |name: &str, servers| Station {
        name: name.into(),
        servers,
        discipline: Discipline::ProcessorSharing,
        dispatch: Dispatch::Pooled,
    };
    Network {
        users,
        think_s: 0.160,
        think_cv2: 1.0,
        classes: vec![Class {
            name: "page".into(),
            share: 1.0,
            visits: vec![visit(4.0, 0.56e-3), visit(3.0, 0.373e-3)],
            wait_s: 0.231,
            wait_cv2: 0.25,
        }],
        stations: vec![station("app", 16), station("database", 8)],
        pool: None,
    }
}

/// Best time of several rounds, s.
fn best<T>(mut work: impl FnMut() -> T) -> f64 {
    let round = |_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_secs_f64()
    };
    (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
}

fn convolution() {
    let small = best(|| Curve::solve(&network(2_000), 2_000));
    let large = best(|| Curve::solve(&network(20_000), 20_000));
    println!("convolution, 16 + 8 servers");
    println!("   2,000 users  {:8.3} ms", small * 1e3);
    println!("  20,000 users  {:8.3} ms  (aim: 20 ms)", large * 1e3);
    println!("  ratio         {:8.1}     (ten times the users)", large / small);
}

fn simulator() {
    let effort = SimulationEffort {
        replications: 10,
        completions_per_replication: 30_000,
        warm_up_completions: 6_000,
        seed: 1,
    };
    let one_core = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let mut events = 0;
    let seconds = best(|| {
        events = one_core.install(|| simulate(&network(2_000), &effort, &|_| ())).events;
    });
    // Warm-ups are simulated but not counted among the events.
    let all = events as f64 * 36.0 / 30.0;
    println!("simulator, 2,000 users, one core");
    println!("  measured      {:8.2} million events/s", events as f64 / seconds / 1e6);
    println!("  with warm-up  {:8.2} million events/s  (aim: 5)", all / seconds / 1e6);
}

fn percentiles() {
    let network = network(2_000);
    let curve = Curve::solve(&network, 2_000);
    let draw = best(|| Sampler::new(&network, 200_000, 1));
    let sampler = Sampler::new(&network, 200_000, 1);
    let ask = best(|| sampler.response_times(&curve, 2_000));
    println!("percentiles, 200,000 samples");
    println!("  drawn once    {:8.2} ms", draw * 1e3);
    println!("  each answer   {:8.2} ms", ask * 1e3);
}

fn whole() {
    let vocabulary = loadline::clouds::vocabulary();
    let spec = read("teachers-2000.yaml", SPEC, &vocabulary, &[]).unwrap();
    let quick = Effort { confirm: Confirm::WhenFormulasBreak, ..Effort::thorough() };
    let formulas = best(|| size(&spec, &quick, &|_| ()));
    let thorough = best(|| size(&spec, &Effort::thorough(), &|_| ()));
    println!("size, the example of 2000 users");
    println!("  formulas      {:8.1} ms", formulas * 1e3);
    println!("  confirmed     {:8.1} ms  (aim: 1000 ms)", thorough * 1e3);
    println!("  ratio         {:8.1}     (what the simulation costs)", thorough / formulas);
}

fn main() {
    convolution();
    simulator();
    percentiles();
    whole();
}
