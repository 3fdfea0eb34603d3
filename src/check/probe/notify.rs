//! Messages to a webhook, in their order, each tried again until it is taken; the check never waits for them.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use tokio::sync::Notify;
use url::Url;

use super::told;

/// Messages that wait at most; beyond that the oldest goes, and that is said.
const MOST: usize = 256;
/// Longest time for one attempt.
const ATTEMPT: Duration = Duration::from_secs(10);
/// First and longest wait between attempts.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Where messages go. Its path and query may be a secret and are never shown.
#[derive(Clone)]
pub struct Webhook {
    whole: SecretString,
    shown: String,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Webhook({})", self.shown)
    }
}

impl Webhook {
    /// Reads the address.
    ///
    /// # Errors
    /// With a sentence that shows nothing of the text.
    pub fn read(text: &SecretString) -> Result<Self, String> {
        let url = Url::parse(text.expose_secret().trim())
            .map_err(|error| format!("it cannot be read ({error})"))?;
        match (url.scheme(), url.host_str()) {
            ("http" | "https", Some(host)) => {
                let shown = format!("{}://{host}", url.scheme());
                Ok(Self { whole: SecretString::from(url.to_string()), shown })
            }
            _ => Err("it is no http:// or https:// address".to_owned()),
        }
    }

    /// Scheme and host, for a person.
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<Value>,
    /// The first of them is on its way.
    sending: bool,
}

/// Sends messages in the background.
pub struct Notifier {
    waiting: Arc<Mutex<Waiting>>,
    more: Arc<Notify>,
    empty: Arc<Notify>,
}

impl Notifier {
    /// Begins; `say` hears what goes wrong.
    ///
    /// # Errors
    /// With a sentence if the client cannot be made.
    pub fn begin(webhook: Webhook, say: impl Fn(String) + Send + Sync + 'static) -> Result<Self, String> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(ATTEMPT)
            .user_agent(concat!("loadline-check/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| format!("making the HTTP client: {}", told(&error)))?;
        let (waiting, more, empty) =
            (Arc::new(Mutex::new(Waiting::default())), Arc::new(Notify::new()), Arc::new(Notify::new()));
        let notifier =
            Self { waiting: Arc::clone(&waiting), more: Arc::clone(&more), empty: Arc::clone(&empty) };
        tokio::spawn(async move {
            loop {
                let next = {
                    let mut waiting = lock(&waiting);
                    waiting.sending = !waiting.messages.is_empty();
                    waiting.messages.pop_front()
                };
                match next {
                    Some(message) => deliver(&client, &webhook, &message, &say).await,
                    None => {
                        empty.notify_one();
                        more.notified().await;
                    }
                }
            }
        });
        Ok(notifier)
    }

    /// Takes a message; gives whether an older one had to go for it.
    pub fn send(&self, message: Value) -> bool {
        let mut waiting = lock(&self.waiting);
        waiting.messages.push_back(message);
        let over = waiting.messages.len() > MOST;
        if over {
            waiting.messages.pop_front();
        }
        drop(waiting);
        self.more.notify_one();
        over
    }

    /// Waits until all is sent, but no longer than that; gives how many messages are left.
    pub async fn finish(&self, within: Duration) -> usize {
        let left = || {
            let waiting = lock(&self.waiting);
            waiting.messages.len() + usize::from(waiting.sending)
        };
        let all = async {
            while left() > 0 {
                self.empty.notified().await;
            }
        };
        // Whether it came to its end shows in what is left.
        let _ = tokio::time::timeout(within, all).await;
        left()
    }
}

fn lock(waiting: &Mutex<Waiting>) -> std::sync::MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tries until the message is taken, or refused for good.
async fn deliver(client: &reqwest::Client, webhook: &Webhook, message: &Value, say: &impl Fn(String)) {
    let mut wait = FIRST_WAIT;
    for attempt in 1_u32.. {
        let sent = client.post(webhook.whole.expose_secret()).json(message).send().await;
        let why = match sent {
            Ok(response) if response.status().is_success() => return,
            Ok(response) => {
                let status = response.status();
                let for_good = status.is_client_error() && !matches!(status.as_u16(), 408 | 425 | 429);
                if for_good || status.is_redirection() {
                    say(format!("{} answered {status}: this message is given up", webhook.shown));
                    return;
                }
                format!("it answered {status}")
            }
            Err(error) => told(&error.without_url()),
        };
        // Once, not with each attempt: it may be down for hours.
        if attempt == 3 {
            say(format!(
                "a message to {} is not taken ({why}); it is tried again until it is",
                webhook.shown
            ));
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}
