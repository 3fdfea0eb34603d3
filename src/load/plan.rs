//! What a test sends: the spec's mix and think times, levels of load, and a target that the spec has to own. Pure.

use std::net::IpAddr;

use crate::spec::Spec;

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Whether TLS is spoken.
    pub tls: bool,
    /// Host name or address, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// What stands before each path; empty or without a `/` at its end.
    pub base: String,
}

impl Target {
    /// Reads `http[s]://host[:port][/path]`.
    ///
    /// # Errors
    /// With a sentence that says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let url = url::Url::parse(text).map_err(|error| format!("`{text}` is no address: {error}"))?;
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            other => return Err(format!("`{text}` is neither http nor https but {other}")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "an address with a name or a password in it would end up in reports: use --header".to_owned()
            );
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("`{text}` has a query: paths and queries belong to requests[].path"));
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = url.port_or_known_default().unwrap_or(80);
        Ok(Self { tls, host, port, base: url.path().trim_end_matches('/').to_owned() })
    }

    /// The address as a person writes it.
    pub fn shown(&self) -> String {
        format!("{}{}", self.origin(), self.base)
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// Scheme, host and port, without any path.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme(), self.authority())
    }

    /// The path, with its query, at which a kind of request is asked for.
    pub fn path_of(&self, kind: &Kind) -> String {
        format!("{}{}", self.base, kind.path)
    }

    /// Whether it is the machine itself that asks.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Host and port for the `Host` header; the port where it is not the scheme's own.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == if self.tls { 443 } else { 80 } { host } else { format!("{host}:{}", self.port) }
    }

    /// Whether the spec says that this is a target of its own: this machine, the host of `app.url`, or one of `hosts`.
    pub fn is_owned_by(&self, spec: &Spec) -> bool {
        let of_url = spec.app.url.as_deref().and_then(|url| Self::read(url).ok());
        let named = |host: &String| {
            let host = host.rsplit_once('@').map_or(host.as_str(), |(_, host)| host);
            let name = match host.strip_prefix('[') {
                Some(rest) => rest.split(']').next().unwrap_or_default(),
                None => host.split(':').next().unwrap_or_default(),
            };
            name.eq_ignore_ascii_case(&self.host)
        };
        self.is_loopback()
            || of_url.is_some_and(|own| own.host.eq_ignore_ascii_case(&self.host))
            || spec.hosts.iter().any(named)
    }
}

/// One kind of request.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// Name in the spec.
    pub name: String,
    /// Share of all requests, 0..=1.
    pub share: f64,
    /// HTTP method.
    pub method: String,
    /// Path with its query.
    pub path: String,
    /// Bytes of the body; 0 for methods without one.
    pub body_bytes: usize,
}

/// The kinds of a spec.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn kinds(spec: &Spec) -> Vec<Kind> {
    let with_body = |method: &str| matches!(method, "POST" | "PUT" | "PATCH");
    let kind = |request: &crate::spec::Request| Kind {
        name: request.name.clone(),
        share: request.share,
        method: request.method.clone(),
        path: request.path.clone(),
        body_bytes: if with_body(&request.method) { request.upload_bytes.mid as usize } else { 0 },
    };
    spec.requests.iter().map(kind).collect()
}

/// How a level drives the target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drive {
    /// So many people, each of whom waits for the answer, thinks, and asks again.
    Users(u32),
    /// Requests that arrive at this rate whatever the target does, 1/s.
    Rate(f64),
}

impl Drive {
    /// People, or requests a second: what levels of one test are in order of.
    pub fn size(self) -> f64 {
        match self {
            Self::Users(users) => f64::from(users),
            Self::Rate(rate) => rate,
        }
    }
}

/// A test.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Where.
    pub target: Target,
    /// What; shares add up to 1.
    pub kinds: Vec<Kind>,
    /// Mean time between an answer and the same user's next request, s.
    pub think_s: f64,
    /// Levels in the order in which they are driven.
    pub levels: Vec<Drive>,
    /// Time in which the people of a level arrive, or its rate is reached, s.
    pub ramp_s: f64,
    /// Time after the ramp that is not counted, s.
    pub warm_up_s: f64,
    /// Time that is counted, s.
    pub duration_s: f64,
    /// Longest wait for an answer, s.
    pub timeout_s: f64,
    /// The test ends once this share of the requests of the last five seconds were errors, 0..=1.
    pub stop_share: f64,
    /// Seed of think times, arrivals and the mix.
    pub seed: u64,
}

/// How many people, or how many requests a second, where nobody says: a quarter more than the spec.
pub const MARGIN: f64 = 1.25;

/// Reads levels: shares of `full` (`50%`) or numbers of their own, apart by commas.
///
/// # Errors
/// With a sentence that says what is wrong.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn levels(text: Option<&str>, full: Drive) -> Result<Vec<Drive>, String> {
    let Some(text) = text else { return Ok(vec![full]) };
    let level = |word: &str| {
        let word = word.trim();
        let wrong = || format!("`{word}` is no level: write a share such as 50%, or a number");
        let (number, share) = word.strip_suffix('%').map_or((word, false), |number| (number.trim(), true));
        let number: f64 =
            number.parse().ok().filter(|number: &f64| *number > 0.0 && *number < 1e7).ok_or_else(wrong)?;
        let factor = |full: f64| if share { full * number / 100.0 } else { number };
        Ok(match full {
            Drive::Users(users) => Drive::Users((factor(f64::from(users)).round() as u32).max(1)),
            Drive::Rate(rate) => Drive::Rate(factor(rate)),
        })
    };
    text.split(',').map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizing::fixtures::teachers;

    #[test]
    fn an_address_is_read_whole_and_written_back() {
        let target = Target::read("https://app.example.org/school/").unwrap();
        assert_eq!((target.tls, target.port, target.base.as_str()), (true, 443, "/school"));
        assert_eq!(target.shown(), "https://app.example.org/school");
        let target = Target::read("http://[::1]:8080").unwrap();
        assert_eq!((target.host.as_str(), target.authority().as_str()), ("::1", "[::1]:8080"));
        for wrong in ["app.example.org", "ftp://a", "http://ann:pw@a", "http://a/?b=c", "http://"] {
            assert!(Target::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_what_the_spec_names_is_its_own() {
        let mut spec = teachers();
        let owned = |spec: &Spec, url: &str| Target::read(url).unwrap().is_owned_by(spec);
        assert!(owned(&spec, "http://127.0.0.1:8000") && owned(&spec, "http://localhost"));
        assert!(!owned(&spec, "https://app.example.org"));
        spec.app.url = Some("https://app.example.org/school".into());
        assert!(owned(&spec, "http://APP.example.org:8080"));
        assert!(
            !owned(&spec, "https://other.example.org") && !owned(&spec, "https://app.example.org.evil.net")
        );
        spec.hosts = vec!["ann@web1:2222".into(), "[2001:db8::1]:22".into()];
        assert!(owned(&spec, "http://web1:80") && owned(&spec, "http://[2001:db8::1]/"));
        assert!(!owned(&spec, "http://ann"));
    }

    #[test]
    fn levels_are_shares_or_numbers() {
        let full = Drive::Users(2500);
        assert_eq!(levels(None, full), Ok(vec![full]));
        assert_eq!(
            levels(Some("10%, 50%,2600"), full),
            Ok(vec![Drive::Users(250), Drive::Users(1250), Drive::Users(2600)])
        );
        assert_eq!(levels(Some("50%"), Drive::Rate(99.0)), Ok(vec![Drive::Rate(49.5)]));
        for wrong in ["", "x", "0", "-5%", "5%%", "nan", "inf"] {
            assert!(levels(Some(wrong), full).is_err(), "{wrong}");
        }
    }
}
