//! Names of things inside one deployment. All references use them, never a cloud's id.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

/// `kind/name`, such as `database/main`; both of lower-case letters, digits and `-`. Addresses are in order of kind, then name.
// One text, not two, and it is known where its kind ends: a plan over 10,000 things compares some hundred thousand of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Address {
    text: Box<str>,
    /// Bytes of the kind.
    kind: u8,
}

/// A text that is no address or deployment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not `kind/name` of lower-case letters, digits and `-`, such as `database/main`")]
pub struct AddressError(String);

impl Address {
    /// The address of that kind and name.
    ///
    /// # Panics
    /// If either holds anything but lower-case letters, digits and `-`: addresses are made by code. Text from outside
    /// goes through [`FromStr`].
    #[must_use]
    pub fn new(kind: &str, name: &str) -> Self {
        let text = format!("{kind}/{name}");
        text.try_into().unwrap_or_else(|_| panic!("`{kind}/{name}` is no address"))
    }

    /// Kind.
    pub fn kind(&self) -> &str {
        &self.text[..usize::from(self.kind)]
    }

    /// Name, unique within kind and deployment.
    pub fn name(&self) -> &str {
        &self.text[usize::from(self.kind) + 1..]
    }
}

impl Ord for Address {
    fn cmp(&self, other: &Self) -> Ordering {
        // The end of a kind comes before everything that another kind may go on with, `-` among it.
        let rank = |byte: u8| if byte == b'/' { 0 } else { byte };
        let pairs = self.text.bytes().zip(other.text.bytes());
        let different = pairs.map(|(one, other)| rank(one).cmp(&rank(other))).find(|order| order.is_ne());
        different.unwrap_or_else(|| self.text.len().cmp(&other.text.len()))
    }
}

impl PartialOrd for Address {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

fn is_word(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.len() <= 63 && text.bytes().all(allowed)
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        match text.split_once('/') {
            // A word has at most 63 bytes.
            #[allow(clippy::cast_possible_truncation)]
            Some((kind, name)) if is_word(kind) && is_word(name) => {
                let kind = kind.len() as u8;
                Ok(Self { text: text.into(), kind })
            }
            _ => Err(AddressError(text.chars().take(100).collect())),
        }
    }
}

/// The name of a deployment: what a spec calls `name`. Every resource carries it as an exact tag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Deployment(String);

impl Deployment {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Deployment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Deployment {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if is_word(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(AddressError(text.chars().take(100).collect()))
        }
    }
}

impl TryFrom<String> for Deployment {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

impl From<Deployment> for String {
    fn from(deployment: Deployment) -> Self {
        deployment.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_its_text() {
        let address: Address = "database/main".parse().unwrap();
        assert_eq!(
            (address.kind(), address.name(), address.to_string().as_str()),
            ("database", "main", "database/main")
        );
    }

    #[test]
    fn addresses_are_in_order_of_kind_then_name() {
        let mut sorted: Vec<Address> =
            ["db-subnets/a", "db/b", "db/a-1", "db/a"].iter().map(|text| text.parse().unwrap()).collect();
        sorted.sort();
        let texts: Vec<String> = sorted.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["db/a", "db/a-1", "db/b", "db-subnets/a"]);
    }

    #[test]
    fn the_order_is_that_of_the_two_words() {
        let words = ["a", "a-", "a-b", "a0", "ab", "b", "-", "0"];
        let all: Vec<Address> =
            words.iter().flat_map(|kind| words.map(|name| Address::new(kind, name))).collect();
        for one in &all {
            for other in &all {
                let words = (one.kind(), one.name()).cmp(&(other.kind(), other.name()));
                assert_eq!(one.cmp(other), words, "{one} {other}");
            }
        }
    }

    #[test]
    fn what_could_mean_something_to_a_shell_or_a_path_is_no_address() {
        for text in
            ["", "database", "/main", "database/", "a/b/c", "Database/main", "a/..", "a/b c", "a/$x", "a/é"]
        {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
        assert!("../etc".parse::<Deployment>().is_err());
    }
}
