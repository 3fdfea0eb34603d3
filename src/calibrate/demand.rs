//! CPU of a component by the utilisation law: what is busy is a fixed part and a demand for each request.
//!
//! `cores x utilisation = background + sum over kinds (rate x demand)` (Denning & Buzen 1978), by least squares without negative
//! demands over all windows.

use super::component::Component;
use super::linear::{Equations, Estimate};
use super::scaling::{self, CoreScaling, Point};
use super::windows::Window;
use crate::sizing::network::Scaling;

/// Above this condition number the kinds of requests cannot be told apart (capacity model, 5.2).
pub const WORST_CONDITION: f64 = 30.0;
/// Kinds of which one is known worse than this are not told apart: the spec's own proportions are the better guess.
const BLUNT: f64 = 0.3;
/// The mix has to vary this many times as much as by chance.
const LEAST_VARIATION: f64 = 4.0;
/// The highest rate has to be this many times the lowest to tell a demand from a background.
const LEAST_RANGE: f64 = 1.5;

/// What a component does for requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// Which.
    pub component: Component,
    /// Its cores.
    pub cores: f64,
    /// CPU of one request, s, for each kind of the spec; `None`: that kind asks nothing of it, or never came.
    pub per_request_s: Vec<Option<Estimate>>,
    /// CPU of a mean request of the mix, s.
    pub mean_s: Estimate,
    /// Cores that are busy without any request; `None`: the rates were too close together to tell.
    pub background_cores: Option<Estimate>,
    /// What its cores cost each other; `None`: the test does not tell, and what the spec says is taken.
    pub scaling: Option<CoreScaling>,
    /// The law that the demands were fitted with: demands are those of a core that is alone at work.
    pub law: Scaling,
    /// Condition number of the rates of the kinds.
    pub condition: f64,
    /// Whether each kind has a demand of its own; else all are those of the spec times one factor.
    pub told_apart: bool,
    /// Standard deviation of what the fit leaves unexplained, cores.
    pub residual_cores: f64,
    /// Highest utilisation that was seen, 0..=1.
    pub highest: f64,
    /// Windows that it was measured in.
    pub windows: usize,
}

impl Demand {
    /// Requests of the mix that its cores can do, 1/s; `None`: nothing limits them.
    pub fn limit_rps(&self) -> Option<f64> {
        let background = self.background_cores.map_or(0.0, |it| it.mid);
        let at_work = self.cores.min(self.law.peak());
        let done = (at_work - background).max(0.0) / self.law.slowdown(at_work);
        (self.mean_s.mid > 0.0).then(|| done / self.mean_s.mid)
    }

    /// Whether every kind is known well enough to be written.
    fn is_sharp(&self) -> bool {
        self.per_request_s.iter().flatten().all(|it| it.relative().is_some_and(|half| half <= BLUNT))
    }
}

/// Fits the demand of a component. `expected_s` is what the spec says of each kind, s: 0 for those that ask nothing of it; `stated`
/// is the law that the spec has. `None`: it was measured in no window, or no kind asks anything of it.
pub(super) fn fit(
    component: Component,
    cores: f64,
    windows: &[Window],
    (expected_s, stated): (&[f64], Scaling),
) -> Option<Demand> {
    let measured: Vec<&Window> = windows.iter().filter(|it| it.busy.contains_key(&component)).collect();
    let came = |kind: usize| measured.iter().any(|window| window.rps(kind) > 0.0);
    let kinds: Vec<usize> =
        (0..expected_s.len()).filter(|kind| expected_s[*kind] > 0.0 && came(*kind)).collect();
    if kinds.is_empty() {
        return None;
    }
    let levels = by_level(&measured, &kinds);
    let condition = condition(&levels);
    let case = Case { component, cores, windows: &measured, kinds: &kinds, expected_s, condition };
    // One more row than columns, or there is nothing to check the fit by.
    let varies = kinds.len() == 1 || (condition <= WORST_CONDITION && variation(&levels) >= LEAST_VARIATION);
    let fitted = |law: Scaling| {
        let apart = (varies && measured.len() > kinds.len() + 1).then(|| case.fit(true, law));
        let apart = apart.filter(|demand| kinds.len() == 1 || demand.is_sharp());
        apart.unwrap_or_else(|| case.fit(false, law))
    };
    // Demands weigh the kinds of requests for the law, and the law stretches them: each from the other, twice.
    let mut demand = fitted(Scaling::NONE);
    for _ in 0..2 {
        demand.scaling = scaling::fit(&case.points(&demand.per_request_s));
        let seen = |found: CoreScaling| if found.is_seen() { found.law() } else { Scaling::NONE };
        let law = demand.scaling.map_or(stated, seen);
        if law == demand.law {
            break;
        }
        demand = Demand { scaling: demand.scaling, ..fitted(law) };
    }
    Some(demand)
}

/// Requests of kinds, level by level, with the length of each level: from window to window a mix varies by chance, as counts do, and
/// the utilisation of so short a time is not that of the requests which happen to end in it.
fn by_level(windows: &[&Window], kinds: &[usize]) -> Vec<(f64, Vec<f64>)> {
    let mut levels: Vec<usize> = windows.iter().map(|window| window.level).collect();
    levels.dedup();
    let counted = |level: usize| {
        let of = || windows.iter().filter(|window| window.level == level);
        let done = |kind: &usize| of().map(|window| window.cells[*kind].done).sum::<f64>();
        (of().map(|window| window.seconds).sum(), kinds.iter().map(done).collect())
    };
    levels.into_iter().map(counted).collect()
}

/// Condition number of the rates.
fn condition(levels: &[(f64, Vec<f64>)]) -> f64 {
    let mut design = Equations::default();
    for (seconds, done) in levels {
        design.push(done.iter().map(|done| done / seconds).collect(), 0.0, 1.0);
    }
    design.condition()
}

/// How much more the mix varies from level to level than chance alone would make it: Pearson's chi squared over its degrees of
/// freedom, 1 on average for a mix that is always the same.
fn variation(levels: &[(f64, Vec<f64>)]) -> f64 {
    let kinds = levels.first().map_or(0, |(_, done)| done.len());
    let totals: Vec<f64> = levels.iter().map(|(_, done)| done.iter().sum()).collect();
    let all: f64 = totals.iter().sum();
    let square = |kind: usize| {
        let share = levels.iter().map(|(_, done)| done[kind]).sum::<f64>() / all;
        let of = |((_, done), total): (&(f64, Vec<f64>), &f64)| {
            (done[kind] - share * total).powi(2) / (share * total)
        };
        levels.iter().zip(&totals).map(of).sum::<f64>()
    };
    let freedom = levels.len().saturating_sub(1) * kinds.saturating_sub(1);
    if freedom == 0 { 0.0 } else { (0..kinds).map(square).sum::<f64>() / freedom as f64 }
}

/// Everything that a fit needs.
struct Case<'a> {
    component: Component,
    cores: f64,
    windows: &'a [&'a Window],
    kinds: &'a [usize],
    expected_s: &'a [f64],
    condition: f64,
}

impl Case<'_> {
    /// The windows as the law of the cores sees them, with these demands.
    fn points(&self, per_request_s: &[Option<Estimate>]) -> Vec<Point> {
        let work = |window: &Window| {
            let of = |kind: &usize| per_request_s[*kind].map_or(0.0, |it| it.mid) * window.rps(*kind);
            self.kinds.iter().map(of).sum()
        };
        let point = |window: &&Window| Point {
            busy: self.cores * window.busy[&self.component].share,
            work: work(window),
            seconds: window.seconds,
            level: window.level,
        };
        self.windows.iter().map(point).collect()
    }

    /// With a demand for each kind, or with one factor for those of the spec; both on a core that is alone at work.
    fn fit(&self, told_apart: bool, law: Scaling) -> Demand {
        let Self { component, cores, windows, kinds, expected_s, condition } = *self;
        let totals = windows.iter().map(|window| kinds.iter().map(|kind| window.rps(*kind)).sum::<f64>());
        let (least, most) =
            totals.fold((f64::INFINITY, 0.0_f64), |(low, high), it| (low.min(it), high.max(it)));
        let with_background = most >= least * LEAST_RANGE && windows.len() > 2;
        let at_work = scaling::by_level(&self.points(&vec![None; expected_s.len()]));
        let mut equations = Equations::default();
        for (window, at_work) in windows.iter().zip(at_work) {
            let (busy, slowdown) = (window.busy[&component], law.slowdown(at_work));
            let mut row: Vec<f64> = kinds.iter().map(|kind| window.rps(*kind) * slowdown).collect();
            if !told_apart {
                row = vec![row.iter().zip(kinds).map(|(rps, kind)| rps * expected_s[*kind]).sum()];
            }
            if with_background {
                row.push(1.0);
            }
            // A mean over a longer time is known better.
            equations.push(row, cores * busy.share, window.seconds);
        }
        let solved = equations.resampled();
        let done: Vec<f64> =
            kinds.iter().map(|kind| windows.iter().map(|it| it.cells[*kind].done).sum()).collect();
        let all: f64 = done.iter().sum();
        let demand_s = |solution: &[f64], index: usize| {
            if told_apart { solution[index] } else { solution[0] * expected_s[kinds[index]] }
        };
        let mean_of = |solution: &[f64]| {
            (0..kinds.len()).map(|index| demand_s(solution, index) * done[index]).sum::<f64>() / all
        };
        let mut per_request_s = vec![None; expected_s.len()];
        for (index, kind) in kinds.iter().enumerate() {
            per_request_s[*kind] = Some(solved.interval(|solution| demand_s(solution, index)));
        }
        let background = |solution: &[f64]| solution.last().copied().unwrap_or_default();
        Demand {
            component,
            cores,
            per_request_s,
            mean_s: solved.interval(mean_of),
            background_cores: with_background.then(|| solved.interval(background)),
            scaling: None,
            law,
            condition,
            told_apart,
            residual_cores: equations.residual(&solved.all),
            highest: windows.iter().map(|it| it.busy[&component].share).fold(0.0, f64::max),
            windows: windows.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::load::Busy;
    use super::super::observed::Cell;
    use super::*;

    /// A window of ten seconds with these rates, on 16 cores.
    fn window(level: usize, rates: &[f64], share: f64) -> Window {
        let cells = rates.iter().map(|rate| Cell { done: rate * 10.0, failed: 0.0, response_sum_s: 0.0 });
        let busy = BTreeMap::from([(Component::App, Busy { share, readings: 3 })]);
        Window { level, seconds: 10.0, cells: cells.collect(), users: None, busy }
    }

    fn share(rates: &[f64], demands: &[f64], background: f64) -> f64 {
        (background + rates.iter().zip(demands).map(|(x, d)| x * d).sum::<f64>()) / 16.0
    }

    #[test]
    fn demand_and_background_are_told_from_each_other() {
        let windows: Vec<Window> = (1..=10)
            .map(|level| {
                let rates = [500.0 * f64::from(level)];
                window(level as usize, &rates, share(&rates, &[0.002_24], 0.8))
            })
            .collect();
        let demand = fit(Component::App, 16.0, &windows, (&[0.005], Scaling::NONE)).unwrap();
        assert!((demand.mean_s.mid - 0.002_24).abs() < 1e-9);
        assert!((demand.background_cores.unwrap().mid - 0.8).abs() < 1e-6);
        assert!((demand.limit_rps().unwrap() - 15.2 / 0.002_24).abs() < 1e-3);
    }

    #[test]
    fn kinds_whose_mix_varies_get_demands_of_their_own() {
        let windows: Vec<Window> = (1..=12_u32)
            .map(|number| {
                let level = f64::from(number);
                let rates = [100.0 * level, 40.0 * (level * 5.0 % 13.0)];
                window(number as usize, &rates, share(&rates, &[0.003, 0.010], 0.2))
            })
            .collect();
        let demand = fit(Component::App, 16.0, &windows, (&[0.001, 0.001], Scaling::NONE)).unwrap();
        assert!(demand.told_apart);
        let found: Vec<f64> = demand.per_request_s.iter().map(|it| it.unwrap().mid).collect();
        assert!((found[0] - 0.003).abs() < 1e-6 && (found[1] - 0.010).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn a_mix_that_never_varies_scales_the_demands_of_the_spec_by_one_factor() {
        let windows: Vec<Window> = (1..=8)
            .map(|level| {
                let rates = [80.0 * f64::from(level), 20.0 * f64::from(level)];
                window(level as usize, &rates, share(&rates, &[0.002, 0.008], 0.1))
            })
            .collect();
        let demand = fit(Component::App, 16.0, &windows, (&[0.001, 0.004], Scaling::NONE)).unwrap();
        assert!(!demand.told_apart && demand.condition > WORST_CONDITION);
        let found: Vec<f64> = demand.per_request_s.iter().map(|it| it.unwrap().mid).collect();
        assert!((found[0] - 0.002).abs() < 1e-6 && (found[1] - 0.008).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn one_level_tells_no_background() {
        let windows: Vec<Window> =
            (0..5).map(|_| window(0, &[1000.0], share(&[1000.0], &[0.002], 0.0))).collect();
        let demand = fit(Component::App, 16.0, &windows, (&[0.001], Scaling::NONE)).unwrap();
        assert_eq!(demand.background_cores, None);
        assert!((demand.mean_s.mid - 0.002).abs() < 1e-9);
        assert_eq!(fit(Component::Database, 8.0, &windows, (&[0.001], Scaling::NONE)), None);
    }
}
