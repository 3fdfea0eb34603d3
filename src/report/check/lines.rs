//! Rounds as plain lines, for logs and pipes: what changed, then how the round was.

use jiff::Timestamp;

use super::CheckView;
use crate::check::{Finding, Round, Verdict};
use crate::report::escape::plain;

/// A line for each check whose verdict is another than in the round before; of a first round, for each that is not well.
pub fn change_lines(before: Option<&Round>, now: &Round) -> Vec<String> {
    let earlier = |finding: &Finding| {
        let known =
            before?.findings().find(|(it, _)| it.component == finding.component && it.check == finding.check);
        known.map(|(it, _)| it.verdict)
    };
    let line = |(finding, at): (&Finding, Timestamp)| {
        let was = earlier(finding).unwrap_or(Verdict::Ok);
        (was != finding.verdict).then(|| {
            let change = match before {
                Some(_) => format!("{} -> {}", was.word(), finding.verdict.word()),
                None => finding.verdict.word().to_owned(),
            };
            plain(&format!("{at:.0} {} {}: {change}: {}", finding.component, finding.check, finding.sentence))
        })
    };
    now.findings().filter_map(line).collect()
}

/// How a round was.
pub fn round_line(view: CheckView<'_>, number: u64) -> String {
    let round = view.round;
    let verdict = round.verdict().word();
    plain(&format!("{:.0} {} round {number}: {verdict} ({})", round.at, view.deployment, super::tally(round)))
}
