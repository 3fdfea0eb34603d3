//! What workers are told: shell scripts that travel on standard input, the test as a file, headers by the environment.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::super::client::USER_AGENT;
use crate::hosts::quoted;
use crate::load::engine::{Means, Trust};
use crate::load::plan::{Kind, Test};

/// What Locust runs, on the master as well.
pub(super) const LOCUSTFILE: &str = include_str!("../../../../templates/load/engine.py");

/// Says which Locust a host has, and on its last line how many processors.
pub(super) fn probe(program: &str) -> String {
    let program = quoted(program);
    format!(
        "command -v {program} >/dev/null || {{ echo 'there is no' {program} 'in its PATH' >&2; exit 127; }}\n\
         {program} --version && nproc\n"
    )
}

/// Runs the workers of one host to their end. `bound` ends them whatever became of the master.
pub(super) fn worker(
    program: &str,
    port: u16,
    processes: u32,
    test: &Test,
    means: &Means,
    bound: Duration,
) -> String {
    let file = quoted(&test_file(test, means).to_string());
    let headers: serde_json::Map<String, Value> =
        means.headers.iter().map(|(name, text)| (name.clone(), json!(text.expose_secret()))).collect();
    let headers = quoted(&Value::Object(headers).to_string());
    let (program, locustfile, seconds) = (quoted(program), quoted(LOCUSTFILE), bound.as_secs().max(1));
    format!(
        "umask 077\n\
         folder=$(mktemp -d) || exit 73\n\
         trap 'rm -rf \"$folder\"' EXIT\n\
         trap 'kill $workers 2>/dev/null; exit 143' TERM HUP INT\n\
         printf '%s' {locustfile} >\"$folder/locustfile.py\" && printf '%s' {file} >\"$folder/test.json\" || exit 73\n\
         cd \"$folder\" || exit 73\n\
         LOADLINE_HEADERS={headers}\n\
         export LOADLINE_HEADERS\n\
         workers=\n\
         number=0\n\
         while [ \"$number\" -lt {processes} ]; do\n\
         timeout -k 5 {seconds} {program} --worker --master-host 127.0.0.1 --master-port {port} -f locustfile.py --loglevel WARNING &\n\
         workers=\"$workers $!\"\n\
         number=$((number + 1))\n\
         done\n\
         status=0\n\
         for one in $workers; do wait \"$one\" || status=$?; done\n\
         exit \"$status\"\n"
    )
}

/// The test as `engine.py` reads it. No secret is in it.
pub(super) fn test_file(test: &Test, means: &Means) -> Value {
    let target = &test.target;
    let kind = |kind: &Kind| {
        json!({
            "name": kind.name,
            "method": kind.method,
            "path": target.path_of(kind),
            "share": kind.share,
            "body_bytes": kind.body_bytes,
        })
    };
    let ca = match &means.trust {
        Trust::System => Value::Null,
        Trust::Own(pem) => json!(String::from_utf8_lossy(pem)),
    };
    json!({
        "user_agent": USER_AGENT,
        "url": target.origin(),
        "kinds": test.kinds.iter().map(kind).collect::<Vec<_>>(),
        "think_s": test.think_s,
        "ramp_s": test.ramp_s,
        "warm_up_s": test.warm_up_s,
        "duration_s": test.duration_s,
        "timeout_s": test.timeout_s,
        "stop_share": test.stop_share,
        "requests_per_connection": means.requests_per_connection.max(1),
        "seed": test.seed,
        "ca": ca,
    })
}

/// The last line that says something, without control characters.
pub(super) fn last_line(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.chars().filter(|letter| !letter.is_control()).take(300).collect())
}
