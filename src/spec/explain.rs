//! Which values nobody wrote, and why they are what they are.

use super::keys;
use super::model::{Origin, Spec};

/// A default that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultTaken {
    /// Its path, such as `load.think`.
    pub path: String,
    /// The value, as a person would write it.
    pub value: String,
    /// Why this value.
    pub reason: String,
    /// Where the figure comes from.
    pub source: String,
}

/// Every default that this spec took, in the order in which a person would write the keys.
pub fn explain(spec: &Spec) -> Vec<DefaultTaken> {
    let mut taken: Vec<DefaultTaken> = spec
        .origins
        .iter()
        .filter_map(|(path, origin)| match origin {
            Origin::Default { value, reason, source } => {
                let (value, reason, source) = (value.clone(), reason.clone(), source.clone());
                Some(DefaultTaken { path: path.clone(), value, reason, source })
            }
            Origin::Written { .. } | Origin::Flag => None,
        })
        .collect();
    taken.sort_by_key(|default| keys::position(&default.path));
    taken
}
