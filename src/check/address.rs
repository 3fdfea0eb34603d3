//! Addresses of data stores, which may hold a password: parsed once, shown without it, and never printed whole.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// Where a store is, and how to log in.
#[derive(Clone)]
pub struct StoreAddress {
    whole: SecretString,
    hidden: Vec<SecretString>,
    shown: String,
}

impl fmt::Debug for StoreAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "StoreAddress({})", self.shown)
    }
}

/// Schemes that are taken, and what the client knows them as.
const DATABASE: &[(&str, &str)] = &[("mysql", "mysql"), ("mariadb", "mysql")];
const CACHE: &[(&str, &str)] = &[
    ("redis", "redis"),
    ("rediss", "rediss"),
    ("valkey", "redis"),
    ("valkeys", "rediss"),
    ("redis+unix", "redis+unix"),
    ("unix", "unix"),
];

impl StoreAddress {
    /// A database: `mysql://user:password@host[:port][/name]`; a driver behind the scheme (`mysql+pymysql`) is left out.
    ///
    /// # Errors
    /// With a sentence that shows nothing of the text.
    pub fn database(text: &SecretString) -> Result<Self, String> {
        Self::read(text, DATABASE, "mysql://user:password@host:3306/name")
    }

    /// A cache or queue: `redis[s]://[user:password@]host[:port][/number]`.
    ///
    /// # Errors
    /// With a sentence that shows nothing of the text.
    pub fn cache(text: &SecretString) -> Result<Self, String> {
        Self::read(text, CACHE, "redis://:password@host:6379/0")
    }

    fn read(text: &SecretString, schemes: &[(&str, &str)], example: &str) -> Result<Self, String> {
        let plain = text.expose_secret().trim();
        let wrong = |what: String| format!("{what}; write it as {example}, special characters as %40");
        let (scheme, rest) =
            plain.split_once("://").ok_or_else(|| wrong("it is no address with a scheme".to_owned()))?;
        let known = schemes.iter().find(|(name, _)| {
            scheme == *name || (*name == "mysql" && scheme.strip_prefix("mysql+").is_some())
        });
        let Some((_, scheme)) = known else {
            let names: Vec<&str> = schemes.iter().map(|(name, _)| *name).collect();
            return Err(wrong(format!("its scheme is none of {}", names.join(", "))));
        };
        let whole = format!("{scheme}://{rest}");
        let url = Url::parse(&whole).map_err(|error| wrong(format!("it cannot be read ({error})")))?;
        let shown = match (url.host_str().filter(|host| !host.is_empty()), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) if scheme.contains("unix") => url.path().to_owned(),
            (None, _) => return Err(wrong("it names no host".to_owned())),
        };
        let mut hidden = vec![SecretString::from(whole.clone()), SecretString::from(plain.to_owned())];
        if let Some(password) = url.password().filter(|password| !password.is_empty()) {
            hidden.push(SecretString::from(decoded(password)));
            hidden.push(SecretString::from(password.to_owned()));
        }
        Ok(Self { whole: SecretString::from(whole), hidden, shown })
    }

    /// Host and port, for a person.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The address whole, for the client alone.
    #[cfg_attr(not(feature = "check"), allow(dead_code, reason = "only clients ask for it"))]
    pub(super) fn whole(&self) -> &str {
        self.whole.expose_secret()
    }

    /// What a client or server said, with everything secret taken out.
    pub fn scrubbed(&self, said: &str) -> String {
        self.hidden.iter().fold(said.to_owned(), |said, secret| said.replace(secret.expose_secret(), "***"))
    }

    /// Whether both lead to the same server.
    pub fn is_beside(&self, other: &Self) -> bool {
        self.shown == other.shown
    }
}

/// Text of an address with `%40` and the like as what they stand for.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        let code = code.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(text: &str) -> Result<StoreAddress, String> {
        StoreAddress::database(&SecretString::from(text))
    }

    #[test]
    fn a_password_is_neither_shown_nor_left_in_what_a_client_says() {
        let address = database("mysql+pymysql://shop:p%40ss-word@db.example:3307/shop").unwrap();
        assert_eq!(address.shown(), "db.example:3307");
        assert_eq!(format!("{address:?}"), "StoreAddress(db.example:3307)");
        assert_eq!(address.whole(), "mysql://shop:p%40ss-word@db.example:3307/shop");
        let said = "refused p@ss-word and p%40ss-word in mysql://shop:p%40ss-word@db.example:3307/shop";
        let scrubbed = address.scrubbed(said);
        assert!(!scrubbed.contains("ss-word"), "{scrubbed}");
    }

    #[test]
    fn a_wrong_address_is_refused_without_showing_it() {
        for wrong in ["hunter2", "postgres://u:hunter2@h/", "mysql://", "mysql://u:hunter2@h:port/"] {
            let error = database(wrong).unwrap_err();
            assert!(!error.contains("hunter2") && error.contains("mysql://user:password@host"), "{error}");
        }
    }

    #[test]
    fn valkey_is_spoken_to_as_redis() {
        let address = StoreAddress::cache(&SecretString::from("valkeys://:x@c:1/2")).unwrap();
        assert_eq!(address.whole(), "rediss://:x@c:1/2");
    }
}
