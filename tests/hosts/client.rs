//! Whoever connects: a home with keys and known hosts, and a person who answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use loadline::hosts::{
    Become, Connection, Habits, HostError, Patience, Person, Said, Ssh, Target, UnknownKey,
};
use secrecy::SecretString;
use tempfile::TempDir;

use super::sshd::{Sshd, keygen};

/// Longer than any script of these tests takes, shorter than anybody wants to wait for a failure.
pub(crate) const A_WHILE: Duration = Duration::from_secs(20);

/// A person who knows these answers, and what was asked.
#[derive(Default)]
pub(crate) struct Answering {
    pub(crate) passphrase: Option<&'static str>,
    pub(crate) login_password: Option<&'static str>,
    pub(crate) become_password: Option<&'static str>,
    pub(crate) trusts: bool,
    pub(crate) asked: Mutex<Vec<String>>,
}

impl Answering {
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn note(&self, what: String) {
        self.asked.lock().unwrap().push(what);
    }
}

impl Person for Answering {
    fn passphrase(&self, key: &Path, attempt: u32) -> Option<SecretString> {
        self.note(format!("passphrase {} {attempt}", key.file_name().unwrap().display()));
        self.passphrase.map(SecretString::from)
    }
    fn login_password(&self, user: &str, _: &str) -> Option<SecretString> {
        self.note(format!("password of {user}"));
        self.login_password.map(SecretString::from)
    }
    fn become_password(&self, _: &str) -> Option<SecretString> {
        self.note("sudo".to_owned());
        self.become_password.map(SecretString::from)
    }
    fn trusts(&self, unknown: &UnknownKey) -> bool {
        self.note(format!("{} {}", unknown.host, unknown.fingerprint));
        self.trusts
    }
}

/// The home of a person with an ed25519 key.
pub(crate) struct Home {
    folder: TempDir,
    pub(crate) agent: Option<PathBuf>,
}

impl Home {
    /// Knows these servers and is let in by them.
    pub(crate) fn known_to(servers: &[&Sshd]) -> Self {
        let home = Self::stranger();
        keygen("ed25519", &home.ssh_folder().join("id_ed25519"), "");
        for server in servers {
            home.trusts(server);
            server.authorize(&home.public_key("id_ed25519"));
        }
        home
    }

    /// Knows nobody and has no key.
    pub(crate) fn stranger() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".ssh")).unwrap();
        Self { folder, agent: None }
    }

    pub(crate) fn ssh_folder(&self) -> PathBuf {
        self.folder.path().join(".ssh")
    }

    pub(crate) fn public_key(&self, name: &str) -> String {
        fs::read_to_string(self.ssh_folder().join(format!("{name}.pub"))).unwrap()
    }

    pub(crate) fn known_hosts(&self) -> PathBuf {
        self.ssh_folder().join("known_hosts")
    }

    pub(crate) fn trusts(&self, server: &Sshd) {
        let known = fs::read_to_string(self.known_hosts()).unwrap_or_default();
        fs::write(self.known_hosts(), format!("{known}{}\n", server.known_hosts_line())).unwrap();
    }

    pub(crate) fn config(&self, text: &str) {
        fs::write(self.ssh_folder().join("config"), text).unwrap();
    }

    pub(crate) fn habits(&self) -> Habits {
        Habits {
            home: self.folder.path().to_owned(),
            user: "root".to_owned(),
            files: vec![self.ssh_folder().join("config")],
            agent: self.agent.clone(),
        }
    }

    pub(crate) fn ssh(&self, person: &Arc<Answering>) -> Ssh {
        self.patient(person, Patience::default())
    }

    pub(crate) fn patient(&self, person: &Arc<Answering>, patience: Patience) -> Ssh {
        Ssh::new(self.habits(), patience, Become::Administrator, person.clone()).unwrap()
    }

    pub(crate) async fn connect(
        &self,
        target: &str,
        person: &Arc<Answering>,
    ) -> Result<Box<dyn Connection>, HostError> {
        self.ssh(person).connect(&Target::parse(target).unwrap()).await
    }

    /// What a script says on a host.
    pub(crate) async fn says(
        &self,
        target: &str,
        person: &Arc<Answering>,
        script: &str,
    ) -> Result<Said, HostError> {
        self.connect(target, person).await?.run(script, A_WHILE).await
    }
}

pub(crate) fn nobody() -> Arc<Answering> {
    Arc::default()
}

pub(crate) fn stdout(said: &Said) -> &str {
    std::str::from_utf8(&said.stdout).unwrap()
}
