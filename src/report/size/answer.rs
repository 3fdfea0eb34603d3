//! The answer in two lines: are the objectives met, and how far does it carry.

use crate::report::look::Tone;
use crate::report::page::Page;
use crate::report::tidy;
use crate::report::words::listed;
use crate::sizing::{LimitKind, LoadLine, Severity, Sizing};
use crate::spec::Spec;

/// Column in which the words of the answer start.
const COLUMN: usize = 5;

/// Objectives and resources whose limit lies below that many users.
fn missed(line: &LoadLine, users: f64) -> Vec<&str> {
    line.limits
        .iter()
        .filter(|reached| reached.kind != LimitKind::Landmark)
        .filter(|reached| reached.at_users.is_some_and(|at_users| f64::from(at_users) < users))
        .map(|reached| reached.limit.as_str())
        .collect()
}

/// `The load line: carries 1,972 users; app cpu 70 % is reached first; growth of 3 %/month reaches it in 6.1 months.`
pub(crate) fn load_line_sentence(spec: &Spec, line: &LoadLine) -> String {
    let growth = format!("growth of {}/month", tidy::percent(spec.load.growth_per_month.mid));
    let months = match line.months {
        None => String::new(),
        Some(months) if months <= 0.0 => format!("; {growth} has already passed it"),
        Some(months) if months.is_finite() => format!("; {growth} reaches it in {}", tidy::months(months)),
        Some(_) => format!("; {growth} never reaches it"),
    };
    let first = match line.binding.as_str() {
        "" => format!("no limit is reached up to {}", tidy::count(f64::from(line.searched_to))),
        binding => format!("{binding} is reached first"),
    };
    format!("Load line: carries {} users; {first}{months}.", tidy::count(f64::from(line.users)))
}

/// Whether the sized system meets what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Every objective and limit.
    Yes,
    /// At least one is exceeded.
    No,
}

/// The answer and its sentence.
pub(crate) fn headline(spec: &Spec, sizing: &Sizing) -> (Answer, String) {
    let users = sizing.prediction.users;
    let missed = missed(&sizing.load_line, users);
    let at = format!(
        "at {} users, with {} and a p95 of {}",
        tidy::count(users),
        tidy::rps(sizing.prediction.throughput_rps.value),
        tidy::duration(sizing.prediction.response.p95_s.value)
    );
    if f64::from(sizing.load_line.users) >= users {
        let errors: Vec<&str> = sizing
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.code)
            .collect();
        // An error such as availability out of reach is no matter of load: then not "every objective" is met.
        let sentence = match errors.as_slice() {
            [] => format!("{} meets every objective {at}.", spec.name),
            [one] => {
                format!("{} meets every limit of time and load {at}; but see the error {one}.", spec.name)
            }
            many => format!(
                "{} meets every limit of time and load {at}; but see the errors {}.",
                spec.name,
                listed(many)
            ),
        };
        (Answer::Yes, sentence)
    } else {
        let what = if missed.is_empty() { sizing.load_line.binding.clone() } else { listed(&missed) };
        (Answer::No, format!("{} exceeds {what} {at}.", spec.name))
    }
}

/// Writes the two lines.
pub(super) fn write(page: &mut Page<'_>, spec: &Spec, sizing: &Sizing) {
    let (answer, sentence) = headline(spec, sizing);
    let (tone, word) = match answer {
        Answer::Yes => (Tone::Good, "YES"),
        Answer::No => (Tone::Bad, "NO"),
    };
    page.marked(tone, word, COLUMN, &sentence);
    page.hanging(COLUMN, &load_line_sentence(spec, &sizing.load_line));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn growth_that_still_has_room_says_how_many_months() {
        let line = LoadLine { months: Some(6.14), users: 2399, ..fixtures::sizing().load_line };
        assert!(
            load_line_sentence(&fixtures::spec(), &line)
                .ends_with("growth of 3 %/month reaches it in 6.1 months.")
        );
    }

    #[test]
    fn without_growth_no_month_is_named() {
        let line = LoadLine { months: None, ..fixtures::sizing().load_line };
        assert!(load_line_sentence(&fixtures::spec(), &line).ends_with("app cpu 70 % is reached first."));
    }

    #[test]
    fn yes_to_the_load_does_not_hide_an_error_of_another_kind() {
        let mut sizing = fixtures::sizing();
        sizing.load_line.users = 2399;
        let (answer, sentence) = headline(&fixtures::spec(), &sizing);
        assert_eq!(answer, Answer::Yes);
        assert!(sentence.ends_with("but see the error cpu-above-target."), "{sentence}");
        sizing.findings.clear();
        assert!(headline(&fixtures::spec(), &sizing).1.contains("meets every objective at 2,000 users"));
    }

    #[test]
    fn a_landmark_is_never_missed() {
        let line = fixtures::sizing().load_line;
        assert_eq!(missed(&line, 2000.0), ["app cpu 70 %"]);
        assert_eq!(missed(&line, 3000.0), ["app cpu 70 %", "app cpu 85 %", "connections 80 %"]);
    }
}
