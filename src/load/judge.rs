//! What was measured beside what was predicted, and what both say about the objectives of the spec. Pure.

use super::measured::{Ending, Level, OWN_FAILURE};
use super::plan::Drive;
use crate::sizing::{Effort, Model, Prediction, Requirements};
use crate::spec::Spec;

/// Share of errors that is allowed where the spec states no availability.
const ERRORS: f64 = 0.01;
/// Requests below which a 99th percentile says little (with 10,000 its 95 % interval is p98.8 to p99.2).
const FOR_P99: u64 = 10_000;

/// How an objective fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was met.
    Pass,
    /// It was missed.
    Fail,
    /// It cannot be said.
    Unknown,
}

/// An objective with what was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// `mean`, `p95`, `p99`, `errors`.
    pub objective: &'static str,
    /// The limit: ms, or a share for `errors`.
    pub limit: f64,
    /// What was measured; `None`: nothing was answered.
    pub measured: Option<f64>,
    /// What was predicted; `None` for errors.
    pub predicted: Option<f64>,
    /// How it fared.
    pub verdict: Verdict,
}

/// A level with its prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What was measured.
    pub level: Level,
    /// What the spec predicts at it, on the servers that it asks for.
    pub predicted: Prediction,
}

/// A whole test.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Every level.
    pub levels: Vec<Compared>,
    /// Objectives at the level that counts: the highest of those that were asked for at full load or below.
    pub objectives: Vec<Judged>,
    /// Number of that level; `None`: no level was driven.
    pub counts: Option<usize>,
    /// How all of it fared.
    pub verdict: Verdict,
    /// What is to be known, one sentence each.
    pub findings: Vec<String>,
}

/// Predicts levels and judges them.
pub struct Judge {
    spec: Spec,
    model: Model,
    requirements: Requirements,
}

impl Judge {
    /// For a spec.
    pub fn new(spec: &Spec) -> Self {
        let model = Model::new(spec, &Effort::quick());
        let requirements = model.requirements();
        Self { spec: spec.clone(), model, requirements }
    }

    /// What the spec predicts for a level. A rate is that of the number of users who send it.
    pub fn predict(&self, drive: Drive) -> Prediction {
        let capacity = self.model.wanted_capacity(&self.requirements);
        let at = |users: u32| self.model.predict(&capacity, users, &|_| {});
        match drive {
            Drive::Users(users) => at(users),
            Drive::Rate(rate) => {
                let (mut low, mut high) = (1_u32, 2_u32);
                let rps = |users: u32| at(users).throughput_rps.value;
                while rps(high) < rate && high < 200_000 {
                    let before = rps(low);
                    low = high;
                    high = high.saturating_mul(2);
                    // Saturated: no number of users sends so much.
                    if rps(low) < before * 1.001 {
                        break;
                    }
                }
                while low < high {
                    let middle = low + (high - low) / 2;
                    if rps(middle) < rate { low = middle + 1 } else { high = middle }
                }
                at(low)
            }
        }
    }

    /// Judges what was measured; `full` is what the test was meant to reach.
    pub fn judge(&self, levels: Vec<Level>, full: Drive) -> Answer {
        let levels: Vec<Compared> = levels
            .into_iter()
            .map(|level| Compared { predicted: self.predict(level.drive), level })
            .collect();
        let fits = |one: &&(usize, &Compared)| one.1.level.drive.size() <= full.size() * 1.000_001;
        let counts = levels
            .iter()
            .enumerate()
            .filter(|one| fits(&one))
            .max_by(|one, other| one.1.level.drive.size().total_cmp(&other.1.level.drive.size()))
            .map(|(index, _)| index);
        let objectives = counts.map_or_else(Vec::new, |index| self.objectives(&levels[index]));
        let mut findings = Vec::new();
        for one in &levels {
            note(&one.level, &mut findings);
        }
        let trusted = counts.is_some_and(|index| {
            let level = &levels[index].level;
            !level.generator.saturated && level.ending != Ending::Interrupted
        });
        let any = |wanted: Verdict| objectives.iter().any(|one| one.verdict == wanted);
        // Errors are the target's whoever sets the pace, unless this machine could not even send.
        let stopped = counts.is_some_and(|index| errors_of_the_target(&levels[index].level));
        let verdict = match (any(Verdict::Fail), trusted && !any(Verdict::Unknown)) {
            (true, _) if trusted || stopped => Verdict::Fail,
            (false, true) if !objectives.is_empty() => Verdict::Pass,
            _ => Verdict::Unknown,
        };
        Answer { levels, objectives, counts, verdict, findings }
    }

    fn objectives(&self, one: &Compared) -> Vec<Judged> {
        let (times, response) = (one.level.all.times.as_ref(), &one.predicted.response);
        let of = |objective, limit_s: Option<f64>, measured: Option<f64>, predicted_s: f64| {
            let limit = limit_s? * 1e3;
            let verdict = match measured {
                None => Verdict::Unknown,
                Some(measured) if measured <= limit => Verdict::Pass,
                Some(_) => Verdict::Fail,
            };
            Some(Judged { objective, limit, measured, predicted: Some(predicted_s * 1e3), verdict })
        };
        let wanted = &self.spec.objectives;
        let mut judged: Vec<Judged> = [
            of("mean", wanted.mean_s, times.map(|it| it.mean_ms), response.mean_s.value),
            of("p95", wanted.p95_s, times.map(|it| it.p95_ms), response.p95_s.value),
            of("p99", wanted.p99_s, times.map(|it| it.p99_ms), response.p99_s.value),
        ]
        .into_iter()
        .flatten()
        .collect();
        let limit = wanted.availability.map_or(ERRORS, |availability| (1.0 - availability).max(0.0));
        let measured = one.level.error_share();
        let verdict = match measured {
            None => Verdict::Unknown,
            Some(share) if share <= limit => Verdict::Pass,
            Some(_) => Verdict::Fail,
        };
        judged.push(Judged { objective: "errors", limit, measured, predicted: None, verdict });
        judged
    }
}

/// Whether a level was stopped by errors that this machine has no part in.
fn errors_of_the_target(level: &Level) -> bool {
    level.ending == Ending::Errors && !level.failures.keys().any(|failure| failure.starts_with(OWN_FAILURE))
}

fn named(drive: Drive) -> String {
    match drive {
        Drive::Users(1) => "1 user".to_owned(),
        Drive::Users(users) => format!("{users} users"),
        Drive::Rate(rate) => format!("{rate} requests a second"),
    }
}

/// What is to be known of a level.
fn note(level: &Level, findings: &mut Vec<String>) {
    let at = named(level.drive);
    let generator = &level.generator;
    if generator.saturated {
        findings.push(format!(
            "at {at} this machine set the pace itself: it used {:.0} % of its processors and sent 99 % of the requests up to {:.1} \
             ms late; use a larger machine, or several",
            generator.cpu_share * 100.0,
            generator.lag_p99_ms
        ));
    }
    for (failure, number) in level.failures.iter().filter(|(failure, _)| failure.starts_with(OWN_FAILURE)) {
        findings.push(format!("at {at} {number} requests could not be sent; {failure}"));
    }
    if level.ending == Ending::Errors {
        findings.push(format!("at {at} the test was stopped: too many requests failed"));
    }
    if level.ending == Ending::Interrupted {
        findings.push(format!("at {at} the test was interrupted after {:.1} s", level.duration_s));
    }
    if level.all.requests > 0 && level.all.requests < FOR_P99 {
        findings.push(format!(
            "at {at} {} requests were measured: below {FOR_P99} a 99th percentile says little",
            level.all.requests
        ));
    }
}
