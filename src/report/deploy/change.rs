//! What came of a change of release.

use serde_json::{Value, json};

use super::super::escape::plain;
use super::super::look::Look;
use super::super::tune::hosts;
use crate::deploy::run::{Change, End, HostState, Outcome, Trouble};

fn word(state: HostState) -> &'static str {
    match state {
        HostState::Released => "released",
        HostState::WentBack => "went back",
        HostState::Untouched => "untouched",
        HostState::Between => "in between",
    }
}

fn verdict(end: End) -> &'static str {
    match end {
        End::Done => "done",
        End::Refused => "refused",
        End::Held => "held",
        End::WentBack => "went-back",
        End::Stopped => "stopped",
        End::PartWay => "part-way",
    }
}

/// What became of each host, and what to run next.
pub fn change_text(job: &Change<'_>, outcome: &Outcome, look: &Look) -> String {
    let widest = outcome.hosts.iter().map(|end| end.host.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for end in &outcome.hosts {
        let current = end.current.as_deref().unwrap_or("nothing");
        let (host, state) = (plain(&end.host), word(end.state));
        text.push_str(&format!("{host:widest$}  {state:10}  has {}\n", plain(current)));
        if let Some(trouble) = &end.trouble {
            text.push_str(&trouble_text(trouble, look));
        }
    }
    let number = hosts(outcome.hosts.len());
    let sum = match outcome.end {
        End::Done => format!("Release {} of {} has the traffic of {number}.", job.to, job.stack.image),
        End::Refused => "Nothing was changed.".to_owned(),
        End::Held => "Another run holds it; nothing was changed.".to_owned(),
        End::WentBack => format!("Release {} is not healthy; every host is as it was.", job.to),
        End::Stopped => {
            "Stopped between two batches: some hosts have the release and some do not.".to_owned()
        }
        End::PartWay => "Something is left to be done.".to_owned(),
    };
    let next = match outcome.end {
        End::Done => "loadline deploy status shows it; loadline deploy rollback takes it back",
        End::Refused => "mend what is said above, and run the same command again",
        End::Held => "wait for it; if it is no more, run again with --take-lock",
        End::WentBack => "look at what the containers said above, mend the image, and release again",
        End::Stopped => "run the same command again, or loadline deploy rollback",
        End::PartWay => "loadline deploy status shows what each host has; the same command may be run again",
    };
    text.push_str(&format!("\n{}\nNext: {next}.\n", plain(&sum)));
    text
}

fn trouble_text(trouble: &Trouble, look: &Look) -> String {
    let wrapped = |text: &str| {
        let options = textwrap::Options::new(look.columns()).initial_indent("    ").subsequent_indent("    ");
        format!("{}\n", textwrap::fill(&plain(text), options))
    };
    let mut text = wrapped(&trouble.sentence);
    for line in &trouble.said {
        text.push_str(&format!("    | {}\n", plain(line)));
    }
    if let Some(hint) = &trouble.hint {
        text.push_str(&wrapped(&format!("next: {hint}")));
    }
    text
}

/// The same as JSON.
pub fn change_json(job: &Change<'_>, outcome: &Outcome) -> Value {
    let hosts: Vec<Value> = outcome
        .hosts
        .iter()
        .map(|end| {
            json!({
                "host": end.host,
                "state": word(end.state).replace(' ', "-"),
                "current": end.current,
                "trouble": end.trouble.as_ref().map(|trouble| json!({
                    "sentence": trouble.sentence,
                    "said": trouble.said,
                    "hint": trouble.hint,
                })),
            })
        })
        .collect();
    json!({
        "schema": 1,
        "name": job.stack.name,
        "release": job.to,
        "image": job.made.as_ref().map(|_| &job.stack.image),
        "verdict": verdict(outcome.end),
        "hosts": hosts,
    })
}

/// Whose locks ended.
pub fn unlock_text(ended: &[(String, Result<Option<String>, Trouble>)]) -> String {
    let line = |(host, result): &(String, Result<Option<String>, Trouble>)| {
        let what = match result {
            Ok(Some(who)) => format!("the lock of {who} has ended"),
            Ok(None) => "nobody held it".to_owned(),
            Err(trouble) => format!("{}; the lock was left alone", trouble.sentence),
        };
        format!("{}\n", plain(&format!("{host}: {what}")))
    };
    ended.iter().map(line).collect()
}
