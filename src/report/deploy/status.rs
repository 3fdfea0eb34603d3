//! What runs on each host of a deployment.

use serde_json::{Value, json};

use super::super::escape::plain;
use super::super::look::Look;
use crate::deploy::run::{Kept, Seen, Trouble};

/// How a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Every container of its release and of what stays is healthy.
    Well,
    /// One is not, or does not run.
    Unwell,
    /// Nothing was released there.
    Empty,
    /// It could not be looked at.
    Unknown,
}

impl State {
    fn of(seen: &Result<Seen, Trouble>) -> Self {
        let Ok(seen) = seen else { return Self::Unknown };
        let Some(current) = &seen.current else { return Self::Empty };
        let whole = |(all, _, healthy): (u32, u32, u32)| all > 0 && all == healthy;
        let release = seen.release(current).map(|it| (it.containers, it.running, it.healthy));
        if release.is_some_and(whole) && seen.ground.is_some_and(whole) { Self::Well } else { Self::Unwell }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Unwell => "unwell",
            Self::Empty => "empty",
            Self::Unknown => "unknown",
        }
    }
}

/// What was seen on all hosts.
pub struct DeployStatus<'a> {
    name: &'a str,
    hosts: &'a [(String, Result<Seen, Trouble>)],
}

impl<'a> DeployStatus<'a> {
    /// Of a deployment.
    pub fn of(name: &'a str, hosts: &'a [(String, Result<Seen, Trouble>)]) -> Self {
        Self { name, hosts }
    }

    /// Whether every host has a release whose containers are all healthy.
    pub fn is_well(&self) -> bool {
        self.hosts.iter().all(|(_, seen)| State::of(seen) == State::Well)
    }

    /// A paragraph for each host.
    pub fn text(&self, look: &Look) -> String {
        let mut text = String::new();
        let wrapped = |line: &str| {
            let options =
                textwrap::Options::new(look.columns()).initial_indent("  ").subsequent_indent("    ");
            format!("{}\n", textwrap::fill(&plain(line), options))
        };
        for (host, seen) in self.hosts {
            text.push_str(&format!("{}: {}\n", plain(host), State::of(seen).word()));
            let seen = match seen {
                Ok(seen) => seen,
                Err(trouble) => {
                    text.push_str(&wrapped(&trouble.sentence));
                    continue;
                }
            };
            let version = |part: &Result<String, String>| {
                part.as_ref().map_or_else(|why| format!("none ({why})"), Clone::clone)
            };
            let engine = format!(
                "{}; engine {}, Compose {}",
                seen.system,
                version(&seen.engine),
                version(&seen.compose)
            );
            text.push_str(&wrapped(&engine));
            if let Some((all, running, healthy)) = seen.ground {
                text.push_str(&wrapped(&format!("stays: {}", containers(all, running, healthy))));
            }
            for release in &seen.releases {
                text.push_str(&wrapped(&release_line(release, seen)));
            }
            if let Some(holder) = &seen.holder {
                let since = at(holder.since_s);
                text.push_str(&wrapped(&format!("locked by {} since {since}: {}", holder.who, holder.why)));
            }
        }
        let next = if self.is_well() {
            "loadline deploy logs shows what the containers wrote"
        } else {
            "loadline deploy logs shows what the containers wrote; loadline deploy rollback goes back to a release that was kept"
        };
        text.push_str(&format!("\n{}\n", textwrap::fill(&format!("Next: {next}."), look.columns())));
        text
    }

    /// The same as JSON.
    pub fn json(&self) -> Value {
        let hosts: Vec<Value> = self.hosts.iter().map(|(host, seen)| host_json(host, seen)).collect();
        json!({ "schema": 1, "name": self.name, "well": self.is_well(), "hosts": hosts })
    }
}

fn containers(all: u32, running: u32, healthy: u32) -> String {
    let word = if all == 1 { "container" } else { "containers" };
    format!("{all} {word}, {running} running, {healthy} healthy")
}

fn release_line(release: &Kept, seen: &Seen) -> String {
    let current = seen.current.as_deref() == Some(release.id.as_str());
    let what = if current {
        format!("has the traffic: {}", containers(release.containers, release.running, release.healthy))
    } else {
        "kept".to_owned()
    };
    format!("{} {}, by {} at {}: {what}", release.id, release.image, release.who, at(release.made_s))
}

fn at(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| "an unknown time".to_owned(), |at| at.to_string())
}

fn host_json(host: &str, seen: &Result<Seen, Trouble>) -> Value {
    let state = State::of(seen).word();
    let seen = match seen {
        Ok(seen) => seen,
        Err(trouble) => {
            return json!({ "host": host, "state": state, "trouble": trouble.sentence, "hint": trouble.hint });
        }
    };
    let releases: Vec<Value> = seen
        .releases
        .iter()
        .map(|it| {
            json!({
                "id": it.id,
                "image": it.image,
                "made_at": at(it.made_s),
                "who": it.who,
                "containers": it.containers,
                "running": it.running,
                "healthy": it.healthy,
            })
        })
        .collect();
    json!({
        "host": host,
        "state": state,
        "system": seen.system,
        "machine": seen.machine,
        "engine": seen.engine.as_ref().ok(),
        "compose": seen.compose.as_ref().ok(),
        "free_kib": seen.free_kib,
        "current": seen.current,
        "ground": seen.ground.map(|(all, running, healthy)| json!({
            "containers": all, "running": running, "healthy": healthy,
        })),
        "releases": releases,
        "lock": seen.holder.as_ref().map(|it| json!({
            "who": it.who, "why": it.why, "since": at(it.since_s), "until": at(it.until_s),
        })),
    })
}
