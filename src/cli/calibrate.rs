//! `calibrate`: what a load test measured, back into the spec.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::exit::{Exit, Failure};
use super::input::{Existing, SpecArgs, time, write_file};
use super::screen::Screen;
use crate::calibrate::{
    Calibration, Component, MOST_CORES, Options, Readings, Results, Unreadable, Write, calibrate, edited,
    proved, read_results, read_utilisation,
};
use crate::report::{self, CalibrateView};
use crate::spec;

/// Arguments of `calibrate`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Results: k6 (--out csv, --out json, --summary-export), Locust (_stats_history.csv, _stats.csv), JMeter \
    (JTL as CSV or XML), loadline load --json. Utilisation: CSV with timestamp, host and cpu_util, or what loadline check --json \
    --continuous printed during the test."
)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Results of load generators
    #[arg(required = true, value_name = "RESULTS", value_hint = clap::ValueHint::FilePath)]
    results: Vec<PathBuf>,
    /// The utilisation of the hosts during the test; may be repeated
    #[arg(long, required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    utilisation: Vec<PathBuf>,
    /// Which kind of request a name in the results is, such as '/pages*=page', or '=none' to leave it out; may be repeated
    #[arg(long, value_name = "NAME=KIND", value_parser = named)]
    map: Vec<(String, Option<String>)>,
    /// Which part of the stack a host is: app, database, cache, balancer or none; may be repeated
    #[arg(long, value_name = "HOST=PART", value_parser = part)]
    host: Vec<(String, Option<Component>)>,
    /// Cores of a part, where the utilisation does not say; may be repeated
    #[arg(long, value_name = "PART=CORES", value_parser = cores)]
    cores: Vec<(Component, f64)>,
    /// Length of the windows that the fits are made from; without it what the data ask for
    #[arg(long, value_name = "TIME", value_parser = time)]
    window: Option<std::time::Duration>,
    /// Left out at the beginning of each level, at least
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = time)]
    warm_up: std::time::Duration,
    /// Write intervals, so that size says how far its answers may be off
    #[arg(long)]
    intervals: bool,
    /// Write the changes into the spec; comments and order stay
    #[arg(long)]
    write: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn pair(text: &str) -> Result<(&str, &str), String> {
    let (name, value) = text.rsplit_once('=').ok_or_else(|| "write it as NAME=VALUE".to_owned())?;
    if name.is_empty() || value.is_empty() {
        return Err("write it as NAME=VALUE".to_owned());
    }
    Ok((name, value))
}

fn named(text: &str) -> Result<(String, Option<String>), String> {
    let (name, kind) = pair(text)?;
    Ok((name.to_owned(), (kind != "none").then(|| kind.to_owned())))
}

fn component(word: &str) -> Result<Component, String> {
    Component::of(word)
        .ok_or_else(|| format!("the parts are {}", Component::ALL.map(Component::word).join(", ")))
}

fn part(text: &str) -> Result<(String, Option<Component>), String> {
    let (host, word) = pair(text)?;
    let part = if word == "none" { None } else { Some(component(word)?) };
    Ok((host.to_owned(), part))
}

fn cores(text: &str) -> Result<(Component, f64), String> {
    let (word, number) = pair(text)?;
    let cores = number.parse().ok().filter(|cores: &f64| *cores > 0.0 && *cores <= MOST_CORES);
    Ok((
        component(word)?,
        cores.ok_or_else(|| format!("cores are a number above 0 and at most {MOST_CORES}"))?,
    ))
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    if args.spec.is_stdin() {
        return Err(Failure::usage(
            "a spec from standard input cannot be calibrated: what changes in it is shown line by line, or written; nothing was changed",
        )
        .hint("name the file"));
    }
    let spec = args.spec.read(screen)?;
    let results: Vec<Results> =
        args.results.iter().map(|file| opened(file, read_results)).collect::<Result<_, _>>()?;
    let mut readings = Readings::default();
    for file in &args.utilisation {
        readings.extend(opened(file, read_utilisation)?);
    }
    let options = Options {
        names: args.map.clone(),
        hosts: args.host.clone(),
        cores: args.cores.clone(),
        window_s: args.window.map(|window| window.as_secs_f64()),
        warm_up_s: args.warm_up.as_secs_f64(),
        write: if args.intervals { Write::Intervals } else { Write::Numbers },
    };
    let found = calibrate(&spec, &results, &readings, &options).map_err(|unclear| {
        Failure::usage(format!("{}; nothing was changed", unclear.sentence)).hint(unclear.hint)
    })?;
    let (name, before) = (args.spec.name(), text(&args.spec)?);
    let after = changed(&name, &before, &found, options.write, screen)?;
    if args.write && after != before {
        write_file(&args.spec.spec, &after, Existing::Replace)?;
    }
    let kinds: Vec<String> = spec.requests.iter().map(|request| request.name.clone()).collect();
    let files: Vec<_> =
        results.iter().map(|of| (of.file().to_owned(), of.format().word(), of.requests())).collect();
    let view = CalibrateView {
        spec: &name,
        found: &found,
        kinds: &kinds,
        results: &files,
        texts: (&before, &after),
        written: args.write && after != before,
    };
    if args.json {
        return screen.answer_json(&report::calibrate_json(view));
    }
    screen.answer(&report::calibrate_text(view, &screen.look()))?;
    Ok(Exit::Done)
}

/// Reads a file of measurements.
fn opened<T>(
    file: &PathBuf,
    read: fn(&str, &mut dyn std::io::BufRead) -> Result<T, Unreadable>,
) -> Result<T, Failure> {
    let name = file.display().to_string();
    let open = File::open(file).and_then(|open| {
        if open.metadata()?.is_dir() {
            Err(std::io::Error::from(std::io::ErrorKind::IsADirectory))
        } else {
            Ok(open)
        }
    });
    let open =
        open.map_err(|error| Failure::failed(format!("reading {name}: {error}; nothing was changed")))?;
    read(&name, &mut BufReader::with_capacity(1 << 20, open)).map_err(|wrong| {
        Failure::failed(format!("reading {}: {}; nothing was changed", wrong.place(), wrong.message))
            .hint(wrong.help)
    })
}

/// The text of the spec.
fn text(args: &SpecArgs) -> Result<String, Failure> {
    String::from_utf8(args.text()?)
        .map_err(|error| Failure::failed(format!("reading {}: {error}; nothing was changed", args.name())))
}

/// The text with the changes, read again to prove that they and nothing else changed.
fn changed(
    name: &str,
    before: &str,
    found: &Calibration,
    write: Write,
    screen: &Screen,
) -> Result<String, Failure> {
    let by_hand = |sentence: String| {
        let values: Vec<String> = found
            .changes
            .iter()
            .map(|change| format!("{}: {}", change.path(), change.written(change.after.mid)))
            .collect();
        Failure::failed(format!("{sentence}; nothing was changed")).hint(values.join("\n      "))
    };
    let after = edited(name, before, &found.changes, write).map_err(by_hand)?;
    let vocabulary = crate::clouds::vocabulary();
    let read = |text: &str| {
        spec::read(name, text.as_bytes(), &vocabulary, &[]).map_err(|wrong| {
            screen.note(wrong.first().map_or("", |first| first.message.as_str()));
            by_hand(format!("with the changes {name} would not be a spec any more"))
        })
    };
    if proved(&read(before)?, &read(&after)?, &found.changes) {
        Ok(after)
    } else {
        Err(by_hand(format!(
            "the values in {name} are shared or given in a way that cannot be changed in place"
        )))
    }
}
