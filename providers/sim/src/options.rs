//! How the account behaves: its speed, its limits, its habits and what goes wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::faults::Script;

/// How the account behaves.
#[derive(Debug)]
pub struct Options {
    /// How many times faster than the cloud everything passes.
    pub speed: f64,
    /// Time that one call takes, before `speed`.
    pub call: Duration,
    /// How many of a kind the account may have; kinds that are not here: any number.
    pub quotas: BTreeMap<String, usize>,
    /// How long lists do not show what was just made, before `speed`.
    pub lag: Duration,
    /// What the cloud makes of a repeated token.
    pub tokens: Tokens,
    /// What goes wrong.
    pub script: Script,
}

/// What a cloud makes of a call that repeats a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokens {
    /// It is the same call.
    Recognised,
    /// It is another call: only lists tell what was made already.
    Ignored,
}

impl Default for Options {
    /// As fast as the cloud, without limits, lag and faults. 120 ms is the order of a control plane's call seen from afar.
    fn default() -> Self {
        Self {
            speed: 1.0,
            call: Duration::from_millis(120),
            quotas: BTreeMap::new(),
            lag: Duration::ZERO,
            tokens: Tokens::Recognised,
            script: Script::default(),
        }
    }
}
