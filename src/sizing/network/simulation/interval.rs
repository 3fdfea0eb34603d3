//! Confidence intervals over independent replications.

/// A mean with the half width of its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Mean over the replications.
    pub mid: f64,
    /// Half width; infinite if fewer than two replications saw the quantity.
    pub half_width: f64,
}

impl Interval {
    /// Whether the value lies in the interval.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        (value - self.mid).abs() <= self.half_width
    }

    /// Student's t interval of one value per replication.
    pub(super) fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let count = values.clone().count();
        if count == 0 {
            return Self { mid: 0.0, half_width: f64::INFINITY };
        }
        let mid = values.clone().sum::<f64>() / count as f64;
        if count < 2 {
            return Self { mid, half_width: f64::INFINITY };
        }
        if !mid.is_finite() {
            return Self { mid, half_width: 0.0 };
        }
        let variance = values.map(|value| (value - mid) * (value - mid)).sum::<f64>() / (count - 1) as f64;
        Self { mid, half_width: student_t(count - 1) * (variance / count as f64).sqrt() }
    }
}

/// The 97.5 % quantile of Student's t. Table of Fisher and Yates for few degrees of freedom, their expansion in
/// 1/degrees (Abramowitz and Stegun 26.7.5) above.
fn student_t(degrees: usize) -> f64 {
    const FEW: [f64; 9] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];
    if let Some(t) = FEW.get(degrees.saturating_sub(1)) {
        return *t;
    }
    let (z, n) = (1.959_963_984_540_054_f64, degrees as f64);
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    z + (z3 + z) / (4.0 * n)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * n * n)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * n * n * n)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed tables: t(0.975) is 2.228 with 10, 2.086 with 20, 1.984 with 100 degrees of freedom.
    #[test]
    fn student_t_is_that_of_the_tables() {
        for (degrees, t) in [(1, 12.706), (9, 2.262), (10, 2.228), (20, 2.086), (100, 1.984)] {
            assert!((student_t(degrees) - t).abs() < 6e-4, "{degrees}: {}", student_t(degrees));
        }
    }

    /// 1, 2, 3: mean 2, standard deviation 1, half width 4.303 / sqrt(3).
    #[test]
    fn interval_of_three_values_by_hand() {
        let interval = Interval::of([1.0, 2.0, 3.0].into_iter());
        assert!((interval.mid - 2.0).abs() < 1e-12 && (interval.half_width - 2.4843).abs() < 1e-3);
        assert!(interval.contains(4.4) && !interval.contains(4.5));
    }
}
