//! What a MySQL or MariaDB server said of itself.

use std::collections::BTreeMap;

use super::super::lines::{REPLICATION_LAG_S, below};
use super::super::{Finding, Lines, Unit, Verdict};
use super::{per_second, percent, seconds};

const COMPONENT: &str = "database";

/// How a server copies from another.
#[derive(Debug, Clone, PartialEq)]
pub struct Replication {
    /// How far it is behind, s; `None`: the server does not know, since it is not copying.
    pub lag_s: Option<f64>,
    /// Whether both of its threads run.
    pub running: bool,
    /// The last error; may be empty.
    pub error: String,
}

/// One look at a server.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DatabaseSample {
    /// Time to connect, log in and ask, s.
    pub took_s: f64,
    /// When, s on any clock that does not jump.
    pub at_s: f64,
    /// `SHOW GLOBAL STATUS`, names in lower case.
    pub status: BTreeMap<String, String>,
    /// `SHOW GLOBAL VARIABLES`, names in lower case.
    pub variables: BTreeMap<String, String>,
    /// Channels that it copies over; `Err`: the user may not ask.
    pub replication: Option<Result<Vec<Replication>, String>>,
}

impl DatabaseSample {
    fn status(&self, name: &str) -> Option<f64> {
        self.status.get(name)?.parse().ok()
    }

    fn variable(&self, name: &str) -> Option<f64> {
        self.variables.get(name)?.parse().ok()
    }
}

/// Findings about a server that cannot be asked.
pub fn database_down(shown: &str, why: &str, hint: &str) -> Vec<Finding> {
    let unseen = |check, unit| Finding::unknown(COMPONENT, check, unit, "The database could not be asked.");
    vec![
        Finding::failed(COMPONENT, "answers", Unit::Seconds, format!("The database at {shown}: {why}."))
            .hint(hint),
        unseen("connections", Unit::Share),
        unseen("threads_running", Unit::Count),
    ]
}

/// Findings about a server that answered.
pub fn database(
    shown: &str,
    sample: &DatabaseSample,
    before: Option<&DatabaseSample>,
    lines: &Lines,
) -> Vec<Finding> {
    let version = sample.variables.get("version").map_or("", String::as_str);
    let answered = format!("The database at {shown} ({version}) answered in {}.", seconds(sample.took_s));
    let mut findings = vec![Finding::measured(COMPONENT, "answers", sample.took_s, Unit::Seconds, answered)];
    findings.extend(connections(sample, lines));
    findings.extend(refused(sample, before));
    findings.push(running(sample, lines));
    findings.extend(configured(sample, lines));
    findings.extend(replication(sample, lines));
    findings
}

fn connections(sample: &DatabaseSample, lines: &Lines) -> Vec<Finding> {
    let (Some(open), Some(most)) = (sample.status("threads_connected"), sample.variable("max_connections"))
    else {
        let why = "The server did not say Threads_connected and max_connections.";
        return vec![Finding::unknown(COMPONENT, "connections", Unit::Share, why)];
    };
    let share = open / most.max(1.0);
    let sentence = format!(
        "{open} of {most} connections are open ({}), the line is {}.",
        percent(share),
        percent(lines.connections)
    );
    let mut findings = vec![
        Finding::measured(COMPONENT, "connections", share, Unit::Share, sentence)
            .against(lines.connections, below(share, lines.connections))
            .hint(
                "find out who holds them (SHOW PROCESSLIST), and hold the pools against loadline lint --spec",
            ),
    ];
    if let Some(pool) = lines.pool.filter(|pool| *pool > 0.0) {
        let share = open / pool;
        let sentence = format!(
            "{open} connections are open and the pools of all workers may open {pool} ({}), the line is {}.",
            percent(share),
            percent(lines.connections)
        );
        findings.push(
            Finding::measured(COMPONENT, "pool", share, Unit::Share, sentence)
                .against(lines.connections, below(share, lines.connections))
                .hint("requests are about to wait for a connection: look for slow queries, then at app.pool"),
        );
    }
    findings
}

/// Connections that were turned away since the look before.
fn refused(sample: &DatabaseSample, before: Option<&DatabaseSample>) -> Option<Finding> {
    const NAME: &str = "connection_errors_max_connections";
    let now = sample.status(NAME)?;
    let rate = per_second(before?.status(NAME), now, sample.at_s - before?.at_s)?;
    let verdict = if rate > 0.0 { Verdict::Fail } else { Verdict::Ok };
    let sentence = match verdict {
        Verdict::Ok => "No connection was refused for want of room.".to_owned(),
        _ => format!("{rate:.1} connections a second were refused because max_connections was reached."),
    };
    let finding = Finding::measured(COMPONENT, "refused_connections", rate, Unit::PerSecond, sentence);
    Some(
        finding
            .against(0.0, verdict)
            .hint("fewer or smaller pools, or a higher max_connections with the memory for it"),
    )
}

fn running(sample: &DatabaseSample, lines: &Lines) -> Finding {
    let Some(running) = sample.status("threads_running") else {
        let why = "The server did not say Threads_running.";
        return Finding::unknown(COMPONENT, "threads_running", Unit::Count, why);
    };
    let Some(line) = lines.running else {
        let sentence = format!("{running} queries run at once.");
        return Finding::measured(COMPONENT, "threads_running", running, Unit::Count, sentence);
    };
    // Half of the line is two for each core: there they begin to queue.
    let verdict = match running {
        running if running >= line => Verdict::Fail,
        running if running >= line / 2.0 => Verdict::Warn,
        _ => Verdict::Ok,
    };
    let sentence = format!("{running} queries run at once, the line is {line} (four for each core).");
    Finding::measured(COMPONENT, "threads_running", running, Unit::Count, sentence)
        .against(line, verdict)
        .hint("look for slow queries and locks (SHOW PROCESSLIST) before adding cores")
}

/// The connection limit against what the design asks for.
fn configured(sample: &DatabaseSample, lines: &Lines) -> Option<Finding> {
    let (most, wanted) = (sample.variable("max_connections")?, lines.max_connections?);
    let verdict = if most < wanted { Verdict::Warn } else { Verdict::Ok };
    let sentence = format!("max_connections is {most}, the spec asks for {wanted}.");
    let finding = Finding::measured(COMPONENT, "max_connections", most, Unit::Count, sentence);
    Some(
        finding
            .against(wanted, verdict)
            .hint("set max_connections to what the spec says, in the server's configuration"),
    )
}

fn replication(sample: &DatabaseSample, lines: &Lines) -> Vec<Finding> {
    let read_only = matches!(sample.variables.get("read_only").map(String::as_str), Some("ON" | "1"));
    let channels = match &sample.replication {
        Some(Ok(channels)) => channels.as_slice(),
        Some(Err(why)) => {
            let sentence = format!("Whether it is a replica could not be asked: {why}.");
            return vec![
                Finding::unknown(COMPONENT, "replication_lag", Unit::Seconds, sentence)
                    .hint("grant the user of the check REPLICATION CLIENT (MariaDB: also REPLICA MONITOR)"),
            ];
        }
        None => &[],
    };
    let mut findings = Vec::new();
    if read_only && channels.is_empty() {
        findings.push(
            Finding::measured(
                COMPONENT,
                "read_only",
                1.0,
                Unit::Count,
                "The database takes no writes: read_only is on, and it is no replica.".to_owned(),
            )
            .against(0.0, Verdict::Fail)
            .hint("is this the server that was left behind by a failover? Find the new primary"),
        );
    }
    let replicas = sample.status("slaves_connected");
    if let Some(connected) = replicas.filter(|_| lines.database_standby && channels.is_empty()) {
        let verdict = if connected >= 1.0 { Verdict::Ok } else { Verdict::Warn };
        let sentence = format!("{connected} replicas are connected, the spec asks for a standby.");
        findings.push(
            Finding::measured(COMPONENT, "replicas", connected, Unit::Count, sentence)
                .against(1.0, verdict)
                .hint("a standby inside of a managed service is not seen here; otherwise set up the replica"),
        );
    }
    findings.extend(channels.iter().map(channel));
    findings
}

fn channel(channel: &Replication) -> Finding {
    let hint = "look at SHOW REPLICA STATUS there";
    match channel.lag_s.filter(|_| channel.running) {
        Some(lag) => {
            let sentence = format!(
                "The replica is {} behind, the line is {}.",
                seconds(lag),
                seconds(REPLICATION_LAG_S)
            );
            Finding::measured(COMPONENT, "replication_lag", lag, Unit::Seconds, sentence)
                .against(REPLICATION_LAG_S, below(lag, REPLICATION_LAG_S))
                .hint(hint)
        }
        None => {
            let error = channel.error.trim().trim_end_matches('.');
            let because = if error.is_empty() { String::new() } else { format!(": {error}") };
            let sentence = format!("The replica does not copy any more{because}.");
            Finding::failed(COMPONENT, "replication_lag", Unit::Seconds, sentence).hint(hint)
        }
    }
}
