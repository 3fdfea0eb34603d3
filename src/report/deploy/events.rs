//! What happens while hosts change their release, a line each; and lines of logs.

use serde_json::json;

use super::super::escape::plain;
use crate::deploy::run::{Event, LogLine};

/// The words beside the bar.
pub fn deploy_progress(event: &Event) -> String {
    match event {
        Event::Begun { doing, .. } | Event::Done { doing, .. } => (*doing).to_owned(),
        Event::Failed(trouble) => format!("{} failed", plain(&trouble.host)),
        Event::Batch { number, of, .. } => format!("batch {number} of {of}"),
        Event::Draining { seconds } => format!("giving the old containers {seconds} s"),
        Event::GoingBack { .. } => "going back".to_owned(),
    }
}

/// A line that stays; `None`: nothing that anybody reads twice.
pub fn deploy_event(event: &Event) -> Option<String> {
    match event {
        Event::Begun { .. } => None,
        Event::Done { host, doing } => Some(format!("{}: {doing}: done", plain(host))),
        Event::Failed(trouble) => Some(plain(&format!("{}: {}", trouble.host, trouble.sentence))),
        Event::Batch { number, of, hosts } => {
            Some(plain(&format!("batch {number} of {of}: {}", hosts.join(", "))))
        }
        Event::Draining { seconds } => Some(format!("giving the old containers {seconds} s to finish")),
        Event::GoingBack { hosts } => Some(plain(&format!("going back: {}", hosts.join(", ")))),
    }
}

/// A line of a log, with where it comes from.
pub fn log_line(host: &str, line: &LogLine, as_json: bool) -> String {
    if as_json {
        let value = json!({
            "host": host,
            "container": line.container,
            "service": line.service,
            "at": line.at,
            "text": line.text,
        });
        return value.to_string();
    }
    plain(&format!("{host} {} {}", line.container, line.text))
}
