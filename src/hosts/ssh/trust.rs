//! Whether a host is who it says it is. Decides by the files of known hosts and the person's strictness; what the library has
//! proved before is that the host holds the key that it shows.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use russh::Channel;
use russh::client::{ChannelOpenHandle, Handler, Msg, Session};
use russh::keys::ssh_key::certificate::CertType;
use russh::keys::{Algorithm, Certificate, HashAlg, PublicKey, PublicKeyOrCertificate};

use super::config::{KeyChecking, Settings};
use super::known_hosts::{self, KnownKey, Mark, Naming};
use super::lent::{Lent, carry};
use crate::hosts::ask::Answers;
use crate::hosts::{HostError, HostErrorClass, UnknownKey};

/// What the files hold for a host, and what to do about a key that is not among it.
#[derive(Clone)]
pub(super) struct Door {
    settings: Arc<Settings>,
    known: Vec<KnownKey>,
    /// What is held for the same name on its usual port: it may confirm a key, and says nothing when it differs.
    elsewhere: Vec<KnownKey>,
    answers: Arc<Answers>,
    /// The key that was let in: a later exchange of keys must show the same.
    accepted: Option<PublicKey>,
    /// Ports of this machine that the host may reach.
    pub(super) lent: Lent,
}

/// Why an exchange of keys ended.
#[derive(Debug)]
pub(super) enum Broken {
    Protocol(russh::Error),
    Refused(HostError),
}

impl From<russh::Error> for Broken {
    fn from(error: russh::Error) -> Self {
        Self::Protocol(error)
    }
}

impl Door {
    /// Reads the files.
    ///
    /// # Errors
    /// If one is there and cannot be read.
    pub(super) fn of(settings: Arc<Settings>, answers: Arc<Answers>) -> Result<Self, HostError> {
        let files: Vec<PathBuf> =
            settings.user_known_hosts.iter().chain(&settings.global_known_hosts).cloned().collect();
        let known = known_hosts::look_up(&files, &settings.key_name)?;
        let plain =
            settings.key_name.strip_prefix('[').and_then(|rest| rest.split_once("]:")).map(|(name, _)| name);
        let elsewhere = plain.map_or_else(|| Ok(Vec::new()), |name| known_hosts::look_up(&files, name))?;
        Ok(Self { settings, known, elsewhere, answers, accepted: None, lent: Lent::default() })
    }

    /// The kinds of keys to ask for, those that are known first: a host shows one of its keys only.
    pub(super) fn key_order(&self, all: &[Algorithm]) -> Vec<Algorithm> {
        let kinds: Vec<Algorithm> = self.marked(Mark::Host).map(|known| known.key.algorithm()).collect();
        let is_known = |kind: &Algorithm| kinds.iter().any(|known| alike(known, kind));
        let (mut first, rest): (Vec<_>, Vec<_>) = all.iter().cloned().partition(is_known);
        first.extend(rest);
        first
    }

    /// The kinds of certificates to ask for: none, unless somebody may vouch for the host.
    pub(super) fn certificate_order(&self, all: &[Algorithm]) -> Vec<Algorithm> {
        if self.marked(Mark::Authority).next().is_some() { all.to_vec() } else { Vec::new() }
    }

    fn marked(&self, mark: Mark) -> impl Iterator<Item = &KnownKey> {
        self.known.iter().chain(&self.elsewhere).filter(move |known| known.mark == mark)
    }

    async fn judge(&mut self, key: &PublicKey) -> Result<(), HostError> {
        let same = |known: &&KnownKey| known.key.key_data() == key.key_data();
        if let Some(accepted) = &self.accepted {
            return if accepted.key_data() == key.key_data() { Ok(()) } else { Err(self.changed(key, None)) };
        }
        if let Some(revoked) = self.marked(Mark::Revoked).find(same) {
            let said = format!("its key {} is revoked by {}", fingerprint(key), place(revoked));
            return Err(self.refused(
                HostErrorClass::KeyChanged,
                said,
                "find out who answers at that address",
            ));
        }
        if self.marked(Mark::Host).any(|known| same(&known)) {
            self.accepted = Some(key.clone());
            return Ok(());
        }
        // A host that is known by a key of another kind is no new host.
        let known = self.known.iter().filter(|known| known.mark == Mark::Host);
        if let Some(known) = known.min_by_key(|known| !alike(&known.key.algorithm(), &key.algorithm())) {
            return Err(self.changed(key, Some(known)));
        }
        self.admit(key).await?;
        self.accepted = Some(key.clone());
        Ok(())
    }

    async fn admit(&self, key: &PublicKey) -> Result<(), HostError> {
        let file = self.settings.user_known_hosts.first();
        let admitted = match self.settings.key_checking {
            KeyChecking::Refuse => false,
            KeyChecking::Accept => true,
            KeyChecking::Ask => {
                let unknown = UnknownKey {
                    host: self.settings.key_name.clone(),
                    algorithm: key.algorithm().to_string(),
                    fingerprint: fingerprint(key),
                    file: file.map_or_else(|| "no file".to_owned(), |file| file.display().to_string()),
                };
                self.answers.trusts(unknown).await
            }
        };
        if !admitted {
            let said = format!("its {} key {} is not known", key.algorithm(), fingerprint(key));
            let hint = "compare the fingerprint with the host's own (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` there), then \
                        connect with ssh once, or accept new keys (StrictHostKeyChecking accept-new)";
            return Err(self.refused(HostErrorClass::KeyUnknown, said, hint));
        }
        let Some(file) = file.cloned() else { return Ok(()) };
        let naming =
            if self.settings.hash_known_hosts { Naming::Hashed(rand::random()) } else { Naming::Plain };
        let (name, key) = (self.settings.key_name.clone(), key.clone());
        let adding = tokio::task::spawn_blocking(move || known_hosts::add(&file, &name, &key, naming));
        adding.await.unwrap_or_else(|error| {
            Err(HostError::new(HostErrorClass::Unexpected, "write the known hosts", error.to_string()))
        })
    }

    fn vouched(&self, certificate: &Certificate, now: SystemTime) -> Result<(), HostError> {
        let subject = PublicKey::from(certificate.public_key().clone());
        let authority = PublicKey::from(certificate.signature_key().clone());
        let revoked = |key: &PublicKey| {
            self.marked(Mark::Revoked).find(|it| it.key.key_data() == key.key_data()).cloned()
        };
        if let Some(revoked) = revoked(&subject).or_else(|| revoked(&authority)) {
            let said = format!("its certificate is revoked by {}", place(&revoked));
            return Err(self.refused(
                HostErrorClass::KeyChanged,
                said,
                "find out who answers at that address",
            ));
        }
        let trusted: Vec<_> =
            self.marked(Mark::Authority).map(|known| known.key.fingerprint(HashAlg::Sha256)).collect();
        let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let name = self.settings.key_name.trim_start_matches('[').split("]:").next().unwrap_or_default();
        let names = certificate.valid_principals();
        let said = if certificate.cert_type() != CertType::Host {
            "it shows the certificate of a user".to_owned()
        } else if !trusted.contains(&authority.fingerprint(HashAlg::Sha256)) {
            format!(
                "its certificate is signed by {}, which no @cert-authority line names",
                fingerprint(&authority)
            )
        } else if !names.iter().any(|it| it.eq_ignore_ascii_case(name)) {
            format!(
                "its certificate is for {}",
                if names.is_empty() { "no name".to_owned() } else { names.join(", ") }
            )
        } else if !certificate.critical_options().0.is_empty() {
            "its certificate has conditions that are not known".to_owned()
        } else if let Err(error) = certificate.validate_at(seconds, &trusted) {
            format!("its certificate does not hold: {error}")
        } else {
            return Ok(());
        };
        Err(self.refused(
            HostErrorClass::KeyUnknown,
            said,
            "nothing was changed; have the host's certificate renewed",
        ))
    }

    fn changed(&self, shown: &PublicKey, known: Option<&KnownKey>) -> HostError {
        let (before, hint) = match known {
            Some(known) => (
                format!("{} in {}", fingerprint(&known.key), place(known)),
                format!(
                    "somebody may be listening in between; if the host was set up anew, remove the old key with `ssh-keygen -f {} -R '{}'`",
                    known.file.display(),
                    self.settings.key_name
                ),
            ),
            None => ("the one shown before".to_owned(), "find out who answers at that address".to_owned()),
        };
        let said = format!("its {} key is {}, but known is {before}", shown.algorithm(), fingerprint(shown));
        self.refused(HostErrorClass::KeyChanged, said, &hint)
    }

    fn refused(&self, class: HostErrorClass, said: String, hint: &str) -> HostError {
        HostError::new(class, format!("check the key of {}", self.settings.key_name), said).with_hint(hint)
    }
}

fn alike(one: &Algorithm, other: &Algorithm) -> bool {
    one == other || matches!((one, other), (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }))
}

fn place(known: &KnownKey) -> String {
    format!("{}:{}", known.file.display(), known.line)
}

pub(super) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

impl Handler for Door {
    type Error = Broken;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let verdict = match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => self.judge(key).await,
            PublicKeyOrCertificate::Certificate(certificate) => self.vouched(certificate, SystemTime::now()),
        };
        verdict.map(|()| true).map_err(Broken::Refused)
    }

    async fn server_channel_open_forwarded_tcpip(
        &mut self,
        channel: Channel<Msg>,
        _: &str,
        connected_port: u32,
        _: &str,
        _: u32,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        // What was not lent is refused: the handle is dropped.
        if let Some(port) = self.lent.port(connected_port) {
            reply.accept().await;
            tokio::spawn(carry(channel.into_stream(), port));
        }
        Ok(())
    }
}
