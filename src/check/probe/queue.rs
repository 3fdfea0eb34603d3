//! Task queues in Redis or Valkey: their lengths, and the task that has waited longest.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use redis::aio::MultiplexedConnection;

use super::super::judge::{Oldest, QueueSample, oldest_of, queue, queue_down};
use super::super::{Finding, Lines, StoreAddress};
use super::Probe;
use super::cache::{connect, refusal};

/// Lists that Celery makes of one queue: the plain one, and one for each priority step (kombu, `priority_steps` and `sep`).
const PRIORITIES: [&str; 4] = ["", "\u{6}\u{16}3", "\u{6}\u{16}6", "\u{6}\u{16}9"];

pub(super) struct QueueProbe {
    address: StoreAddress,
    queues: Vec<String>,
    within: Duration,
    lines: Arc<Lines>,
    /// The task at the front of each queue, and since when it is seen there.
    seen: Mutex<BTreeMap<String, (Oldest, Instant)>>,
}

impl QueueProbe {
    pub(super) fn new(
        address: StoreAddress,
        queues: Vec<String>,
        within: Duration,
        lines: Arc<Lines>,
    ) -> Self {
        Self { address, queues, within, lines, seen: Mutex::new(BTreeMap::new()) }
    }

    async fn one(&self, connection: &mut MultiplexedConnection, name: &str) -> Vec<Finding> {
        match front(connection, name).await {
            Err(error) => {
                let why = self.address.scrubbed(&refusal(&error).why);
                let sentence = format!("The queue {name} could not be looked at: {why}.");
                queue_down(name, &sentence)
            }
            Ok((length, oldest)) => {
                let seen_for_s = self.seen_for_s(name, oldest.as_ref());
                let sample = QueueSample { queue: name.to_owned(), length, oldest, seen_for_s };
                queue(&sample, &self.lines, Timestamp::now())
            }
        }
    }

    /// How long that task has been at the front.
    fn seen_for_s(&self, name: &str, oldest: Option<&Oldest>) -> f64 {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(oldest) = oldest else {
            seen.remove(name);
            return 0.0;
        };
        match seen.get(name) {
            Some((known, since)) if known.id == oldest.id => since.elapsed().as_secs_f64(),
            _ => {
                seen.insert(name.to_owned(), (oldest.clone(), Instant::now()));
                0.0
            }
        }
    }
}

#[async_trait]
impl Probe for QueueProbe {
    async fn look(&self) -> Vec<Finding> {
        let mut connection = match connect(&self.address, self.within).await {
            Ok(connection) => connection,
            Err(refusal) => return self.unseen(&self.address.scrubbed(&refusal.why)),
        };
        let mut findings = Vec::new();
        for name in &self.queues {
            findings.extend(self.one(&mut connection, name).await);
        }
        findings
    }

    fn unseen(&self, why: &str) -> Vec<Finding> {
        let sentence = |name| format!("The queue {name} could not be looked at: {why}.");
        self.queues.iter().flat_map(|name| queue_down(name, &sentence(name))).collect()
    }
}

/// Length of a queue over all priorities, and its oldest task: producers push at the head, workers take from the tail.
async fn front(
    connection: &mut MultiplexedConnection,
    name: &str,
) -> redis::RedisResult<(u64, Option<Oldest>)> {
    let (mut length, mut oldest): (u64, Option<Oldest>) = (0, None);
    for priority in PRIORITIES {
        let key = format!("{name}{priority}");
        let waiting: u64 = redis::cmd("LLEN").arg(&key).query_async(connection).await?;
        if waiting == 0 {
            continue;
        }
        length += waiting;
        let message: Option<Vec<u8>> = redis::cmd("LINDEX").arg(&key).arg(-1).query_async(connection).await?;
        let Some(found) = message.map(|message| oldest_of(&message)) else { continue };
        // Without times the lowest priority has waited longest.
        let older = match (oldest.as_ref().and_then(|it| it.sent_s), found.sent_s) {
            (Some(known), Some(sent)) => sent < known,
            (Some(_), None) => false,
            (None, _) => true,
        };
        if older {
            oldest = Some(found);
        }
    }
    Ok((length, oldest))
}
