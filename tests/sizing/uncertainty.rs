//! Intervals in, intervals out.

use loadline::sizing::Uncertainty;

use super::support::{close, example, pinned, sized};

fn spread(uncertainty: &Uncertainty, what: &str) -> (f64, f64, f64) {
    let of = uncertainty.spreads.iter().find(|spread| spread.what == what).unwrap();
    (of.p5, of.p50, of.p95)
}

/// Alone a request takes 80 + 12 + 3 x 0.373 = 93.1 ms, with 2 s of think time a cycle of 2.0931 s: with 90 %
/// confidence P5, P50 and P95 are low, mid and high exactly: 418.0, 955.5 and 3822 rps. (1000 samples: within 1 %.)
#[test]
fn low_mid_and_high_of_ninety_percent_are_p5_p50_and_p95() {
    let users = "{low: 875, mid: 2000, high: 8000, confidence: 90 %}";
    let sizing = sized(&example("human-paced-2000", &[("load.users", users)]));
    let (p5, p50, p95) = spread(sizing.uncertainty.as_ref().unwrap(), "throughput");
    close("P5", p5, 418.0, 0.01);
    close("P50", p50, 955.5, 0.01);
    close("P95", p95, 3822.0, 0.01);
}

/// With 80 % confidence low and high are P10 and P90, 1.2816 standard deviations away; P5 and P95 are 1.6449 away:
/// 2000 x (1/2)^(1.6449/1.2816) = 821.6 users and 2000 x 3^(1.2835) = 8192 users.
#[test]
fn less_confidence_spreads_further() {
    let users = "{low: 1000, mid: 2000, high: 6000, confidence: 80 %}";
    let sizing = sized(&example("human-paced-2000", &[("load.users", users)]));
    let (p5, p50, p95) = spread(sizing.uncertainty.as_ref().unwrap(), "throughput");
    close("P5", p5, 821.6 / 2.0931, 0.015);
    close("P50", p50, 2000.0 / 2.0931, 0.01);
    close("P95", p95, 8192.0 / 2.0931, 0.015);
}

/// The application is above 85 % when D / (0.39212 s + D) x 2000 / 16 > 0.85, that is D > 2.685 ms. With 90 % between
/// 1.8 and 3.0 ms around 2.24 ms that is 1.6449 x ln(2.685 / 2.24) / ln(3 / 2.24) = 1.020 standard deviations up:
/// 84.6 % of the worlds stay below.
#[test]
fn the_share_of_worlds_that_meet_the_objectives_follows_the_interval() {
    let sizing = sized(&pinned(&[
        ("requests[0].cpu", "{low: 1.8 ms, mid: 2.24 ms, high: 3 ms, confidence: 90 %}"),
        ("objectives.mean", "2 s"),
        ("objectives.p95", "5 s"),
        ("cache.max_memory", "8 GiB"),
    ]));
    let met = sizing.uncertainty.as_ref().unwrap().meets_objectives;
    assert!((met - 0.846).abs() < 0.01, "{met}");
}

#[test]
fn scenarios_stand_for_all_worlds_and_ask_for_no_less_than_the_middle_of_them() {
    let sizing = sized(&example("uncertain", &[]));
    let uncertainty = sizing.uncertainty.as_ref().unwrap();
    let weight: f64 = uncertainty.scenarios.iter().map(|scenario| scenario.weight).sum();
    close("weights", weight, 1.0, 1e-9);
    assert!((2..=40).contains(&uncertainty.scenarios.len()));
    let (_, p50, p95) = spread(uncertainty, "app cores");
    let enough = |cores: f64| -> f64 {
        let met = uncertainty.scenarios.iter().filter(|one| one.requirements.app.cores <= cores);
        met.map(|one| one.weight).sum()
    };
    // Each scenario asks for the most that its worlds ask for, so counting them never flatters.
    assert!(enough(p50) <= 0.51 && enough(p95) <= 0.96, "{} {}", enough(p50), enough(p95));
    assert!(enough(2.0 * p95) > 0.9);
}

#[test]
fn without_intervals_nothing_is_uncertain() {
    assert!(sized(&pinned(&[])).uncertainty.is_none());
}
