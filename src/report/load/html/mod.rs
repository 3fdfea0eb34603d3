//! A load test as a page: the verdict, measured beside predicted drawn over the levels, the level that counts second by second.

mod drawing;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::super::{html, tidy};
use super::{named, rows};
use crate::load::judge::{Answer, Compared, Verdict};
use crate::load::plan::Test;

/// The page; `name` is that of the spec.
pub fn load_html(name: &str, test: &Test, answer: &Answer) -> String {
    html::render("load.html", view(name, test, answer))
}

fn view(name: &str, test: &Test, answer: &Answer) -> Value {
    let (word, headline) = rows::headline(test, answer);
    let shown = rows::shown(answer);
    let tone = match answer.verdict {
        Verdict::Pass => "yes",
        Verdict::Fail => "no",
        Verdict::Unknown => "warning",
    };
    let part = |of: fn(&Compared) -> Value| shown.map_or(Value::Null, of);
    json!({
        "title": format!("{name}: load test"),
        "name": name,
        "when": answer.levels.first().map(|one| when(&one.level.started_at)),
        "target": test.target.shown(),
        "tone": tone,
        "word": if answer.verdict == Verdict::Unknown { "NO VERDICT" } else { word },
        "headline": headline,
        "figures": part(figures),
        "at": shown.map(|one| named(one.level.drive)),
        "objectives": rows::objectives(answer),
        "levels": rows::levels(answer),
        "drawings": [drawing::levels(test, answer), shown.map_or(Value::Null, |one| drawing::seconds(&one.level))],
        "kinds": part(|one| json!(rows::kinds(&one.level))),
        "failures": part(|one| json!(rows::failures(&one.level))),
        "findings": answer.findings,
        "next": rows::next(answer),
        "manner": manner(test),
    })
}

/// A time without its fractions of seconds: `2026-11-01 10:00:00 UTC`.
fn when(stamp: &str) -> String {
    let seconds = stamp.split(['.', 'Z']).next().unwrap_or(stamp);
    format!("{} UTC", seconds.replace('T', " "))
}

/// The boxes at the top.
fn figures(one: &Compared) -> Value {
    let level = &one.level;
    let time = |value: Option<f64>| value.map_or_else(|| "unknown".to_owned(), |ms| tidy::duration(ms / 1e3));
    let times = level.all.times.as_ref();
    json!([
        ["throughput", tidy::rps(level.throughput_rps)],
        ["mean", time(times.map(|it| it.mean_ms))],
        ["p95", time(times.map(|it| it.p95_ms))],
        ["p99", time(times.map(|it| it.p99_ms))],
        ["errors", level.error_share().map_or_else(|| "unknown".to_owned(), tidy::percent)],
        ["CPU of the generator", tidy::percent(level.generator.cpu_share)],
        ["sent late, p99", time(Some(level.generator.lag_p99_ms))],
    ])
}

/// How the test was driven.
fn manner(test: &Test) -> String {
    let time = tidy::duration;
    format!(
        "Each level: {} of ramp, {} of warm-up that is not counted, {} counted. People think for {} on average between an answer and their \
         next request; an answer that takes longer than {} is an error.",
        time(test.ramp_s),
        time(test.warm_up_s),
        time(test.duration_s),
        time(test.think_s),
        time(test.timeout_s)
    )
}
