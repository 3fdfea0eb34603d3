//! Linear least squares with coefficients that cannot be negative, how well its columns can be told apart, and how far its answers may
//! be off.

use nalgebra::{DMatrix, DVector};
use rand::{RngExt as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::options::CONFIDENCE;

/// Resamples for an interval.
const RESAMPLES: usize = 400;
/// A fixed seed: the same files give the same intervals.
const SEED: u64 = 0x10AD_11FE;

/// A fitted value and the interval that holds the true one with [`CONFIDENCE`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The fit.
    pub mid: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Estimate {
    /// Everything times a factor of at least 0.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { mid: self.mid * factor, low: self.low * factor, high: self.high * factor }
    }

    /// Half the width over the value; `None`: the value is 0.
    pub fn relative(&self) -> Option<f64> {
        (self.mid > 0.0).then(|| (self.high - self.low) / 2.0 / self.mid)
    }
}

/// Rows of an equation `y = sum of x * d`, each with a weight.
#[derive(Debug, Clone, Default)]
pub(super) struct Equations {
    /// Values of the columns, row by row.
    pub(super) rows: Vec<Vec<f64>>,
    /// Right sides.
    pub(super) right: Vec<f64>,
    /// Weights: 1 / variance, up to a factor.
    pub(super) weights: Vec<f64>,
}

impl Equations {
    /// Adds a row.
    pub(super) fn push(&mut self, row: Vec<f64>, right: f64, weight: f64) {
        self.rows.push(row);
        self.right.push(right);
        self.weights.push(weight);
    }

    fn columns(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    fn chosen(&self, chosen: impl Iterator<Item = usize>) -> Self {
        let mut picked = Self::default();
        chosen.for_each(|row| picked.push(self.rows[row].clone(), self.right[row], self.weights[row]));
        picked
    }

    /// The coefficients of least weighted squares, none of them negative (Lawson & Hanson 1974, algorithm NNLS).
    pub(super) fn solve(&self) -> Vec<f64> {
        let columns = self.columns();
        let root = |row: usize| self.weights[row].max(0.0).sqrt();
        // Columns of one size: demands differ by orders of magnitude.
        let scale: Vec<f64> = (0..columns)
            .map(|column| {
                let square: f64 =
                    (0..self.rows.len()).map(|row| (self.rows[row][column] * root(row)).powi(2)).sum();
                if square > 0.0 { square.sqrt() } else { 1.0 }
            })
            .collect();
        let matrix = DMatrix::from_fn(self.rows.len(), columns, |row, column| {
            self.rows[row][column] * root(row) / scale[column]
        });
        let right = DVector::from_fn(self.rows.len(), |row, _| self.right[row] * root(row));
        let mut free = vec![false; columns];
        let mut solution = vec![0.0; columns];
        for _ in 0..3 * columns.max(1) {
            let left = &right - &matrix * DVector::from_column_slice(&solution);
            let gradient = matrix.transpose() * left;
            let next =
                (0..columns).filter(|at| !free[*at]).max_by(|a, b| gradient[*a].total_cmp(&gradient[*b]));
            let Some(next) = next.filter(|at| gradient[*at] > 1e-10) else { break };
            free[next] = true;
            while let Some(trial) = unconstrained(&matrix, &right, &free) {
                let worst = (0..columns)
                    .filter(|at| free[*at] && trial[*at] <= 0.0)
                    .map(|at| solution[at] / (solution[at] - trial[at]))
                    .reduce(f64::min);
                let Some(step) = worst else {
                    solution = trial;
                    break;
                };
                for at in 0..columns {
                    solution[at] += step * (trial[at] - solution[at]);
                    if free[at] && solution[at] <= 1e-12 {
                        (solution[at], free[at]) = (0.0, false);
                    }
                }
            }
        }
        solution.iter().zip(&scale).map(|(value, scale)| value / scale).collect()
    }

    /// Condition number of the columns, each brought to one size; infinite where one follows from the others.
    pub(super) fn condition(&self) -> f64 {
        let columns = self.columns();
        let norm = |column: usize| self.rows.iter().map(|row| row[column].powi(2)).sum::<f64>().sqrt();
        let norms: Vec<f64> = (0..columns).map(norm).collect();
        if self.rows.len() < columns || norms.iter().any(|norm| *norm <= 0.0) {
            return f64::INFINITY;
        }
        let matrix =
            DMatrix::from_fn(self.rows.len(), columns, |row, column| self.rows[row][column] / norms[column]);
        let singular = matrix.singular_values();
        singular.max() / singular.min()
    }

    /// Standard deviation of what the coefficients leave unexplained.
    pub(super) fn residual(&self, solution: &[f64]) -> f64 {
        let freedom = self.rows.len().saturating_sub(solution.iter().filter(|it| **it > 0.0).count());
        let square = |row: usize| (self.right[row] - dot(&self.rows[row], solution)).powi(2);
        ((0..self.rows.len()).map(square).sum::<f64>() / freedom.max(1) as f64).sqrt()
    }

    /// Solves them, and many resamples of their rows (bootstrap of pairs, Efron 1979).
    pub(super) fn resampled(&self) -> Resampled {
        let count = self.rows.len();
        let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
        let again = (0..RESAMPLES).map(|_| {
            let rows: Vec<usize> = (0..count).map(|_| random.random_range(0..count)).collect();
            self.chosen(rows.into_iter()).solve()
        });
        // With few rows resamples are more alike than new measurements would be.
        let wider = (count as f64 / count.saturating_sub(self.columns()).max(1) as f64).sqrt();
        Resampled { again: again.collect(), all: self.solve(), wider }
    }
}

/// The coefficients of all rows, and those of their resamples.
pub(super) struct Resampled {
    /// Of all rows.
    pub(super) all: Vec<f64>,
    again: Vec<Vec<f64>>,
    wider: f64,
}

impl Resampled {
    /// A value that follows from the coefficients, with its interval.
    pub(super) fn interval(&self, of: impl Fn(&[f64]) -> f64) -> Estimate {
        let mid = of(&self.all);
        let mut values: Vec<f64> =
            self.again.iter().map(|solution| of(solution)).filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let tail = (1.0 - CONFIDENCE) / 2.0;
        let at = |share: f64| values.get((share * values.len() as f64) as usize).copied().unwrap_or(mid);
        let low = mid - (mid - at(tail)).max(0.0) * self.wider;
        Estimate { mid, low: low.max(0.0), high: mid + (at(1.0 - tail) - mid).max(0.0) * self.wider }
    }
}

fn dot(row: &[f64], solution: &[f64]) -> f64 {
    row.iter().zip(solution).map(|(x, d)| x * d).sum()
}

/// Least squares over the free columns; `None`: none is free, or it cannot be solved.
fn unconstrained(matrix: &DMatrix<f64>, right: &DVector<f64>, free: &[bool]) -> Option<Vec<f64>> {
    let columns: Vec<usize> = (0..free.len()).filter(|at| free[*at]).collect();
    if columns.is_empty() {
        return None;
    }
    let part = matrix.select_columns(&columns);
    let solved = part.svd(true, true).solve(right, 1e-12).ok()?;
    let mut all = vec![0.0; free.len()];
    columns.iter().zip(solved.iter()).for_each(|(at, value)| all[*at] = *value);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equations(rows: &[([f64; 2], f64)]) -> Equations {
        let mut equations = Equations::default();
        rows.iter().for_each(|(row, right)| equations.push(row.to_vec(), *right, 1.0));
        equations
    }

    #[test]
    fn what_is_exact_is_found_exactly() {
        let solution = equations(&[([1.0, 2.0], 8.0), ([2.0, 1.0], 7.0), ([1.0, 1.0], 5.0)]).solve();
        assert!((solution[0] - 2.0).abs() < 1e-9 && (solution[1] - 3.0).abs() < 1e-9, "{solution:?}");
    }

    #[test]
    fn no_coefficient_is_negative_and_the_others_are_fitted_without_it() {
        // Least squares would give (2, -1); without the second column the best first one is 0.9.
        let solution =
            equations(&[([1.0, 2.0], 0.0), ([2.0, 1.0], 3.0), ([1.0, 1.0], 1.0), ([2.0, 2.0], 2.0)]).solve();
        assert_eq!(solution[1], 0.0);
        assert!((solution[0] - 1.1).abs() < 1e-9, "{solution:?}");
    }

    #[test]
    fn columns_that_rise_together_cannot_be_told_apart() {
        let alike = equations(&[([1.0, 2.0], 1.0), ([2.0, 4.01], 2.0), ([3.0, 5.99], 3.0)]);
        assert!(alike.condition() > 100.0);
        let apart = equations(&[([1.0, 0.0], 1.0), ([0.0, 1.0], 1.0)]);
        assert!((apart.condition() - 1.0).abs() < 1e-9);
        assert!(equations(&[([1.0, 0.0], 1.0), ([2.0, 0.0], 1.0)]).condition().is_infinite());
    }

    #[test]
    fn intervals_hold_the_true_value_about_as_often_as_they_say() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
        let held = (0..100)
            .filter(|_| {
                let mut rows = Equations::default();
                for level in 1..=24 {
                    // A sum of twelve is close to normal: sd 0.3.
                    let noise = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
                    let rps = 200.0 * f64::from(level);
                    rows.push(vec![1.0, rps], 0.5 + rps * 0.002_24 + 0.3 * noise, 1.0);
                }
                let interval = rows.resampled().interval(|solution| solution[1]);
                (interval.low..=interval.high).contains(&0.002_24)
            })
            .count();
        assert!((80..=99).contains(&held), "{held} of 100");
    }
}
