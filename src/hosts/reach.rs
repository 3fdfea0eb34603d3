//! Ways to one host that can be gone more than once: over SSH, or none at all for this machine.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Connection, HostError, Local, Ssh, Target};

/// A way to one host.
#[async_trait]
pub trait Reach: Send + Sync {
    /// The host as the person wrote it.
    fn name(&self) -> &str;

    /// Connects anew.
    ///
    /// # Errors
    /// If the host cannot be reached.
    async fn connect(&self) -> Result<Box<dyn Connection>, HostError>;
}

/// A host over SSH.
pub struct Remote {
    ssh: Arc<Ssh>,
    target: Target,
    name: String,
}

impl Remote {
    /// The way to that host; all hosts of a run share `ssh`, so that a person is asked everything once.
    pub fn new(ssh: Arc<Ssh>, target: Target) -> Self {
        Self { ssh, name: target.to_string(), target }
    }
}

#[async_trait]
impl Reach for Remote {
    fn name(&self) -> &str {
        &self.name
    }

    async fn connect(&self) -> Result<Box<dyn Connection>, HostError> {
        self.ssh.connect(&self.target).await
    }
}

/// This machine: what is connected to is always there.
pub struct Here(Arc<Local>);

impl Here {
    /// The way to this machine.
    pub fn new(local: Local) -> Self {
        Self(Arc::new(local))
    }
}

#[async_trait]
impl Reach for Here {
    fn name(&self) -> &str {
        self.0.name()
    }

    async fn connect(&self) -> Result<Box<dyn Connection>, HostError> {
        Ok(Box::new(Arc::clone(&self.0)))
    }
}
