//! JSON about checks: a round with what was measured and what was not, and both messages.

use jiff::Timestamp;
use loadline::check::{Alert, Finding, Looked, Round, Turn, Unit, Verdict};
use loadline::report::{CheckView, alert_json, check_json};

use crate::contract::{Contract, Seen};

pub(crate) fn walk(contract: &Contract, seen: &mut Seen) {
    let at = Timestamp::UNIX_EPOCH;
    let full = Finding::measured("cache", "memory", 0.9, Unit::Share, "full".into())
        .against(0.8, Verdict::Fail)
        .hint("look");
    let findings = vec![full, Finding::unknown("database", "pool", Unit::Share, "it does not say")];
    let round = Round {
        at,
        looks: vec![Looked { at, findings: findings.clone() }],
        not_checked: vec!["Hosts: name them.".into()],
    };
    contract.walk(&check_json(CheckView { deployment: "shop", round: &round }), "check", seen);
    for turn in [Turn::Failed, Turn::Recovered] {
        let alert =
            Alert { component: "cache".into(), turn, since: at, at, rounds: 3, findings: findings.clone() };
        contract.walk(&alert_json("shop", &alert), "check_message", seen);
    }
}
