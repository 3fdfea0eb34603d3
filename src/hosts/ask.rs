//! What only the person can answer: passphrases, passwords, whether an unknown key is trusted. Decides that each thing is asked
//! once in a run, one question at a time, and knows how much of a wait was the person's; how a question looks is the caller's.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use tokio::sync::Mutex as Desk;

use super::{HostError, HostErrorClass};

/// A host key that no file knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The name under which it would be remembered.
    pub host: String,
    /// Its kind, like `ssh-ed25519`.
    pub algorithm: String,
    /// `SHA256:...`, as `ssh-keygen -lf` shows it.
    pub fingerprint: String,
    /// The file that would remember it.
    pub file: String,
}

/// Who answers. Every method may block; `None` and `false` mean that nobody is there or nobody wants to.
pub trait Person: Send + Sync {
    /// The passphrase of an encrypted private key. Asked again when it was wrong, with the number of the attempt from 1 on.
    fn passphrase(&self, key: &Path, attempt: u32) -> Option<SecretString>;
    /// The password to log in with, where a host takes one and no key was accepted.
    fn login_password(&self, user: &str, host: &str) -> Option<SecretString>;
    /// The password that sudo wants; one for all hosts of a run.
    fn become_password(&self, host: &str) -> Option<SecretString>;
    /// Whether a key that no file knows is that of the host.
    fn trusts(&self, unknown: &UnknownKey) -> bool;
}

/// Nobody is there: every question is left without an answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl Person for Nobody {
    fn passphrase(&self, _: &Path, _: u32) -> Option<SecretString> {
        None
    }
    fn login_password(&self, _: &str, _: &str) -> Option<SecretString> {
        None
    }
    fn become_password(&self, _: &str) -> Option<SecretString> {
        None
    }
    fn trusts(&self, _: &UnknownKey) -> bool {
        false
    }
}

/// An answer that holds for the whole run, "nobody answered" among them.
type Once = Option<Option<SecretString>>;

/// The answers of one run, shared by all its hosts.
pub(super) struct Answers {
    person: Arc<dyn Person>,
    desk: Desk<Given>,
    clock: Mutex<Clock>,
}

#[derive(Default)]
struct Given {
    become_password: Once,
    login_passwords: Vec<(String, Option<SecretString>)>,
}

#[derive(Default)]
struct Clock {
    asking_since: Option<Instant>,
    spent: Duration,
}

impl Answers {
    pub(super) fn of(person: Arc<dyn Person>) -> Self {
        Self { person, desk: Desk::default(), clock: Mutex::default() }
    }

    /// How long questions have stood open in this run, up to now.
    pub(super) fn time_spent(&self) -> Duration {
        let clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        clock.spent + clock.asking_since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// The password for sudo, asked at the first host that wants one.
    pub(super) async fn become_password(&self, host: &str) -> Option<SecretString> {
        let mut given = self.desk.lock().await;
        if given.become_password.is_none() {
            let host = host.to_owned();
            given.become_password =
                Some(self.ask(move |person| person.become_password(&host)).await.flatten());
        }
        given.become_password.clone().flatten()
    }

    /// Whether the person trusts the key.
    #[cfg_attr(not(feature = "ssh"), allow(dead_code, reason = "only connections ask this"))]
    pub(super) async fn trusts(&self, unknown: UnknownKey) -> bool {
        let _one_at_a_time = self.desk.lock().await;
        self.ask(move |person| person.trusts(&unknown)).await.unwrap_or(false)
    }

    /// The password of a user, asked at the first host that takes it.
    #[cfg_attr(not(feature = "ssh"), allow(dead_code, reason = "only connections ask this"))]
    pub(super) async fn login_password(&self, user: &str, host: &str) -> Option<SecretString> {
        let mut given = self.desk.lock().await;
        if let Some((_, answer)) = given.login_passwords.iter().find(|(of, _)| of == user) {
            return answer.clone();
        }
        let (asked_user, host) = (user.to_owned(), host.to_owned());
        let answer = self.ask(move |person| person.login_password(&asked_user, &host)).await.flatten();
        given.login_passwords.push((user.to_owned(), answer.clone()));
        answer
    }

    /// The passphrase of a key. Whoever keeps the keys remembers which were opened.
    #[cfg_attr(not(feature = "ssh"), allow(dead_code, reason = "only connections ask this"))]
    pub(super) async fn passphrase(&self, key: &Path, attempt: u32) -> Option<SecretString> {
        let _one_at_a_time = self.desk.lock().await;
        let key = key.to_owned();
        self.ask(move |person| person.passphrase(&key, attempt)).await.flatten()
    }

    /// Asks away from the threads that talk to hosts. `None` if the question could not be put.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Person) -> T + Send + 'static,
    ) -> Option<T> {
        let person = Arc::clone(&self.person);
        let open = Open::new(&self.clock);
        let answer = tokio::task::spawn_blocking(move || question(&*person)).await.ok();
        drop(open);
        answer
    }
}

/// A question that stands open; also when nobody waits for its answer any more.
struct Open<'a>(&'a Mutex<Clock>);

impl<'a> Open<'a> {
    fn new(clock: &'a Mutex<Clock>) -> Self {
        clock.lock().unwrap_or_else(PoisonError::into_inner).asking_since = Some(Instant::now());
        Self(clock)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let mut clock = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = clock.asking_since.take() {
            clock.spent += since.elapsed();
        }
    }
}

/// Waits for something to end within a time that does not run while the person is being asked.
///
/// # Errors
/// [`HostErrorClass::TimedOut`] with what was being done.
pub(super) async fn within<T>(
    limit: Duration,
    answers: &Answers,
    doing: impl Fn() -> String + Send,
    work: impl Future<Output = T> + Send,
) -> Result<T, HostError> {
    tokio::pin!(work);
    let (mut left, mut asked) = (limit, answers.time_spent());
    loop {
        tokio::select! {
            done = &mut work => return Ok(done),
            () = tokio::time::sleep(left) => {}
        }
        let now = answers.time_spent();
        left = now.saturating_sub(asked);
        asked = now;
        if left.is_zero() {
            let said = format!("no answer within {}", readable(limit));
            return Err(HostError::new(HostErrorClass::TimedOut, doing(), said));
        }
    }
}

fn readable(limit: Duration) -> String {
    if limit.as_millis() < 10_000 && limit.subsec_millis() > 0 {
        format!("{} ms", limit.as_millis())
    } else {
        format!("{} s", limit.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use secrecy::ExposeSecret as _;

    use super::*;

    #[derive(Default)]
    struct Slow {
        asked: AtomicU32,
        takes: Duration,
    }

    impl Person for Slow {
        fn passphrase(&self, _: &Path, _: u32) -> Option<SecretString> {
            None
        }
        fn login_password(&self, _: &str, _: &str) -> Option<SecretString> {
            None
        }
        fn become_password(&self, _: &str) -> Option<SecretString> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(self.takes);
            Some("s3cret".into())
        }
        fn trusts(&self, _: &UnknownKey) -> bool {
            false
        }
    }

    #[tokio::test]
    async fn fifty_hosts_ask_once_for_the_password_of_sudo() {
        let person = Arc::new(Slow::default());
        let answers = Arc::new(Answers::of(person.clone()));
        let mut all = tokio::task::JoinSet::new();
        for host in 0..50 {
            let answers = Arc::clone(&answers);
            all.spawn(async move { answers.become_password(&format!("web-{host}")).await.is_some() });
        }
        assert!(all.join_all().await.into_iter().all(|had| had));
        assert_eq!(person.asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn an_answer_takes_as_long_as_it_takes() {
        let person = Slow { takes: Duration::from_millis(120), ..Slow::default() };
        let answers = Answers::of(Arc::new(person));
        let limit = Duration::from_millis(30);
        let password =
            within(limit, &answers, || "ask".to_owned(), answers.become_password("a")).await.unwrap();
        assert_eq!(password.unwrap().expose_secret(), "s3cret");
        let waiting = within(limit, &answers, || "wait for a".to_owned(), std::future::pending::<()>()).await;
        let error = waiting.unwrap_err();
        assert_eq!(
            (error.class, error.to_string().as_str()),
            (HostErrorClass::TimedOut, "wait for a: no answer within 30 ms")
        );
    }
}
