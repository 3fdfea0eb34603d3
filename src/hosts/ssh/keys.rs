//! The person's private keys: read once, opened once, for all hosts of a run.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use russh::keys::{
    Certificate, PrivateKey, PublicKey, decode_secret_key, load_openssh_certificate, load_public_key,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use crate::hosts::ask::Answers;

/// Passphrases that may be wrong before a key is given up, as ssh does (NumberOfPasswordPrompts).
const PASSPHRASES: u32 = 3;

/// A key that lies in a file.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) path: PathBuf,
    /// Known without the passphrase, except for old formats without a `.pub` file beside them.
    pub(super) public: Option<PublicKey>,
    pub(super) certificate: Option<Certificate>,
    secret: Secret,
}

enum Secret {
    Open(Arc<PrivateKey>),
    Locked(SecretString),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Open(_) => "Open",
            Self::Locked(_) => "Locked",
        })
    }
}

impl Identity {
    /// Whether it takes a passphrase to use it.
    pub(super) fn is_locked(&self) -> bool {
        matches!(self.secret, Secret::Locked(_))
    }
}

/// What became of a key that was to be opened.
type Opened = Option<Arc<PrivateKey>>;

/// What a file held; `None`: there is none.
type Read = Result<Option<Arc<Identity>>, String>;

/// The keys of a run.
#[derive(Default)]
pub(super) struct Keyring {
    read: std::sync::Mutex<HashMap<PathBuf, Read>>,
    opened: Mutex<HashMap<PathBuf, Opened>>,
}

impl Keyring {
    /// The key in a file; `None` if there is no such file.
    ///
    /// # Errors
    /// Why a key that is there is not used.
    pub(super) fn identity(&self, path: &Path) -> Result<Option<Arc<Identity>>, String> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.entry(path.to_owned()).or_insert_with(|| Ok(read_identity(path)?.map(Arc::new))).clone()
    }

    /// Opens a key, asking for its passphrase at the first host that takes it. `None` if nobody gave the right one.
    pub(super) async fn open(&self, identity: &Identity, answers: &Answers) -> Opened {
        let locked = match &identity.secret {
            Secret::Open(key) => return Some(Arc::clone(key)),
            Secret::Locked(text) => text,
        };
        let mut opened = self.opened.lock().await;
        if let Some(before) = opened.get(&identity.path) {
            return before.clone();
        }
        let mut key = None;
        for attempt in 1..=PASSPHRASES {
            let Some(passphrase) = answers.passphrase(&identity.path, attempt).await else { break };
            let text = locked.clone();
            // Turning a passphrase into a key is slow on purpose.
            let opening = tokio::task::spawn_blocking(move || {
                decode_secret_key(text.expose_secret(), Some(passphrase.expose_secret()))
            });
            if let Ok(Ok(right)) = opening.await {
                key = Some(Arc::new(right));
                break;
            }
        }
        opened.insert(identity.path.clone(), key.clone());
        key
    }
}

fn read_identity(path: &Path) -> Result<Option<Identity>, String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => SecretString::from(text),
        Err(error) if error.kind() == ErrorKind::NotFound => return public_only(path),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let mode =
        fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?.permissions().mode()
            & 0o777;
    if mode & 0o077 != 0 {
        return Err(format!(
            "{}: others may read it (mode {mode:04o}), so it is not used; chmod 600",
            path.display()
        ));
    }
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", path.display()));
    let certificate = load_openssh_certificate(beside("-cert.pub")).ok();
    let (public, secret) = match decode_secret_key(text.expose_secret(), None) {
        Ok(key) => (Some(key.public_key().clone()), Secret::Open(Arc::new(key))),
        Err(russh::keys::Error::KeyIsEncrypted) => {
            let told =
                PrivateKey::from_openssh(text.expose_secret()).ok().map(|key| key.public_key().clone());
            (told.or_else(|| load_public_key(beside(".pub")).ok()), Secret::Locked(text))
        }
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    Ok(Some(Identity { path: path.to_owned(), public, certificate, secret }))
}

/// A public key without its private one beside it says which key of the agent is meant.
fn public_only(path: &Path) -> Result<Option<Identity>, String> {
    let beside = PathBuf::from(format!("{}.pub", path.display()));
    let Ok(public) = load_public_key(&beside) else { return Ok(None) };
    Ok(Some(Identity {
        path: path.to_owned(),
        public: Some(public),
        certificate: None,
        secret: Secret::Locked(SecretString::from(String::new())),
    }))
}
