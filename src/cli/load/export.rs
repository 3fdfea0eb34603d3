//! `load export`: the same test for k6, Locust or JMeter.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::super::exit::{Exit, Failure};
use super::super::input::write_answer;
use super::super::screen::Screen;
use super::what::WhatArgs;
use crate::load::export::{Objectives, Tool, script};

/// Arguments of `load export`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    what: WhatArgs,
    /// The tool
    #[arg(long = "as", value_enum, value_name = "TOOL")]
    tool: Name,
    /// Write it to this file
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    out: Option<PathBuf>,
}

/// Tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// A script for k6
    K6,
    /// A locustfile
    Locust,
    /// A test plan of JMeter
    Jmeter,
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let (spec, test, _) = args.what.test(screen)?;
    let tool = match args.tool {
        Name::K6 => Tool::K6,
        Name::Locust => Tool::Locust,
        Name::Jmeter => Tool::Jmeter,
    };
    let wanted = &spec.objectives;
    let ms = |seconds: Option<f64>| seconds.map(|seconds| seconds * 1e3);
    let objectives = Objectives {
        mean_ms: ms(wanted.mean_s),
        p95_ms: ms(wanted.p95_s),
        p99_ms: ms(wanted.p99_s),
        errors: wanted.availability.map_or(0.01, |availability| 1.0 - availability),
    };
    let text = script(&test, tool, &objectives);
    match &args.out {
        Some(path) => write_answer(path, &text, screen)?,
        None => screen.answer(&text)?,
    }
    Ok(Exit::Done)
}
