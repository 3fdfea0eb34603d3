//! The password of the database: made here, kept in Secret Manager, read only to be given to the database. It stands in no
//! setting, plan or message.

use std::fmt;

use google_cloud_gax::paginator::ItemPaginator as _;
use google_cloud_secretmanager_v1::model::{SecretPayload, SecretVersion};
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, ErrorClass, State};
use serde_json::json;

use super::clients::{Clients, patient};
use super::compute;
use super::errors::failed;
use super::form::{self, Field, Form, last};
use super::marks::{self, Owned};
use crate::names;

/// Letters and digits: every client takes them, in every form of a connection string.
const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
/// Of 57 letters each: 186 bits.
const LENGTH: usize = 32;

const SECRET: &[Field] =
    &[("replica_locations", "replication.userManaged.replicas", Form::EachIn("location", &Form::Text))];

/// A password; shown to nobody.
pub(super) struct Password(pub(super) String);

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password")
    }
}

impl Password {
    fn new() -> Result<Self, CloudError> {
        let random = rustls::crypto::ring::default_provider().secure_random;
        let mut text = String::new();
        let mut bytes = [0; 4 * LENGTH];
        while text.len() < LENGTH {
            random.fill(&mut bytes).map_err(|_| {
                let said = "this machine gives no random numbers";
                CloudError::new(ErrorClass::Unexpected, "making a password", said)
            })?;
            // Only what makes every letter as likely as the others.
            let fair = usize::from(u8::MAX) / ALPHABET.len() * ALPHABET.len();
            let letters = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
            text.extend(letters.map(|byte| char::from(ALPHABET[byte % ALPHABET.len()])));
        }
        text.truncate(LENGTH);
        Ok(Self(text))
    }
}

fn secret_name(it: &Clients, name: &str) -> String {
    format!("projects/{}/secrets/{name}", it.project)
}

/// What a secret is known by: a name, and when it was made, so that one that is made again is another one.
fn id(it: &Clients, name: &str, made_at: i64) -> String {
    format!("{}@{made_at}", secret_name(it, name))
}

/// What of a secret's id is noted at the database that has its password.
pub(super) fn stamp(id: &str) -> &str {
    id.rsplit('@').next().unwrap_or_default()
}

/// The id of a secret of that name and stamp.
pub(super) fn stamped(it: &Clients, name: &str, stamp: &str) -> String {
    format!("{}@{stamp}", secret_name(it, name))
}

pub(super) async fn secrets(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let mut all = Vec::new();
    let mut items =
        patient(it.secrets.list_secrets().set_parent(format!("projects/{}", it.project))).by_item();
    while let Some(item) = items.next().await {
        let secret = item.map_err(failed("looking for secrets (secrets.list)"))?;
        let Some((deployment, address)) = marks::owner("password", &secret.labels) else { continue };
        let name = last(&secret.name);
        let made_at = secret.create_time.map(|it| it.seconds()).unwrap_or_default();
        let mut found = Found::new(address, Some(&id(it, name, made_at)), State::Ready, []);
        // A run ended between the two calls that make it: a secret without a password is not what was asked for.
        if has_version(it, name).await? {
            found.settings = form::read(SECRET, &compute::json(&secret)?);
        }
        all.push((deployment, found));
    }
    Ok(all)
}

async fn has_version(it: &Clients, name: &str) -> Result<bool, CloudError> {
    let asked =
        it.secrets.list_secret_versions().set_parent(secret_name(it, name)).set_filter("state:ENABLED");
    let mut items = patient(asked).by_item();
    match items.next().await {
        None => Ok(false),
        Some(Ok(_)) => Ok(true),
        Some(Err(error)) => Err(failed(format!("looking at the secret {name} (versions.list)"))(error)),
    }
}

/// Makes the secret where there is none, and a password where it holds none.
pub(super) async fn create(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let name = names::name(making.deployment, making.address);
    let mut body = json!({ "labels": marks::labels(making) });
    making.settings.iter().for_each(|(setting, value)| form::write(SECRET, setting, value, &mut body));
    let asked =
        it.secrets.create_secret().set_parent(format!("projects/{}", it.project)).set_secret_id(&name);
    let asked =
        asked.set_secret(compute::model::<google_cloud_secretmanager_v1::model::Secret>(body)?).send().await;
    let doing = format!("creating {} (secrets.create)", making.address);
    match asked.map_err(failed(doing)) {
        Err(error) if error.class == ErrorClass::AlreadyExists && is_ours(it, making, &name).await? => {}
        answered => drop(answered?),
    }
    fill(it, making, &name).await
}

async fn is_ours(it: &Clients, making: &Making<'_>, name: &str) -> Result<bool, CloudError> {
    let asked = patient(it.secrets.get_secret().set_name(secret_name(it, name))).send().await;
    let secret = asked.map_err(failed(format!("looking at {} (secrets.get)", making.address)))?;
    let owner = marks::owner("password", &secret.labels);
    Ok(owner
        .is_some_and(|(deployment, address)| deployment == *making.deployment && address == *making.address))
}

/// Puts a password into a secret that holds none.
pub(super) async fn fill(it: &Clients, making: &Making<'_>, name: &str) -> Result<(), CloudError> {
    if has_version(it, name).await? {
        return Ok(());
    }
    let payload = SecretPayload::new().set_data(Password::new()?.0.into_bytes());
    let asked =
        it.secrets.add_secret_version().set_parent(secret_name(it, name)).set_payload(payload).send().await;
    let doing = format!("putting a password into {} (secrets.addVersion)", making.address);
    asked.map(|_: SecretVersion| ()).map_err(failed(doing))
}

pub(super) async fn remove(it: &Clients, found: &Found) -> Result<(), CloudError> {
    let name = found.id.split('@').next().unwrap_or_default();
    let asked = it.secrets.delete_secret().set_name(name).send().await;
    asked.map(drop).map_err(failed(format!("removing {} (secrets.delete)", found.address)))
}

/// The password in a secret.
pub(super) async fn read(it: &Clients, id: &str) -> Result<Password, CloudError> {
    let name = id.split('@').next().unwrap_or_default();
    let asked = patient(it.secrets.access_secret_version().set_name(format!("{name}/versions/latest")));
    let doing = "reading the password of the database (versions.access)";
    let answer = asked.send().await.map_err(failed(doing))?;
    let text = answer.payload.and_then(|payload| String::from_utf8(payload.data.to_vec()).ok());
    text.map(Password).ok_or_else(|| {
        let said = format!("{name} holds no text");
        CloudError::new(ErrorClass::Unexpected, doing, said)
            .hint("remove the secret, so that the next run makes one with a new password")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_differ_and_are_not_shown() {
        let (one, other) = (Password::new().unwrap(), Password::new().unwrap());
        assert_eq!(one.0.len(), LENGTH);
        assert_ne!(one.0, other.0);
        assert!(one.0.bytes().all(|letter| ALPHABET.contains(&letter)));
        assert!(!format!("{one:?}").contains(&one.0));
    }

    #[test]
    fn a_secret_that_is_made_again_is_another_one() {
        assert_eq!(stamp("projects/p/secrets/s@1764134000"), "1764134000");
    }
}
