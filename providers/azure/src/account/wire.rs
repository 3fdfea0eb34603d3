//! What every call goes through, those of the generated clients too: where it may go, how long it may take, that reads are tried
//! again, and what a refusal says.
//!
//! It is a transport and no policy, because the pipeline turns a refusal into an error that no longer tells its headers: how long to
//! wait stands there.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::headers::{HeaderName, HeaderValue, Headers};
use azure_core::{Body, BytesStream, HttpClient, Method, Request, Response, StatusCode};
use loadline_contract::deploy::{CloudError, ErrorClass};
use reqwest::header::HOST;
use reqwest::redirect::Policy;
use url::Url;

use super::errors;

/// Where the cloud answers.
pub(super) const HOME: &str = "https://management.azure.com";
/// Where vaults answer, each under its own name.
pub(super) const VAULTS: &str = ".vault.azure.net";
/// Resource Manager gives an answer within a minute or none (Azure docs, "Request limits and throttling").
const TIMEOUT: Duration = Duration::from_secs(60);
/// Waits before a read is tried again; a fourth failure is told.
const PAUSES_MS: [u64; 3] = [200, 600, 1500];
/// The longest wait that the cloud may ask of a read; beyond it, whoever asked decides.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The transport.
#[derive(Debug)]
pub(super) struct Wire {
    http: reqwest::Client,
    /// The address that stands in for the cloud's own ones.
    endpoint: Option<Url>,
}

impl Wire {
    /// # Errors
    /// If the endpoint is no address.
    pub(super) fn new(endpoint: Option<&str>) -> Result<Arc<Self>, CloudError> {
        let doing = "connecting to Microsoft Azure";
        let endpoint = endpoint.map(Url::parse).transpose().map_err(|error| {
            let said = format!("LOADLINE_AZURE_ENDPOINT is no address: {error}");
            CloudError::new(ErrorClass::Rejected { field: None }, doing, said)
                .hint("set it to an address such as http://127.0.0.1:8080, or leave it out")
        })?;
        // A redirect would carry the token elsewhere.
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build();
        let http = http.map_err(|error| CloudError::new(ErrorClass::Unexpected, doing, error.to_string()))?;
        Ok(Arc::new(Self { http, endpoint }))
    }

    /// Where a call really goes, and the host that it means. Links in answers name hosts too: none but the cloud's own gets a token.
    fn route(&self, meant: &Url) -> Result<(Url, Option<String>), CloudError> {
        let host = meant.host_str().unwrap_or_default();
        let vault = host.ends_with(VAULTS) && meant.scheme() == "https";
        let home = Url::parse(HOME).is_ok_and(|home| home.origin() == meant.origin());
        let ours = self.endpoint.as_ref().is_some_and(|endpoint| endpoint.origin() == meant.origin());
        if !(vault || home || ours) {
            let said = format!("a link leads to {host}, which is not Azure's");
            return Err(CloudError::new(ErrorClass::Unexpected, "", said));
        }
        let Some(endpoint) = &self.endpoint else { return Ok((meant.clone(), None)) };
        let mut real = endpoint.clone();
        real.set_path(meant.path());
        real.set_query(meant.query());
        Ok((real, vault.then(|| host.to_owned())))
    }

    async fn once(&self, request: &Request) -> Result<Response, CloudError> {
        let (url, host) = self.route(request.url())?;
        let method = reqwest::Method::from_bytes(request.method().as_ref().as_bytes());
        let method =
            method.map_err(|error| CloudError::new(ErrorClass::Unexpected, "", error.to_string()))?;
        let mut sent = self.http.request(method, url);
        for (name, value) in request.headers().iter() {
            sent = sent.header(name.as_str(), value.as_str());
        }
        if let Some(host) = host {
            sent = sent.header(HOST, host);
        }
        if let Body::Bytes(bytes) = request.body() {
            sent = sent.body(bytes.clone());
        }
        let answer = sent.send().await.map_err(errors::unanswered)?;
        let status = answer.status().as_u16();
        let headers: HashMap<HeaderName, HeaderValue> = answer
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_owned().into(), value.to_str().ok()?.to_owned().into()))
            })
            .collect();
        let headers = Headers::from(headers);
        let body = answer.bytes().await.map_err(errors::unanswered)?;
        if !(200..300).contains(&status) {
            return Err(errors::refused(status, errors::wait(&headers), &body));
        }
        let status = StatusCode::try_from(status).unwrap_or(StatusCode::Ok);
        Ok(Response::new(status, headers, Box::pin(BytesStream::new(body))))
    }

    async fn patiently(&self, request: &Request) -> Result<Response, CloudError> {
        for pause_ms in PAUSES_MS {
            let failed = match self.once(request).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            let least = Duration::from_millis(pause_ms);
            let pause = match failed.class {
                ErrorClass::RateLimited { after: Some(after) } if after > LONGEST_PAUSE => {
                    return Err(failed);
                }
                ErrorClass::RateLimited { after } => after.unwrap_or(least).max(least),
                ErrorClass::Unavailable => least,
                _ => return Err(failed),
            };
            tokio::time::sleep(pause).await;
        }
        self.once(request).await
    }
}

#[async_trait]
impl HttpClient for Wire {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<Response> {
        let answer = match request.method() {
            // Whoever asks for a change decides whether to ask again.
            Method::Get => self.patiently(request).await,
            _ => self.once(request).await,
        };
        answer.map_err(|failed| Error::new(ErrorKind::Other, failed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(endpoint: Option<&str>, meant: &str) -> Result<(String, Option<String>), CloudError> {
        let wire = Wire::new(endpoint)?;
        wire.route(&Url::parse(meant).unwrap()).map(|(url, host)| (url.to_string(), host))
    }

    #[test]
    fn a_link_to_another_host_is_never_followed() {
        for endpoint in [None, Some("http://127.0.0.1:7/")] {
            for odd in [
                "https://elsewhere.example/subscriptions/s",
                "http://management.azure.com/subscriptions/s",
                "https://management.azure.com.example/subscriptions/s",
                "http://x.vault.azure.net/secrets",
                "https://vault.azure.net.example/secrets",
            ] {
                let failed = routed(endpoint, odd).unwrap_err();
                assert!(failed.said.contains("which is not Azure's"), "{odd}: {failed:?}");
            }
        }
    }

    #[test]
    fn an_endpoint_takes_the_place_of_every_host_and_a_vault_is_told_by_its_name() {
        let endpoint = Some("http://127.0.0.1:7/");
        assert_eq!(
            routed(endpoint, "https://management.azure.com/a?b=c").unwrap(),
            ("http://127.0.0.1:7/a?b=c".to_owned(), None)
        );
        assert_eq!(
            routed(endpoint, "https://v.vault.azure.net/secrets/x").unwrap(),
            ("http://127.0.0.1:7/secrets/x".to_owned(), Some("v.vault.azure.net".to_owned()))
        );
        assert_eq!(
            routed(None, "https://v.vault.azure.net/secrets/x").unwrap(),
            ("https://v.vault.azure.net/secrets/x".to_owned(), None)
        );
        assert!(Wire::new(Some("nowhere")).unwrap_err().said.contains("LOADLINE_AZURE_ENDPOINT"));
    }
}
