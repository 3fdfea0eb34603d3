//! One target: connections to it, and requests over them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Means;
use crate::load::measured::OWN_FAILURE;
use crate::load::plan::{Kind, Target};

/// How requests of a test call themselves, whoever sends them.
pub(super) const USER_AGENT: &str = concat!("loadline/", env!("CARGO_PKG_VERSION"));

/// Whom to believe that the target is the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The authorities of this machine.
    System,
    /// Those of a PEM text, such as one's own authority.
    Own(Vec<u8>),
}

/// Why not a single request can be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{doing}: {said}")]
pub struct Unusable {
    /// What was being done, to what.
    pub doing: String,
    /// What was seen.
    pub said: String,
}

/// Why a request had no answer, in words that are the same for all of its kind.
pub(super) type NoAnswer = String;

/// A connection, and how many requests it has carried.
pub(super) struct Line {
    sender: SendRequest<Full<Bytes>>,
    pub(super) carried: u64,
}

struct Prepared {
    method: hyper::Method,
    uri: Uri,
    body: Bytes,
}

/// The target with everything that a request needs.
pub(super) struct Client {
    addresses: Vec<SocketAddr>,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    kinds: Vec<Prepared>,
    pub(super) timeout: Duration,
}

impl Client {
    pub(super) async fn new(
        target: &Target,
        kinds: &[Kind],
        means: &Means,
        timeout: Duration,
    ) -> Result<Self, Unusable> {
        let doing = format!("looking up {}", target.host);
        let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
        let addresses: Vec<SocketAddr> =
            found.map_err(|error| Unusable { doing: doing.clone(), said: error.to_string() })?.collect();
        if addresses.is_empty() {
            return Err(Unusable { doing, said: "the name has no address".to_owned() });
        }
        let tls = if target.tls { Some(secured(target, &means.trust)?) } else { None };
        let mut headers = vec![
            (HOST, value(&target.authority())?),
            (hyper::header::USER_AGENT, HeaderValue::from_static(USER_AGENT)),
            (hyper::header::ACCEPT, HeaderValue::from_static("*/*")),
        ];
        for (header, text) in stated_headers(means)? {
            headers.retain(|(other, _)| *other != header);
            headers.push((header, text));
        }
        let kinds = kinds.iter().map(|kind| prepared(target, kind)).collect::<Result<_, _>>()?;
        Ok(Self { addresses, tls, headers, kinds, timeout })
    }

    /// Sends one request over the line, or over a new one; status and bytes of the body. The line is kept where it may be used again.
    pub(super) async fn exchange(
        &self,
        line: &mut Option<Line>,
        kind: usize,
    ) -> Result<(u16, u64, bool), NoAnswer> {
        let mut opened = false;
        let mut used = match line.take() {
            Some(line) if line.sender.is_ready() => line,
            _ => {
                opened = true;
                Line { sender: self.open().await?, carried: 0 }
            }
        };
        let what = &self.kinds[kind];
        let mut request = Request::new(Full::new(what.body.clone()));
        *request.method_mut() = what.method.clone();
        *request.uri_mut() = what.uri.clone();
        for (name, value) in &self.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        used.sender.ready().await.map_err(|error| said(&error))?;
        let answer = used.sender.send_request(request).await.map_err(|error| said(&error))?;
        let status = answer.status().as_u16();
        let mut body = answer.into_body();
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| said(&error))?;
            bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        used.carried += 1;
        *line = Some(used);
        Ok((status, bytes, opened))
    }

    async fn open(&self) -> Result<SendRequest<Full<Bytes>>, NoAnswer> {
        // Every address gets its share, as it would from so many people.
        let address = self.addresses[rand::random_range(0..self.addresses.len())];
        let stream = TcpStream::connect(address).await.map_err(|error| connecting(&error))?;
        let _ = stream.set_nodelay(true);
        match &self.tls {
            None => shaken(TokioIo::new(stream)).await,
            Some((connector, name)) => {
                let stream = connector.connect(name.clone(), stream).await;
                shaken(TokioIo::new(stream.map_err(|error| format!("TLS: {}", plain(&error)))?)).await
            }
        }
    }
}

/// The headers that were asked for, each of which can stand in a request.
pub(super) fn stated_headers(means: &Means) -> Result<Vec<(HeaderName, HeaderValue)>, Unusable> {
    let read = |(name, text): &(String, secrecy::SecretString)| {
        let bad =
            |said: &str| Unusable { doing: format!("reading the header {name}"), said: said.to_owned() };
        let header = HeaderName::try_from(name.as_str()).map_err(|_| bad("this is no name of a header"))?;
        let mut text = HeaderValue::try_from(secrecy::ExposeSecret::expose_secret(text))
            .map_err(|_| bad("its value cannot stand in a header"))?;
        text.set_sensitive(true);
        Ok((header, text))
    };
    means.headers.iter().map(read).collect()
}

fn connecting(error: &std::io::Error) -> String {
    let said = plain(error);
    if said.starts_with(OWN_FAILURE) { said } else { format!("connecting: {said}") }
}

async fn shaken<S>(stream: S) -> Result<SendRequest<Full<Bytes>>, NoAnswer>
where
    S: hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
{
    let (sender, connection) = handshake(stream).await.map_err(|error| said(&error))?;
    // What goes wrong on the connection is heard by whoever waits for an answer over it.
    tokio::spawn(async move {
        let _ = connection.await;
    });
    Ok(sender)
}

fn value(text: &str) -> Result<HeaderValue, Unusable> {
    HeaderValue::try_from(text).map_err(|error| Unusable {
        doing: format!("writing `{text}` into a header"),
        said: error.to_string(),
    })
}

fn prepared(target: &Target, kind: &Kind) -> Result<Prepared, Unusable> {
    let path = target.path_of(kind);
    let bad = |said: String| Unusable { doing: format!("reading the request `{}`", kind.name), said };
    Ok(Prepared {
        method: hyper::Method::from_bytes(kind.method.as_bytes()).map_err(|error| bad(error.to_string()))?,
        uri: path.parse().map_err(|error| bad(format!("`{path}`: {error}")))?,
        body: Bytes::from(vec![b'x'; kind.body_bytes]),
    })
}

fn secured(target: &Target, trust: &Trust) -> Result<(TlsConnector, ServerName<'static>), Unusable> {
    let bad = |doing: &str, said: String| Unusable { doing: doing.to_owned(), said };
    let mut roots = rustls::RootCertStore::empty();
    match trust {
        Trust::System => {
            let found = rustls_native_certs::load_native_certs();
            roots.add_parsable_certificates(found.certs);
        }
        Trust::Own(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let read = certificate
                    .map_err(|error| bad("reading the certificates of --ca", error.to_string()))?;
                roots
                    .add(read)
                    .map_err(|error| bad("reading the certificates of --ca", error.to_string()))?;
            }
        }
    }
    if roots.is_empty() {
        return Err(bad(
            "looking for certificate authorities",
            "there are none: name them with --ca".to_owned(),
        ));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad("setting TLS up", error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(target.host.clone())
        .map_err(|error| bad("reading the name of the target", error.to_string()))?;
    Ok((TlsConnector::from(Arc::new(config)), name))
}

/// An error without what differs from one request to the next.
fn plain(error: &std::io::Error) -> String {
    use rustix::io::Errno;
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::MFILE | Errno::NFILE) => return format!("{OWN_FAILURE}too many open files"),
        Some(Errno::ADDRNOTAVAIL | Errno::ADDRINUSE) => return format!("{OWN_FAILURE}no port is free"),
        _ => {}
    }
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "refused".to_owned(),
        std::io::ErrorKind::ConnectionReset => "reset".to_owned(),
        std::io::ErrorKind::TimedOut => "timed out".to_owned(),
        std::io::ErrorKind::UnexpectedEof => "closed".to_owned(),
        _ => error.to_string(),
    }
}

fn said(error: &hyper::Error) -> NoAnswer {
    if error.is_parse() {
        return "an answer that is not HTTP".to_owned();
    }
    if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        return "closed without an answer".to_owned();
    }
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(one) = cause {
        if let Some(io) = one.downcast_ref::<std::io::Error>() {
            return plain(io);
        }
        cause = one.source();
    }
    error.to_string()
}
