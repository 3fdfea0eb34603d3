//! What stands in for SSH where the program was built without it.

use std::sync::Arc;

use super::{Habits, Patience};
use crate::hosts::{Become, Connection, HostError, HostErrorClass, Person, Target};

/// The way to hosts, in a program that has none.
pub struct Ssh(());

impl Ssh {
    /// Takes what a program with SSH takes.
    ///
    /// # Errors
    /// None.
    pub fn new(_: Habits, _: Patience, _: Become, _: Arc<dyn Person>) -> Result<Self, HostError> {
        Ok(Self(()))
    }

    /// No notes.
    pub fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// Says that this program cannot connect.
    ///
    /// # Errors
    /// Always.
    #[allow(clippy::unused_async, reason = "the same signature as with SSH")]
    pub async fn connect(&self, target: &Target) -> Result<Box<dyn Connection>, HostError> {
        let said = "this program was built without SSH";
        Err(HostError::new(HostErrorClass::Unexpected, format!("connect to {target}"), said).with_hint(
            "nothing was changed; build it with the feature `ssh`, or work on this machine alone (--local)",
        ))
    }
}
