//! How throughput bends with what is in flight: Gunther's Universal Scalability Law.
//!
//! `X(n) = gamma n / (1 + alpha (n - 1) + beta n (n - 1))`, with n the requests in flight (Little), never the people of the test: with
//! think time among n the law does not know the cores and promises half as much again as they can do (capacity model, 5.2). In the
//! form `n / X = p0 + p1 n + p2 n^2` it is linear, and without negative coefficients alpha and beta have the signs that they must have.

use super::linear::{Equations, Estimate};
use super::windows::Window;

/// Different numbers in flight that are needed.
const LEAST_LEVELS: usize = 4;
/// Share of the peak's place up to which a test has to go for that place to be told (capacity model, 5.2).
const NEAR_PEAK: f64 = 0.75;

/// The law of a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Contention {
    /// Share that cannot be done at the same time, 0..=1.
    pub alpha: Estimate,
    /// Cost of agreeing with each other.
    pub beta: Estimate,
    /// Throughput of one request alone, 1/s.
    pub gamma_rps: Estimate,
    /// Highest throughput, 1/s; no higher than the cores allow.
    pub peak_rps: Estimate,
    /// Requests in flight at which that is; `None`: the test does not tell.
    pub peak_in_flight: Option<Estimate>,
    /// Most requests in flight that were seen.
    pub tested_to: f64,
}

/// Fits the law. `limit_rps` is what the busiest component can do. `None`: too few different levels.
pub(super) fn fit(windows: &[Window], limit_rps: Option<f64>) -> Option<Contention> {
    let flights: Vec<f64> = windows.iter().map(|it| it.total_rps() * it.response_s()).collect();
    if different(&flights) < LEAST_LEVELS {
        return None;
    }
    let mut equations = Equations::default();
    for (window, n) in windows.iter().zip(&flights) {
        let x = window.total_rps();
        // Counts vary with their root: the variance of x is x / seconds, that of n / x is n^2 / x^4 of it.
        equations.push(vec![1.0, *n, n * n], n / x, x.powi(3) * window.seconds / (n * n));
    }
    let solved = equations.resampled();
    let alpha = |p: &[f64]| (p[1] + p[2]) / (p[0] + p[1] + p[2]);
    let beta = |p: &[f64]| p[2] / (p[0] + p[1] + p[2]);
    let capped = |x: f64| limit_rps.map_or(x, |limit| x.min(limit));
    // Where the curve has no top it comes near 1 / p1; a straight line has no end but the cores.
    let peak = |p: &[f64]| {
        let n = (p[0] / p[2]).sqrt();
        capped(if p[2] > 0.0 { n / (p[0] + p[1] * n + p[2] * n * n) } else { 1.0 / p[1] })
    };
    let tested_to = flights.iter().copied().fold(0.0, f64::max);
    let place = solved.interval(|p| (p[0] / p[2]).sqrt());
    let beta = solved.interval(beta);
    let told = place.mid.is_finite() && tested_to >= NEAR_PEAK * place.mid && beta.low > 0.0;
    let peak_rps = solved.interval(peak);
    Some(Contention {
        alpha: solved.interval(alpha),
        beta,
        gamma_rps: solved.interval(|p| 1.0 / (p[0] + p[1] + p[2])),
        peak_rps: Estimate {
            high: if peak_rps.high.is_finite() { peak_rps.high } else { peak_rps.mid },
            ..peak_rps
        },
        peak_in_flight: told.then_some(place),
        tested_to,
    })
}

/// How many values are told from each other: each is a good way above the one before.
pub(super) fn different(values: &[f64]) -> usize {
    const APART: f64 = 1.15;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut levels: Vec<f64> = Vec::new();
    for value in sorted {
        if levels.last().is_none_or(|last| value > last * APART) {
            levels.push(value);
        }
    }
    levels.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::observed::Cell;
    use super::*;

    fn windows(alpha: f64, beta: f64, flights: &[f64]) -> Vec<Window> {
        let one = |(level, n): (usize, &f64)| {
            let x = 300.0 * n / (1.0 + alpha * (n - 1.0) + beta * n * (n - 1.0));
            let done = x * 30.0;
            let cells = vec![Cell { done, failed: 0.0, response_sum_s: done * n / x }];
            Window { level, seconds: 30.0, cells, users: None, busy: BTreeMap::new() }
        };
        flights.iter().enumerate().map(one).collect()
    }

    #[test]
    fn a_curve_with_a_top_is_found_again_and_its_place_is_told() {
        let found = fit(&windows(0.03, 0.000_5, &[1.0, 4.0, 10.0, 20.0, 35.0, 50.0]), None).unwrap();
        assert!(
            (found.alpha.mid - 0.03).abs() < 1e-6 && (found.beta.mid - 0.000_5).abs() < 1e-8,
            "{found:?}"
        );
        let place = (0.97_f64 / 0.000_5).sqrt();
        assert!((found.peak_in_flight.unwrap().mid - place).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn a_test_far_below_the_top_does_not_say_where_it_is() {
        let found = fit(&windows(0.03, 0.000_5, &[1.0, 2.0, 4.0, 8.0, 12.0]), None).unwrap();
        assert_eq!(found.peak_in_flight, None);
    }

    #[test]
    fn the_cores_are_the_end_whatever_the_curve_promises() {
        let found = fit(&windows(0.001, 0.0, &[1.0, 4.0, 10.0, 20.0]), Some(2_000.0)).unwrap();
        assert_eq!(found.peak_rps.mid, 2_000.0);
        assert_eq!(fit(&windows(0.001, 0.0, &[1.0, 4.0, 10.0]), None), None);
    }
}
