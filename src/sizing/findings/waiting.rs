//! Where the time of a request goes: waiting outside, or nowhere that the spec names.

use super::super::Finding;
use super::super::demand::Mix;
use super::super::wording::{percent, time};
use super::{Rule, View, note};

pub(super) const RULES: &[Rule] = &[waiting_dominates, response_unexplained];

/// Share of the response from which waiting outside decides it.
const DOMINATES: f64 = 0.8;

fn waiting_dominates(view: &View<'_>) -> Vec<Finding> {
    let mix = Mix::of(view.spec);
    let response_s = view.prediction.response.mean_s.value;
    if mix.wait_s <= 0.0 || mix.wait_s < DOMINATES * response_s {
        return Vec::new();
    }
    let queueing_s = (response_s - mix.unloaded_s()).max(0.0);
    let sentence = format!(
        "Of the mean response of {}, {} ({}) is waiting outside, {} is CPU and {} is queueing.",
        time(response_s),
        time(mix.wait_s),
        percent(mix.wait_s / response_s),
        time(mix.cpu_s + mix.database_cpu_s),
        time(queueing_s)
    );
    let longest = view
        .spec
        .requests
        .iter()
        .enumerate()
        .max_by(|(_, a), (_, b)| (a.share * a.wait_s.mid).total_cmp(&(b.share * b.wait_s.mid)));
    let index = longest.map_or(0, |(index, _)| index);
    vec![note(
        "waiting-dominates-response",
        sentence,
        "More cores do not make it faster: shorten the calls outside, or move them into background tasks.",
        &format!("requests[{index}].wait"),
    )]
}

/// An objective this many times the response leaves more time than queues and bad days explain.
const UNEXPLAINED: f64 = 20.0;

fn response_unexplained(view: &View<'_>) -> Vec<Finding> {
    let mix = Mix::of(view.spec);
    let response_s = view.prediction.response.mean_s.value;
    let objective_s = view.spec.objectives.mean_s;
    let Some(objective_s) = objective_s.filter(|objective_s| *objective_s > UNEXPLAINED * response_s) else {
        return Vec::new();
    };
    if mix.wait_s > 0.0 {
        return Vec::new();
    }
    let sentence = format!(
        "A request takes {} of CPU and no waiting outside, so the mean response is {}; an objective of {} expects {} that \
         nothing in the spec explains.",
        time(mix.cpu_s + mix.database_cpu_s),
        time(response_s),
        time(objective_s),
        time(objective_s - response_s)
    );
    vec![note(
        "response-unexplained",
        sentence,
        "State requests.wait (calls to other services, disks, networks), or measure cpu again: waiting holds connections and memory.",
        "requests",
    )]
}
