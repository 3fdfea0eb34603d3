//! MySQL and MariaDB: a login and three questions.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error, Opts, Row};

use super::super::judge::{DatabaseSample, Replication, database, database_down};
use super::super::{Finding, Lines, StoreAddress};
use super::{Probe, SECOND_LOOK, clock_s, remember, told};

/// Codes of errors that a person can do something about.
const TOO_MANY_CONNECTIONS: u16 = 1040;
const ACCESS_DENIED: u16 = 1045;
const ACCESS_DENIED_TO_DATABASE: u16 = 1044;
const HOST_BLOCKED: u16 = 1129;
const HOST_NOT_ALLOWED: u16 = 1130;
const SYNTAX: u16 = 1064;

pub(super) struct DatabaseProbe {
    address: StoreAddress,
    within: Duration,
    lines: Arc<Lines>,
    before: Mutex<Option<(f64, DatabaseSample)>>,
}

/// Why nothing was learned, and what to do.
struct Refusal {
    why: String,
    hint: &'static str,
}

impl DatabaseProbe {
    pub(super) fn new(address: StoreAddress, within: Duration, lines: Arc<Lines>) -> Self {
        Self { address, within, lines, before: Mutex::new(None) }
    }

    /// Asks in an event loop of its own: what the client leaves behind when it is cut off ends with it, so that a server
    /// that hangs cannot pile up sockets over hours.
    async fn ask(&self, twice: bool) -> Result<Vec<DatabaseSample>, Refusal> {
        let (address, within) = (self.address.clone(), self.within);
        let asked = tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.map_err(|error| Refusal {
                why: format!("an event loop could not be started ({error})"),
                hint: "look at the limits of this process",
            })?;
            let asked =
                runtime.block_on(async { tokio::time::timeout(within, samples(&address, twice)).await });
            runtime.shutdown_background();
            asked.unwrap_or_else(|_| Err(late(within)))
        });
        asked.await.unwrap_or_else(|error| {
            Err(Refusal {
                why: format!("the look broke off by a fault of this program ({error})"),
                hint: "please report it",
            })
        })
    }

    fn down(&self, refusal: &Refusal) -> Vec<Finding> {
        database_down(self.address.shown(), &self.address.scrubbed(&refusal.why), refusal.hint)
    }
}

fn late(within: Duration) -> Refusal {
    Refusal {
        why: format!("it did not answer within {} s", within.as_secs_f64()),
        hint: "look for locks and a full disk on it, and whether a firewall swallows packets",
    }
}

#[async_trait]
impl Probe for DatabaseProbe {
    async fn look(&self) -> Vec<Finding> {
        let mut before = {
            let kept = self.before.lock().unwrap_or_else(PoisonError::into_inner);
            kept.as_ref().map(|(_, sample)| sample.clone())
        };
        match self.ask(before.is_none()).await {
            Err(refusal) => self.down(&refusal),
            Ok(samples) => {
                let mut samples = samples.into_iter();
                let (Some(first), second) = (samples.next(), samples.next()) else {
                    return self.down(&late(self.within));
                };
                let sample = match second {
                    Some(second) => {
                        before = Some(first);
                        second
                    }
                    None => first,
                };
                let findings = database(self.address.shown(), &sample, before.as_ref(), &self.lines);
                let mut kept = self.before.lock().unwrap_or_else(PoisonError::into_inner);
                remember(&mut kept, sample.at_s, sample);
                findings
            }
        }
    }

    fn unseen(&self, why: &str) -> Vec<Finding> {
        self.down(&Refusal { why: why.to_owned(), ..late(self.within) })
    }
}

async fn samples(address: &StoreAddress, twice: bool) -> Result<Vec<DatabaseSample>, Refusal> {
    let began = Instant::now();
    let opts = Opts::from_url(address.whole()).map_err(|error| Refusal {
        why: format!("its address is not understood ({error})"),
        hint: "write it as mysql://user:password@host:3306/name",
    })?;
    let mut conn = Conn::new(opts).await.map_err(|error| refusal(&error))?;
    let mut first = sample(&mut conn).await.map_err(|error| refusal(&error))?;
    first.took_s = began.elapsed().as_secs_f64();
    let mut samples = vec![first];
    if twice {
        tokio::time::sleep(SECOND_LOOK).await;
        let mut second = sample(&mut conn).await.map_err(|error| refusal(&error))?;
        second.took_s = samples[0].took_s;
        samples.push(second);
    }
    // It has answered: how it takes the goodbye says nothing.
    let _ = conn.disconnect().await;
    Ok(samples)
}

async fn sample(conn: &mut Conn) -> Result<DatabaseSample, Error> {
    let status = named(conn.query("SHOW GLOBAL STATUS").await?);
    let variables = named(conn.query("SHOW GLOBAL VARIABLES").await?);
    let replication = match conn.query::<Row, _>("SHOW REPLICA STATUS").await {
        // Older than MySQL 8.0.22 and MariaDB 10.5.
        Err(Error::Server(error)) if error.code == SYNTAX => conn.query::<Row, _>("SHOW SLAVE STATUS").await,
        asked => asked,
    };
    let replication = match replication {
        Ok(rows) => Ok(rows.iter().map(channel).collect()),
        Err(Error::Server(error)) => Err(error.message),
        Err(error) => return Err(error),
    };
    Ok(DatabaseSample { took_s: 0.0, at_s: clock_s(), status, variables, replication: Some(replication) })
}

fn named(rows: Vec<(String, Option<String>)>) -> BTreeMap<String, String> {
    rows.into_iter().filter_map(|(name, value)| Some((name.to_lowercase(), value?))).collect()
}

fn channel(row: &Row) -> Replication {
    let value = |names: [&str; 2]| {
        names.iter().find_map(|name| row.get_opt::<Option<String>, _>(*name)?.ok()).flatten()
    };
    let runs = |names| value(names).is_some_and(|state| state.eq_ignore_ascii_case("yes"));
    let errors = [["Last_IO_Error", "Last_IO_Error"], ["Last_SQL_Error", "Last_Error"]];
    Replication {
        lag_s: value(["Seconds_Behind_Source", "Seconds_Behind_Master"]).and_then(|lag| lag.parse().ok()),
        running: runs(["Replica_IO_Running", "Slave_IO_Running"])
            && runs(["Replica_SQL_Running", "Slave_SQL_Running"]),
        error: errors.into_iter().filter_map(value).find(|error| !error.is_empty()).unwrap_or_default(),
    }
}

fn refusal(error: &Error) -> Refusal {
    let (why, hint) = match error {
        Error::Server(server) => match server.code {
            ACCESS_DENIED | ACCESS_DENIED_TO_DATABASE => (
                format!("it refused the login ({})", server.message),
                "hold user and password of LOADLINE_DATABASE_URL against the server's, special characters as %40",
            ),
            TOO_MANY_CONNECTIONS => (
                "it takes no more connections, max_connections is reached".to_owned(),
                "find out who holds them; the administrator's extra connection still gets in",
            ),
            HOST_BLOCKED | HOST_NOT_ALLOWED => (
                format!("it does not let this machine in ({})", server.message),
                "grant the user of the check for this machine's address",
            ),
            _ => (
                format!("it answered with an error ({}: {})", server.code, server.message),
                "look at the server's log",
            ),
        },
        other => (
            reached(&told(other)),
            "is it running, and is this the address and port? Look at its log and at firewalls",
        ),
    };
    Refusal { why, hint }
}

/// What a failed connection means.
fn reached(said: &str) -> String {
    for (sign, meaning) in [
        ("Connection refused", "connection refused, nothing listens there"),
        ("UnknownIssuer", "its certificate is signed by nobody that this machine trusts"),
        ("failed to lookup address", "its name is not known"),
        ("Packets out of sync", "what answers there does not speak the protocol of MySQL"),
        ("onnection reset", "it broke the connection off"),
        ("onnection closed", "it closed the connection"),
    ] {
        if said.contains(sign) {
            return meaning.to_owned();
        }
    }
    format!("it could not be asked ({said})")
}
