//! JSON about a calibration: with everything that there may be, and with as little.

use loadline::calibrate::{
    Calibration, Change, Component, Contention, CoreScaling, Demand, Estimate, Level, Target,
};
use loadline::report::{CalibrateView, calibrate_json};
use loadline::sizing::network::Scaling;

use crate::contract::{Contract, Seen};

pub(crate) fn walk(contract: &Contract, seen: &mut Seen) {
    let some = Estimate { low: 1.0, mid: 2.0, high: f64::INFINITY };
    let level = |full: bool| Level {
        users: full.then_some(5.0),
        throughput_rps: 4.0,
        response_s: 0.1,
        per_request_s: vec![full.then_some(0.1)],
        seconds: 60.0,
        requests: 240.0,
        utilisation: full.then_some(0.5),
        predicted: full.then_some((4.1, 0.11)),
    };
    let demand = |full: bool| Demand {
        component: Component::App,
        cores: 2.0,
        per_request_s: vec![full.then_some(some)],
        mean_s: if full { some } else { Estimate { low: 0.0, mid: 0.0, high: 0.0 } },
        background_cores: full.then_some(some),
        scaling: full.then_some(CoreScaling {
            contention: some,
            coherency: some,
            slowdown: some,
            tested_to: 8.0,
        }),
        law: Scaling::NONE,
        condition: if full { 1.0 } else { f64::INFINITY },
        told_apart: full,
        residual_cores: 0.1,
        highest: 0.5,
        windows: 6,
    };
    let law = |full: bool| Contention {
        alpha: some,
        beta: some,
        gamma_rps: some,
        peak_rps: some,
        peak_in_flight: full.then_some(some),
        tested_to: 4.0,
    };
    for full in [true, false] {
        let target = if full {
            Target::Request { index: 0, name: "page".into(), key: "cpu" }
        } else {
            Target::Tier { component: Component::App, key: "contention" }
        };
        let changes = vec![Change { target, before: 0.01, after: some }];
        let found = Calibration {
            levels: vec![level(full)],
            windows: 6,
            demands: vec![demand(full)],
            waits_s: vec![full.then_some(some)],
            contention: Some(law(full)),
            think_s: full.then_some(1.0),
            changes,
            findings: vec!["so".into()],
        };
        let view = CalibrateView {
            spec: "a.yaml",
            found: &found,
            kinds: &["page".to_owned()],
            results: &[("results".into(), "k6 csv", 240.0)],
            texts: ("a: 1\n", "a: 2\n"),
            written: full,
        };
        contract.walk(&calibrate_json(view), "calibrate", seen);
        let without = Calibration { contention: None, ..found.clone() };
        contract.walk(&calibrate_json(CalibrateView { found: &without, ..view }), "calibrate", seen);
    }
}
