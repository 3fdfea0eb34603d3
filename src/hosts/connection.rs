//! One host that can be talked to: the only thing about hosts that ever needs faking.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

/// What a script said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Exit status; 128 + n where signal n ended it.
    pub status: u32,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

/// What kind of failure a host had: code reacts to this, never to text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HostErrorClass {
    /// No connection: refused, no route, name not found. Nothing was changed.
    Unreachable,
    /// The host takes no more connections at the moment (`MaxStartups`): worth another attempt. Nothing was changed.
    Busy,
    /// The host's key is not the one that is known. Nothing was changed.
    KeyChanged,
    /// The host's key is not known at all. Nothing was changed.
    KeyUnknown,
    /// None of the keys or passwords was accepted, by the host or by sudo. Nothing was changed.
    NotAllowed,
    /// It did not answer within the time given.
    TimedOut,
    /// The connection ended while a script ran: how far it came is not known.
    CutOff,
    /// Anything else.
    Unexpected,
}

/// Why a host could not be worked with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{doing}: {said}")]
pub struct HostError {
    /// What code reacts to.
    pub class: HostErrorClass,
    /// What was being done, to which host.
    pub doing: String,
    /// What was seen.
    pub said: String,
    /// What to run next.
    pub hint: Option<String>,
}

impl HostError {
    pub(super) fn new(class: HostErrorClass, doing: impl Into<String>, said: impl Into<String>) -> Self {
        Self { class, doing: doing.into(), said: said.into(), hint: None }
    }

    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A host that scripts can be run on as its administrator.
#[async_trait]
pub trait Connection: Send + Sync {
    /// The host as the person wrote it.
    fn name(&self) -> &str;

    /// Runs a POSIX shell script as root and waits for its end. The script travels on standard input, never in an argument
    /// list; a status other than 0 is an answer, not an error.
    ///
    /// # Errors
    /// If the host could not be worked with; [`HostErrorClass::TimedOut`] and [`HostErrorClass::CutOff`] leave open how far
    /// the script came.
    async fn run(&self, script: &str, within: Duration) -> Result<Said, HostError>;

    /// Lets programs of the host reach a port of this machine's 127.0.0.1, as long as the connection lasts: over SSH through the
    /// connection itself, so nothing listens for others on either side. The port of the host's own 127.0.0.1 to ask for.
    ///
    /// # Errors
    /// If the host does not allow it. A connection that does not know how says so.
    async fn lend(&self, port: u16) -> Result<u16, HostError> {
        let said = "it has no way back to this machine";
        Err(HostError::new(HostErrorClass::NotAllowed, format!("lend port {port} to {}", self.name()), said))
    }
}

#[async_trait]
impl<C: Connection + ?Sized> Connection for Arc<C> {
    fn name(&self) -> &str {
        (**self).name()
    }

    async fn run(&self, script: &str, within: Duration) -> Result<Said, HostError> {
        (**self).run(script, within).await
    }

    async fn lend(&self, port: u16) -> Result<u16, HostError> {
        (**self).lend(port).await
    }
}
