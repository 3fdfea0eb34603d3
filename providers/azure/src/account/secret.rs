//! The password of the database: made here, kept in the vault, given to the server. It is read again only while it is given to a
//! server, and is part of no setting, message or log.
//!
//! A version of a secret has an id of its own: a server notes which one it was given, so that a password that was changed in the
//! vault is seen, and given to it.

use std::fmt;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, ErrorClass, State};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value as Json, json};

use super::client::Client;
use super::json::text;
use super::vault::{self, VAULT};
use super::{ids, marks};
use crate::names;

/// Letters and digits that nobody takes for each other. A server wants three sorts of characters, 8 to 128 of them (Azure docs,
/// "Azure Database for MySQL, server concepts").
const LETTERS: &[u8; 57] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
const LENGTH: usize = 32;

/// A password: shown nowhere.
pub(super) struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(***)")
    }
}

impl Password {
    /// A new one: 186 bits of chance.
    fn made() -> Result<Self, CloudError> {
        let random = SystemRandom::new();
        let mut made = String::new();
        while made.len() < LENGTH {
            let mut bytes = [0_u8; 64];
            random.fill(&mut bytes).map_err(|_| {
                CloudError::new(
                    ErrorClass::Unexpected,
                    "making a password",
                    "this machine has no random numbers",
                )
            })?;
            // What is beyond the last whole round would make the first letters likelier.
            let most = (256 / LETTERS.len() * LETTERS.len()) as u8;
            let letters = bytes
                .iter()
                .filter(|byte| **byte < most)
                .map(|byte| LETTERS[usize::from(*byte) % LETTERS.len()]);
            made.extend(letters.map(char::from).take(LENGTH - made.len()));
            let sorts = [u8::is_ascii_uppercase, u8::is_ascii_lowercase, u8::is_ascii_digit];
            if made.len() == LENGTH && !sorts.iter().all(|sort| made.bytes().any(|byte| sort(&byte))) {
                made.clear();
            }
        }
        Ok(Self(made))
    }

    /// For a body.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

/// The secret that a deployment has: of exact name, in a vault of ours.
fn address() -> Address {
    Address::new("secret", "database")
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let name = names::name(deployment, &address(), "");
    let mut found = Vec::new();
    for row in VAULT.rows(it, deployment).await? {
        let (Some(uri), Some(id)) = (vault::uri(&row), text(&row, "/id")) else { continue };
        if marks::state(&row) != State::Ready {
            continue;
        }
        let versions =
            it.list("looking for the database's password", &format!("{uri}/secrets/{name}/versions")).await?;
        // A version that a person added carries no tags of ours, and is the secret's value all the same.
        if !versions.iter().any(|version| marks::address(version, deployment, "secret").is_some()) {
            continue;
        }
        let made = |version: &&Json| version.pointer("/attributes/created").and_then(Json::as_i64);
        if let Some(newest) = versions.iter().max_by_key(made).and_then(|version| text(version, "/id")) {
            let settings = [("vault", ids::canonical(id).into())];
            found.push(Found::new(address(), Some(newest), State::Ready, settings));
        }
    }
    Ok(found)
}

/// The address of the vault with that id.
async fn uri(it: &Client, what: &str, id: &str) -> Result<String, CloudError> {
    let vault = it.get(what, id).await?;
    vault::uri(&vault).map(str::to_owned).ok_or_else(|| {
        CloudError::new(ErrorClass::Conflict, what, "the vault does not say yet where it answers")
    })
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let what = format!("creating {}", making.address);
    let uri = uri(it, &what, making.settings.text("vault")?).await?;
    let name = names::name(making.deployment, making.address, "");
    // One that was removed with its vault came back with it, or can: a server that is there already has its password.
    let removed = it.maybe(&what, &format!("{uri}/deletedsecrets/{name}")).await?;
    if removed.is_some() {
        return it.post(&what, &format!("{uri}/deletedsecrets/{name}/recover"), &Json::Null).await.map(drop);
    }
    let password = Password::made()?;
    let body = json!({
        "value": password.reveal(),
        "contentType": "password of the database",
        "tags": marks::tags(making.deployment, making.address),
    });
    it.put(&what, &format!("{uri}/secrets/{name}"), &body).await.map(drop)
}

/// The password that a version of a secret holds.
pub(super) async fn password(it: &Client, what: &str, id: &str) -> Result<Password, CloudError> {
    let secret = it.get(what, id).await?;
    let value = text(&secret, "/value").map(str::to_owned);
    value
        .map(Password)
        .ok_or_else(|| CloudError::new(ErrorClass::Unexpected, what, "the secret holds nothing"))
}

/// Removes it; its vault, which goes after it, takes what is left of it along.
pub(super) async fn remove(it: &Client, found: &Found) -> Result<(), CloudError> {
    // Not this version: the whole secret.
    let secret = found.id.rsplit_once('/').map_or(found.id.as_str(), |(secret, _)| secret);
    let what = format!("removing {}", found.address);
    it.delete(&what, secret).await?;
    match it.delete(&what, &secret.replacen("/secrets/", "/deletedsecrets/", 1)).await {
        // It is being removed still.
        Err(error) if matches!(error.class, ErrorClass::Conflict | ErrorClass::NotFound) => Ok(()),
        done => done.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_of_three_sorts_of_letters_never_the_same_and_never_shown() {
        let made: Vec<Password> = (0..50).map(|_| Password::made().unwrap()).collect();
        for (at, password) in made.iter().enumerate() {
            let value = password.reveal();
            assert_eq!(value.len(), LENGTH);
            assert!(value.bytes().any(|byte| byte.is_ascii_digit()));
            assert!(value.bytes().any(|byte| byte.is_ascii_uppercase()));
            assert!(value.bytes().any(|byte| byte.is_ascii_lowercase()));
            assert!(!format!("{password:?}").contains(value));
            assert!(made[at + 1..].iter().all(|other| other.reveal() != value));
        }
    }
}
