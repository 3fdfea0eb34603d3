//! One host brought back to what it was before the first run.

use super::apply::{Go, told};
use super::carry_out;
use super::report::{HostReport, State};
use crate::hosts::Reach;
use crate::tune::changes::{Ending, Restart, Work, revert_script};

/// Brings a host back, from what it keeps itself; in one round trip.
pub async fn revert(reach: &dyn Reach, units: &[String], go: &Go) -> HostReport {
    let name = reach.name();
    let done = async {
        let connection = reach.connect().await?;
        let units = if go.restart == Restart::Services { units } else { &[] };
        carry_out(connection.as_ref(), &revert_script(units), &Work::default(), go.within).await
    };
    let outcome = match done.await {
        Ok(outcome) => outcome,
        Err(error) => {
            let mut report = HostReport::unreached(name, &error);
            report.state = State::PartWay;
            report.problems.push("how far it came is not known".to_owned());
            report.hint = Some("run the same command again: what was there before is still kept".to_owned());
            return report;
        }
    };
    let mut report = HostReport::without(name, State::Reverted);
    if outcome.ending == Ending::Nothing {
        report.state = State::AsWanted;
        report.notes.push("nothing of ours is there to revert; nothing was changed".to_owned());
        return report;
    }
    told(&mut report, &outcome, &Work::default());
    if report.state == State::Changed {
        report.state = State::Reverted;
        let count = outcome.steps.iter().filter(|step| step.changed).count();
        report
            .notes
            .push(format!("{count} files, values and services are as they were before the first run"));
    }
    report
}
