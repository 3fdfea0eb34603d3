//! Calls to the services that have no client library: Service Networking, and what is looked at beforehand.

use std::fmt;
use std::time::Duration;

use google_cloud_auth::credentials::{CacheableResource, Credentials};
use loadline_contract::deploy::{Changed, CloudError, ErrorClass};
use reqwest::Method;
use reqwest::header::{HOST, HeaderMap};
use reqwest::redirect::Policy;
use serde_json::Value as Json;

use super::clients::{ATTEMPTS, Home, TIMEOUT};
use super::errors::{self, SIGN_IN, Said};

/// The longest wait that the cloud may ask of a look; beyond it, whoever asked decides.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A connection to services by name.
pub(super) struct Rest {
    http: reqwest::Client,
    home: Home,
    credentials: Credentials,
}

impl fmt::Debug for Rest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rest").field("home", &self.home).finish_non_exhaustive()
    }
}

/// One call: the service without its domain, the method, the path with its query.
type Call<'a> = (&'a str, Method, &'a str);

impl Rest {
    pub(super) fn new(home: Home, credentials: Credentials) -> Result<Self, CloudError> {
        // A redirect would carry the token elsewhere.
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build();
        let http = http.map_err(|error| {
            CloudError::new(ErrorClass::Unexpected, "connecting to Google Cloud", error.to_string())
        })?;
        Ok(Self { http, home, credentials })
    }

    /// Reads one thing; tried again while the cloud is busy.
    pub(super) async fn get(&self, doing: &str, service: &str, path: &str) -> Result<Json, CloudError> {
        let mut pause = Duration::from_millis(200);
        for _ in 1..ATTEMPTS {
            match self.call(doing, (service, Method::GET, path), None).await {
                Err(failed) if failed.class.is_passing() => {
                    let asked = match failed.class {
                        ErrorClass::RateLimited { after: Some(after) } => after,
                        _ => pause,
                    };
                    tokio::time::sleep(asked.min(LONGEST_PAUSE)).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                answered => return answered,
            }
        }
        self.call(doing, (service, Method::GET, path), None).await
    }

    /// One call, once.
    pub(super) async fn call(
        &self,
        doing: &str,
        (service, method, path): Call<'_>,
        body: Option<&Json>,
    ) -> Result<Json, CloudError> {
        let service = format!("{service}.googleapis.com");
        let mut request = self.http.request(method, format!("{}/{path}", self.home.endpoint(&service)));
        request = request.headers(self.sign(doing).await?);
        if matches!(self.home, Home::Private(_)) {
            request = request.header(HOST, service);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let unanswered = |error: reqwest::Error| {
            CloudError::new(ErrorClass::Unavailable, doing, error.without_url().to_string())
        };
        let answer = request.send().await.map_err(unanswered)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.map_err(unanswered)?;
        if !status.is_success() {
            let error: Json = serde_json::from_slice(&body).unwrap_or_default();
            let after = headers.get("retry-after").and_then(|it| it.to_str().ok()?.parse().ok());
            let said = Said {
                status: status.as_u16(),
                after: after.map(Duration::from_secs),
                ..errors::read(&error["error"])
            };
            return Err(errors::refused(doing, &said));
        }
        serde_json::from_slice(&body).map_err(|_| {
            let failed = CloudError::new(ErrorClass::Unexpected, doing, "the answer is of an unknown form");
            CloudError { changed: Changed::Unknown, ..failed }
        })
    }

    async fn sign(&self, doing: &str) -> Result<HeaderMap, CloudError> {
        match self.credentials.headers(Default::default()).await {
            Ok(CacheableResource::New { data, .. }) => Ok(data),
            Ok(CacheableResource::NotModified) => Ok(HeaderMap::new()),
            Err(error) if error.is_transient() => {
                Err(CloudError::new(ErrorClass::Unavailable, doing, error.to_string()))
            }
            Err(error) => {
                Err(CloudError::new(ErrorClass::NotAuthenticated, doing, error.to_string()).hint(SIGN_IN))
            }
        }
    }
}
