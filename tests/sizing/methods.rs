//! Where the formulas do not hold the simulator speaks, and the prediction says so.

use loadline::sizing::{Confirm, Effort, Method, Sizing};

use super::support::{PLAN, TEACHERS, close, light, sized};

fn careful(flags: &[&str]) -> Sizing {
    let effort = Effort { confirm: Confirm::WhenFormulasBreak, ..light() };
    sized(TEACHERS, &[PLAN, flags].concat(), &effort)
}

fn is_simulated_because(flags: &[&str], reason: &str) {
    let prediction = careful(flags).prediction;
    assert_eq!(prediction.method, Method::Simulation, "{flags:?}: {:?}", prediction.caveats);
    assert!(
        prediction.caveats.iter().any(|caveat| caveat.contains(reason)),
        "{flags:?}: {:?} does not say {reason}",
        prediction.caveats
    );
    for estimate in [
        prediction.throughput_rps,
        prediction.response.mean_s,
        prediction.response.p95_s,
        prediction.response.p99_s,
    ] {
        let half = estimate.half_width.unwrap_or_else(|| panic!("{flags:?}: no interval"));
        assert!(half > 0.0 && half < 0.1 * estimate.value, "{flags:?}: {estimate:?}");
    }
}

#[test]
fn pooled_cores_need_no_simulation() {
    let prediction = careful(&[]).prediction;
    assert_eq!((prediction.method, prediction.confirmation), (Method::Convolution, None));
    assert_eq!(prediction.response.p95_s.half_width, None);
}

#[test]
fn event_loops_are_simulated_whatever_feeds_them() {
    for (dispatch, reason) in [
        ("app.dispatch=random", "event loop drawn at random"),
        ("app.dispatch=round-robin", "balances between loops"),
        ("app.dispatch=least-loaded", "balances between loops"),
    ] {
        is_simulated_because(&[dispatch], reason);
    }
}

#[test]
fn a_short_pool_held_around_queries_is_simulated() {
    // About six queries run at a time; 16 processes with one connection each leave one in a few hundred waiting, so
    // only a CPU time four times as long fills them.
    let flags =
        ["requests[0].connection=query", "app.pool=1", "load.users=500", "requests[0].query_cpu=3 ms"];
    is_simulated_because(&flags, "pool of 16 connections");
}

#[test]
fn constant_work_on_few_cores_is_simulated() {
    let flags = [
        "app.cores=2",
        "app.instances=1",
        "load.users=300",
        "load.think=1 s",
        "requests[0].cpu=4 ms",
        "requests[0].cpu_cv2=0",
        "requests[0].wait=1 ms",
    ];
    is_simulated_because(&flags, "nearly constant service times on few cores");
}

#[test]
fn one_or_two_visits_that_queue_are_simulated() {
    let flags = [
        "load.users=175",
        "load.think=1 s",
        "requests[0].cpu=90 ms",
        "requests[0].queries=0",
        "requests[0].writes=0",
        "requests[0].wait=0 ms",
    ];
    is_simulated_because(&flags, "visits to stations that queue");
}

#[test]
fn without_leave_to_simulate_the_caveats_remain() {
    let prediction = sized(TEACHERS, &[PLAN, &["app.dispatch=round-robin"]].concat(), &light()).prediction;
    assert_eq!(prediction.method, Method::Convolution);
    assert_eq!(prediction.caveats.len(), 1);
}

/// Random dispatch to 16 event loops: each a queue of its own, so the CPU part waits rho/(1-rho) times itself, exact in
/// the mean: 0.71 / 0.29 x 2.24 ms = 5.5 ms, against 0.05 ms on pooled cores.
#[test]
fn event_loops_wait_as_single_queues_do() {
    let pooled = careful(&[]).prediction;
    let random = careful(&["app.dispatch=random"]).prediction;
    let rho = random.app_utilisation;
    let wait_s = random.response.mean_s.value - pooled.response.mean_s.value;
    close(wait_s, rho / (1.0 - rho) * 0.002_24, 0.12);
}

/// A pool of 1150 connections held over the whole request: 4909 rps and 247 ms; one of 600: 2561 rps and 621 ms.
#[test]
fn a_pool_held_over_the_request_limits_throughput() {
    for (pool, rps, mean_s) in [(1150.0 / 16.0, 4909.0, 0.247), (600.0 / 16.0, 2561.0, 0.621)] {
        // The plan's pool is one of all processes together: the nearest whole pool of 16 processes.
        let flag = format!("app.pool={}", f64::round(pool));
        let prediction = careful(&[&flag, "database.max_connections=8000"]).prediction;
        let size = 16.0 * f64::round(pool);
        close(prediction.throughput_rps.value, rps * size / (16.0 * pool), 0.02);
        close(prediction.response.mean_s.value, mean_s, 0.05);
        assert!(prediction.connections_used <= size + 1e-9);
    }
}

/// The load line is drawn by formulas; where a simulation replaces them at the spec's users it must agree with it there.
#[test]
fn the_load_line_agrees_with_a_simulated_prediction() {
    for objective_ms in 236..=244 {
        let mean = format!("objectives.mean={objective_ms} ms");
        let flags = ["app.dispatch=round-robin", "cache.max_memory=8 GiB", &mean];
        let sizing = careful(&flags);
        let met = sizing.prediction.response.mean_s.value <= f64::from(objective_ms) / 1000.0;
        assert_eq!(sizing.load_line.users >= 2000, met, "{mean}: {:?}", sizing.load_line.limits);
    }
}
