//! How much work an answer is worth: samples, simulation, extras. Decides nothing about the answer itself.

use super::network::SimulationEffort;

/// How much work sizing puts into an answer. The same effort and spec always give the same answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effort {
    /// Requests sampled for percentiles. 200,000 put p99 within about 0.3 %.
    pub samples: usize,
    /// Seed of everything random.
    pub seed: u64,
    /// When to simulate.
    pub confirm: Confirm,
    /// How much to simulate when it is done.
    pub simulation: SimulationEffort,
    /// Whether sensitivity is worked out.
    pub sensitivity: Extent,
}

/// When the simulator runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// Never; where the formulas do not hold the prediction says so.
    Never,
    /// Where the formulas do not hold; its numbers then replace theirs.
    WhenFormulasBreak,
    /// Always; its numbers stand beside the formulas, and replace them where they do not hold.
    Always,
}

/// Whether an extra is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Left out.
    Skip,
    /// Worked out.
    Full,
}

/// Fixed seed: the same spec must give the same answer on every machine and day.
const SEED: u64 = 0x10ad_11fe;

impl Effort {
    /// For comparing many capacities: half the samples (p99 within about 0.4 %), no simulation, no sensitivity.
    #[must_use]
    pub fn quick() -> Self {
        Self { samples: 100_000, confirm: Confirm::Never, sensitivity: Extent::Skip, ..Self::thorough() }
    }

    /// For one answer that must stand: everything, confirmed by simulation.
    #[must_use]
    pub fn thorough() -> Self {
        Self {
            samples: 200_000,
            seed: SEED,
            confirm: Confirm::Always,
            simulation: SimulationEffort {
                replications: 10,
                completions_per_replication: 30_000,
                warm_up_completions: 6_000,
                seed: SEED,
            },
            sensitivity: Extent::Full,
        }
    }
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, as a phrase: `simulating`.
    pub step: &'static str,
    /// Parts done.
    pub done: u32,
    /// Parts there are.
    pub of: u32,
}
