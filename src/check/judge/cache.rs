//! What a Redis or Valkey server said of itself in `INFO`.

use std::collections::BTreeMap;

use super::super::lines::{HEADROOM, QUEUE_MEMORY, below};
use super::super::{Finding, Lines, Unit, Verdict};
use super::{bytes, per_second, percent, seconds};

/// One look at a server.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CacheSample {
    /// Time to connect, log in and ask, s.
    pub took_s: f64,
    /// When, s on any clock that does not jump.
    pub at_s: f64,
    /// The fields of `INFO`.
    pub info: BTreeMap<String, String>,
}

impl CacheSample {
    fn number(&self, name: &str) -> Option<f64> {
        self.info.get(name)?.parse().ok()
    }

    /// How much a counter grew each second since the look before.
    fn rate(&self, before: Option<&Self>, name: &str) -> Option<f64> {
        let (now, before) = self.number(name).zip(before)?;
        per_second(before.number(name), now, self.at_s - before.at_s)
    }

    fn word(&self, name: &str) -> &str {
        self.info.get(name).map_or("", String::as_str)
    }
}

/// Fields of the answer to `INFO`.
pub fn info(text: &str) -> BTreeMap<String, String> {
    let fields = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'));
    fields.map(|(name, value)| (name.to_owned(), value.trim_end().to_owned())).collect()
}

/// Findings about a server that cannot be asked.
pub fn cache_down(component: &str, shown: &str, why: &str, hint: &str) -> Vec<Finding> {
    let unseen = |check, unit| {
        Finding::unknown(component, check, unit, format!("The {component} could not be asked."))
    };
    vec![
        Finding::failed(component, "answers", Unit::Seconds, format!("The {component} at {shown}: {why}."))
            .hint(hint),
        unseen("memory", Unit::Share),
        unseen("evictions", Unit::PerSecond),
    ]
}

/// Findings about a server that answered; `component` is `cache` or `queue`, whose lines differ.
pub fn cache(
    component: &str,
    shown: &str,
    sample: &CacheSample,
    before: Option<&CacheSample>,
    lines: &Lines,
) -> Vec<Finding> {
    let version = match sample.word("valkey_version") {
        "" => format!("redis {}", sample.word("redis_version")),
        version => format!("valkey {version}"),
    };
    let answered = format!("The {component} at {shown} ({version}) answered in {}.", seconds(sample.took_s));
    let mut findings = vec![Finding::measured(component, "answers", sample.took_s, Unit::Seconds, answered)];
    findings.push(memory(component, sample, lines));
    findings.push(evictions(component, sample, before));
    findings.extend(clients(component, sample, before));
    if component == "queue" {
        findings.extend(policy(sample));
    }
    findings.extend(replication(component, sample, lines));
    findings.extend(persistence(component, sample));
    findings
}

fn memory(component: &str, sample: &CacheSample, lines: &Lines) -> Finding {
    let Some(used) = sample.number("used_memory") else {
        return Finding::unknown(component, "memory", Unit::Share, "The server did not say used_memory.");
    };
    let line = if component == "queue" { QUEUE_MEMORY.min(lines.cache_memory) } else { lines.cache_memory };
    let wanted = lines.max_memory_bytes.filter(|_| component == "cache");
    let (most, without) = match (sample.number("maxmemory").filter(|most| *most > 0.0), wanted) {
        (Some(most), _) => (most, false),
        (None, Some(wanted)) => (wanted, true),
        (None, None) => {
            let sentence = format!(
                "{} are used and maxmemory is not set: it may grow until the host has no memory.",
                bytes(used)
            );
            return Finding::unknown(component, "memory", Unit::Share, sentence).hint("set maxmemory");
        }
    };
    let share = used / most;
    let mut sentence = format!(
        "{} of {} are used ({}), the line is {}.",
        bytes(used),
        bytes(most),
        percent(share),
        percent(line)
    );
    let mut verdict = below(share, line);
    if without {
        verdict = verdict.max(Verdict::Warn);
        sentence.push_str(
            " That is the limit of the spec: the server has no maxmemory and would go on beyond it.",
        );
    }
    let hint = if without {
        "set maxmemory to what the spec says"
    } else {
        "fewer or shorter-lived entries, or a larger maxmemory with the memory for it"
    };
    Finding::measured(component, "memory", share, Unit::Share, sentence).against(line, verdict).hint(hint)
}

fn evictions(component: &str, sample: &CacheSample, before: Option<&CacheSample>) -> Finding {
    let Some(rate) = sample.rate(before, "evicted_keys") else {
        let why = "The server did not say evicted_keys twice.";
        return Finding::unknown(component, "evictions", Unit::PerSecond, why);
    };
    // A cache may evict what nobody asks for; a queue loses tasks.
    let (verdict, hint) = match (rate > 0.0, component) {
        (false, _) => (Verdict::Ok, ""),
        (true, "queue") => (
            Verdict::Fail,
            "tasks are being lost: give the queue a server of its own with maxmemory-policy noeviction",
        ),
        (true, _) => (
            Verdict::Warn,
            "the cache is full: hold its hit rate against the one that the load was sized with",
        ),
    };
    let sentence = if rate > 0.0 {
        format!("{rate:.1} keys a second are evicted.")
    } else {
        "No key is evicted.".to_owned()
    };
    Finding::measured(component, "evictions", rate, Unit::PerSecond, sentence)
        .against(0.0, verdict)
        .hint(hint)
}

fn clients(component: &str, sample: &CacheSample, before: Option<&CacheSample>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let (Some(open), Some(most)) = (sample.number("connected_clients"), sample.number("maxclients")) {
        let share = open / most.max(1.0);
        let sentence = format!(
            "{open} of {most} clients are connected ({}), the line is {}.",
            percent(share),
            percent(HEADROOM)
        );
        findings.push(
            Finding::measured(component, "clients", share, Unit::Share, sentence)
                .against(HEADROOM, below(share, HEADROOM))
                .hint(
                    "look for clients that open a connection for each call (CLIENT LIST), then at maxclients",
                ),
        );
    }
    if let Some(rate) = sample.rate(before, "rejected_connections").filter(|rate| *rate > 0.0) {
        let sentence = format!("{rate:.1} connections a second were refused because maxclients was reached.");
        findings.push(
            Finding::measured(component, "refused_connections", rate, Unit::PerSecond, sentence)
                .against(0.0, Verdict::Fail)
                .hint(
                    "look for clients that open a connection for each call (CLIENT LIST), then at maxclients",
                ),
        );
    }
    findings
}

/// A queue must not evict: its list is one key, which goes as a whole.
fn policy(sample: &CacheSample) -> Option<Finding> {
    let policy = sample.info.get("maxmemory_policy")?;
    let good = policy == "noeviction";
    let verdict = if good { Verdict::Ok } else { Verdict::Fail };
    let sentence = match good {
        true => "maxmemory-policy is noeviction: a queue is never thrown away.".to_owned(),
        false => format!("maxmemory-policy is {policy}: a full server may throw a whole queue away."),
    };
    let finding = Finding::measured("queue", "policy", f64::from(u8::from(!good)), Unit::Count, sentence);
    Some(
        finding
            .against(0.0, verdict)
            .hint("set maxmemory-policy to noeviction, and give the cache a server of its own"),
    )
}

fn replication(component: &str, sample: &CacheSample, lines: &Lines) -> Option<Finding> {
    if sample.word("role") == "slave" {
        let up = sample.word("master_link_status") == "up";
        let behind = sample.number("master_last_io_seconds_ago").filter(|seconds| *seconds >= 0.0);
        return Some(match (up, behind) {
            (true, Some(behind)) => {
                let sentence = format!("It is a replica and heard of its primary {} ago.", seconds(behind));
                Finding::measured(component, "replication_lag", behind, Unit::Seconds, sentence)
            }
            (true, None) => Finding::unknown(
                component,
                "replication_lag",
                Unit::Seconds,
                "It is a replica and does not say when it heard of its primary.",
            ),
            (false, _) => Finding::failed(
                component,
                "replication_lag",
                Unit::Seconds,
                "It is a replica whose link to the primary is down.",
            )
            .hint("look at the primary, and at master_link_down_since_seconds in INFO"),
        });
    }
    let connected =
        sample.number("connected_slaves").filter(|_| lines.cache_replica && component == "cache")?;
    let verdict = if connected >= 1.0 { Verdict::Ok } else { Verdict::Warn };
    let sentence = format!("{connected} replicas are connected, the spec asks for one.");
    let finding = Finding::measured(component, "replicas", connected, Unit::Count, sentence);
    Some(
        finding
            .against(1.0, verdict)
            .hint("a replica that a managed service hides is not seen here; otherwise look at its log"),
    )
}

/// What went wrong with writing to disk, and whether it still loads.
fn persistence(component: &str, sample: &CacheSample) -> Option<Finding> {
    let wrong: Vec<&str> = ["rdb_last_bgsave_status", "aof_last_bgrewrite_status", "aof_last_write_status"]
        .into_iter()
        .filter(|name| sample.info.get(*name).is_some_and(|status| status != "ok"))
        .collect();
    if sample.word("loading") == "1" {
        let finding =
            Finding::failed(component, "persistence", Unit::Count, "It is still loading its data from disk.");
        return Some(finding.hint("wait; loading_eta_seconds in INFO says how long"));
    }
    sample.info.get("rdb_last_bgsave_status")?;
    let (verdict, sentence) = match wrong.as_slice() {
        [] => (Verdict::Ok, "The last save to disk went well.".to_owned()),
        wrong => (Verdict::Fail, format!("The last save to disk failed: {} is not ok.", wrong.join(", "))),
    };
    let finding = Finding::measured(component, "persistence", wrong.len() as f64, Unit::Count, sentence);
    Some(
        finding
            .against(0.0, verdict)
            .hint("look at the server's log: a full disk, or no memory for the fork"),
    )
}
