//! What is said to be survived, and what the structure survives.

use super::super::assumptions::NODE_AVAILABILITY;
use super::super::resilience::{machines_to_survive_one, parts};
use super::super::wording::{count, number, percent, time, whole_up};
use super::super::{Finding, Severity};
use super::{Rule, View, error, finding, note, warning};
use crate::spec::Survive;

pub(super) const RULES: &[Rule] = &[
    zone_loss,
    instance_loss,
    single_instance,
    single_app_server,
    database_alone,
    cache_alone,
    availability,
    backups,
];

fn zone_loss(view: &View<'_>) -> Vec<Finding> {
    let zones = f64::from(view.spec.resilience.zones);
    let limit = view.spec.objectives.cpu;
    let left = share_left(view.spec.app.instances, view.spec.resilience.zones);
    let after = view.prediction.app_utilisation / left;
    if zones < 2.0 || after <= limit {
        return Vec::new();
    }
    let asked = view.spec.resilience.survive == Survive::Zone;
    let busy = view.requirements.app.busy_cores;
    let enough = busy / (limit * (zones - 1.0) / zones);
    let sentence = format!(
        "With one of {zones} zones lost, the application's CPU goes from {} to {} ({}), above {}.",
        percent(view.prediction.app_utilisation),
        percent(after),
        lost_words(view.spec.app.instances, view.spec.resilience.zones),
        percent(limit)
    );
    let hint = format!(
        "To survive it, stay below {} in normal operation: {} busy cores / {} = {} cores over {zones} zones.",
        percent(limit * (zones - 1.0) / zones),
        number(busy),
        percent(limit * (zones - 1.0) / zones),
        whole_up(enough)
    );
    let severity = if asked { Severity::Error } else { Severity::Warning };
    let code = if asked { "zone-loss-not-survived" } else { "zones-without-spare" };
    vec![finding(severity, code, sentence, &hint, "resilience.zones")]
}

/// Share of the capacity that is left without the fullest zone: instances are whole.
fn share_left(instances: Option<u32>, zones: u32) -> f64 {
    let zones = zones.max(1);
    match instances.filter(|instances| *instances > 0) {
        Some(instances) => f64::from(instances - instances.div_ceil(zones)) / f64::from(instances),
        None => f64::from(zones - 1) / f64::from(zones),
    }
}

fn lost_words(instances: Option<u32>, zones: u32) -> String {
    match instances.filter(|instances| *instances > 0) {
        Some(instances) => {
            format!("{} of {instances} instances are gone", instances.div_ceil(zones.max(1)))
        }
        None => format!("x {zones}/{}", zones.saturating_sub(1)),
    }
}

fn instance_loss(view: &View<'_>) -> Vec<Finding> {
    let Some(cores) = view.requirements.app.pinned_cores else { return Vec::new() };
    if view.spec.resilience.survive == Survive::Nothing {
        return Vec::new();
    }
    let limit = view.spec.objectives.cpu;
    let utilisation = view.requirements.app.busy_cores / f64::from(cores.max(1));
    match machines_to_survive_one(utilisation, limit) {
        None => vec![error(
            "instance-loss-not-survived",
            format!(
                "The pinned {cores} cores are {} busy without any failure, so no number of machines leaves less than {} \
                 after losing one.",
                percent(utilisation),
                percent(limit)
            ),
            "Take more cores, or leave app.cores out.",
            "app.cores",
        )],
        Some(machines) if machines > 2 => vec![note(
            "instance-loss-needs-many-machines",
            format!(
                "The pinned {cores} cores are {} busy: losing one machine stays below {} only if they are spread over \
                 at least {machines} machines.",
                percent(utilisation),
                percent(limit)
            ),
            "Take small machines, or more cores than these.",
            "app.cores",
        )],
        Some(_) => Vec::new(),
    }
}

fn single_instance(view: &View<'_>) -> Vec<Finding> {
    if view.spec.app.instances != Some(1) || view.spec.resilience.survive == Survive::Nothing {
        return Vec::new();
    }
    let sentence = "An instance is to be survived, but app.instances is 1.".to_owned();
    vec![error("single-instance-cannot-be-survived", sentence, "Run at least 2 instances.", "app.instances")]
}

/// Whether the spec wants more than a single machine can give.
fn wants_availability(view: &View<'_>) -> bool {
    let resilience = &view.spec.resilience;
    resilience.zones > 1
        || resilience.survive != Survive::Nothing
        || view.spec.objectives.availability.is_some_and(|wanted| wanted > NODE_AVAILABILITY)
}

fn single_app_server(view: &View<'_>) -> Vec<Finding> {
    if view.spec.resilience.survive != Survive::Nothing || !wants_availability(view) {
        return Vec::new();
    }
    let asked = match view.spec.objectives.availability {
        Some(wanted) if wanted > NODE_AVAILABILITY => {
            format!(" and an availability of {:.2} %", wanted * 100.0)
        }
        _ => String::new(),
    };
    let sentence = format!(
        "{}{asked} asked for, but the application survives no failure: one machine is a single point of failure, and \
         every release or reboot is an outage.",
        count(f64::from(view.spec.resilience.zones), "zone"),
    );
    vec![warning(
        "app-single-point-of-failure",
        sentence,
        "Set resilience.survive to instance.",
        "resilience.survive",
    )]
}

fn database_alone(view: &View<'_>) -> Vec<Finding> {
    let resilience = &view.spec.resilience;
    if view.spec.database.is_none() || resilience.database_standby || !wants_availability(view) {
        return Vec::new();
    }
    let sentence = format!(
        "The database has no standby: its failure stops everything until it is restored, whatever the {} and \
         spare machines of the application.",
        count(f64::from(resilience.zones), "zone")
    );
    vec![warning(
        "database-single-point-of-failure",
        sentence,
        "Set resilience.database_standby to true; it doubles the database's price.",
        "resilience.database_standby",
    )]
}

fn cache_alone(view: &View<'_>) -> Vec<Finding> {
    let resilience = &view.spec.resilience;
    if view.spec.cache.is_none() || resilience.cache_replica || !wants_availability(view) {
        return Vec::new();
    }
    let lost = if view.spec.tasks.is_empty() { "its entries" } else { "the task queue with it" };
    let sentence =
        format!("The cache has no replica: a failure loses {lost} and sends every read to the database.");
    vec![warning(
        "cache-single-point-of-failure",
        sentence,
        "Set resilience.cache_replica to true.",
        "resilience.cache_replica",
    )]
}

fn availability(view: &View<'_>) -> Vec<Finding> {
    let parts = parts(view.spec);
    let reached: f64 = parts.iter().map(|part| part.availability).product();
    let (Some(wanted), Some(weakest)) = (view.spec.objectives.availability, parts.first()) else {
        return Vec::new();
    };
    if reached >= wanted {
        return Vec::new();
    }
    let down = |availability: f64| time((1.0 - availability) * 365.0 * 86_400.0);
    let list: Vec<String> =
        parts.iter().map(|part| format!("{} {:.4} %", part.name, part.availability * 100.0)).collect();
    let sentence = format!(
        "This structure reaches about {:.2} % ({} of outage a year), not {:.2} % ({}): assumed are {}, one after the \
         other; the {} is the weakest.",
        reached * 100.0,
        down(reached),
        wanted * 100.0,
        down(wanted),
        list.join(", "),
        weakest.name
    );
    vec![error(
        "availability-out-of-reach",
        sentence,
        "Pair the weakest part (standby, replica, survive: instance or zone), or ask for less.",
        "objectives.availability",
    )]
}

fn backups(view: &View<'_>) -> Vec<Finding> {
    let resilience = &view.spec.resilience;
    if view.spec.database.is_none() || resilience.backup_days > 0 {
        return Vec::new();
    }
    let sentence = "The database has no backups: a wrong statement or a lost volume is final; a standby copies both at once.";
    vec![error(
        "no-backups",
        sentence.to_owned(),
        "Keep backups for at least 7 days; switching them on later may cost an outage.",
        "resilience.backups",
    )]
}
