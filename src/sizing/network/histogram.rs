//! A histogram of times with bins of constant relative width, for percentiles without sorting.
//!
//! The bin of a time is the exponent and the first 10 bits of the mantissa of its number: 0.1 % wide at most, and
//! read off by straight line inside.

const MANTISSA_BITS: u32 = 10;
const SHIFT: u32 = f64::MANTISSA_DIGITS - 1 - MANTISSA_BITS;
/// 2^-40 s, about a picosecond: everything below is in the first bin.
const LEAST: u64 = ((1023 - 40) as u64) << MANTISSA_BITS;
/// 64 octaves: up to 2^24 s, about half a year.
const BINS: usize = 64 << MANTISSA_BITS;

/// Counts of times in seconds.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    counts: Vec<u32>,
    total: u64,
    /// First bin in use: the bins below a microsecond are most of them and hardly ever used.
    first: usize,
}

impl Histogram {
    pub(super) fn new() -> Self {
        Self { counts: vec![0; BINS], total: 0, first: BINS }
    }

    /// Adds one time in seconds; negative ones count as zero.
    pub(super) fn add(&mut self, time_s: f64) {
        let bin = (time_s.max(0.0).to_bits() >> SHIFT).saturating_sub(LEAST) as usize;
        let bin = bin.min(BINS - 1);
        self.counts[bin] += 1;
        self.first = self.first.min(bin);
        self.total += 1;
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }
}

/// Lower edge of a bin in seconds.
fn edge(bin: usize) -> f64 {
    if bin == 0 { 0.0 } else { f64::from_bits((bin as u64 + LEAST) << SHIFT) }
}

/// The quantiles of a mixture of histograms, each with its weight, in seconds; `probabilities` must ascend.
/// Within a bin by straight line. Zero for all if nothing was counted.
pub(super) fn quantiles<const Q: usize>(parts: &[(f64, &Histogram)], probabilities: [f64; Q]) -> [f64; Q] {
    let mut found = [0.0; Q];
    let parts: Vec<(f64, &Histogram)> =
        parts.iter().filter(|(weight, part)| *weight > 0.0 && part.total > 0).copied().collect();
    let whole: f64 = parts.iter().map(|(weight, _)| weight).sum();
    let scaled: Vec<(f64, &[u32])> =
        parts.iter().map(|(weight, part)| (weight / whole / part.total as f64, &part.counts[..])).collect();
    let (mut below, mut wanted) = (0.0, 0);
    let first = parts.iter().map(|(_, part)| part.first).min().unwrap_or(BINS);
    for bin in first..BINS {
        let share: f64 = scaled.iter().map(|(scale, counts)| scale * f64::from(counts[bin])).sum();
        if share == 0.0 {
            continue;
        }
        while wanted < Q && below + share >= probabilities[wanted] {
            let part = ((probabilities[wanted] - below) / share).clamp(0.0, 1.0);
            found[wanted] = edge(bin) + part * (edge(bin + 1) - edge(bin));
            wanted += 1;
        }
        below += share;
        // Rounding may leave the last quantile a hair above the sum: it is then in the last bin used.
        for missing in &mut found[wanted..] {
            *missing = edge(bin + 1);
        }
        if wanted == Q {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_equal_steps_are_the_steps() {
        let mut steps = Histogram::new();
        for step in 1..=100_000 {
            steps.add(f64::from(step) * 1e-5);
        }
        for (wanted, found) in [0.1, 0.5, 0.99].into_iter().zip(quantiles(&[(1.0, &steps)], [0.1, 0.5, 0.99]))
        {
            assert!((found / wanted - 1.0).abs() < 5e-4, "{found} for {wanted}");
        }
    }

    #[test]
    fn weights_not_counts_decide_in_a_mixture() {
        let (mut short, mut long) = (Histogram::new(), Histogram::new());
        (0..1000).for_each(|_| short.add(1.0));
        (0..10).for_each(|_| long.add(5.0));
        let [p75, p85] = quantiles(&[(0.8, &short), (0.2, &long)], [0.75, 0.85]);
        assert!((p75 - 1.0).abs() < 1e-3 && (p85 - 5.0).abs() < 5e-3, "{p75} {p85}");
    }

    #[test]
    fn nothing_counted_gives_zero_and_nothing_is_too_long() {
        let mut one = Histogram::new();
        assert_eq!(quantiles(&[(1.0, &one)], [0.5]), [0.0]);
        one.add(1e300);
        assert!(quantiles(&[(1.0, &one)], [0.5])[0] >= 1e7);
    }
}
