//! What is there on a host: its engine, its releases, who holds it.

use std::time::Duration;

use super::host::{Host, Trouble, TroubleClass};
use crate::deploy::host::{Holder, Script};

/// Oldest Docker Compose whose `up --wait` fails when a container does not become healthy (release notes of 2.20).
const OLDEST_COMPOSE: (u32, u32) = (2, 20);

/// A release that is on a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id; ids sort by time.
    pub id: String,
    /// Its image.
    pub image: String,
    /// When it was made, seconds since 1970.
    pub made_s: i64,
    /// Who made it.
    pub who: String,
    /// Containers.
    pub containers: u32,
    /// Of them, those that run.
    pub running: u32,
    /// Of them, those that are healthy or have no check.
    pub healthy: u32,
}

/// What was seen on a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its operating system.
    pub system: String,
    /// Its instruction set, as `uname -m` says it.
    pub machine: String,
    /// Version of the container engine, or why there is none.
    pub engine: Result<String, String>,
    /// Version of Docker Compose, or why there is none.
    pub compose: Result<String, String>,
    /// Space for images, KiB; `None`: not known.
    pub free_kib: Option<u64>,
    /// The release that has the traffic.
    pub current: Option<String>,
    /// Containers of what stays: all, running, healthy; `None`: nothing was released yet.
    pub ground: Option<(u32, u32, u32)>,
    /// Releases, the newest first.
    pub releases: Vec<Kept>,
    /// Whose run it is.
    pub holder: Option<Holder>,
    /// Seconds since 1970 by its clock.
    pub now_s: i64,
}

impl Seen {
    /// The release of this id.
    pub fn release(&self, id: &str) -> Option<&Kept> {
        self.releases.iter().find(|release| release.id == id)
    }

    /// What keeps a release from being made here, and what to do about it.
    pub fn lacks(&self) -> Option<(String, String)> {
        let install = "install Docker Engine and Docker Compose 2 there (docs.docker.com/engine/install), or let \
                       --install-engine do it";
        let engine = match &self.engine {
            Ok(_) => None,
            Err(said) => Some(format!("{} has no container engine that answers: {said}", self.system)),
        };
        let compose = match &self.compose {
            Ok(version) if number(version) < OLDEST_COMPOSE => Some(format!(
                "Docker Compose {version} is older than {}.{}",
                OLDEST_COMPOSE.0, OLDEST_COMPOSE.1
            )),
            Ok(_) => None,
            Err(said) => Some(format!("{} has no Docker Compose: {said}", self.system)),
        };
        engine.or(compose).map(|sentence| (sentence, install.to_owned()))
    }
}

/// The first two numbers of a version.
fn number(version: &str) -> (u32, u32) {
    let mut parts =
        version.trim_start_matches('v').split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

/// Looks at a host; changes nothing.
///
/// # Errors
/// If it cannot be worked with.
pub async fn look(host: &Host, deployment: &str, within: Duration) -> Result<Seen, Trouble> {
    let said = host.ask(&Script::about(deployment).call("look", &[]), within).await?;
    let text = |word: &str| said.of(word).unwrap_or_default().to_owned();
    let either = |word: &str, no: &str, else_: &str| match (said.of(word), said.of(no)) {
        (Some(version), _) => Ok(version.to_owned()),
        (None, why) => Err(why.unwrap_or(else_).to_owned()),
    };
    let Some(now_s) = said.of("now").and_then(|now| now.parse().ok()) else {
        return Err(host.trouble(TroubleClass::Host, "it did not say what time it is"));
    };
    let mut releases: Vec<Kept> =
        said.marks.iter().filter(|mark| mark.word == "release").filter_map(|mark| kept(&mark.rest)).collect();
    releases.sort_by(|one, other| other.id.cmp(&one.id));
    Ok(Seen {
        system: text("system"),
        machine: text("machine"),
        engine: either("engine", "no-engine", "it did not say"),
        compose: either("compose", "no-compose", "it was not asked, since the engine does not answer"),
        free_kib: said.of("free").and_then(|free| free.trim().parse().ok()),
        current: said.of("current").filter(|id| !id.is_empty()).map(str::to_owned),
        ground: said.of("ground").and_then(counts),
        releases,
        holder: super::super::host::holder(&said.marks, "lock").filter(|holder| holder.until_s > now_s),
        now_s,
    })
}

fn counts(text: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = text.split(' ').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// `ID ALL RUNNING HEALTHY MADE IMAGE WHO...`
fn kept(text: &str) -> Option<Kept> {
    let mut words = text.splitn(7, ' ');
    let id = words.next()?.to_owned();
    let mut count = || words.next()?.parse().ok();
    let (containers, running, healthy) = (count()?, count()?, count()?);
    Some(Kept {
        id,
        containers,
        running,
        healthy,
        made_s: words.next()?.parse().ok()?,
        image: words.next()?.to_owned(),
        who: words.next().unwrap_or_default().to_owned(),
    })
}
