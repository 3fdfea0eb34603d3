//! What a test sends where: flags that the test itself and its export share.

use std::time::Duration;

use clap::Args as ClapArgs;

use super::super::exit::Failure;
use super::super::input::{SpecArgs, time};
use super::super::screen::Screen;
use crate::load::plan::{self, Drive, MARGIN, Target, Test, kinds};
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
