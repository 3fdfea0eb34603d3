//! The bytes that carry a connection: a socket, a channel through another host, or a command's input and output. Notes the first
//! of what comes, because the library does not tell a host that is busy from one that speaks something else.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes of the beginning that are kept: a banner has at most 255 (RFC 4253, 4.2), some lines may come before it.
const KEPT_BYTES: usize = 1024;

/// Anything that carries bytes both ways.
pub(super) trait Carrier: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Carrier for T {}

/// The first bytes that a host sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Beginning(Arc<Mutex<Vec<u8>>>);

/// What the first bytes say about who sent them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Speaker {
    /// An SSH server, which has introduced itself.
    Server,
    /// A server that takes no more connections at the moment, or says nothing before it closes.
    Busy(String),
    /// Something else.
    Other(String),
}

impl Beginning {
    pub(super) fn speaker(&self) -> Speaker {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = String::from_utf8_lossy(&bytes);
        if text.lines().any(|line| line.starts_with("SSH-2.0-") || line.starts_with("SSH-1.99-")) {
            return Speaker::Server;
        }
        let first = text.lines().next().unwrap_or_default();
        let shown: String = first.chars().filter(|it| !it.is_control()).take(80).collect();
        // What sshd writes before it hangs up: since 8.5 for MaxStartups, since 9.8 for PerSourcePenalties.
        if shown.is_empty() {
            Speaker::Busy("it closed the connection without a word".to_owned())
        } else if shown.starts_with("Exceeded MaxStartups") || shown.starts_with("Not allowed at this time") {
            Speaker::Busy(format!("it said `{shown}`"))
        } else {
            Speaker::Other(shown)
        }
    }
}

/// A carrier whose beginning is noted.
pub(super) struct Noted {
    inner: Box<dyn Carrier>,
    beginning: Beginning,
    noting: bool,
}

impl Noted {
    pub(super) fn new(inner: Box<dyn Carrier>) -> (Self, Beginning) {
        let beginning = Beginning::default();
        (Self { inner, beginning: beginning.clone(), noting: true }, beginning)
    }
}

impl AsyncRead for Noted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.inner).poll_read(cx, buffer);
        if self.noting && matches!(result, Poll::Ready(Ok(()))) {
            let mut kept = self.beginning.0.lock().unwrap_or_else(PoisonError::into_inner);
            let came = &buffer.filled()[before..];
            let room = KEPT_BYTES - kept.len();
            kept.extend_from_slice(&came[..came.len().min(room)]);
            let full = kept.len() >= KEPT_BYTES;
            drop(kept);
            self.noting = !full;
        }
        result
    }
}

impl AsyncWrite for Noted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaker(bytes: &[u8]) -> Speaker {
        Beginning(Arc::new(Mutex::new(bytes.to_vec()))).speaker()
    }

    #[test]
    fn a_host_that_is_busy_is_told_from_one_that_speaks_something_else() {
        assert_eq!(speaker(b"hello\r\nSSH-2.0-OpenSSH_9.2p1\r\n\0\0"), Speaker::Server);
        assert!(matches!(speaker(b""), Speaker::Busy(_)));
        assert!(matches!(speaker(b"Exceeded MaxStartups\r\n"), Speaker::Busy(_)));
        assert!(matches!(speaker(b"Not allowed at this time\r\n"), Speaker::Busy(_)));
        assert_eq!(
            speaker(b"HTTP/1.1 400 Bad\x1b[2J Request\r\n"),
            Speaker::Other("HTTP/1.1 400 Bad[2J Request".to_owned())
        );
        assert!(matches!(speaker(&[0xff; 40]), Speaker::Other(_)));
    }
}
