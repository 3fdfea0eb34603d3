//! Is this load made by people, and is there room above it?

use super::super::demand::Mix;
use super::super::wording::{number, percent, time};
use super::super::{Finding, LimitKind, Severity};
use super::{Rule, View, error, finding, note};

pub(super) const RULES: &[Rule] = &[
    think_time_not_human,
    people_paced,
    no_think_time,
    response_is_waiting,
    cpu_below_experience,
    no_headroom,
    saturated,
];

/// Think time below which no person works, s; also the pace offered instead.
const HUMAN_S: f64 = 1.0;
/// An ordinary pace of people between two requests, s.
const PACE_S: f64 = 10.0;
/// A load test is run with this much more than the users expected.
const TEST_FACTOR: f64 = 1.25;

/// N = X (Z + R): the think time that users and throughput leave.
fn implied_think_s(view: &View<'_>) -> f64 {
    let rps = view.prediction.throughput_rps.value;
    if rps > 0.0 {
        view.prediction.users / rps - view.prediction.response.mean_s.value
    } else {
        f64::INFINITY
    }
}

fn is_machine_paced(view: &View<'_>) -> bool {
    view.prediction.users >= 10.0 && view.spec.load.think_s.mid > 0.0 && implied_think_s(view) < HUMAN_S
}

fn think_time_not_human(view: &View<'_>) -> Vec<Finding> {
    if !is_machine_paced(view) {
        return Vec::new();
    }
    let (users, rps) = (view.prediction.users, view.prediction.throughput_rps.value);
    let response_s = view.prediction.response.mean_s.value;
    let sentence = format!(
        "{} users at {} rps: each sends a request every {}, {} response and only {} of think time. This is a load \
         generator (or polling, or many calls for each page), not people.",
        number(users),
        number(rps),
        time(users / rps),
        time(response_s),
        time(implied_think_s(view))
    );
    let human_rps = users / (PACE_S + response_s);
    let hint = format!(
        "People pause for seconds: with {PACE_S} s the same users send {} rps. If a page makes many calls, {} of them \
         for each action every {PACE_S} s give this rate; say so in the requests.",
        number(human_rps),
        number(rps / human_rps)
    );
    vec![finding(Severity::Warning, "think-time-not-human", sentence, &hint, "load.think")]
}

fn people_paced(view: &View<'_>) -> Vec<Finding> {
    if !is_machine_paced(view) {
        return Vec::new();
    }
    let mix = Mix::of(view.spec);
    let rps = view.prediction.users / (PACE_S + mix.unloaded_s());
    let target = view.spec.objectives.target_cpu;
    let sentence = format!(
        "At a pace of people ({PACE_S} s between requests) {} users are {} rps: {} application cores and {} database \
         cores at {}, {} requests in flight.",
        number(view.prediction.users),
        number(rps),
        number(rps * mix.cpu_s / target),
        number(rps * mix.database_cpu_s / target),
        percent(target),
        number(rps * mix.unloaded_s())
    );
    vec![note(
        "people-paced-alternative",
        sentence,
        "Set load.think to what was measured between two requests of one user.",
        "load.think",
    )]
}

fn no_think_time(view: &View<'_>) -> Vec<Finding> {
    if view.spec.load.think_s.mid > 0.0 || view.prediction.users < 1.0 {
        return Vec::new();
    }
    let sentence = format!(
        "Without think time {} users keep {} requests in the system at all times ({} rps), however fast it answers: \
         more cores only make them ask faster.",
        number(view.prediction.users),
        number(view.prediction.users),
        number(view.prediction.throughput_rps.value)
    );
    vec![error(
        "no-think-time",
        sentence,
        "State load.think: a number of users means nothing without it.",
        "load.think",
    )]
}

/// Share of the response from which cores hardly matter to it.
const WAITING_SHARE: f64 = 0.9;

fn response_is_waiting(view: &View<'_>) -> Vec<Finding> {
    let mix = Mix::of(view.spec);
    let response_s = view.prediction.response.mean_s.value;
    if mix.wait_s <= WAITING_SHARE * response_s {
        return Vec::new();
    }
    let worked_s = mix.cpu_s + mix.database_cpu_s;
    let sentence = format!(
        "{} of the mean response of {} ({}) is waiting outside; CPU is {}, and all queues together add {}: more cores \
         cannot make it noticeably faster.",
        time(mix.wait_s),
        time(response_s),
        percent(mix.wait_s / response_s),
        time(worked_s),
        time((response_s - mix.wait_s - worked_s).max(0.0))
    );
    let longest = view
        .spec
        .requests
        .iter()
        .enumerate()
        .max_by(|(_, a), (_, b)| (a.share * a.wait_s.mid).total_cmp(&(b.share * b.wait_s.mid)));
    let path = longest.map_or_else(String::new, |(i, _)| format!("requests[{i}].wait"));
    vec![note(
        "response-is-waiting",
        sentence,
        "Find out what is waited for (an external call, a lock, the network); move it into a background task if it can be.",
        &path,
    )]
}

/// Database-backed endpoints of interpreted frameworks were measured at 50 to 300 requests a second for each vCPU.
const EXPERIENCE_CPU_S: f64 = 1.0 / 300.0;

fn cpu_below_experience(view: &View<'_>) -> Vec<Finding> {
    let paths = view.spec.requests.iter().enumerate();
    paths
        .filter(|(_, r)| r.queries.mid >= 1.0 && r.cpu_s.mid > 0.0 && r.cpu_s.mid < EXPERIENCE_CPU_S)
        .map(|(i, request)| {
            let sentence = format!(
                "Request '{}' takes {} of CPU, {} requests a second for each core, and makes {} database queries; \
                 such endpoints were measured at 50 to 300.",
                request.name,
                time(request.cpu_s.mid),
                number(1.0 / request.cpu_s.mid),
                number(request.queries.mid)
            );
            note("cpu-below-experience", sentence, "Measure the CPU time under load before buying; an idle machine flatters it.", &format!("requests[{i}].cpu"))
        })
        .collect()
}

fn no_headroom(view: &View<'_>) -> Vec<Finding> {
    let tested = (view.prediction.users * TEST_FACTOR).ceil() as u32;
    if view.load_line.users >= tested || f64::from(view.load_line.users) < view.prediction.users {
        return Vec::new();
    }
    let seen = view.model.solved(&view.prediction.capacity, tested);
    let utilisation = seen.app_utilisation(tested).max(seen.database_utilisation(tested));
    let saturation = seen.saturation_users();
    let ends = if saturation > f64::from(tested) {
        format!("it would not break: saturation is at {} users", number(saturation))
    } else {
        format!("it would saturate at {} users", number(saturation))
    };
    let sentence = format!(
        "A test with {tested} users would pass the load line of {} ({}): {} rps, mean {}, busiest CPU {}; {ends}.",
        view.load_line.users,
        view.load_line.binding,
        number(seen.throughput_rps(tested)),
        time(seen.response_s(tested)),
        percent(utilisation)
    );
    vec![super::warning(
        "no-headroom",
        sentence,
        "Take more of what binds, or test with no more users than the load line and state the think time of the test.",
        "load.users",
    )]
}

fn saturated(view: &View<'_>) -> Vec<Finding> {
    let landmark = view
        .load_line
        .limits
        .iter()
        .find(|limit| limit.kind == LimitKind::Landmark && limit.limit.starts_with("saturation"));
    let Some(at) = landmark.and_then(|limit| limit.at_users) else { return Vec::new() };
    if f64::from(at) >= view.prediction.users {
        return Vec::new();
    }
    let sentence = format!(
        "{} users are beyond saturation ({at} users): throughput stays at {} rps and each further user only makes all \
         others wait longer.",
        number(view.prediction.users),
        number(view.prediction.throughput_rps.value)
    );
    vec![error(
        "saturated",
        sentence,
        "Take more cores for the busiest tier, or shorten its CPU time.",
        "load.users",
    )]
}
