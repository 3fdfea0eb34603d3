//! Axes of drawings: round ticks, and values to positions.

/// A straight scale from values to positions in a drawing.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Axis {
    /// Largest value; the smallest is 0.
    pub(in crate::report) end: f64,
    /// Position of 0.
    pub(in crate::report) from: f64,
    /// Position of `end`.
    pub(in crate::report) to: f64,
}

impl Axis {
    /// Where a value lies; values beyond the end lie beyond the end.
    pub(in crate::report) fn at(&self, value: f64) -> f64 {
        self.from + value / self.end * (self.to - self.from)
    }

    /// Four to seven round values from 0 to the end.
    pub(in crate::report) fn ticks(&self) -> Vec<f64> {
        let rough = self.end / 7.0;
        let magnitude = 10f64.powf(rough.log10().floor());
        let step =
            [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|one| one * magnitude).find(|step| *step >= rough);
        let step = step.unwrap_or(10.0 * magnitude);
        (0..=10).map(|index| f64::from(index) * step).take_while(|tick| *tick <= self.end * 1.0001).collect()
    }
}

/// A length in a drawing, to a tenth.
pub(in crate::report) fn px(length: f64) -> String {
    let text = format!("{length:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_stay_on_the_axis() {
        let ticks = |end| Axis { end, from: 0.0, to: 1.0 }.ticks();
        assert_eq!(ticks(1700.0), [0.0, 250.0, 500.0, 750.0, 1000.0, 1250.0, 1500.0]);
        assert_eq!(ticks(1000.0), [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]);
        assert_eq!(ticks(40.0), [0.0, 10.0, 20.0, 30.0, 40.0]);
    }

    #[test]
    fn an_axis_may_run_upwards() {
        let axis = Axis { end: 10.0, from: 200.0, to: 100.0 };
        assert_eq!(axis.at(5.0), 150.0);
    }

    #[test]
    fn lengths_have_one_decimal_at_most() {
        assert_eq!(px(12.04), "12");
        assert_eq!(px(12.06), "12.1");
    }
}
