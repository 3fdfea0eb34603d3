//! Logging in: decides in which order keys and passwords are offered. The agent's keys come before those in files, configured ones
//! before others; a passphrase is asked only for a key that the host takes; a password only where no key was taken.

use std::path::Path;
use std::sync::Arc;

use russh::Signer;
use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::{HashAlg, PrivateKeyWithHashAlg, PublicKey};
use russh::{MethodKind, MethodSet};
use secrecy::{ExposeSecret as _, SecretString};

use super::config::Settings;
use super::keys::{Identity, Keyring};
use super::trust::Door;
use crate::hosts::ask::Answers;
use crate::hosts::{HostError, HostErrorClass};

/// Questions of a host one after the other: more than a password and a code is no login any more.
const MOST_PROMPTS: usize = 5;

/// Logs in.
///
/// # Errors
/// [`HostErrorClass::NotAllowed`] with everything that was tried; nothing was changed.
pub(super) async fn log_in(
    handle: &mut Handle<Door>,
    settings: &Settings,
    keyring: &Keyring,
    answers: &Answers,
) -> Result<(), HostError> {
    let mut login = Login { handle, settings, keyring, answers, left: None, tried: Vec::new() };
    if login.by_any_means().await? {
        return Ok(());
    }
    let mut tried = login.tried;
    if tried.is_empty() {
        tried.push("there was no key to offer".to_owned());
    }
    let takes = login.left.map(|left| left.iter().map(<&str>::from).collect::<Vec<_>>().join(", "));
    let said = match takes {
        Some(takes) if !takes.is_empty() => format!("not let in: {}; it takes {takes}", tried.join("; ")),
        _ => format!("not let in: {}", tried.join("; ")),
    };
    Err(HostError::new(HostErrorClass::NotAllowed, doing(settings), said).with_hint(format!(
        "nothing was changed; `ssh -v -p {} {}@{}` shows which keys it would take",
        settings.port, settings.user, settings.host
    )))
}

pub(super) fn doing(settings: &Settings) -> String {
    format!("log in to {} port {} as {}", settings.host, settings.port, settings.user)
}

struct Login<'a> {
    handle: &'a mut Handle<Door>,
    settings: &'a Settings,
    keyring: &'a Keyring,
    answers: &'a Answers,
    /// What the host still takes; `None` before it has said.
    left: Option<MethodSet>,
    tried: Vec<String>,
}

impl Login<'_> {
    async fn by_any_means(&mut self) -> Result<bool, HostError> {
        let mut identities = Vec::new();
        if self.settings.keys_allowed {
            for path in &self.settings.identities {
                match self.keyring.identity(path) {
                    Ok(found) => identities.extend(found),
                    Err(why) => self.tried.push(why),
                }
            }
            let mut offered = Vec::new();
            if let Some(socket) = &self.settings.agent
                && self.by_agent(socket, &identities, &mut offered).await?
            {
                return Ok(true);
            }
            identities
                .retain(|it| !it.public.as_ref().is_some_and(|public| offered.contains(public.key_data())));
            for identity in identities {
                if !self.takes(MethodKind::PublicKey) {
                    break;
                }
                if self.by_file(&identity).await? {
                    return Ok(true);
                }
            }
        }
        if self.left.is_none() {
            // Nothing was offered yet; this says what the host takes.
            let said = self.handle.authenticate_none(&self.settings.user).await;
            if self.heard(said.map_err(|error| self.broke(&error))?, None)? {
                return Ok(true);
            }
        }
        if self.settings.passwords_allowed { self.by_password().await } else { Ok(false) }
    }

    async fn by_agent(
        &mut self,
        socket: &Path,
        identities: &[Arc<Identity>],
        offered: &mut Vec<russh::keys::ssh_key::public::KeyData>,
    ) -> Result<bool, HostError> {
        let held = async {
            let mut agent = AgentClient::connect_uds(socket).await?;
            let held = agent.request_identities().await?;
            Ok::<_, russh::keys::Error>((agent, held))
        };
        let (mut agent, held) = match held.await {
            Ok(both) => both,
            Err(error) => {
                self.tried.push(format!("the agent at {} did not answer: {error}", socket.display()));
                return Ok(false);
            }
        };
        let place = |held: &AgentIdentity| {
            let key = held.public_key();
            let is = |it: &Arc<Identity>| {
                it.public.as_ref().is_some_and(|public| public.key_data() == key.key_data())
            };
            identities.iter().position(is)
        };
        let mut wanted: Vec<(Option<usize>, AgentIdentity)> =
            held.into_iter().map(|it| (place(&it), it)).collect();
        wanted.retain(|(place, _)| place.is_some() || !self.settings.identities_only);
        wanted.sort_by_key(|(place, _)| place.unwrap_or(usize::MAX));
        for (_, held) in wanted {
            if !self.takes(MethodKind::PublicKey) {
                return Ok(false);
            }
            let key = held.public_key().into_owned();
            let hash = self.hash_for(&key).await?;
            let user = self.settings.user.clone();
            let what = format!("{} of the agent", shown(&key));
            offered.push(key.key_data().clone());
            let said = match held {
                AgentIdentity::PublicKey { key, .. } => {
                    self.handle.authenticate_publickey_with(user, key, hash, &mut agent).await
                }
                AgentIdentity::Certificate { certificate, .. } => {
                    self.handle.authenticate_certificate_with(user, certificate, hash, &mut agent).await
                }
            };
            match said {
                Ok(said) => {
                    if self.heard(said, Some(&what))? {
                        return Ok(true);
                    }
                }
                Err(error) => self.tried.push(format!("{what}: the agent did not sign: {error}")),
            }
        }
        Ok(false)
    }

    async fn by_file(&mut self, identity: &Identity) -> Result<bool, HostError> {
        let what = identity.path.display().to_string();
        if identity.is_locked()
            && let Some(public) = &identity.public
            && !self.would_take(public, &what).await?
        {
            return Ok(false);
        }
        let Some(key) = self.keyring.open(identity, self.answers).await else {
            self.tried.push(format!("{what}: no passphrase for it"));
            return Ok(false);
        };
        let user = self.settings.user.clone();
        if let Some(certificate) = identity.certificate.clone() {
            let said =
                self.handle.authenticate_openssh_cert(user.clone(), Arc::clone(&key), certificate).await;
            let said = said.map_err(|error| self.broke(&error))?;
            if self.heard(said, Some(&format!("the certificate of {what}")))? {
                return Ok(true);
            }
        }
        let hash = self.hash_for(key.public_key()).await?;
        let said = self.handle.authenticate_publickey(user, PrivateKeyWithHashAlg::new(key, hash)).await;
        self.heard(said.map_err(|error| self.broke(&error))?, Some(&what))
    }

    /// Offers a key without using it: whether the host would take it.
    async fn would_take(&mut self, public: &PublicKey, what: &str) -> Result<bool, HostError> {
        let hash = self.hash_for(public).await?;
        let user = self.settings.user.clone();
        match self.handle.authenticate_publickey_with(user, public.clone(), hash, &mut OfferOnly).await {
            Ok(said) => self.heard(said, Some(what)),
            Err(Offered::Taken) => Ok(true),
            Err(Offered::Gone) => Err(self.broke(&russh::Error::Disconnect)),
        }
    }

    async fn by_password(&mut self) -> Result<bool, HostError> {
        let (user, host) = (self.settings.user.clone(), self.settings.host.clone());
        if self.takes(MethodKind::Password) {
            let Some(password) = self.answers.login_password(&user, &host).await else { return Ok(false) };
            let said = self.handle.authenticate_password(user.clone(), password.expose_secret()).await;
            if self.heard(said.map_err(|error| self.broke(&error))?, Some("the password"))? {
                return Ok(true);
            }
        }
        if !self.takes(MethodKind::KeyboardInteractive) {
            return Ok(false);
        }
        let Some(password) = self.answers.login_password(&user, &host).await else { return Ok(false) };
        self.by_prompts(user, &password).await
    }

    async fn by_prompts(&mut self, user: String, password: &SecretString) -> Result<bool, HostError> {
        let start = self.handle.authenticate_keyboard_interactive_start(user, None::<String>).await;
        let mut said = start.map_err(|error| self.broke(&error))?;
        for _ in 0..MOST_PROMPTS {
            match said {
                KeyboardInteractiveAuthResponse::Success => return Ok(true),
                KeyboardInteractiveAuthResponse::Failure { remaining_methods, partial_success } => {
                    let said = AuthResult::Failure { remaining_methods, partial_success };
                    return self.heard(said, Some("the password"));
                }
                KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => {
                    if prompts.len() > 1 || prompts.iter().any(|prompt| prompt.echo) {
                        self.tried.push("it asks for more than a password".to_owned());
                        return Ok(false);
                    }
                    let responses = prompts.iter().map(|_| password.expose_secret().to_owned()).collect();
                    let next = self.handle.authenticate_keyboard_interactive_respond(responses).await;
                    said = next.map_err(|error| self.broke(&error))?;
                }
            }
        }
        Ok(false)
    }

    /// Whether the host takes the method, as far as it has said.
    fn takes(&self, method: MethodKind) -> bool {
        self.left.as_ref().is_none_or(|left| left.contains(&method))
    }

    /// Notes an answer; true if it lets in.
    fn heard(&mut self, said: AuthResult, what: Option<&str>) -> Result<bool, HostError> {
        let AuthResult::Failure { remaining_methods, partial_success } = said else { return Ok(true) };
        if let Some(what) = what {
            let verdict = if partial_success { "taken, but it wants more" } else { "not taken" };
            self.tried.push(format!("{what}: {verdict}"));
        }
        if self.handle.is_closed() {
            return Err(self.broke(&russh::Error::Disconnect));
        }
        self.left = Some(remaining_methods);
        Ok(false)
    }

    /// The hash with which an RSA key signs; `None` for other keys.
    async fn hash_for(&mut self, key: &PublicKey) -> Result<Option<HashAlg>, HostError> {
        if !key.algorithm().is_rsa() {
            return Ok(None);
        }
        let best = self.handle.best_supported_rsa_hash().await.map_err(|error| self.broke(&error))?;
        Ok(best.unwrap_or(Some(HashAlg::Sha256)))
    }

    fn broke(&self, error: &russh::Error) -> HostError {
        let after = match self.tried.len() {
            0 => String::new(),
            _ => format!(" after: {}", self.tried.join("; ")),
        };
        let said = format!("it ended the connection ({error}){after}");
        HostError::new(HostErrorClass::NotAllowed, doing(self.settings), said).with_hint(
            "nothing was changed; a host ends it after too many keys (MaxAuthTries): name the right one with IdentityFile and \
             IdentitiesOnly yes",
        )
    }
}

fn shown(key: &PublicKey) -> String {
    format!("{} {}", key.algorithm(), super::trust::fingerprint(key))
}

/// A signer that does not sign: that it is asked says that the host would take the key.
struct OfferOnly;

enum Offered {
    Taken,
    Gone,
}

impl From<russh::SendError> for Offered {
    fn from(_: russh::SendError) -> Self {
        Self::Gone
    }
}

impl Signer for OfferOnly {
    type Error = Offered;

    async fn auth_sign(
        &mut self,
        _: &AgentIdentity,
        _: Option<HashAlg>,
        _: Vec<u8>,
    ) -> Result<Vec<u8>, Offered> {
        Err(Offered::Taken)
    }
}
