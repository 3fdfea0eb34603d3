//! How fast the queueing model is: convolution of small and large systems, the simulator, and sizing as a whole.
//!
//! Run with `cargo bench --bench model`. Prints medians and ratios of one run; nothing fails by time.

#![allow(clippy::print_stdout, reason = "a benchmark reports to its terminal")]

use std::time::{Duration, Instant};

mod support;

use loadline::sizing::network::{
    Class, Curve, Discipline, Dispatch, Network, Sampler, Scaling, SimulationEffort, Station, Visit, simulate,
};
use loadline::sizing::{Effort, size};
use loadline::spec::{self, Spec};
use support::median;

fn main() {
    convolution();
    sampling();
    simulator();
    whole();
}

/// 2000 users on 16 and 8 cores, as in `examples/teachers-2000.yaml`.
fn teachers(users: u32, dispatch: Dispatch) -> Network {
    let visit = |count, service_s| Visit { count, service_s, service_cv2: 1.0 };
    let station = |name: &str, servers, dispatch| Station {
        name: name.into(),
        servers,
        discipline: Discipline::ProcessorSharing,
        dispatch,
        scaling: Scaling::NONE,
    };
    Network {
        users,
        think_s: 0.16,
        think_cv2: 1.0,
        classes: vec![Class {
            name: "page".into(),
            share: 1.0,
            visits: vec![visit(4.0, 0.56e-3), visit(3.0, 0.373e-3)],
            wait_s: 0.231,
            wait_cv2: 0.25,
        }],
        stations: vec![station("app", 16, dispatch), station("database", 8, Dispatch::Pooled)],
        pool: None,
    }
}

fn ratio(time: Duration, to: Duration) -> f64 {
    time.as_secs_f64() / to.as_secs_f64()
}

fn convolution() {
    let solve = |users| median(11, || Curve::solve(&teachers(users, Dispatch::Pooled), users));
    let (small, large) = (solve(2_000), solve(20_000));
    println!("convolution, 2,000 users on 16 + 8      {small:>9.1?}");
    println!("convolution, 20,000 users on 16 + 8     {large:>9.1?}   {:.1} x 2,000", ratio(large, small));
}

fn sampling() {
    let network = teachers(2_000, Dispatch::Pooled);
    let curve = Curve::solve(&network, 2_000);
    let draw = median(5, || Sampler::new(&network, 200_000, 1));
    let sampler = Sampler::new(&network, 200_000, 1);
    let ask = median(5, || sampler.response_times(&curve, 2_000));
    println!("percentiles, drawing 200,000 requests   {draw:>9.1?}");
    println!("percentiles, asking them                {ask:>9.1?}");
}

fn simulator() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    let effort = SimulationEffort {
        replications: 10,
        completions_per_replication: 100_000,
        warm_up_completions: 10_000,
        seed: 1,
    };
    for (name, dispatch) in [("pooled", Dispatch::Pooled), ("least loaded", Dispatch::LeastLoaded)] {
        let network = teachers(2_000, dispatch);
        // Events are counted after the warm-up only; the time is that of everything.
        let mut rates: Vec<f64> = (0..3)
            .map(|_| {
                let start = Instant::now();
                let events = one.install(|| simulate(&network, &effort, &|_| ()).events) as f64;
                events * 1.1 / start.elapsed().as_secs_f64()
            })
            .collect();
        rates.sort_by(f64::total_cmp);
        println!("simulator on one core, {name:<16} {:>6.2} million events/s", rates[1] / 1e6);
    }
}

fn example(name: &str) -> Spec {
    let path = format!("{}/examples/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(&path).expect("the example is there");
    spec::read(&path, &text, &loadline::clouds::vocabulary(), &[]).expect("the example is a spec")
}

fn whole() {
    for name in ["teachers-2000", "small-school", "exam-day", "uncertain"] {
        let spec = example(name);
        let quick = median(5, || size(&spec, &Effort::quick(), &|_| {}));
        let thorough = median(3, || size(&spec, &Effort::thorough(), &|_| {}));
        println!(
            "size of {name:<16}                {thorough:>9.1?}   {:.1} x without simulation and sensitivity",
            ratio(thorough, quick)
        );
    }
}
