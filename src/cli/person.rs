//! The person at the terminal, where hosts need what only a person knows: passwords, passphrases, whether an unknown key is trusted.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use dialoguer::{Confirm, Password};
use indicatif::ProgressBar;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;

use super::screen::Screen;
use crate::hosts::{Nobody, Person, UnknownKey};

/// Attempts at a passphrase.
const ATTEMPTS: u32 = 3;

/// How the terminal was before a question: a password is typed unseen, and a run that ends meanwhile must not leave it so.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Gives the terminal back as it was, if a question stands open.
pub(super) fn give_terminal_back() {
    let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(before) = before {
        // It may be gone: then there is nothing to give back.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &before);
    }
}

/// Answers at the terminal; the progress bar makes room meanwhile.
struct AtTerminal {
    bar: ProgressBar,
}

/// Who answers: somebody at the terminal, or a password that was given beforehand, or nobody.
pub(super) fn person(bar: &ProgressBar, become_password: Option<SecretString>) -> Arc<dyn Person> {
    let there: Arc<dyn Person> =
        if Screen::can_ask() { Arc::new(AtTerminal { bar: bar.clone() }) } else { Arc::new(Nobody) };
    match become_password {
        Some(password) => Arc::new(Prepared { password, there }),
        None => there,
    }
}

impl AtTerminal {
    fn secret(&self, prompt: String) -> Option<SecretString> {
        let asked = self.asking(|| Password::new().with_prompt(prompt).allow_empty_password(true).interact());
        asked.filter(|text| !text.is_empty()).map(SecretString::from)
    }

    fn asking<T>(&self, question: impl FnOnce() -> dialoguer::Result<T>) -> Option<T> {
        let keep = |before| *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = before;
        self.bar.suspend(|| {
            keep(tcgetattr(std::io::stdin()).ok());
            let answer = question().ok();
            keep(None);
            answer
        })
    }
}

impl Person for AtTerminal {
    fn passphrase(&self, key: &Path, attempt: u32) -> Option<SecretString> {
        if attempt > ATTEMPTS {
            return None;
        }
        let again = if attempt > 1 { " (that was not it)" } else { "" };
        self.secret(format!("Passphrase of the key {}{again}", key.display()))
    }

    fn login_password(&self, user: &str, host: &str) -> Option<SecretString> {
        self.secret(format!("Password of {user} on {host}, and on every other host that asks for one"))
    }

    fn become_password(&self, host: &str) -> Option<SecretString> {
        self.secret(format!("Password for sudo on {host}, and on every other host that asks for one"))
    }

    fn trusts(&self, unknown: &UnknownKey) -> bool {
        let UnknownKey { host, algorithm, fingerprint, file } = unknown;
        let prompt = format!(
            "No file knows the key of {host}: {algorithm} {fingerprint}\nTrust it and remember it in {file}?"
        );
        self.asking(|| Confirm::new().with_prompt(prompt).default(false).interact()).unwrap_or(false)
    }
}

/// Somebody who has said the password for sudo already.
struct Prepared {
    password: SecretString,
    there: Arc<dyn Person>,
}

impl Person for Prepared {
    fn passphrase(&self, key: &Path, attempt: u32) -> Option<SecretString> {
        self.there.passphrase(key, attempt)
    }

    fn login_password(&self, user: &str, host: &str) -> Option<SecretString> {
        self.there.login_password(user, host)
    }

    fn become_password(&self, _: &str) -> Option<SecretString> {
        Some(self.password.clone())
    }

    fn trusts(&self, unknown: &UnknownKey) -> bool {
        self.there.trusts(unknown)
    }
}
