//! Open files: each connection is one, and a shell usually allows 1024.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files beside connections: the program's own, and those of the runtime.
const BESIDE: u64 = 64;

/// The machine does not allow so many connections.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{wanted} connections need more open files than the {most} that this process may have")]
pub struct TooFew {
    /// Connections wanted.
    pub wanted: u64,
    /// Open files allowed.
    pub most: u64,
}

/// Raises the limit of open files as far as so many connections need, and this process may.
///
/// # Errors
/// If it may not.
pub fn make_room(connections: u64) -> Result<(), TooFew> {
    let needed = connections.saturating_add(BESIDE);
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    let most = limit.maximum.unwrap_or(u64::MAX);
    let raised = Rlimit { current: Some(needed.min(most)), maximum: limit.maximum };
    // As far as it goes, even where that is not enough.
    if setrlimit(Resource::Nofile, raised).is_err() || most < needed {
        return Err(TooFew { wanted: connections, most });
    }
    Ok(())
}
