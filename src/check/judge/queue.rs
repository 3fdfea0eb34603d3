//! Task queues that are lists in Redis or Valkey, as Celery keeps them: how long they are, and how old the oldest task is.

use jiff::Timestamp;
use serde_json::Value;

use super::super::lines::below;
use super::super::{Finding, Lines, Unit};
use super::seconds;

const COMPONENT: &str = "queue";

/// The task that has waited longest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oldest {
    /// Names it: the id in its message, else the message itself, shortened.
    pub id: String,
    /// When it was sent, s since 1970, where its message says so; Celery's own do not.
    pub sent_s: Option<i64>,
}

/// One look at a queue.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueSample {
    /// Its name.
    pub queue: String,
    /// Messages that wait, over all priorities.
    pub length: u64,
    /// The one that is taken next; `None`: none waits.
    pub oldest: Option<Oldest>,
    /// How long that one has been seen at the front already, s; 0 at the first look.
    pub seen_for_s: f64,
}

/// What a message says of itself.
pub fn oldest_of(message: &[u8]) -> Oldest {
    let short = || String::from_utf8_lossy(&message[..message.len().min(64)]).into_owned();
    let Ok(value) = serde_json::from_slice::<Value>(message) else {
        return Oldest { id: short(), sent_s: None };
    };
    let (headers, properties) = (&value["headers"], &value["properties"]);
    let id = [&headers["id"], &properties["correlation_id"], &value["id"]]
        .into_iter()
        .find_map(Value::as_str)
        .map_or_else(short, str::to_owned);
    // Names that publishers give such a header; the protocol of Celery has none.
    let times = ["published_at", "sent_at", "enqueued_at", "timestamp"];
    let places = [headers, properties, &value];
    let sent_s = places.iter().flat_map(|place| times.iter().map(|name| &place[*name])).find_map(time);
    Oldest { id, sent_s }
}

/// A time as seconds or milliseconds since 1970, or as text.
fn time(value: &Value) -> Option<i64> {
    /// Seconds that lie in the year 5138: what is larger counts milliseconds.
    const LARGEST_S: f64 = 1e11;
    match value {
        Value::Number(number) => {
            let number = number.as_f64().filter(|number| *number > 0.0)?;
            Some(if number > LARGEST_S { number / 1000.0 } else { number } as i64)
        }
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(at) => Some(at.as_second()),
            // Without an offset Celery writes UTC.
            Err(_) => {
                let written = text.parse::<jiff::civil::DateTime>().ok()?;
                Some(jiff::tz::TimeZone::UTC.to_timestamp(written).ok()?.as_second())
            }
        },
        _ => None,
    }
}

/// Findings about queues that could not be looked at.
pub fn queue_down(queue: &str, why: &str) -> Vec<Finding> {
    vec![
        Finding::unknown(COMPONENT, &format!("length/{queue}"), Unit::Count, why),
        Finding::unknown(COMPONENT, &format!("age/{queue}"), Unit::Seconds, why),
    ]
}

/// Findings about one queue.
pub fn queue(sample: &QueueSample, lines: &Lines, now: Timestamp) -> Vec<Finding> {
    let QueueSample { queue, length, oldest, seen_for_s } = sample;
    let sentence = format!("{length} tasks wait in {queue}.");
    let waiting =
        Finding::measured(COMPONENT, &format!("length/{queue}"), *length as f64, Unit::Count, sentence);
    let check = format!("age/{queue}");
    let sent_s = oldest.as_ref().and_then(|oldest| oldest.sent_s);
    let by_rate = lines.tasks_per_s.filter(|rate| *rate > 0.0).map(|rate| *length as f64 / rate);
    let (age_s, how) = match (oldest, sent_s, by_rate) {
        (None, ..) => (0.0, "no task waits".to_owned()),
        (Some(_), Some(sent_s), _) => {
            let age = (now.as_second() - sent_s).max(0) as f64;
            (age, format!("the oldest was sent {} ago, as its message says", seconds(age)))
        }
        (Some(_), None, Some(by_rate)) if by_rate >= *seen_for_s => (
            by_rate,
            format!(
                "its messages say no time; {length} tasks take {} when all slots of the spec work on them",
                seconds(by_rate)
            ),
        ),
        (Some(_), None, _) if *seen_for_s > 0.0 => (
            *seen_for_s,
            format!(
                "its messages say no time; the oldest has been at the front for {}",
                seconds(*seen_for_s)
            ),
        ),
        (Some(_), None, _) => {
            let why = format!(
                "The messages of {queue} say no time, and the spec has no tasks to tell it from their rate."
            );
            return vec![waiting, Finding::unknown(COMPONENT, &check, Unit::Seconds, why)];
        }
    };
    let line = lines.task_age_s;
    let sentence = format!("{queue}: {how}; the line is {}.", seconds(line));
    let age = Finding::measured(COMPONENT, &check, age_s, Unit::Seconds, sentence)
        .against(line, below(age_s, line))
        .hint("are the task workers there (celery inspect ping)? Then more of them, or faster tasks");
    vec![waiting, age]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_message_is_taken_from_where_publishers_put_it() {
        let id = |text: &str| oldest_of(text.as_bytes());
        assert_eq!(
            id(r#"{"headers":{"id":"a-1","published_at":1700000000.5}}"#),
            Oldest { id: "a-1".into(), sent_s: Some(1_700_000_000) }
        );
        assert_eq!(
            id(r#"{"properties":{"correlation_id":"b","timestamp":1700000000000}}"#).sent_s,
            Some(1_700_000_000)
        );
        assert_eq!(
            id(r#"{"headers":{"id":"c","sent_at":"2023-11-14T22:13:20"}}"#).sent_s,
            Some(1_700_000_000)
        );
        assert_eq!(
            id(r#"{"headers":{"id":"c","task":"app.work"}}"#),
            Oldest { id: "c".into(), sent_s: None }
        );
        assert_eq!(id("no json").id, "no json");
        assert_eq!(oldest_of(&[0xff; 200]).sent_s, None);
    }
}
