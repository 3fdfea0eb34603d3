//! What a load test measured, back into the spec: CPU of each kind of request, waits, and how throughput bends.
//!
//! In data-flow order: [`read_results`] and [`read_utilisation`] (files to sums), `timeline` and `windows` (sums to loads that stood
//! still), `demand`, `scaling`, `waits` and `contention` (loads to estimates), [`findings`](Calibration::findings) (what is doubtful about them),
//! [`edited`] (estimates to the text of the spec). Pure but for reading what it is given.

mod component;
mod contention;
mod demand;
mod doubts;
mod edit;
mod linear;
mod load;
mod names;
mod observed;
mod options;
mod read;
mod scaling;
mod timeline;
mod unreadable;
mod waits;
mod windows;

use std::io::BufRead;

pub use component::Component;
pub use contention::Contention;
pub use demand::{Demand, WORST_CONDITION};
pub use edit::{Change, Target, proved};
pub use linear::Estimate;
pub use observed::Format;
pub use options::{CONFIDENCE, MOST_CORES, Options, Unclear, Write};
pub use scaling::CoreScaling;
pub use unreadable::Unreadable;
pub use waits::Level;

use load::Load;
use observed::{Cell, Clock, Reading, Run};
use timeline::Timeline;

use crate::sizing::network::Scaling;
use crate::spec::Spec;

/// The results of one load generator.
#[derive(Debug, Clone)]
pub struct Results(Run);

impl Results {
    /// The file, as it was named.
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// Its format.
    pub fn format(&self) -> Format {
        self.0.format
    }

    /// Requests in it.
    pub fn requests(&self) -> f64 {
        self.0.total().done
    }
}

/// What monitors wrote down.
#[derive(Debug, Clone, Default)]
pub struct Readings(Vec<Reading>);

impl Readings {
    /// Together with those of another file.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

/// Reads the results of k6, Locust, JMeter or `loadline load`.
///
/// # Errors
/// When the file is empty, cut off, of an unknown kind or version, or lacks a column.
pub fn read_results(file: &str, source: &mut dyn BufRead) -> Result<Results, Unreadable> {
    read::results(file, source).map(Results)
}

/// Reads a utilisation: CSV, JSON lines, or rounds of `loadline check --json`.
///
/// # Errors
/// When the file is empty, of an unknown kind, or lacks a column.
pub fn read_utilisation(file: &str, source: &mut dyn BufRead) -> Result<Readings, Unreadable> {
    read::utilisation(file, source).map(Readings)
}

/// What was learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Loads that stood still, in the order of time.
    pub levels: Vec<Level>,
    /// Windows that the fits are made from.
    pub windows: usize,
    /// CPU of each measured component that requests ask something of.
    pub demands: Vec<Demand>,
    /// Waits by kind; `None`: not told.
    pub waits_s: Vec<Option<Estimate>>,
    /// How throughput bends; `None`: too few different levels.
    pub contention: Option<Contention>,
    /// Time between a response and the next request of the people of the test, s; `None`: not told.
    pub think_s: Option<f64>,
    /// What changes in the spec.
    pub changes: Vec<Change>,
    /// What is doubtful, one sentence each.
    pub findings: Vec<String>,
}

/// Learns from measurements.
///
/// # Errors
/// When names, hosts or cores are not known, or nothing was measured together.
pub fn calibrate(
    spec: &Spec,
    results: &[Results],
    readings: &Readings,
    options: &Options,
) -> Result<Calibration, Unclear> {
    let runs: Vec<Run> = results.iter().map(|results| results.0.clone()).collect();
    let meanings = names::meanings(spec, &runs, options)?;
    let kinds = spec.requests.len();
    let line = Timeline::of(&runs, &meanings, kinds)?;
    let summed: Vec<(&Run, Vec<Cell>)> = runs
        .iter()
        .zip(&meanings)
        .filter(|(run, _)| run.clock != Clock::Absolute)
        .map(|(run, meanings)| (run, by_kind(run, meanings, kinds)))
        .collect();
    let load = Load::of(&readings.0, &runs, options)?;
    let cut = windows::cut(&line, &summed, &load, (options.window_s, options.warm_up_s));
    if cut.used.is_empty() {
        return Err(doubts::nothing(&cut));
    }
    let demands = demands(spec, &load, &cut.used)?;
    if demands.is_empty() {
        return Err(doubts::apart(&load, &line));
    }
    let mut levels = Level::all(&cut.used);
    let calibrated = with_demands(spec, &demands);
    let waits_s = waits::fit(calibrated.clone(), &mut levels);
    let limit_rps = demands.iter().filter_map(Demand::limit_rps).reduce(f64::min);
    let contention = contention::fit(&cut.used, limit_rps);
    let changes = changes(spec, &calibrated, &demands, &waits_s);
    let think_s = Level::mean_think_s(&levels);
    let mut found = Calibration {
        levels,
        windows: cut.used.len(),
        demands,
        waits_s,
        contention,
        think_s,
        changes,
        findings: Vec::new(),
    };
    found.findings = doubts::about(spec, &found, &cut, &runs, &load);
    Ok(found)
}

/// The text of the spec with what was learned in it.
///
/// # Errors
/// With a sentence where a value stands in no place of its own, as behind an alias.
pub fn edited(file: &str, text: &str, changes: &[Change], write: Write) -> Result<String, String> {
    edit::edited(file, text, changes, write)
}

fn by_kind(run: &Run, meanings: &[names::Meaning], kinds: usize) -> Vec<Cell> {
    let mut cells = vec![Cell::default(); kinds];
    for ((_, name), cell) in &run.cells {
        if let names::Meaning::Kind(kind) = meanings[*name] {
            cells[kind].add(*cell);
        }
    }
    cells
}

/// Demands of the components that the spec knows.
fn demands(spec: &Spec, load: &Load, windows: &[windows::Window]) -> Result<Vec<Demand>, Unclear> {
    let mut demands = Vec::new();
    for component in [Component::App, Component::Database] {
        if !load.measured().any(|measured| measured == component) {
            continue;
        }
        let of = |request: &crate::spec::Request| match component {
            Component::App => request.cpu_s.mid,
            _ => request.queries.mid * request.query_cpu_s.mid,
        };
        let expected_s: Vec<f64> = spec.requests.iter().map(of).collect();
        let stated = edit::scaling(spec, component).map_or(Scaling::NONE, Scaling::from);
        let Some(cores) = load.cores(component) else {
            let word = component.word();
            let sentence = format!("how many cores the {word} had is not known");
            return Err(Unclear::new(
                sentence,
                format!("say it: --cores {word}=4, or give the utilisation a column `cores`"),
            ));
        };
        demands.extend(demand::fit(component, cores, windows, (&expected_s, stated)));
    }
    Ok(demands)
}

/// The spec with the demands, on the cores that they were measured on.
fn with_demands(spec: &Spec, demands: &[Demand]) -> Spec {
    let mut spec = spec.clone();
    for demand in demands {
        let cores = demand.cores.round().max(1.0) as u32;
        for (request, found) in spec.requests.iter_mut().zip(&demand.per_request_s) {
            let Some(found) = found else { continue };
            match demand.component {
                Component::App => request.cpu_s.mid = found.mid,
                _ => request.query_cpu_s.mid = found.mid / request.queries.mid,
            }
        }
        if let Some(scaling) = edit::scaling_mut(&mut spec, demand.component) {
            (scaling.contention.mid, scaling.coherency.mid) = (demand.law.alpha, demand.law.beta);
        }
        match (demand.component, &mut spec.database) {
            (Component::App, _) => spec.app.cores = Some(cores),
            (_, Some(database)) => database.cores = Some(cores),
            _ => {}
        }
    }
    spec
}

/// What changes; a value that stands in the spec as it was measured does not.
fn changes(spec: &Spec, calibrated: &Spec, demands: &[Demand], waits_s: &[Option<Estimate>]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, request) in spec.requests.iter().enumerate() {
        let mut one = |key: &'static str, before_s: f64, after_s: Option<Estimate>| {
            let target = Target::Request { index, name: request.name.clone(), key };
            changes.extend(after_s.and_then(|after| Change::new(target, before_s, after)));
        };
        for demand in demands {
            let found = demand.per_request_s[index];
            match demand.component {
                // A request without any CPU is none: the spec does not take it.
                Component::App => one("cpu", request.cpu_s.mid, found.filter(|it| it.mid > 0.0)),
                _ => {
                    let queries = calibrated.requests[index].queries.mid;
                    one("query_cpu", request.query_cpu_s.mid, found.map(|it| it.times(1.0 / queries)));
                }
            }
        }
        one("wait", request.wait_s.mid, waits_s[index]);
    }
    for demand in demands {
        let (Some(before), Some(found)) = (edit::scaling(spec, demand.component), demand.scaling) else {
            continue;
        };
        let none = Estimate { mid: 0.0, low: 0.0, high: 0.0 };
        let seen = |estimate| if found.is_seen() { estimate } else { none };
        let mut one = |key, before: f64, after| {
            changes.extend(Change::new(Target::Tier { component: demand.component, key }, before, after));
        };
        one("contention", before.contention.mid, seen(found.contention));
        one("coherency", before.coherency.mid, seen(found.coherency));
    }
    changes
}
