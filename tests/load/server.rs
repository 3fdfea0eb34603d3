//! A server for tests: HTTP/1.1 with kept connections, and every way to behave badly.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Manner {
    /// With 200 after a time.
    After(Duration),
    /// With this status.
    Status(u16),
    /// After a time, but for one second nobody is answered.
    Stalls { from: Duration, to: Duration },
    /// It begins and never ends.
    Endless,
    /// With what is not HTTP.
    Rubbish,
    /// It hangs up.
    HangsUp,
}

/// What came in.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// Requests by method and path.
    pub(crate) requests: BTreeMap<String, u64>,
    /// Bytes of their bodies.
    pub(crate) body_bytes: u64,
    /// Connections.
    pub(crate) connections: u64,
    /// The head of the last one.
    pub(crate) last_head: String,
}

/// A running server; it ends with the value.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) heard: Arc<Mutex<Heard>>,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    pub(crate) fn start(manner: Manner) -> Self {
        Self::start_with(manner, None)
    }

    /// Where others than this machine reach it.
    pub(crate) fn start_at(address: &str, manner: Manner) -> Self {
        Self::listening(&format!("{address}:0"), manner, None)
    }

    pub(crate) fn start_with(manner: Manner, tls: Option<tokio_rustls::TlsAcceptor>) -> Self {
        Self::listening("127.0.0.1:0", manner, tls)
    }

    fn listening(place: &str, manner: Manner, tls: Option<tokio_rustls::TlsAcceptor>) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(place)).unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let begun = Instant::now();
        let all = Arc::clone(&heard);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                all.lock().unwrap().connections += 1;
                let (heard, tls) = (Arc::clone(&all), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, manner, begun, &heard).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, manner, begun, &heard).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, heard, _runtime: runtime }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    manner: Manner,
    begun: Instant,
    heard: &Mutex<Heard>,
) {
    let mut kept = Vec::new();
    while let Some(head) = head(&mut stream, &mut kept).await {
        let length = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok()
            })
            .unwrap_or(0);
        while kept.len() < length {
            if stream.read_buf(&mut kept).await.unwrap_or(0) == 0 {
                return;
            }
        }
        kept.drain(..length);
        {
            let mut heard = heard.lock().unwrap();
            let what = head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
            *heard.requests.entry(what).or_default() += 1;
            heard.body_bytes += length as u64;
            heard.last_head = head;
        }
        let status = match manner {
            Manner::After(time) => {
                tokio::time::sleep(time).await;
                200
            }
            Manner::Stalls { from, to } => {
                let now = begun.elapsed();
                if now >= from && now < to {
                    tokio::time::sleep(to - now).await;
                }
                200
            }
            Manner::Status(status) => status,
            Manner::Endless => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await;
                loop {
                    if stream.write_all(b"x").await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
            }
            Manner::Rubbish => {
                let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n").await;
                return;
            }
            Manner::HangsUp => return,
        };
        let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 5\r\n\r\nhello");
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The next head; what was read beyond it is kept.
async fn head<S: AsyncRead + Unpin>(stream: &mut S, kept: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some(end) = kept.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&kept[..end]).into_owned();
            kept.drain(..end + 4);
            return Some(head);
        }
        if stream.read_buf(kept).await.ok()? == 0 {
            return None;
        }
    }
}
