//! One host: looked at, judged, changed, proved, and where asked for confirmed over a new connection.

use std::time::Duration;

use super::checks::worse;
use super::report::{HostReport, State};
use super::{carry_out, look};
use crate::hosts::{Connection, Reach};
use crate::tune::changes::{
    Arming, Ending, Outcome, Restart, Work, confirm_script, outcome as read_outcome, script, work,
};
use crate::tune::facts::{Container, Facts, Most, Systemd};
use crate::tune::judge::{Act, Judged, Verdict, judge};
use crate::tune::profile::Profile;

/// Whether a change has to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirm {
    /// It stays.
    No,
    /// The host takes it back after this time, unless it can be reached anew and is no worse.
    Within(Duration, String),
}

/// How hosts are gone about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Go {
    /// Longest time for one script.
    pub within: Duration,
    /// Whether services may be restarted.
    pub restart: Restart,
    /// Whether a change has to be confirmed.
    pub confirm: Confirm,
}

/// Looks at a host and says what there is to do; changes nothing.
pub async fn plan(reach: &dyn Reach, profile: &Profile, within: Duration) -> HostReport {
    let looked = async {
        let connection = reach.connect().await?;
        look(connection.as_ref(), profile, within).await
    };
    match looked.await {
        Ok(facts) => judged(reach.name(), profile, &facts),
        Err(error) => HostReport::unreached(reach.name(), &error),
    }
}

fn judged(name: &str, profile: &Profile, facts: &Facts) -> HostReport {
    let mut settings = judge(profile, facts);
    if !settings.iter().any(|it| it.verdict.is_change()) {
        settings.extend(stale(profile, facts, &settings));
    }
    let mut report = HostReport::judged(name, settings);
    report.notes.extend(facts.unreadable.iter().map(|it| format!("{}: {}", it.what, it.said)));
    if let Some(pending) = &facts.pending {
        report.notes.push(format!("a change of another run ({}) waits to be confirmed", pending.token));
    }
    if let (Container::Yes(kind), false) =
        (&facts.system.container, matches!(facts.system.systemd, Systemd::Running { .. }))
    {
        report.notes.push(format!(
            "this is a container ({kind}) without systemd: at its next start no file is applied; set it where the container \
             is made (loadline tune render --as compose)"
        ));
    }
    for disk in facts.disks.0.iter().filter(|disk| !disk.writable) {
        report.notes.push(format!("{} cannot be written", disk.folder));
    }
    report
}

/// Files of ours that hold what nothing asks for any more, where there is nothing else to change.
fn stale(profile: &Profile, facts: &Facts, settings: &[Judged]) -> Vec<Judged> {
    let work = work(profile, facts, settings, Restart::Leave);
    let rewritten = work.files.into_iter().map(|file| Judged {
        setting: file.path.clone(),
        act: Act::File,
        file: Some(file.path),
        from: None,
        to: None,
        verdict: Verdict::Releases,
        why: "It holds lines of an earlier run, or of somebody else, that nothing asks for: it is written anew.".to_owned(),
        risk: String::new(),
        source: String::new(),
    });
    rewritten.collect()
}

/// Brings a host to what the profile wants, in two round trips; a host that is so already is only looked at.
pub async fn apply(reach: &dyn Reach, profile: &Profile, go: &Go) -> HostReport {
    let name = reach.name();
    let connection = match reach.connect().await {
        Ok(connection) => connection,
        Err(error) => return HostReport::unreached(name, &error),
    };
    let facts = match look(connection.as_ref(), profile, go.within).await {
        Ok(facts) => facts,
        Err(error) => return HostReport::unreached(name, &error),
    };
    let mut report = judged(name, profile, &facts);
    let work = work(profile, &facts, &report.settings, go.restart);
    if work.is_empty() {
        return report;
    }
    let arming = match &go.confirm {
        Confirm::No => None,
        Confirm::Within(time, token) => {
            Some(Arming { token: token.clone(), within_s: time.as_secs().max(1) })
        }
    };
    let text = script(&work, arming.as_ref());
    let outcome = match carry_out(connection.as_ref(), &text, &work, go.within).await {
        Ok(outcome) => outcome,
        Err(error) => {
            // The connection is gone: nobody knows whether the script began.
            report.state = State::PartWay;
            report.problems.push(format!("{error}; how far it came is not known"));
            report.hint = Some("run the same command again: it goes on from what is there".to_owned());
            return report;
        }
    };
    told(&mut report, &outcome, &work);
    restarted(&mut report, &outcome);
    if let (State::Changed | State::PartWay, Some(arming), true) = (report.state, &arming, outcome.armed) {
        drop(connection);
        confirm(&mut report, (reach, profile, go), (&facts, arming)).await;
    }
    report
}

/// Takes over what the script said.
pub(super) fn told(report: &mut HostReport, outcome: &Outcome, work: &Work) {
    let again = Some("run the same command again: it goes on from what is there".to_owned());
    match &outcome.ending {
        Ending::Whole => {}
        Ending::Refused(why) => {
            report.state = State::Failed;
            report.problems.push(format!("{why}; nothing was changed"));
            report.hint = Some("mend that and run the same command again".to_owned());
            return;
        }
        Ending::Held(who) => {
            report.state = State::Held;
            report.problems.push(format!("another run (process {who}) is at this host; nothing was changed"));
            report.hint = Some("wait for it and run the same command again".to_owned());
            return;
        }
        Ending::Waiting(token) => {
            report.state = State::Held;
            report.problems.push(format!(
                "a change of another run waits to be confirmed ({token}, seconds since 1970); nothing was changed"
            ));
            report.hint = Some("wait until then: it is taken back if nobody confirms it".to_owned());
            return;
        }
        Ending::TookBack => {
            report.state = State::PartWay;
            report.problems.push(
                "a change of an earlier run had not been confirmed: it was taken back, and nothing else was done".to_owned(),
            );
            report.hint = again;
            return;
        }
        Ending::CutOff => {
            report.problems.push("the script broke off; how far it came is not known".to_owned());
        }
        Ending::Nothing | Ending::Confirmed | Ending::Late => {}
    }
    let wrong: Vec<String> = outcome
        .wrong()
        .map(|step| format!("{}: {}", setting(&step.what), step.wrong.as_deref().unwrap_or_default()))
        .collect();
    let unheard = outcome.ending == Ending::CutOff;
    report.state = match (wrong.is_empty() && !unheard, outcome.changed() || unheard) {
        (true, _) => State::Changed,
        (false, true) => State::PartWay,
        (false, false) => State::Failed,
    };
    if report.state == State::Failed {
        report.problems.push("nothing was changed".to_owned());
    }
    report.problems.extend(wrong);
    if !report.problems.is_empty() {
        report.hint = again;
    }
    let written = work.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>();
    if report.state == State::Changed && !written.is_empty() {
        report.notes.push(format!("wrote {}", written.join(", ")));
    }
}

/// Name of a kernel setting by its file.
fn setting(what: &str) -> String {
    what.strip_prefix("/proc/sys/").map_or_else(|| what.to_owned(), |path| path.replace('/', "."))
}

/// Holds what restarted services really have against what their units were given.
fn restarted(report: &mut HostReport, outcome: &Outcome) {
    let mut short = Vec::new();
    for (name, has) in &outcome.proved {
        let wanted = report.settings.iter().find_map(|it| match &it.act {
            Act::Unit { unit, property: "LimitNOFILE" } if unit == name => it.to.as_deref(),
            _ => None,
        });
        let Some(wanted) = wanted.and_then(|to| Most::read(to.split(':').next()?)) else { continue };
        let (said, enough) = match has {
            Some(has) if *has >= wanted => (format!("has {has} open files"), true),
            Some(has) => (format!("has {has} open files instead of {wanted}"), false),
            None => ("does not run any more".to_owned(), false),
        };
        let sentences = if enough { &mut report.notes } else { &mut short };
        sentences.push(format!("{name} was restarted and {said}"));
    }
    if !short.is_empty() {
        report.state = State::PartWay;
        report.problems.extend(short);
    }
}

/// Reaches the host anew, looks whether it is worse, and confirms; else the host takes the change back by itself.
async fn confirm(
    report: &mut HostReport,
    (reach, profile, go): (&dyn Reach, &Profile, &Go),
    (before, arming): (&Facts, &Arming),
) {
    let left = format!("not confirmed: the host takes the change back within {} s", arming.within_s);
    let again = async {
        let connection: Box<dyn Connection> = reach.connect().await?;
        let facts = look(connection.as_ref(), profile, go.within).await?;
        Ok::<_, crate::hosts::HostError>((connection, facts))
    };
    let (connection, after) = match again.await {
        Ok(found) => found,
        Err(error) => {
            report.state = State::PartWay;
            report.problems.push(format!("{error}; {left}"));
            return;
        }
    };
    let worse = worse(before, &after);
    if !worse.is_empty() {
        report.state = State::PartWay;
        report.problems.extend(worse.into_iter().map(|sentence| format!("{sentence}; {left}")));
        return;
    }
    match connection.run(&confirm_script(&arming.token), go.within).await {
        Ok(said) => match read_outcome(&said.stdout, &Work::default()).ending {
            Ending::Confirmed => report.notes.push("confirmed: the host is no worse than before".to_owned()),
            Ending::Late => {
                report.state = State::Reverted;
                report
                    .problems
                    .push("it was too late to confirm: the host had taken the change back".to_owned());
                report.hint = Some("run again with a longer --confirm-within".to_owned());
            }
            _ => {
                report.state = State::PartWay;
                report.problems.push(left);
            }
        },
        Err(error) => {
            report.state = State::PartWay;
            report.problems.push(format!("{error}; {left}"));
        }
    }
}
