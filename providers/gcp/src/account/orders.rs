//! What this process asked for and the cloud took on: an operation can end in an error after the call was answered well, and
//! then the thing itself never shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use loadline_contract::deploy::CloudError;

use super::clients::Clients;
use super::machines;
use super::operation::{Ended, Operation, ended};

/// Waits between questions after an operation: short ones first, for most operations take seconds; a database takes minutes.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

#[derive(Debug, Clone)]
struct Order {
    operation: Operation,
    /// What was being done, for a person.
    doing: String,
    /// The group whose machines it makes: they fail on their own, after the operation is done.
    group: Option<String>,
    wait: Duration,
}

/// Orders by the token of the intent.
#[derive(Debug, Default)]
pub(super) struct Orders {
    pending: Mutex<BTreeMap<String, Order>>,
    /// Which parts of an intent were carried out: some changes take several calls with an operation each.
    parts: Mutex<BTreeSet<(String, usize)>>,
    /// How often an intent failed after it was taken on: asked again under the same id, the cloud would answer with the same failure.
    failures: Mutex<BTreeMap<String, u32>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Orders {
    /// Remembers what was taken on.
    pub(super) fn took(&self, token: &str, operation: Option<Operation>, doing: &str) {
        self.remember(token, operation, doing, None);
    }

    /// The same of a call that makes machines.
    pub(super) fn took_machines(&self, token: &str, operation: Option<Operation>, doing: &str, group: &str) {
        self.remember(token, operation, doing, Some(group.to_owned()));
    }

    fn remember(&self, token: &str, operation: Option<Operation>, doing: &str, group: Option<String>) {
        if let Some(operation) = operation {
            let order = Order { operation, doing: doing.to_owned(), group, wait: FIRST_WAIT };
            locked(&self.pending).insert(token.to_owned(), order);
        }
    }

    /// Which id a call has, so that the cloud knows one that is repeated: a UUID, the same for each attempt at one intent.
    pub(super) fn request_id(&self, token: &str, part: usize) -> String {
        let failures = locked(&self.failures).get(token).copied().unwrap_or_default();
        let mut bytes = *blake3::hash(format!("{token} {part} {failures}").as_bytes()).as_bytes();
        // Version 8: made by rules of one's own (RFC 9562).
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex: String = bytes[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }

    /// Notes that a part of an intent was asked for.
    pub(super) fn did(&self, token: &str, part: usize) {
        locked(&self.parts).insert((token.to_owned(), part));
    }

    /// Whether a part of an intent was asked for.
    pub(super) fn has_done(&self, token: &str, part: usize) -> bool {
        locked(&self.parts).contains(&(token.to_owned(), part))
    }

    /// How long to wait for what was asked for under that token; `None`: it is carried out.
    pub(super) async fn wait(&self, it: &Clients, token: &str) -> Result<Option<Duration>, CloudError> {
        let Some(order) = locked(&self.pending).get(token).cloned() else { return Ok(None) };
        let ended = match ended(it, &order.operation, &order.doing).await? {
            Ended::Not => {
                if let Some(order) = locked(&self.pending).get_mut(token) {
                    order.wait = (order.wait * 2).min(LONGEST_WAIT);
                }
                return Ok(Some(order.wait));
            }
            Ended::Well => match &order.group {
                Some(group) => machines::trouble(it, group, &order.doing).await,
                None => Ok(()),
            },
            Ended::Badly(failed) => Err(failed),
        };
        if ended.is_err() {
            *locked(&self.failures).entry(token.to_owned()).or_default() += 1;
            locked(&self.parts).retain(|(of, _)| of != token);
        }
        // Of a group whose machines are still being made it is asked again whether they can be.
        if ended.is_err() || order.group.is_none() {
            locked(&self.pending).remove(token);
        }
        ended.map(|()| None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_the_same_id_each_time_and_another_after_it_failed() {
        let orders = Orders::default();
        let first = orders.request_id("abc", 0);
        assert_eq!(first, orders.request_id("abc", 0));
        assert_ne!(first, orders.request_id("abc", 1));
        assert_eq!((first.len(), first.matches('-').count(), &first[14..15]), (36, 4, "8"));
        locked(&orders.failures).insert("abc".to_owned(), 1);
        assert_ne!(first, orders.request_id("abc", 0));
    }
}
