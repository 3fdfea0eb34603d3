//! Judges a finished design against the requirements: what a pinned product cannot do, what fixed processes cannot
//! use, and what a person should know. Decides nothing about what is bought.

use loadline_contract::{Kind, Offer};

use super::aim::{Demand, above_aim, above_aim_note};
use super::lifecycle;
use super::select::Counter;
use super::survey::{Amount, Misfit};
use super::tiers::{servers, standing_misfit};
use super::words::{dollars, gib, number};
use super::{Design, LifecycleNote, Pick, PickedBy};
use crate::sizing::{Finding, Requirements, Severity};
use crate::spec::CpuMeasuredOn;

/// Requirements that a design misses.
pub(super) fn misses<'a>(
    counter: &Counter<'a>,
    requirements: &'a Requirements,
    offers: &Taken<'a>,
    design: &Design,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let path = |tier: &str| format!("pin.{}.{tier}", design.cloud);
    let app = counter.app(requirements);
    if pinned(&design.app) || offers.app_count_pinned {
        let mut lacks = app.lacks(offers.app, design.app.count);
        lacks.retain(|misfit| above_aim(misfit, Demand::app(requirements)).is_none());
        if let Some(few) = few_processes(counter, requirements, offers.app, design.app.count) {
            lacks.retain(|misfit| misfit.limit != "failover");
            findings.push(few);
        }
        findings.extend(
            lacks.iter().map(|misfit| finding(offers.app, misfit, design.app.count, None, path("app"))),
        );
    }
    if let (Some(offer), Some(tier), Some(pick)) =
        (offers.database, counter.database(requirements), &design.database)
        && pinned(pick)
    {
        let pool = requirements.database.as_ref().map(|database| database.buffer_pool_gib);
        let mut lacks = tier.lacks(offer);
        lacks.retain(|misfit| above_aim(misfit, Demand::database(requirements)).is_none());
        findings.extend(lacks.iter().map(|misfit| finding(offer, misfit, 1, pool, path("database"))));
    }
    if let (Some(offer), Some(tier), Some(pick)) = (offers.cache, counter.cache(requirements), &design.cache)
        && pinned(pick)
    {
        findings
            .extend(tier.lacks(offer).iter().map(|misfit| finding(offer, misfit, 1, None, path("cache"))));
    }
    if let Some(offer) = offers.balancer
        && let Some(misfit) = standing_misfit(offer, counter.today)
    {
        findings.push(finding(offer, &misfit, 1, None, path("balancer")));
    }
    findings.extend(processes(counter, requirements, Severity::Error));
    findings
}

/// The failure to be survived leaves machines enough, but too few of the fixed processes on them.
fn few_processes(
    counter: &Counter<'_>,
    requirements: &Requirements,
    offer: &Offer,
    count: u32,
) -> Option<Finding> {
    let need = counter.app(requirements).need;
    let each = servers(&offer.shape, requirements.app.cpu_measured_on)?;
    if need.survives(count, each) {
        return None;
    }
    let enough = need.processes_to_survive(count, each)?;
    let sentence = format!(
        "{count} x {}: the failure to be survived leaves {} of {} fixed processes, {} busy at the CPU limit",
        offer.sku,
        need.working_after_failure(count, each),
        requirements.app.processes,
        number(need.failover_wanted)
    );
    let hint = format!(
        "run {enough} processes (app.instances x app.workers) on the same machines, or leave them out to have \
         them derived"
    );
    Some(Finding {
        code: "processes-lost-with-machine",
        severity: Severity::Error,
        sentence,
        hint,
        path: "app.instances".to_owned(),
    })
}

/// The offers behind a design.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken<'a> {
    /// App machine.
    pub(super) app: &'a Offer,
    /// Whether the spec names how many.
    pub(super) app_count_pinned: bool,
    /// Database.
    pub(super) database: Option<&'a Offer>,
    /// Cache.
    pub(super) cache: Option<&'a Offer>,
    /// Balancer, where the book describes it; only a named one can be past its time.
    pub(super) balancer: Option<&'a Offer>,
}

fn pinned(pick: &Pick) -> bool {
    pick.by == PickedBy::Pin
}

fn finding(offer: &Offer, misfit: &Misfit<'_>, count: u32, pool_gib: Option<f64>, path: String) -> Finding {
    let sku = &offer.sku;
    let Misfit { limit, needed, has, .. } = misfit;
    let machines = if count > 1 { format!("{count} x {sku}") } else { sku.clone() };
    let (code, sentence) = match (*limit, needed, has) {
        ("memory", Amount::Gib(needed), Amount::Gib(has)) => {
            let (needed, has) = (gib(*needed), gib(*has));
            let purpose = match pool_gib {
                Some(pool) => {
                    format!("cannot hold {} {} buffer pool ({needed} needed)", article(pool), gib(pool))
                }
                None if offer.kind == Kind::Cache => format!("cannot hold the data ({needed} needed)"),
                None => format!("cannot hold its share of the application ({needed} needed on each)"),
            };
            ("pin-too-small", format!("pinned {sku} has {has}: {purpose}"))
        }
        ("failover", ..) => (
            "pin-too-small",
            format!("pinned {machines}: the failure to be survived leaves {has}, {needed} needed"),
        ),
        ("zones", ..) => ("pin-too-few", format!("pinned {machines}: {has}, {needed} needed")),
        ("connections", ..) => {
            ("pin-too-small", format!("pinned {sku} takes {has} at most, {needed} needed"))
        }
        ("retired", ..) => ("pin-retired", format!("pinned {sku} is no longer sold")),
        ("burstable", ..) => (
            "pin-burstable",
            format!("pinned {sku} gives full CPU for short times only: not for steady load"),
        ),
        ("engine", ..) => ("pin-wrong-engine", format!("pinned {sku} runs {has}, {needed} is asked for")),
        ("architecture", ..) => {
            ("pin-wrong-architecture", format!("pinned {sku} is {has}, the application needs {needed}"))
        }
        _ => ("pin-too-small", format!("pinned {machines} gives {has}, {needed} needed")),
    };
    let hint = "remove the pin to have the cheapest that fits, or pin a larger one".to_owned();
    Finding { code, severity: Severity::Error, sentence, hint, path }
}

/// `an` before eight, eleven, eighteen and eighty.
fn article(value: f64) -> &'static str {
    let digits = number(value);
    let whole = digits.split('.').next().unwrap_or_default();
    if whole.starts_with('8') || whole == "11" || whole == "18" { "an" } else { "a" }
}

/// What fixed worker processes cannot use, at or above a severity: an error where the CPU objective is missed, a
/// warning where only the aim of normal operation is.
fn processes(counter: &Counter<'_>, requirements: &Requirements, severity: Severity) -> Option<Finding> {
    let app = &requirements.app;
    if !app.processes_fixed {
        return None;
    }
    let need = counter.app(requirements).need;
    let processes = f64::from(app.processes);
    let wanted = app.pinned_cores.map_or(app.cores, f64::from);
    let (own, sentence) = if need.failover_cores + 1e-9 < need.failover_wanted {
        let sentence = format!(
            "{} fixed processes leave {} after the failure to be survived, {} needed: no number of machines changes that",
            app.processes,
            number(need.failover_cores),
            number(need.failover_wanted)
        );
        (Severity::Error, sentence)
    } else if need.cores + 1e-9 < wanted {
        let missed = app.busy_cores / processes > app.failover_utilisation;
        let sentence = format!(
            "{} fixed processes can use {} cores, {} asked for: {} busy cores make {} %",
            app.processes,
            number(need.cores),
            number(wanted),
            number(app.busy_cores),
            number(app.busy_cores / processes * 100.0)
        );
        (if missed { Severity::Error } else { Severity::Warning }, sentence)
    } else {
        return None;
    };
    let hint = "raise app.workers or app.instances, or leave them out to have them derived".to_owned();
    let finding =
        Finding { code: "processes-cap-cores", severity: own, sentence, hint, path: "app.workers".into() };
    (own == severity).then_some(finding)
}

/// Machines that are there only to spread fixed processes, and what they cost.
fn spread_for_processes(
    counter: &Counter<'_>,
    requirements: &Requirements,
    offer: &Offer,
    design: &Design,
) -> Option<Finding> {
    let (tier, count, term) = (counter.app(requirements), design.app.count, design.app.term);
    let enough = tier.count_of(offer);
    if enough >= count {
        return None;
    }
    let each = servers(&offer.shape, requirements.app.cpu_measured_on)?;
    let processes = tier.need.processes_to_survive(enough, each)?;
    let saved = tier.cost(offer, term, count).known - tier.cost(offer, term, enough).known;
    let sentence = format!(
        "{count} x {} only so that enough of the {} fixed processes are left after the failure to be survived: with \
         {processes} processes {enough} would do, {} less a month",
        offer.sku,
        requirements.app.processes,
        dollars(saved)
    );
    Some(Finding {
        code: "processes-need-machines",
        severity: Severity::Warning,
        sentence,
        hint: "raise app.instances or app.workers, or leave them out to have them derived".to_owned(),
        path: "app.instances".to_owned(),
    })
}

/// What a person should know of a design that is no miss.
pub(super) fn notes(
    counter: &Counter<'_>,
    requirements: &Requirements,
    offers: &Taken<'_>,
    design: &Design,
) -> Vec<Finding> {
    let mut notes: Vec<Finding> = processes(counter, requirements, Severity::Warning).into_iter().collect();
    if !pinned(&design.app) && !offers.app_count_pinned {
        notes.extend(spread_for_processes(counter, requirements, offers.app, design));
    }
    let above = |offer, lacks: Vec<Misfit<'_>>, demand: Option<Demand>, tier: &str| {
        let seen = lacks.iter().find_map(|misfit| above_aim(misfit, demand))?;
        Some(above_aim_note(offer, seen, format!("pin.{}.{tier}", design.cloud)))
    };
    if pinned(&design.app) || offers.app_count_pinned {
        let lacks = counter.app(requirements).lacks(offers.app, design.app.count);
        notes.extend(above(offers.app, lacks, Demand::app(requirements), "app"));
    }
    if let (Some(offer), Some(tier)) = (offers.database, counter.database(requirements))
        && design.database.as_ref().is_some_and(pinned)
    {
        notes.extend(above(offer, tier.lacks(offer), Demand::database(requirements), "database"));
    }
    let mut note = |code, severity, sentence, hint: &str, path: &str| {
        notes.push(Finding { code, severity, sentence, hint: hint.to_owned(), path: path.to_owned() });
    };
    let app = &requirements.app;
    let database = requirements.database.as_ref();
    let app_matters =
        app.pinned_cores.is_some() || app.cpu_measured_on == CpuMeasuredOn::Core || pinned(&design.app);
    let database_matters = |pick: &Pick| {
        pinned(pick)
            || database.is_some_and(|database| {
                database.pinned_cores.is_some() || database.cpu_measured_on == CpuMeasuredOn::Core
            })
    };
    let threads_hint =
        "where whole cores matter take a size without shared cores, or state app.cpu_measured_on: core";
    if let Some(sentence) = shared_cores(offers.app).filter(|_| app_matters) {
        note("threads-not-cores", Severity::Warning, sentence, threads_hint, "app");
    }
    if let (Some(offer), Some(pick)) = (offers.database, &design.database) {
        if let Some(sentence) = shared_cores(offer).filter(|_| database_matters(pick)) {
            note("threads-not-cores", Severity::Warning, sentence, threads_hint, "database");
        }
        if let (None, Some(database)) = (offer.connections, database) {
            let sentence = format!(
                "no source states how many connections {} takes: {} are needed",
                offer.sku, database.max_connections
            );
            note(
                "connection-limit-unknown",
                Severity::Note,
                sentence,
                "check it before relying on it",
                "database",
            );
        }
    }
    if let (Some(offer), Some(cache)) = (offers.cache, &requirements.cache)
        && cache.engine == "redis"
        && !offer.engines.iter().any(|engine| engine == "redis")
    {
        let sentence =
            format!("{} runs valkey, which answers the redis protocol that is asked for", offer.sku);
        note(
            "valkey-for-redis",
            Severity::Note,
            sentence,
            "write `engine: valkey` to ask for it by name",
            "cache.engine",
        );
    }
    notes
}

/// `X: 16 vCPU are 8 physical cores`; `None` where they do not share, or where no source says.
fn shared_cores(offer: &Offer) -> Option<String> {
    let (vcpus, cores) = (offer.shape.vcpus?, offer.shape.cores?);
    (cores < vcpus)
        .then(|| format!("{}: {} vCPU are {} physical cores", offer.sku, number(vcpus), number(cores)))
}

/// Products of a design whose end is known, and extra prices for old versions.
pub(super) fn lifecycle(
    counter: &Counter<'_>,
    requirements: &Requirements,
    offers: &Taken<'_>,
) -> Vec<LifecycleNote> {
    let taken = [Some(offers.app), offers.database, offers.cache, offers.balancer];
    let mut notes: Vec<LifecycleNote> =
        taken.into_iter().flatten().filter_map(|offer| lifecycle::note(offer, counter.today)).collect();
    let database = requirements.database.as_ref().map(|it| (it.engine.as_str(), it.version.as_str()));
    let cache = requirements.cache.as_ref();
    let cache = cache.and_then(|it| Some((it.engine.as_str(), it.version.as_deref()?)));
    for (version, offer) in [(database, offers.database), (cache, offers.cache)] {
        let Some((version, offer)) = version.zip(offer) else { continue };
        if offer.engines.iter().any(|own| own == version.0) {
            let surcharge = lifecycle::surcharge_for(counter.charges.surcharges, version, counter.today);
            notes.extend(
                surcharge.map(|surcharge| lifecycle::surcharge_note(surcharge, offer, counter.today)),
            );
        }
    }
    notes
}
