//! Random times by mean and squared coefficient of variation, and the generators they are drawn from.
//!
//! The same seed gives the same draws whatever the thread count; generators are seeded per stream, never shared.

use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, Exp1, Gamma};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The generator of every random number in the network.
pub(super) type Generator = Xoshiro256PlusPlus;

/// Generator of stream `stream` of a seed; streams are as independent as different seeds are.
pub(super) fn generator(seed: u64, stream: u64) -> Generator {
    let first = Generator::seed_from_u64(seed).next_u64();
    Generator::seed_from_u64(first ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// Uniform in [0, 1).
pub(super) fn uniform(generator: &mut Generator) -> f64 {
    (generator.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A random time.
#[derive(Debug, Clone, Copy)]
pub(super) enum Variate {
    /// Always the same.
    Constant(f64),
    /// Exponential with this mean.
    Exponential(f64),
    /// Gamma.
    Gamma(Gamma<f64>),
}

impl Variate {
    /// Constant for cv2 = 0, exponential for 1, gamma otherwise. Nothing positive in `mean` is always 0.
    pub(super) fn new(mean: f64, cv2: f64) -> Self {
        if mean <= 0.0 || mean.is_nan() {
            return Self::Constant(0.0);
        }
        if cv2 < 1e-9 || cv2.is_nan() {
            return Self::Constant(mean);
        }
        if (cv2 - 1.0).abs() < 1e-9 {
            return Self::Exponential(mean);
        }
        Gamma::new(1.0 / cv2, mean * cv2).map_or(Self::Constant(mean), Self::Gamma)
    }

    /// Draws one, in the unit of the mean.
    pub(super) fn draw(&self, generator: &mut Generator) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Exponential(mean) => mean * standard_exponential(generator),
            Self::Gamma(gamma) => gamma.sample(generator),
        }
    }
}

/// Exponential with mean 1.
pub(super) fn standard_exponential(generator: &mut Generator) -> f64 {
    Exp1.sample(generator)
}
