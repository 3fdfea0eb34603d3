//! Ports of this machine that a host may reach through its connection. Decides that nothing else is reached.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// Ports of the host, and the ports of 127.0.0.1 here that they lead to.
#[derive(Debug, Clone, Default)]
pub(super) struct Lent(Arc<Mutex<HashMap<u32, u16>>>);

impl Lent {
    pub(super) fn note(&self, there: u32, here: u16) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(there, here);
    }

    /// Where the port of the host leads to; `None`: it was not lent.
    pub(super) fn port(&self, there: u32) -> Option<u16> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&there).copied()
    }
}

/// Carries bytes both ways until both have ended. Whoever listens no more is heard of by the other side as an end.
pub(super) async fn carry(mut host: impl AsyncRead + AsyncWrite + Unpin, port: u16) {
    let Ok(mut here) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else { return };
    let _ = here.set_nodelay(true);
    let _ = tokio::io::copy_bidirectional(&mut host, &mut here).await;
}
