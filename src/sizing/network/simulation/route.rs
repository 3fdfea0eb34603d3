//! The way of a request through the network: its visits, spread evenly, with the wait outside in the middle.

use super::super::model::{Class, Dispatch, Network};
use super::super::variate::Variate;

/// One step of a request.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Time outside every station.
    Wait(Variate),
    /// Work at a station, with this probability.
    Visit { station: usize, probability: f64, service: Variate },
}

/// What the requests of one class do.
#[derive(Debug, Clone)]
pub(super) struct Route {
    /// Share of this class and the classes before it.
    pub(super) up_to_share: f64,
    pub(super) steps: Vec<Step>,
}

/// The routes of all classes. Visits without work take no part: they take no time.
pub(super) fn routes(network: &Network) -> Vec<Route> {
    let whole: f64 = network.classes.iter().map(|class| class.share).sum();
    let mut up_to_share = 0.0;
    network
        .classes
        .iter()
        .map(|class| {
            up_to_share += class.share / whole;
            Route { up_to_share, steps: steps(class, network) }
        })
        .collect()
}

fn steps(class: &Class, network: &Network) -> Vec<Step> {
    let mut placed: Vec<(f64, Step)> = Vec::new();
    for (station, visit) in class.visits.iter().enumerate().take(network.stations.len()) {
        if visit.count.is_nan() || visit.demand_s() <= 0.0 {
            continue;
        }
        let visits = visit.count.ceil();
        for index in 0..visits as u64 {
            let service = Variate::new(visit.service_s, visit.service_cv2);
            let probability = (visit.count - index as f64).min(1.0);
            placed.push(((index as f64 + 0.5) / visits, Step::Visit { station, probability, service }));
        }
    }
    if class.wait_s > 0.0 {
        placed.push((0.5, Step::Wait(Variate::new(class.wait_s, class.wait_cv2))));
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    placed.into_iter().map(|(_, step)| step).collect()
}

/// Event loops per station, 0 where the station is pooled.
pub(super) fn loops(network: &Network) -> Vec<(u32, Dispatch)> {
    network
        .stations
        .iter()
        .map(|station| (if station.is_sticky() { station.server_count() } else { 0 }, station.dispatch))
        .collect()
}
