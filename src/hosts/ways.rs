//! As whom and by which way the scripts of one host run, whatever carries them. Decides when sudo is tried again with a password,
//! and remembers that it asks for one.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};

use super::exchange::{Become, Ended, Route, never_ran};
use super::{HostError, Said};

/// The way of one host, as far as it is known.
pub(super) struct Ways {
    /// The login user is who the scripts have to run as.
    direct: bool,
    /// sudo has refused to go on without a password.
    asks: AtomicBool,
}

impl Ways {
    /// The ways to run scripts as `become_whom` for a user who is root already, or is not known to be.
    pub(super) fn new(become_whom: Become, is_root: bool) -> Self {
        Self { direct: is_root || become_whom == Become::LoginUser, asks: AtomicBool::new(false) }
    }

    /// Runs a script of the host `name`; where sudo will not go on silently, once more with a password.
    pub(super) async fn run<F>(&self, name: &str, run_by: impl Fn(Route) -> F) -> Result<Said, HostError>
    where
        F: Future<Output = Result<Ended, HostError>>,
    {
        let route = match (self.direct, self.asks.load(Ordering::Relaxed)) {
            (true, _) => Route::Direct,
            (false, true) => Route::Asking,
            (false, false) => Route::Silent,
        };
        match run_by(route).await? {
            Ended::Ran(said) => Ok(said),
            Ended::NeverRan(said) if route == Route::Silent && said.status == 1 => {
                match run_by(Route::Asking).await? {
                    Ended::Ran(said) => {
                        self.asks.store(true, Ordering::Relaxed);
                        Ok(said)
                    }
                    Ended::NeverRan(said) => Err(never_ran(name, Route::Asking, &said)),
                }
            }
            Ended::NeverRan(said) => Err(never_ran(name, route, &said)),
        }
    }
}
