//! How much cores of a component get in each other's way: the law of `sizing::network::Scaling`, from the same windows as the demands.
//!
//! With b cores at work, `b = background + work x (1 + alpha (b - 1) + beta b (b - 1))`, where work is what the requests would take on
//! cores that are alone. Given b that is linear in the background, work, work x alpha and work x beta; b is taken from the fit before,
//! not from the window itself, whose noise would otherwise look like contention.

use super::contention::different;
use super::linear::{Equations, Estimate, Resampled};
use crate::sizing::network::Scaling;

/// Different numbers of cores at work that are needed.
const LEAST_LEVELS: usize = 4;
/// Cores at work that a test has to reach: one that is alone is slowed by none.
const LEAST_CORES: f64 = 2.0;
/// The slowdown at the highest load is told where its interval is no wider than this.
const BLUNT: f64 = 0.3;
/// Rounds in which the cores at work are taken from the fit before.
const ROUNDS: usize = 6;

/// What cores cost each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoreScaling {
    /// Each further core, as a share of the CPU of a request.
    pub contention: Estimate,
    /// Each pair of cores, likewise.
    pub coherency: Estimate,
    /// How many times as long a request took at the highest load.
    pub slowdown: Estimate,
    /// Cores at work there.
    pub tested_to: f64,
}

impl CoreScaling {
    /// The law of the middle values.
    pub fn law(&self) -> Scaling {
        Scaling::new(self.contention.mid, self.coherency.mid)
    }

    /// Whether cores are slowed at all, beyond doubt and beyond what demands are known to.
    pub fn is_seen(&self) -> bool {
        self.slowdown.low > 1.0 && self.slowdown.mid >= Scaling::NOTICED
    }
}

/// A window: cores at work as they were measured, work of its requests in cores, its length in s, and its level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// Cores at work.
    pub(super) busy: f64,
    /// What the requests would take on cores that are alone, cores; up to a factor.
    pub(super) work: f64,
    /// Length, s.
    pub(super) seconds: f64,
    /// Level.
    pub(super) level: usize,
}

/// Cores at work in each window: the mean over its level.
pub(super) fn by_level(points: &[Point]) -> Vec<f64> {
    let mean = |level: usize| {
        let of = || points.iter().filter(|point| point.level == level);
        of().map(|point| point.busy * point.seconds).sum::<f64>()
            / of().map(|point| point.seconds).sum::<f64>()
    };
    points.iter().map(|point| mean(point.level)).collect()
}

/// Fits the law; `None`: the test does not tell.
pub(super) fn fit(points: &[Point]) -> Option<CoreScaling> {
    let mut at_work = by_level(points);
    let tested_to = at_work.iter().copied().fold(0.0, f64::max);
    if different(&at_work) < LEAST_LEVELS || tested_to < LEAST_CORES {
        return None;
    }
    // With both coefficients first; where the second may be 0, it is.
    for columns in [Columns::Both, Columns::Contention] {
        for _ in 0..ROUNDS {
            let solution = columns.equations(points, &at_work).solve();
            if let Some(next) = columns.at_work(&solution, points) {
                at_work = next;
            }
        }
        let solved = columns.equations(points, &at_work).resampled();
        let found = columns.found(&solved, tested_to);
        if columns == Columns::Both && found.coherency.low <= 0.0 {
            continue;
        }
        return (found.slowdown.high - found.slowdown.low <= BLUNT * found.slowdown.mid).then_some(found);
    }
    None
}

/// Which coefficients are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Columns {
    Both,
    Contention,
}

impl Columns {
    /// Columns: work, work x contention, work x coherency, background.
    fn equations(self, points: &[Point], at_work: &[f64]) -> Equations {
        let mut equations = Equations::default();
        for (point, at_work) in points.iter().zip(at_work) {
            let (contention, coherency) = Scaling::terms(*at_work);
            let mut row = vec![point.work, point.work * contention];
            if self == Self::Both {
                row.push(point.work * coherency);
            }
            row.push(1.0);
            equations.push(row, point.busy, point.seconds);
        }
        equations
    }

    /// The coefficients of a solution; nothing where requests take no work.
    fn law(self, solution: &[f64]) -> Scaling {
        let beta = if self == Self::Both { solution[2] } else { 0.0 };
        if solution[0] > 0.0 {
            Scaling::new(solution[1] / solution[0], beta / solution[0])
        } else {
            Scaling::NONE
        }
    }

    /// Cores at work by the fit: b = background + work x slowdown(b), from below; `None`: in one of them the work cannot be done.
    fn at_work(self, solution: &[f64], points: &[Point]) -> Option<Vec<f64>> {
        const STEPS: usize = 200;
        let law = self.law(solution);
        let background = solution.last().copied().unwrap_or_default();
        let of = |point: &Point| {
            let mut cores = background + point.work * solution[0];
            for _ in 0..STEPS {
                let next = background + point.work * solution[0] * law.slowdown(cores);
                if (next - cores).abs() <= 1e-9 * next {
                    return Some(next);
                }
                cores = next;
            }
            None
        };
        points.iter().map(of).collect()
    }

    fn found(self, solved: &Resampled, tested_to: f64) -> CoreScaling {
        CoreScaling {
            contention: solved.interval(|solution| self.law(solution).alpha),
            coherency: solved.interval(|solution| self.law(solution).beta),
            slowdown: solved.interval(|solution| self.law(solution).slowdown(tested_to)),
            tested_to,
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    /// Six windows at each of these loads, cores at work known to so many cores.
    fn points(law: Scaling, background: f64, works: &[f64], noise: f64, seed: u64) -> Vec<Point> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut points = Vec::new();
        for (level, work) in works.iter().enumerate() {
            let mut busy = *work;
            for _ in 0..2000 {
                busy = background + work * law.slowdown(busy);
            }
            for _ in 0..6 {
                // A sum of twelve is close to normal.
                let error = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
                points.push(Point { busy: busy + noise * error, work: 2.0 * work, seconds: 10.0, level });
            }
        }
        points
    }

    #[test]
    fn a_law_is_found_again() {
        for (alpha, beta) in [(0.03, 0.0), (0.0, 0.002), (0.02, 0.001)] {
            let works = [0.5, 1.5, 3.0, 4.5, 6.0, 7.5];
            let found = fit(&points(Scaling::new(alpha, beta), 0.2, &works, 0.0, 1)).unwrap();
            assert!((found.contention.mid - alpha).abs() < 1e-4, "{alpha} {beta}: {found:?}");
            assert!((found.coherency.mid - beta).abs() < 1e-5, "{alpha} {beta}: {found:?}");
            assert!(found.is_seen());
        }
    }

    #[test]
    fn noise_is_no_contention() {
        let works = [1.0, 3.0, 6.0, 9.0, 12.0, 14.0];
        let seen = (0..40)
            .filter(|seed| {
                fit(&points(Scaling::NONE, 0.3, &works, 0.2, *seed)).is_some_and(|found| found.is_seen())
            })
            .count();
        assert!(seen <= 1, "{seen} of 40 tests without any contention see one");
    }

    #[test]
    fn noise_does_not_hide_it_and_intervals_hold_the_truth() {
        let works = [1.0, 3.0, 5.0, 7.0, 9.0, 10.0];
        let law = Scaling::new(0.03, 0.0);
        let found: Vec<CoreScaling> =
            (0..40).filter_map(|seed| fit(&points(law, 0.3, &works, 0.2, seed))).collect();
        assert!(found.len() >= 38 && found.iter().filter(|it| it.is_seen()).count() >= 38);
        let mean = found.iter().map(|it| it.slowdown.mid).sum::<f64>() / found.len() as f64;
        let truth = law.slowdown(found[0].tested_to);
        assert!((mean / truth - 1.0).abs() < 0.03, "{mean} for {truth}");
        let held = found.iter().filter(|it| it.slowdown.low <= truth && truth <= it.slowdown.high).count();
        assert!(held >= 32, "{held} of 40");
    }

    #[test]
    fn what_a_test_cannot_tell_is_not_said() {
        let law = Scaling::new(0.03, 0.0);
        // One core at most, and two loads only.
        assert_eq!(fit(&points(law, 0.1, &[0.1, 0.2, 0.4, 0.6, 0.8], 0.0, 1)), None);
        assert_eq!(fit(&points(law, 0.1, &[3.0, 8.0], 0.0, 1)), None);
    }
}
