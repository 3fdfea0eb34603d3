//! The tags by which our things are told from those of others. A name that merely resembles ours is never ours.

/// The tag that holds the deployment.
pub(crate) const DEPLOYMENT: &str = "loadline:deployment";
/// The tag that holds the address inside the deployment.
pub(crate) const ADDRESS: &str = "loadline:address";
