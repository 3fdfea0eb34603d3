//! Health checks over HTTP, each on a connection of its own, as a balancer makes them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use url::Url;

use super::super::judge::{Answer, web};
use super::super::{Finding, Lines};
use super::{Probe, told};

/// Most of an answer that is read: a health check is small, and what never ends is no answer.
const LARGEST_BYTES: usize = 1 << 20;

pub(super) struct WebProbe {
    component: String,
    url: Url,
    client: reqwest::Client,
    lines: Arc<Lines>,
}

/// The client of all health checks: no redirects, no proxies, no connection kept.
pub(super) fn client(within: Duration) -> Result<reqwest::Client, String> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .timeout(within)
        .user_agent(concat!("loadline-check/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| format!("making the HTTP client: {}", told(&error)))
}

/// Host and port of an address.
pub(super) fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// An address without what may be secret in it.
pub(super) fn shown(url: &Url) -> String {
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

impl WebProbe {
    pub(super) fn new(component: String, url: Url, client: reqwest::Client, lines: Arc<Lines>) -> Self {
        Self { component, url, client, lines }
    }

    async fn ask(&self) -> Result<u16, reqwest::Error> {
        let mut response = self.client.get(self.url.clone()).send().await?;
        let mut read = 0;
        while let Some(piece) = response.chunk().await? {
            read += piece.len();
            if read > LARGEST_BYTES {
                break;
            }
        }
        Ok(response.status().as_u16())
    }

    fn judged(&self, answer: &Answer) -> Vec<Finding> {
        web(&self.component, &shown(&self.url), answer, &self.lines)
    }
}

#[async_trait]
impl Probe for WebProbe {
    async fn look(&self) -> Vec<Finding> {
        let began = Instant::now();
        let answer = match self.ask().await {
            Ok(code) => Answer::Status { code, took_s: began.elapsed().as_secs_f64() },
            Err(error) => Answer::None(why(error, began.elapsed())),
        };
        self.judged(&answer)
    }

    fn unseen(&self, why: &str) -> Vec<Finding> {
        self.judged(&Answer::None(why.to_owned()))
    }
}

/// What was seen instead of an answer.
fn why(error: reqwest::Error, waited: Duration) -> String {
    let error = error.without_url();
    if error.is_timeout() {
        let what = if error.is_connect() { "no connection came about" } else { "the answer did not end" };
        return format!("{what} within {:.1} s", waited.as_secs_f64());
    }
    let said = told(&error);
    for (sign, meaning) in [
        ("UnknownIssuer", "the certificate is signed by nobody that this machine trusts"),
        ("invalid peer certificate: Expired", "the certificate has expired"),
        ("certificate expired", "the certificate has expired"),
        ("NotValidForName", "the certificate is for another name"),
        ("not valid for name", "the certificate is for another name"),
        ("InvalidContentType", "it does not speak TLS there"),
        ("Connection refused", "connection refused, nothing listens there"),
        ("Connection reset", "it broke the connection off"),
        ("dns error", "its name is not known"),
        ("connection closed before message completed", "it closed the connection before an answer was whole"),
        ("IncompleteMessage", "it closed the connection before an answer was whole"),
    ] {
        if said.contains(sign) {
            return meaning.to_owned();
        }
    }
    said
}
