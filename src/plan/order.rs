//! The order of steps: what stands in the way goes first, then everything is made stage by stage, then what is no longer
//! wanted is removed the other way round.

/// When a step happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Removed to be made again.
    Clearing,
    /// Made or changed.
    Making,
    /// Removed for good: only then has nothing left any reference to it.
    Removing,
}

/// The rank of a step on a kind of that stage, of so many stages.
pub(super) fn rank(when: When, stage: usize, stages: usize) -> u32 {
    let last = stages.saturating_sub(1);
    let rank = match when {
        When::Clearing => last - stage.min(last),
        When::Making => stages + stage,
        When::Removing => 2 * stages + (last - stage.min(last)),
    };
    u32::try_from(rank).unwrap_or(u32::MAX)
}
