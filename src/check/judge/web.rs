//! One answer to a health check.

use super::super::{Finding, Lines, Unit, Verdict};
use super::seconds;

/// What came of one request.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A whole answer.
    Status {
        /// Its status code.
        code: u16,
        /// From the start of the request to the end of the answer, s.
        took_s: f64,
    },
    /// None, with what was seen instead.
    None(String),
}

/// Findings about one address of the application.
pub fn web(component: &str, asked: &str, answer: &Answer, lines: &Lines) -> Vec<Finding> {
    let (code, took_s) = match answer {
        Answer::Status { code, took_s } => (*code, *took_s),
        Answer::None(why) => {
            return vec![
                Finding::failed(component, "health", Unit::Status, format!("GET {asked}: {why}."))
                    .hint("ask it yourself with curl -v; look at the process and at its log"),
                Finding::unknown(component, "response_time", Unit::Seconds, "It did not answer."),
            ];
        }
    };
    let sentence = format!("GET {asked} answered {code} in {}.", seconds(took_s));
    let health = Finding::measured(component, "health", f64::from(code), Unit::Status, sentence);
    let health = match code {
        200..=299 => health,
        300..=399 => Finding { sentence: format!("{} A redirect is no health.", health.sentence), ..health }
            .with(Verdict::Fail)
            .hint(
                "let app.health name a path that answers 200 itself, and app.url the scheme that people use",
            ),
        401 | 403 => health.with(Verdict::Fail).hint("let the health check through without a login"),
        404 => health.with(Verdict::Fail).hint("app.health names a path that the application does not have"),
        _ => health.with(Verdict::Fail).hint("look at the log of the application at this moment"),
    };
    let mut time = Finding::measured(
        component,
        "response_time",
        took_s,
        Unit::Seconds,
        format!("The health check took {}.", seconds(took_s)),
    );
    if let Some(line) = lines.response_s {
        // One answer is no percentile: slower than the objective is a warning, never a failure.
        time = time.against(line, if took_s >= line { Verdict::Warn } else { Verdict::Ok });
        time.sentence =
            format!("The health check took {}, the objective is {}.", seconds(took_s), seconds(line));
    }
    vec![health, time]
}
