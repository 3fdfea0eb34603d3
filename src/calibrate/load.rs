//! Utilisation by component, over any span of time or any run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::component::Component;
use super::observed::{Reading, Run, When, Whose};
use super::options::{Options, Unclear};
use super::unreadable::quoted;

/// Readings of one host, or of a component that is measured as a whole.
#[derive(Debug, Default)]
struct Series {
    cores: Option<f64>,
    at: Vec<(f64, f64)>,
    during: BTreeMap<String, Vec<f64>>,
}

/// Mean utilisation over a span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Busy {
    /// Share of the cores, 0..=1.
    pub(super) share: f64,
    /// From how many readings, on the host with the fewest.
    pub(super) readings: usize,
}

/// The utilisation of all components.
#[derive(Debug, Default)]
pub(super) struct Load {
    components: BTreeMap<Component, BTreeMap<String, Series>>,
    stated_cores: BTreeMap<Component, f64>,
}

impl Load {
    /// Sorts readings by component and host.
    pub(super) fn of(readings: &[Reading], runs: &[Run], options: &Options) -> Result<Self, Unclear> {
        let mut load = Self { stated_cores: options.cores.iter().copied().collect(), ..Self::default() };
        let mut strangers = BTreeSet::new();
        for reading in readings {
            let (component, host) = match &reading.whose {
                Whose::Component(component) => (Some(*component), String::new()),
                Whose::Host(host) => {
                    let stated = options.hosts.iter().find(|(name, _)| super::names::fits(name, host));
                    match stated.map(|(_, component)| *component).or_else(|| Component::of(host).map(Some)) {
                        Some(component) => (component, host.clone()),
                        None => {
                            strangers.insert(host.clone());
                            continue;
                        }
                    }
                }
            };
            let Some(component) = component else { continue };
            let series = load.components.entry(component).or_default().entry(host).or_default();
            series.cores = reading.cores.or(series.cores);
            match &reading.when {
                When::At(at_s) => series.at.push((*at_s, reading.utilisation)),
                When::During(run) => {
                    let name = name_of(run, runs)?;
                    series.during.entry(name).or_default().push(reading.utilisation);
                }
            }
        }
        if let Some(host) = strangers.first() {
            let sentence = format!("which part of the stack the host {} is, is not known", quoted(host));
            let words = Component::ALL.map(Component::word).join(", ");
            let hint = format!("say it: --host '{host}=app' ({words}, or none to leave it out)");
            return Err(Unclear::new(sentence, hint));
        }
        for series in load.components.values_mut().flat_map(BTreeMap::values_mut) {
            series.at.sort_by(|one, other| one.0.total_cmp(&other.0));
        }
        Ok(load)
    }

    /// Components of which anything was measured.
    pub(super) fn measured(&self) -> impl Iterator<Item = Component> {
        self.components.keys().copied()
    }

    /// Cores of a component: as stated, else the sum over its hosts; `None`: not known.
    pub(super) fn cores(&self, component: Component) -> Option<f64> {
        self.stated_cores
            .get(&component)
            .copied()
            .or_else(|| self.components.get(&component)?.values().map(|series| series.cores).sum())
    }

    /// Mean utilisation from `from_s` to `to_s`; `None`: one of its hosts has no reading there.
    pub(super) fn between(&self, component: Component, from_s: f64, to_s: f64) -> Option<Busy> {
        self.mean(component, |series| {
            // A reading is the mean of the time before it.
            let first = series.at.partition_point(|(at, _)| *at <= from_s);
            let last = series.at.partition_point(|(at, _)| *at <= to_s);
            series.at[first..last].iter().map(|(_, share)| *share).collect()
        })
    }

    /// Mean utilisation over a run; `None`: not stated.
    pub(super) fn during(&self, component: Component, run: &str) -> Option<Busy> {
        self.mean(component, |series| series.during.get(run).cloned().unwrap_or_default())
    }

    /// Usual time between two readings, s: the largest of all series; `None`: no series has two.
    pub(super) fn spacing_s(&self) -> Option<f64> {
        let spacing = |series: &Series| {
            let mut gaps: Vec<f64> = series.at.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
            gaps.sort_by(f64::total_cmp);
            gaps.get(gaps.len() / 2).copied()
        };
        self.components.values().flat_map(BTreeMap::values).filter_map(spacing).reduce(f64::max)
    }

    /// First and last reading with a time, s since 1970.
    pub(super) fn span(&self) -> Option<(f64, f64)> {
        let all = || self.components.values().flat_map(BTreeMap::values);
        let first = all().filter_map(|series| series.at.first()).map(|(at, _)| *at).reduce(f64::min)?;
        Some((first, all().filter_map(|series| series.at.last()).map(|(at, _)| *at).fold(first, f64::max)))
    }

    fn mean(&self, component: Component, of: impl Fn(&Series) -> Vec<f64>) -> Option<Busy> {
        let hosts = self.components.get(&component)?;
        let known = hosts.values().all(|series| series.cores.is_some());
        let (mut sum, mut weights, mut fewest) = (0.0, 0.0, usize::MAX);
        for series in hosts.values() {
            let shares = of(series);
            if shares.is_empty() {
                return None;
            }
            let weight = if known { series.cores.unwrap_or(1.0) } else { 1.0 };
            sum += weight * shares.iter().sum::<f64>() / shares.len() as f64;
            weights += weight;
            fewest = fewest.min(shares.len());
        }
        Some(Busy { share: sum / weights, readings: fewest })
    }
}

/// The file that a run's name means: equal to it, to its name without folder, or to that without ending.
fn name_of(run: &str, runs: &[Run]) -> Result<String, Unclear> {
    let is = |known: &&Run| {
        let path = Path::new(&known.file);
        let equal = |part: Option<&std::ffi::OsStr>| part.is_some_and(|part| part == run);
        known.file == run || equal(path.file_name()) || equal(path.file_stem())
    };
    runs.iter().find(is).map(|known| known.file.clone()).ok_or_else(|| {
        let files: Vec<&str> = runs.iter().map(|run| run.file.as_str()).collect();
        let sentence =
            format!("the utilisation names the run {}, and no result file is called so", quoted(run));
        Unclear::new(sentence, format!("result files: {}", files.join(", ")))
    })
}
