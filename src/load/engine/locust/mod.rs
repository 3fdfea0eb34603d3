//! The test by Locust, on one machine or distributed over several. Decides how many processes there are and what counts; Locust sends.
//!
//! The master runs here and listens on 127.0.0.1; workers reach it through the connection to their host ([`Connection::lend`]), so
//! nothing listens for anybody else. Workers count for themselves (`templates/load/engine.py`), since Locust's own statistics keep two
//! digits of a time and know nothing of when a request was meant to be sent.

mod answer;
mod level;
mod script;

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use futures_util::future::try_join_all;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;

use super::client::{Unusable, stated_headers};
use super::{Means, each_level};
use crate::hosts::{Connection, HostError};
use crate::load::Event;
use crate::load::measured::Level;
use crate::load::plan::Test;

/// Longest time to find out what a worker has.
const TO_PROBE: Duration = Duration::from_secs(60);

/// Hosts on which Locust is, and the way back from them.
pub struct Locust {
    program: String,
    /// Where the master listens.
    port: u16,
    hands: Vec<Hand>,
}

/// Why nobody can send.
#[derive(Debug, thiserror::Error)]
pub enum NobodySends {
    /// A host cannot be worked with.
    #[error(transparent)]
    Host(#[from] HostError),
    /// Locust is not there, or is another one.
    #[error(transparent)]
    Locust(#[from] Unusable),
}

/// A host that sends.
struct Hand {
    host: Box<dyn Connection>,
    /// Port of its 127.0.0.1 that leads to the master.
    port: u16,
    processes: u32,
}

impl Locust {
    /// Finds out whether every host has the same Locust as this machine, and opens the ways back. `program` is its name or path, here
    /// and there; `processes` how many there are on each host, without it one for each processor.
    ///
    /// # Errors
    /// If this machine or a host has none, another one, or no way back. Nothing was sent.
    pub async fn gather(
        program: &str,
        processes: Option<u32>,
        hosts: Vec<Box<dyn Connection>>,
    ) -> Result<Self, NobodySends> {
        let doing = "looking for Locust on this machine".to_owned();
        let asked = tokio::process::Command::new(program).arg("--version").output().await;
        let asked = asked.map_err(|error| Unusable {
            doing: doing.clone(),
            said: format!("starting `{program}`: {error}"),
        })?;
        let here = answer::version(&String::from_utf8_lossy(&asked.stdout)).ok_or_else(|| {
            let said = script::last_line(&asked.stderr).unwrap_or_else(|| "no version".to_owned());
            Unusable { doing: doing.clone(), said: format!("`{program} --version` said: {said}") }
        })?;
        let port = free_port().map_err(|error| Unusable {
            doing: "looking for a free port".to_owned(),
            said: error.to_string(),
        })?;
        let hands = hosts.into_iter().map(|host| hand(host, program, processes, &here, port));
        let hands = try_join_all(hands).await?;
        Ok(Self { program: program.to_owned(), port, hands })
    }

    /// How many processes send on how many hosts.
    pub fn strength(&self) -> (u32, usize) {
        (self.hands.iter().map(|hand| hand.processes).sum(), self.hands.len())
    }

    /// Drives the levels one after the other, as [`super::run`] does.
    ///
    /// # Errors
    /// If not a single request could be sent.
    pub async fn run(
        &self,
        test: &Test,
        means: &Means,
        stop: &watch::Receiver<bool>,
        heard: &(dyn Fn(Event) + Sync),
    ) -> Result<Vec<Level>, Unusable> {
        stated_headers(means)?;
        each_level(test, heard, async |drive| level::drive(self, test, drive, means, stop, heard).await).await
    }

    /// Runs the workers of a level to their end; what each host said that ended badly.
    fn workers<'a>(
        &'a self,
        test: &'a Test,
        means: &'a Means,
        bound: Duration,
    ) -> FuturesUnordered<impl Future<Output = Option<String>> + 'a> {
        self.hands.iter().map(|hand| hand.send(&self.program, test, means, bound)).collect()
    }
}

impl Hand {
    /// Runs its workers to their end; what was said where that was bad.
    async fn send(&self, program: &str, test: &Test, means: &Means, bound: Duration) -> Option<String> {
        let script = script::worker(program, self.port, self.processes, test, means, bound);
        // A little longer than the host's own bound, which leaves nothing behind there.
        match self.host.run(&script, bound + Duration::from_secs(30)).await {
            Ok(said) if said.status == 0 => None,
            Ok(said) => {
                let last = script::last_line(&said.stderr).or_else(|| script::last_line(&said.stdout));
                let last = last.unwrap_or_else(|| format!("status {}", said.status));
                Some(format!("{}: {last}", self.host.name()))
            }
            Err(error) => Some(error.to_string()),
        }
    }
}

async fn hand(
    host: Box<dyn Connection>,
    program: &str,
    processes: Option<u32>,
    here: &str,
    port: u16,
) -> Result<Hand, NobodySends> {
    let doing = format!("looking for Locust on {}", host.name());
    let said = host.run(&script::probe(program), TO_PROBE).await?;
    if said.status != 0 {
        let last = script::last_line(&said.stderr).unwrap_or_else(|| format!("status {}", said.status));
        return Err(Unusable { doing, said: last }.into());
    }
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let there = answer::version(&text).unwrap_or_else(|| "an unknown version".to_owned());
    if there != *here {
        let said = format!("it has {there}, this machine has {here}: different ones do not work together");
        return Err(Unusable { doing, said }.into());
    }
    let cores = text.lines().last().and_then(|line| line.trim().parse().ok()).unwrap_or(1);
    let port = host.lend(port).await?;
    Ok(Hand { host, port, processes: processes.unwrap_or(cores).max(1) })
}

/// A port that nobody listened on just now.
fn free_port() -> std::io::Result<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr().map(|address| address.port())
}
