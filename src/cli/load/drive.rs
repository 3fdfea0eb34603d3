//! `load SPEC`: the test, judged.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args as ClapArgs;
#[cfg(feature = "load")]
use secrecy::SecretString;

use super::super::exit::{Exit, Failure};
#[cfg(feature = "load")]
use super::super::input::{Existing, write_file};
use super::super::input::{SpecArgs, time};
#[cfg(feature = "load")]
use super::super::interrupts::Interrupts;
use super::super::screen::Screen;
#[cfg(feature = "load")]
use crate::load::engine::{self, Means, Trust};
#[cfg(feature = "load")]
use crate::load::judge::{Judge, Verdict};
#[cfg(feature = "load")]
use crate::load::measured::Ending;
use crate::load::plan::{self, Drive, MARGIN, Target, Test, kinds};
#[cfg(feature = "load")]
use crate::report;
use crate::spec::Spec;

/// The same requests in each run.
const SEED: u64 = 0x10ad_11fe;

/// What is sent where.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct WhatArgs {
    #[command(flatten)]
    pub(super) spec: SpecArgs,
    /// Where the application answers; without it app.url of the spec
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// People at once; without it a quarter more than the spec has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    users: Option<u32>,
    /// Requests a second instead of people: they arrive whatever the target does
    #[arg(long, value_name = "RPS", conflicts_with = "users", value_parser = rate)]
    rate: Option<f64>,
    /// Levels, one after the other: shares of the full load or numbers, such as 25%,50%,100%
    #[arg(long, value_name = "LEVELS")]
    steps: Option<String>,
    /// Time in which the people of a level arrive
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time)]
    ramp: Duration,
    /// Time after the ramp that is not counted
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time)]
    warm_up: Duration,
    /// Time of each level that is counted
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = time)]
    duration: Duration,
    /// Longest wait for an answer
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time)]
    timeout: Duration,
    /// End the test once this share of the requests of five seconds fails
    #[arg(long, value_name = "P%", default_value = "20%", value_parser = share)]
    stop_on_errors: f64,
}

fn rate(text: &str) -> Result<f64, String> {
    let number =
        text.trim_end_matches("/s").trim_end().parse().ok().filter(|rate: &f64| *rate > 0.0 && *rate <= 1e6);
    number.ok_or_else(|| "write requests a second, such as 500".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim_end().parse().ok();
    let percent = number.filter(|percent: &f64| (0.0..=100.0).contains(percent));
    percent.map(|percent| percent / 100.0).ok_or_else(|| "write a share such as 20%".to_owned())
}

impl WhatArgs {
    /// The spec, the test, and the level that it is meant to reach.
    pub(super) fn test(&self, screen: &Screen) -> Result<(Spec, Test, Drive), Failure> {
        let spec = self.spec.read(screen)?;
        let wrong = |sentence: String| Failure::usage(format!("{sentence}; nothing was sent"));
        let url = self.url.as_deref().or(spec.app.url.as_deref()).ok_or_else(|| {
            wrong("neither --url nor the spec says where the application answers".to_owned())
                .hint("state app.url in the spec, or --url http://127.0.0.1:8000")
        })?;
        let target = Target::read(url).map_err(wrong)?;
        // At most some millions.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let users = || (spec.load.users.mid * MARGIN).ceil() as u32;
        let full = match self.rate {
            Some(rate) => Drive::Rate(rate),
            None => Drive::Users(self.users.unwrap_or_else(users)),
        };
        let test = Test {
            target,
            kinds: kinds(&spec),
            think_s: spec.load.think_s.mid,
            levels: plan::levels(self.steps.as_deref(), full)
                .map_err(|said| wrong(format!("--steps: {said}")))?,
            ramp_s: self.ramp.as_secs_f64(),
            warm_up_s: self.warm_up.as_secs_f64(),
            duration_s: self.duration.as_secs_f64().max(1.0),
            timeout_s: self.timeout.as_secs_f64().max(0.1),
            stop_share: self.stop_on_errors,
            seed: SEED,
        };
        Ok((spec, test, full))
    }
}

/// Arguments of `load`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct DriveArgs {
    #[command(flatten)]
    what: WhatArgs,
    /// A header of every request whose value is that of a variable of the environment, such as Authorization=TOKEN; may be repeated
    #[arg(long, value_name = "NAME=VARIABLE")]
    header: Vec<String>,
    /// Certificates, PEM, to trust instead of this machine's
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    ca: Option<PathBuf>,
    /// Send to a target that the spec does not name as its own
    #[arg(long)]
    i_own_this_target: bool,
    /// Write the JSON to this file as well, for `loadline calibrate`
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &DriveArgs, screen: &Screen) -> Result<Exit, Failure> {
    let (spec, test, full) = args.what.test(screen)?;
    if !args.i_own_this_target && !test.target.is_owned_by(&spec) {
        return Err(Failure::usage(format!(
            "{} is no target that the spec names as its own (app.url, hosts, this machine); nothing was sent",
            test.target.shown()
        ))
        .hint(
            "a load test of somebody else's service is an attack; if it is yours, add --i-own-this-target",
        ));
    }
    drive(args, &spec, &test, full, screen)
}

#[cfg(not(feature = "load"))]
fn drive(_: &DriveArgs, _: &Spec, test: &Test, _: Drive, _: &Screen) -> Result<Exit, Failure> {
    Err(Failure::failed(format!("this build of loadline cannot send requests to {}", test.target.shown()))
        .hint("use a build with the feature `load`, or loadline load export for another tool"))
}

#[cfg(feature = "load")]
fn drive(args: &DriveArgs, spec: &Spec, test: &Test, full: Drive, screen: &Screen) -> Result<Exit, Failure> {
    let room = |seconds: f64| {
        let needed = test.levels.iter().map(|level| match level {
            Drive::Users(users) => u64::from(*users),
            // By Little's law.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Drive::Rate(rate) => (rate * seconds).ceil() as u64,
        });
        engine::make_room(needed.max().unwrap_or(1))
    };
    // A second for each answer has to fit. Where all of them take the whole timeout, what does not fit is said.
    room(1.0).map_err(|error| {
        Failure::failed(format!("{error}; nothing was sent"))
            .hint("ulimit -n raises it, or use several machines")
    })?;
    let _ = room(test.timeout_s);
    let means = Means {
        headers: headers(&args.header)?,
        trust: trust(args)?,
        requests_per_connection: connections(spec),
    };
    let judge = Judge::new(spec);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("starting the event loop: {error}; nothing was sent")))?;
    let bar = screen.progress();
    let seconds = (test.ramp_s + test.warm_up_s + test.duration_s) * test.levels.len() as f64;
    bar.set_length(seconds.ceil() as u64);
    let heard = |event: crate::load::Event| {
        if let Some(line) = report::load_event(&event) {
            bar.suspend(|| screen.note(&line));
        }
        if let Some(words) = report::load_progress(&event) {
            bar.set_message(words);
            bar.inc(1);
        }
    };
    let levels = runtime.block_on(async {
        let mut interrupts = Interrupts::new()?;
        let (stopper, stop) = tokio::sync::watch::channel(false);
        let running = engine::run(test, &means, &stop, &heard);
        tokio::pin!(running);
        let mut asked = false;
        loop {
            tokio::select! {
                levels = &mut running => return levels.map_err(|error| {
                    Failure::failed(format!("{error}; nothing was sent")).hint("see that the target is there: curl it")
                }),
                () = interrupts.next() => {
                    if asked {
                        return Err(Failure::interrupted("stopped at once; nothing of the test is kept"));
                    }
                    asked = true;
                    bar.suspend(|| screen.note("stopping: answers that are due are waited for; once more to stop at once"));
                    // The run may have ended just now.
                    let _ = stopper.send(true);
                }
            }
        }
    });
    runtime.shutdown_background();
    bar.finish_and_clear();
    let answer = judge.judge(levels?, full);
    let json = report::load_json(test, &answer);
    if let Some(path) = &args.out {
        write_file(path, &format!("{json:#}\n"), Existing::Replace)?;
    }
    if args.json {
        screen.answer_json(&json)?;
    } else {
        screen.answer(&report::load_text(test, &answer, &screen.look()))?;
    }
    let interrupted = answer.levels.iter().any(|one| one.level.ending == Ending::Interrupted);
    Ok(match answer.verdict {
        _ if interrupted => Exit::Interrupted,
        Verdict::Pass => Exit::Done,
        Verdict::Fail => Exit::No,
        // Nobody knows whether it would have held.
        Verdict::Unknown => Exit::Failed,
    })
}

/// Requests that the spec's clients send over one connection.
#[cfg(feature = "load")]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn connections(spec: &Spec) -> u64 {
    spec.load.requests_per_connection.mid.round().clamp(1.0, 1e15) as u64
}

#[cfg(feature = "load")]
fn headers(stated: &[String]) -> Result<Vec<(String, SecretString)>, Failure> {
    let one = |text: &String| {
        let wrong = |said: String| Failure::usage(format!("--header: {said}; nothing was sent"));
        let (name, variable) = text.split_once('=').ok_or_else(|| {
            wrong("write NAME=VARIABLE: the value comes from the environment, where no list of processes shows it".to_owned())
        })?;
        let value =
            std::env::var(variable).map_err(|_| wrong(format!("the environment has no {variable}")))?;
        Ok((name.to_owned(), SecretString::from(value)))
    };
    stated.iter().map(one).collect()
}

#[cfg(feature = "load")]
fn trust(args: &DriveArgs) -> Result<Trust, Failure> {
    let Some(path) = &args.ca else { return Ok(Trust::System) };
    std::fs::read(path).map(Trust::Own).map_err(|error| {
        Failure::usage(format!("reading --ca {}: {error}; nothing was sent", path.display()))
    })
}
