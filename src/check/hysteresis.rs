//! When a change is worth a message: a component has failed once it did so several rounds in a row, and is back once it was well
//! several rounds in a row. Pure: rounds in, messages out. What was not measured is neither.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Finding, Round, Verdict};

/// What became of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It has failed.
    Failed,
    /// It is back.
    Recovered,
}

impl Turn {
    /// The word in every form of output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Recovered => "recovered",
        }
    }
}

/// A message about one component.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Which.
    pub component: String,
    /// What became of it.
    pub turn: Turn,
    /// First of the rounds in a row that made it so.
    pub since: Timestamp,
    /// The round that it was decided in.
    pub at: Timestamp,
    /// Rounds in a row.
    pub rounds: u32,
    /// What is not well about it.
    pub findings: Vec<Finding>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Streak {
    failing: u32,
    fine: u32,
    began: Option<Timestamp>,
    reported: bool,
}

/// Remembers, for each component, how long it has been as it is. As large as the number of components.
#[derive(Debug, Clone)]
pub struct Hysteresis {
    after: u32,
    streaks: BTreeMap<String, Streak>,
}

impl Hysteresis {
    /// Messages after so many rounds in a row; at least one.
    pub fn after(rounds: u32) -> Self {
        Self { after: rounds.max(1), streaks: BTreeMap::new() }
    }

    /// Takes a round in; gives the messages that it is time for.
    pub fn hear(&mut self, round: &Round) -> Vec<Alert> {
        let mut alerts = Vec::new();
        for (component, verdict) in round.components() {
            let streak = self.streaks.entry(component.to_owned()).or_default();
            match verdict {
                Verdict::Fail => {
                    streak.fine = 0;
                    streak.failing = streak.failing.saturating_add(1);
                    if streak.failing == 1 {
                        streak.began = Some(round.at);
                    }
                }
                Verdict::Ok | Verdict::Warn => {
                    streak.failing = 0;
                    streak.fine = streak.fine.saturating_add(1);
                    if streak.fine == 1 {
                        streak.began = Some(round.at);
                    }
                }
                // Not seen: it neither fails on nor comes back.
                Verdict::Unknown => streak.fine = 0,
            }
            let (turn, rounds) = if !streak.reported && streak.failing >= self.after {
                (Turn::Failed, streak.failing)
            } else if streak.reported && streak.fine >= self.after {
                (Turn::Recovered, streak.fine)
            } else {
                continue;
            };
            streak.reported = turn == Turn::Failed;
            let unwell = |finding: &Finding| finding.component == component && finding.verdict != Verdict::Ok;
            alerts.push(Alert {
                component: component.to_owned(),
                turn,
                since: streak.began.unwrap_or(round.at),
                at: round.at,
                rounds,
                findings: round.findings().map(|(it, _)| it).filter(|it| unwell(it)).cloned().collect(),
            });
        }
        alerts
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Looked, Unit};
    use super::*;

    fn round(verdict: Verdict, second: i64) -> Round {
        let at = Timestamp::from_second(second).unwrap();
        let finding = Finding::unknown("cache", "answers", Unit::Seconds, "so").with(verdict);
        Round { at, looks: vec![Looked { at, findings: vec![finding] }], not_checked: Vec::new() }
    }

    fn turns(verdicts: &[Verdict]) -> Vec<(usize, Turn)> {
        let mut hysteresis = Hysteresis::after(3);
        let hear = |(index, verdict): (usize, &Verdict)| {
            hysteresis.hear(&round(*verdict, index as i64)).into_iter().map(move |it| (index, it.turn))
        };
        verdicts.iter().enumerate().flat_map(hear).collect()
    }

    use Verdict::{Fail, Ok as Fine, Unknown, Warn};

    #[test]
    fn one_message_for_a_failure_and_one_for_its_end_however_long_it_lasts() {
        let all = [Fine, Fail, Fail, Fail, Fail, Fail, Fine, Warn, Fine, Fine, Fine];
        assert_eq!(turns(&all), [(3, Turn::Failed), (8, Turn::Recovered)]);
    }

    #[test]
    fn what_flaps_faster_than_the_rounds_asked_for_is_no_message() {
        assert_eq!(turns(&[Fail, Fail, Fine, Fail, Fail, Fine, Fail, Fine, Fine, Fail]), []);
        // Once reported, two good rounds are no recovery.
        assert_eq!(turns(&[Fail, Fail, Fail, Fine, Fine, Fail, Fine, Fine]), [(2, Turn::Failed)]);
    }

    #[test]
    fn what_was_not_measured_is_no_recovery_and_no_failure() {
        assert_eq!(turns(&[Unknown; 9]), []);
        assert_eq!(
            turns(&[Fail, Unknown, Fail, Unknown, Fail, Unknown, Unknown, Unknown]),
            [(4, Turn::Failed)]
        );
    }

    #[test]
    fn a_message_says_since_when() {
        let mut hysteresis = Hysteresis::after(2);
        hysteresis.hear(&round(Fail, 10));
        let alerts = hysteresis.hear(&round(Fail, 40));
        assert_eq!((alerts[0].since.as_second(), alerts[0].at.as_second(), alerts[0].rounds), (10, 40, 2));
        assert_eq!(alerts[0].findings.len(), 1);
    }
}
