//! One place for every call: address, token, time-out, pages, and reads that are tried again.

use std::fmt;
use std::time::Duration;

use loadline_contract::deploy::{Access, Changed, CloudError, ErrorClass};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::errors;
use crate::profile::PROFILE;

/// The cloud's own API.
const HOME: &str = "https://api.digitalocean.com";
/// The slowest answers that were seen take a few seconds; who waits longer than this waits for nothing.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Waits before a read is tried again; a fourth failure is told.
const PAUSES_MS: [u64; 3] = [200, 600, 1500];
/// The longest wait that the cloud may ask of a read; beyond it, whoever asked decides.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Things on a page: the most there may be (API reference, "Links & Pagination").
const PER_PAGE: u32 = 200;
/// How often a list is read that changes under the reader.
const READINGS: usize = 12;

/// A connection to the API.
pub(crate) struct Client {
    http: reqwest::Client,
    home: String,
    authorization: HeaderValue,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("home", &self.home).finish_non_exhaustive()
    }
}

/// Where the other pages are.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Links {
    #[serde(default)]
    pages: Pages,
}

#[derive(Debug, Default, Deserialize)]
struct Pages {
    next: Option<String>,
}

/// What a page says about the whole list.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Meta {
    /// How many things there are in all.
    pub(crate) total: Option<u64>,
}

/// One page of a list.
pub(crate) trait Page: DeserializeOwned {
    /// What is listed.
    type Item;
    /// The things on it, where the others are, and how many there are in all, where the cloud says so.
    fn open(self) -> (Vec<Self::Item>, Links, Option<u64>);
}

/// A page whose things stand under a name of their own.
macro_rules! page {
    ($page:ident, $key:literal, $item:ty) => {
        #[derive(Debug, serde::Deserialize)]
        pub(super) struct $page {
            #[serde(rename = $key, default)]
            items: Option<Vec<$item>>,
            #[serde(default)]
            links: Option<$crate::account::client::Links>,
            #[serde(default)]
            meta: Option<$crate::account::client::Meta>,
        }

        impl $crate::account::client::Page for $page {
            type Item = $item;

            fn open(self) -> (Vec<$item>, $crate::account::client::Links, Option<u64>) {
                let total = self.meta.and_then(|meta| meta.total);
                (self.items.unwrap_or_default(), self.links.unwrap_or_default(), total)
            }
        }
    };
}
pub(super) use page;

impl Client {
    /// A connection with the token that the environment names; nothing is asked yet.
    ///
    /// # Errors
    /// `NotAuthenticated` without a token.
    pub(crate) fn new(access: &Access) -> Result<Self, CloudError> {
        let doing = "connecting to DigitalOcean";
        if let Some(named) = &access.credentials {
            let said = format!("DigitalOcean has no named credentials such as `{named}`");
            let hint = "leave --credentials out and set DIGITALOCEAN_ACCESS_TOKEN";
            return Err(CloudError::new(ErrorClass::NotAuthenticated, doing, said).hint(hint));
        }
        let names = PROFILE.credential_variables;
        let tokens = names.iter().filter_map(|name| Some((name, access.variables.get(*name)?.trim())));
        let Some((name, token)) = tokens.into_iter().find(|(_, token)| !token.is_empty()) else {
            let said = format!("there is no token: none of {} is set", names.join(", "));
            let failed = CloudError::new(ErrorClass::NotAuthenticated, doing, said);
            return Err(failed.hint(errors::TOKEN_HINT));
        };
        let Ok(mut authorization) = HeaderValue::from_str(&format!("Bearer {token}")) else {
            let said = format!("{name} holds characters that no token has");
            let failed = CloudError::new(ErrorClass::NotAuthenticated, doing, said);
            return Err(failed.hint(errors::TOKEN_HINT));
        };
        authorization.set_sensitive(true);
        // Whoever installed one before had the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A redirect would carry the token elsewhere.
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build();
        let http = http.map_err(|error| CloudError::new(ErrorClass::Unexpected, doing, error.to_string()))?;
        let home = access.endpoint.as_deref().unwrap_or(HOME).trim_end_matches('/').to_owned();
        Ok(Self { http, home, authorization })
    }

    /// Reads one thing; tried again while the cloud is busy.
    pub(crate) async fn get<T: DeserializeOwned>(&self, what: &str, path: &str) -> Result<T, CloudError> {
        let doing = doing(what, &Method::GET, path);
        for pause_ms in PAUSES_MS {
            let failed = match self.send(&doing, Method::GET, path, None::<&()>).await {
                Ok(answer) => return read(&doing, &answer),
                Err(failed) => failed,
            };
            let pause = match failed.class {
                ErrorClass::RateLimited { after: Some(after) } if after > LONGEST_PAUSE => {
                    return Err(failed);
                }
                ErrorClass::RateLimited { after: Some(after) } => after.max(Duration::from_millis(pause_ms)),
                ErrorClass::RateLimited { after: None } | ErrorClass::Unavailable => {
                    Duration::from_millis(pause_ms)
                }
                _ => return Err(failed),
            };
            tokio::time::sleep(pause).await;
        }
        read(&doing, &self.send(&doing, Method::GET, path, None::<&()>).await?)
    }

    /// Reads a list to its last page, always from the address that we were given. Pages are offsets: what is removed meanwhile
    /// moves everything behind it, and a thing would be passed over. A list whose length changes while it is read is read anew.
    pub(crate) async fn list<P: Page>(&self, what: &str, path: &str) -> Result<Vec<P::Item>, CloudError> {
        for _ in 0..READINGS {
            if let Some(found) = self.read_through::<P>(what, path).await? {
                return Ok(found);
            }
        }
        let said = "the list kept changing while it was read";
        Err(CloudError::new(ErrorClass::Unavailable, doing(what, &Method::GET, path), said))
    }

    /// The list; `None`: its length changed between two pages.
    async fn read_through<P: Page>(
        &self,
        what: &str,
        path: &str,
    ) -> Result<Option<Vec<P::Item>>, CloudError> {
        let (mut found, mut number, mut length) = (Vec::new(), 1, None);
        loop {
            let sign = if path.contains('?') { '&' } else { '?' };
            let page: P = self.get(what, &format!("{path}{sign}per_page={PER_PAGE}&page={number}")).await?;
            let (things, links, total) = page.open();
            if number > 1 && total != length {
                return Ok(None);
            }
            length = total;
            found.extend(things);
            let Some(next) = links.pages.next else { return Ok(Some(found)) };
            let next = page_number(&next).filter(|next| *next > number);
            number = next.ok_or_else(|| {
                let said = format!("page {number} does not say which page comes next");
                CloudError::new(ErrorClass::Unexpected, doing(what, &Method::GET, path), said)
            })?;
        }
    }

    /// Changes something, once; what the cloud answers is not needed.
    pub(crate) async fn order<B: Serialize + Sync>(
        &self,
        what: &str,
        method: Method,
        path: &str,
        body: &B,
    ) -> Result<(), CloudError> {
        let doing = doing(what, &method, path);
        self.send(&doing, method, path, Some(body)).await.map(drop)
    }

    /// Removes something, once.
    pub(crate) async fn delete(&self, what: &str, path: &str) -> Result<(), CloudError> {
        let doing = doing(what, &Method::DELETE, path);
        self.send(&doing, Method::DELETE, path, None::<&()>).await.map(drop)
    }

    async fn send<B: Serialize>(
        &self,
        doing: &str,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<Vec<u8>, CloudError> {
        let mut request = self.http.request(method, format!("{}{path}", self.home));
        request = request.header(AUTHORIZATION, self.authorization.clone());
        // The cloud wants it said that the machines go with their pool; no other path ends so.
        if path.ends_with("/dangerous") {
            request = request.header("X-Dangerous", "true");
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.map_err(|error| errors::unanswered(doing, error))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.map_err(|error| errors::unanswered(doing, error))?;
        if status.is_success() { Ok(body.to_vec()) } else { Err(refused(doing, status, &headers, &body)) }
    }
}

fn refused(doing: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> CloudError {
    errors::refused(doing, status.as_u16(), errors::wait(headers), body)
}

/// What was being done, with the call.
fn doing(what: &str, method: &Method, path: &str) -> String {
    format!("{what} ({method} {})", path.split('?').next().unwrap_or_default())
}

fn read<T: DeserializeOwned>(doing: &str, answer: &[u8]) -> Result<T, CloudError> {
    serde_json::from_slice(answer).map_err(|error| {
        // The position is told, not the content: it may hold passwords.
        let said =
            format!("the answer is of an unknown form at line {}, column {}", error.line(), error.column());
        CloudError { changed: Changed::Nothing, ..CloudError::new(ErrorClass::Unexpected, doing, said) }
    })
}

/// The number of the page that an address names.
fn page_number(address: &str) -> Option<u32> {
    let query = address.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix("page=")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(variables: &[(&str, &str)]) -> Access {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Access { variables, ..Access::default() }
    }

    #[test]
    fn without_a_token_nothing_is_asked_and_the_variable_is_named() {
        for variables in [&[][..], &[("DIGITALOCEAN_TOKEN", " ")][..]] {
            let failed = Client::new(&access(variables)).unwrap_err();
            assert_eq!((failed.class, failed.changed), (ErrorClass::NotAuthenticated, Changed::Nothing));
            assert!(failed.hint.unwrap().contains("DIGITALOCEAN_ACCESS_TOKEN"));
        }
    }

    #[test]
    fn the_first_variable_that_is_set_holds_the_token_and_it_is_never_shown() {
        let client = |variables: &[(&str, &str)]| Client::new(&access(variables)).unwrap();
        let both = client(&[("DIGITALOCEAN_TOKEN", "second"), ("DIGITALOCEAN_ACCESS_TOKEN", "first")]);
        assert_eq!(both.authorization, "Bearer first");
        assert_eq!(client(&[("DIGITALOCEAN_TOKEN", "second")]).authorization, "Bearer second");
        assert!(!format!("{both:?}").contains("first"));
        let broken = Client::new(&access(&[("DIGITALOCEAN_TOKEN", "se\ncret")])).unwrap_err();
        assert!(!format!("{broken:?}").contains("cret"), "{broken:?}");
    }

    #[test]
    fn a_next_page_is_a_number_whatever_host_it_names() {
        assert_eq!(page_number("https://elsewhere.example/v2/tags?per_page=2&page=3"), Some(3));
        assert_eq!(page_number("https://elsewhere.example/v2/tags?page=4&per_page=2"), Some(4));
        assert_eq!(page_number("https://elsewhere.example/v2/tags?per_page=2"), None);
        assert_eq!(page_number("nothing"), None);
    }
}
