//! Do cores get in each other's way?

use super::super::demand::{Busy, Demand};
use super::super::network::Scaling;
use super::super::wording::{number, percent};
use super::super::{Finding, Severity};
use super::{Rule, View, finding};

pub(super) const RULES: &[Rule] = &[load_beyond_contention, cores_slow_each_other];

/// The tiers with what keeps their cores at work.
fn tiers(view: &View<'_>) -> (f64, [(&'static str, &'static str, Busy); 2]) {
    let demand = Demand::of(view.spec);
    let tiers = [("application", "app", demand.app), ("database", "database", demand.database)];
    (demand.rps, tiers)
}

fn load_beyond_contention(view: &View<'_>) -> Vec<Finding> {
    let (rps, tiers) = tiers(view);
    let beyond = tiers.into_iter().filter(|(_, _, busy)| rps > busy.most_rps);
    beyond
        .map(|(tier, key, busy)| {
            let sentence = format!(
                "{} rps are more than the {} that the {tier} can do with any number of cores: they get in each other's way \
                 (contention and coherency), and beyond {} of them more do next to nothing.",
                number(rps),
                number(busy.most_rps),
                number(busy.cores)
            );
            let hint = format!(
                "Remove what its cores wait for (locks, one queue, one connection), split the {tier} into parts that \
                 share nothing, or measure {key}.contention again with `loadline calibrate`."
            );
            finding(Severity::Error, "load-beyond-contention", sentence, &hint, &format!("{key}.contention"))
        })
        .collect()
}

fn cores_slow_each_other(view: &View<'_>) -> Vec<Finding> {
    let (rps, tiers) = tiers(view);
    let slowed =
        tiers.into_iter().filter(|(_, _, busy)| busy.slowdown >= Scaling::NOTICED && rps <= busy.most_rps);
    slowed
        .map(|(tier, key, busy)| {
            let sentence = format!(
                "With {} cores of the {tier} at work each takes {} times as long as one alone: {} of their time goes \
                 into waiting for each other, and with any number of cores it does {} rps at most.",
                number(busy.cores),
                number(busy.slowdown),
                percent(busy.waiting_share()),
                number(busy.most_rps)
            );
            finding(
                Severity::Note,
                "cores-slow-each-other",
                sentence,
                "The coefficients hold for about as many cores as they were measured with: test with as many as will be bought.",
                &format!("{key}.contention"),
            )
        })
        .collect()
}
