//! Web servers for tests: one that answers what it is told to, one that remembers what is posted to it, one with TLS.

use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use rcgen::{CertificateParams, KeyPair};
use serde_json::Value;
use time::OffsetDateTime;

/// Status codes in the order in which they are answered; the last goes on for ever.
pub(crate) struct Web {
    pub(crate) port: u16,
    pub(crate) posted: Arc<Mutex<Vec<Value>>>,
}

pub(crate) fn web(statuses: &[u16]) -> Web {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let posted = Arc::new(Mutex::new(Vec::new()));
    let web = Web { port, posted: Arc::clone(&posted) };
    let statuses = statuses.to_vec();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let Ok(stream) = stream else { return };
            let status = statuses[number.min(statuses.len() - 1)];
            let _ = answer(stream, status, &posted);
        }
    });
    web
}

fn answer(stream: std::net::TcpStream, status: u16, posted: &Mutex<Vec<Value>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    if status < 300
        && let Ok(value) = serde_json::from_slice(&body)
    {
        posted.lock().unwrap().push(value);
    }
    write!(reader.get_mut(), "HTTP/1.1 {status} X\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
}

/// A server whose certificate, signed by itself, ends in so many days; gives its port.
pub(crate) fn secured(days: i64) -> u16 {
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_before = OffsetDateTime::now_utc() - time::Duration::days(60);
    params.not_after = OffsetDateTime::now_utc() + time::Duration::days(days) + time::Duration::hours(12);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut secured = rustls::Stream::new(&mut session, &mut stream);
            let mut head = [0; 1024];
            if secured.read(&mut head).is_ok_and(|read| read > 0) {
                let _ =
                    secured.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
            }
        }
    });
    port
}
