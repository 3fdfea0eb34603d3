//! How long the commands take that look at and change an account: a whole process over 10,000 resources, and a run of many calls
//! against the least time that calls, latency and parallelism allow.
//!
//! Run with `cargo bench --bench stack`. Prints medians and ratios of one run; nothing fails by time.

#![allow(clippy::print_stdout, reason = "a benchmark reports to its terminal")]

mod account;
mod run;
#[path = "../support/mod.rs"]
mod support;

use std::path::Path;
use std::time::Duration;

use support::median;

fn main() {
    planning();
    applying();
}

/// Whole processes over an account of 10,000 resources.
fn planning() {
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("cargo's folder can be written");
    let folder = place.path();
    let small = account::program(folder, &["plan", account::SPEC, "--cloud", "aws", "--rehearse"]);
    let design = account::design(folder);
    let many = account::copies(&design, 10_000);
    let time = |arguments: &[&str]| {
        const RUNS: usize = 11;
        let before = account::cpu_time();
        let median = median(RUNS, || account::program(folder, arguments));
        (median, (account::cpu_time() - before) / RUNS as u32)
    };
    let bare = time(&["--version"]).0;
    let show = |what: &str, (time, cpu): (Duration, Duration), lines: usize| {
        let ratio = time.as_secs_f64() / bare.as_secs_f64();
        println!("{what:<52} {time:>9.1?}   {cpu:>7.1?} of CPU, {ratio:.0} x --version, {lines} lines");
    };
    println!("--version {bare:>51.1?}");
    let once = ["plan", account::SPEC, "--cloud", "aws", "--rehearse"];
    show(&format!("plan, {} resources to create", design.len()), time(&once), small);

    account::write_journal(folder, &many);
    let drift = ["drift", account::SPEC, "--cloud", "aws", "--rehearse"];
    let json = ["drift", account::SPEC, "--cloud", "aws", "--rehearse", "--json"];
    let cases = [("an empty account", &drift[..]), ("an empty account, --json", &json[..])];
    for (what, arguments) in cases {
        let lines = account::program(folder, arguments);
        show(&format!("drift, {} applied, {what}", many.len()), time(arguments), lines);
    }
    account::fill(folder, &many);
    let lines = account::program(folder, &drift);
    show(&format!("drift, {} applied, all there", many.len()), time(&drift), lines);
    let consents = account::consents(&many);
    let all: Vec<&str> = once.iter().copied().chain(consents.iter().map(String::as_str)).collect();
    let lines = account::program(folder, &all);
    show(&format!("plan, {} there, {} others wanted", many.len(), design.len()), time(&all), lines);
}

/// Runs against an account whose calls take 20 ms, 64 at once, with a journal that is safe on the disk.
fn applying() {
    const LATENCY: Duration = Duration::from_millis(20);
    const PARALLEL: usize = 64;
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("cargo's folder can be written");
    println!("a small file, made safe on the disk {:>25.1?}", safe_file(place.path()));
    for count in [2_000, 10_000] {
        for (what, wanted) in [("create", run::resources(count)), ("remove", Vec::new())] {
            let folder = place.path().join(count.to_string());
            let (took, calls) = run::carry_out(&folder, &wanted, (LATENCY, PARALLEL));
            let least = LATENCY.mul_f64(calls as f64 / PARALLEL as f64);
            println!(
                "{what} {calls} of {count}, 20 ms each, 64 at once {took:>26.1?}   {:.2} x calls x latency / parallel",
                took.as_secs_f64() / least.as_secs_f64()
            );
        }
    }
}

fn safe_file(folder: &Path) -> Duration {
    let mut number = 0;
    median(51, || {
        number += 1;
        let mut file = std::fs::File::create_new(folder.join(format!("{number}.tmp"))).expect("a free name");
        std::io::Write::write_all(&mut file, &[b'x'; 400]).expect("the disk has room");
        file.sync_all().expect("the disk works");
    })
}
