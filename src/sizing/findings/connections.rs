//! Database connections: who holds them, how many can be opened, how many are allowed.

use super::super::wording::{number, percent, time};
use super::super::{Finding, Severity};
use super::{Rule, View, error, finding, note, warning};
use crate::spec::Connection;

pub(super) const RULES: &[Rule] = &[
    held_while_waiting,
    pools_exceed_limit,
    deploy_doubles_pools,
    pool_too_small,
    autoscale_multiplies,
    autoscale_without_pool,
];

/// Held connections over working ones from which holding is the problem.
const IDLE_FACTOR: f64 = 4.0;
/// Fewer held connections than this trouble nobody.
const FEW: f64 = 20.0;

fn held_while_waiting(view: &View<'_>) -> Vec<Finding> {
    let Some(database) = &view.requirements.database else { return Vec::new() };
    let held = view.prediction.connections_used;
    let working = database.busy_cores;
    let whole = view.spec.requests.iter().position(|r| r.connection == Connection::Request && r.share > 0.0);
    let Some(index) = whole.filter(|_| held > FEW && held > IDLE_FACTOR * working.max(1.0)) else {
        return Vec::new();
    };
    let rps = view.prediction.throughput_rps.value;
    let cores = f64::from(view.prediction.capacity.database_servers.unwrap_or(1));
    let sentence = format!(
        "{} database connections are held ({} rps x {}), because each is kept for the whole request; only {} of them \
         work at any moment. As running threads they would be {} for each database core.",
        number(held),
        number(rps),
        time(held / rps),
        number(working),
        number(held / cores)
    );
    let hint = format!(
        "Take a connection around each query and give it back before waiting (connection: query): about {} are then enough.",
        super::super::network::pool_size(working, 0.01)
    );
    vec![warning("connections-held-while-waiting", sentence, &hint, &format!("requests[{index}].connection"))]
}

/// Connections that everything together may open.
struct Opened {
    web: f64,
    tasks: f64,
    reserve: f64,
    max: f64,
    words: String,
}

impl Opened {
    fn all(&self) -> f64 {
        self.web + self.tasks + self.reserve
    }
}

fn opened(view: &View<'_>) -> Option<Opened> {
    let pool = view.spec.app.pool?;
    let max = f64::from(view.requirements.database.as_ref()?.max_connections);
    let processes = view.model.processes(&view.prediction.capacity);
    let slots = view.model.slots();
    Some(Opened {
        web: f64::from(processes) * f64::from(pool),
        tasks: f64::from(slots) * f64::from(pool),
        reserve: super::super::assumptions::ADMIN_CONNECTIONS,
        max,
        words: format!(
            "{processes} worker processes and {slots} task processes with {pool} connections each"
        ),
    })
}

fn pools_exceed_limit(view: &View<'_>) -> Vec<Finding> {
    let Some(opened) = opened(view) else { return Vec::new() };
    let share = view.spec.objectives.connections;
    if opened.all() <= share * opened.max {
        return Vec::new();
    }
    let severity = if opened.all() > opened.max { Severity::Error } else { Severity::Warning };
    let sentence = format!(
        "{} and {} for administration may open {} connections, more than {} of the {} allowed.",
        opened.words,
        number(opened.reserve),
        number(opened.all()),
        percent(share),
        number(opened.max)
    );
    vec![finding(
        severity,
        "pools-exceed-connection-limit",
        sentence,
        "Every process has its own pool: make app.pool smaller, above all for task processes, or raise database.max_connections.",
        "app.pool",
    )]
}

fn deploy_doubles_pools(view: &View<'_>) -> Vec<Finding> {
    let Some(opened) = opened(view) else { return Vec::new() };
    let doubled = opened.all() + opened.web + opened.tasks;
    if opened.all() > opened.max || doubled <= opened.max {
        return Vec::new();
    }
    let sentence = format!(
        "While a release rolls out, old and new processes run side by side and may open {} connections of {} ({}).",
        number(doubled),
        number(opened.max),
        opened.words
    );
    vec![warning(
        "deploy-doubles-pools",
        sentence,
        "Roll out in small steps, or keep the pools below half of the limit.",
        "app.pool",
    )]
}

fn pool_too_small(view: &View<'_>) -> Vec<Finding> {
    let (Some(opened), Some(database)) = (opened(view), &view.requirements.database) else {
        return Vec::new();
    };
    let needed = f64::from(super::super::network::pool_size(database.connections_used, 0.01));
    if opened.web >= needed {
        return Vec::new();
    }
    let held = database.connections_used;
    let sentence = format!(
        "The pools of all worker processes hold {} connections, but {} are in use on average and {} are needed for \
         only 1 % of the requests to wait: throughput falls to {} rps.",
        number(opened.web),
        number(held),
        number(needed),
        number(view.prediction.throughput_rps.value)
    );
    let make = if opened.web < held { error } else { warning };
    vec![make(
        "pool-too-small",
        sentence,
        "Raise app.pool, or hold connections only around queries.",
        "app.pool",
    )]
}

fn autoscale_multiplies(view: &View<'_>) -> Vec<Finding> {
    let (Some(opened), Some(factor)) = (opened(view), view.spec.resilience.autoscale_max) else {
        return Vec::new();
    };
    let scaled = opened.web * factor + opened.tasks + opened.reserve;
    if factor <= 1.0 || opened.all() > opened.max || scaled <= opened.max {
        return Vec::new();
    }
    let most = ((opened.max - opened.tasks - opened.reserve) / opened.web).max(1.0);
    let sentence = format!(
        "Autoscaling to {}x opens up to {} connections of {}: more web processes end at the database.",
        number(factor),
        number(scaled),
        number(opened.max)
    );
    let hint =
        format!("Scale to {}x at most, or make app.pool smaller.", number((most * 10.0).floor() / 10.0));
    vec![error("autoscale-exceeds-connections", sentence, &hint, "resilience.autoscale")]
}

fn autoscale_without_pool(view: &View<'_>) -> Vec<Finding> {
    let factor = view.spec.resilience.autoscale_max.filter(|factor| *factor > 1.0);
    let (Some(factor), Some(database), None) = (factor, &view.requirements.database, view.spec.app.pool)
    else {
        return Vec::new();
    };
    let sentence = format!(
        "Autoscaling to {}x adds worker processes, each with a pool of its own, but app.pool is not stated: whether \
         they fit into {} connections cannot be checked.",
        number(factor),
        database.max_connections
    );
    vec![note(
        "autoscale-without-pool",
        sentence,
        "State app.pool (pool size and overflow of one worker process).",
        "app.pool",
    )]
}
