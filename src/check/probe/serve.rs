//! A board that the last round hangs on, and the listener that shows it to Prometheus.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Readers at once; more wait in the queue of the listener.
const READERS: usize = 32;
/// Longest time for one connection: a reader that is slower is none.
const LONGEST: Duration = Duration::from_secs(10);

/// The text of the last round.
#[derive(Debug, Clone, Default)]
pub struct Board(Arc<RwLock<Bytes>>);

impl Board {
    /// Hangs up another text.
    pub fn show(&self, text: String) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Bytes::from(text);
    }

    fn text(&self) -> Bytes {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Listens, and shows the board to whoever asks for `/metrics`; gives the address that it listens on.
///
/// # Errors
/// With a sentence if that address cannot be listened on.
pub async fn serve(address: SocketAddr, board: Board) -> Result<SocketAddr, String> {
    let failed = |error: std::io::Error| format!("listening on {address}: {error}");
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    tokio::spawn(async move {
        let room = Arc::new(Semaphore::new(READERS));
        loop {
            let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
            let Ok((stream, _)) = listener.accept().await else {
                // No more files, for the moment.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let board = board.clone();
            tokio::spawn(async move {
                let _place = place;
                let answer = service_fn(move |request| {
                    let text = board.text();
                    async move { Ok::<_, Infallible>(answer(&request, text)) }
                });
                let connection = hyper::server::conn::http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(LONGEST)
                    .keep_alive(false)
                    .serve_connection(TokioIo::new(stream), answer);
                // A reader that breaks off has lost only its own answer.
                let _ = tokio::time::timeout(LONGEST, connection).await;
            });
        }
    });
    Ok(bound)
}

fn answer(request: &Request<Incoming>, metrics: Bytes) -> Response<Full<Bytes>> {
    let (status, text) = match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/metrics") if metrics.is_empty() => {
            (StatusCode::SERVICE_UNAVAILABLE, Bytes::from_static(b"the first round is not over yet\n"))
        }
        (&Method::GET | &Method::HEAD, "/metrics") => (StatusCode::OK, metrics),
        (&Method::GET | &Method::HEAD, _) => {
            (StatusCode::NOT_FOUND, Bytes::from_static(b"metrics are at /metrics\n"))
        }
        _ => (StatusCode::METHOD_NOT_ALLOWED, Bytes::from_static(b"only GET\n")),
    };
    let mut response = Response::new(Full::new(text));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
