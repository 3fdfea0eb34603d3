//! Draws the blueprint: every number of it comes from the spec, the requirements or the design.

use loadline_contract::deploy::{
    AlarmLines, AppBlueprint, BalancerBlueprint, Blueprint, CacheBlueprint, DatabaseBlueprint, Deployment,
    NatSpread, SshAccess,
};
use loadline_contract::{Architecture, Region};

use super::first_start::first_start;
use super::machines::{Ceiling, ceiling};
use crate::market::Design;
use crate::sizing::Requirements;
use crate::spec::{Spec, Survive};

/// What a blueprint is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// The spec.
    pub spec: &'a Spec,
    /// What it needs.
    pub requirements: &'a Requirements,
    /// What was chosen.
    pub design: &'a Design,
    /// The region of the design.
    pub region: &'a Region,
    /// The operators' public key, one line; `None`: nobody logs in.
    pub public_key: Option<&'a str>,
}

/// A blueprint, and what a person should know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The blueprint.
    pub blueprint: Blueprint,
    /// One sentence each.
    pub notes: Vec<String>,
}

/// Draws the blueprint.
///
/// # Errors
/// One sentence for each thing that the region or the name does not allow.
pub fn draw(sheet: Sheet<'_>) -> Result<Drawn, Vec<String>> {
    let Sheet { spec, design, .. } = sheet;
    let mut problems = Vec::new();
    let deployment = spec.name.parse::<Deployment>().map_err(|error| vec![error.to_string()])?;
    let zones: Vec<String> =
        sheet.region.zones.iter().take(design.zones as usize).map(|zone| (*zone).to_owned()).collect();
    if zones.len() < design.zones as usize && !sheet.region.zones.is_empty() {
        problems.push(format!(
            "{} has {} zones and the design spreads over {}",
            design.region,
            zones.len(),
            design.zones
        ));
    }
    let Some(balancer) = &design.balancer else {
        problems.push("the design has no balancer: nothing would reach the application".to_owned());
        return Err(problems);
    };
    let start = match first_start(spec, sheet.requirements, design.app.offer.shape.memory_gib) {
        Ok(start) => start,
        Err(wrong) => {
            problems.extend(wrong);
            return Err(problems);
        }
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let Ceiling { most, note } = ceiling(spec, sheet.requirements, design.app.count);
    let mut notes: Vec<String> = note.into_iter().collect();
    if spec.access.key.is_some() && spec.access.from.is_empty() {
        notes.push("access.ssh.from is empty: nobody can log in from outside".to_owned());
    }
    if spec.alarms.email.is_some() {
        notes.push(format!(
            "objectives.io_wait has no alarm: no cloud measures on its own how long a machine waits for its disks; `loadline check \
             --continuous --notify URL` watches the line of {} %",
            percent(spec.objectives.io_wait)
        ));
    }
    let choice = spec.clouds.iter().find(|choice| choice.cloud == design.cloud);
    let blueprint = Blueprint {
        deployment,
        region: design.region.clone(),
        zones,
        nat: if spec.resilience.survive == Survive::Zone { NatSpread::EachZone } else { NatSpread::One },
        app: app(sheet, most, start),
        database: database(sheet),
        cache: cache(sheet),
        balancer: BalancerBlueprint {
            sku: balancer.sku.clone(),
            nodes: balancer.nodes,
            certificate: choice.and_then(|it| it.certificate.clone()),
        },
        alarms: alarms(spec),
    };
    Ok(Drawn { blueprint, notes })
}

fn app(sheet: Sheet<'_>, most: u32, first_start: String) -> AppBlueprint {
    let Sheet { spec, design, requirements, .. } = sheet;
    AppBlueprint {
        sku: design.app.offer.sku.clone(),
        architecture: design.app.offer.shape.architecture.unwrap_or(Architecture::X86),
        count: design.app.count,
        most,
        disk_gib: whole(requirements.app.disk_gib),
        os: spec.access.os.clone(),
        port: spec.app.port,
        health: spec.app.health.clone(),
        target_cpu_percent: whole(spec.objectives.target_cpu * 100.0).clamp(1, 100),
        first_start,
        ssh: sheet.public_key.map(|key| SshAccess {
            user: spec.access.user.clone(),
            public_key: key.trim().to_owned(),
            from: spec.access.from.clone(),
        }),
    }
}

fn database(sheet: Sheet<'_>) -> Option<DatabaseBlueprint> {
    let (need, pick) = (sheet.requirements.database.as_ref()?, sheet.design.database.as_ref()?);
    Some(DatabaseBlueprint {
        sku: pick.offer.sku.clone(),
        engine: need.engine.clone(),
        version: need.version.clone(),
        memory_gib: pick.offer.shape.memory_gib,
        storage_gib: whole(sheet.design.database_storage_gib.unwrap_or(need.storage_gib)),
        iops: whole(need.read_iops + need.write_iops),
        standby: pick.availability == loadline_contract::Availability::Standby || pick.count > 1,
        read_replicas: need.read_replicas,
        backup_days: need.backup_days,
        point_in_time: sheet.spec.resilience.point_in_time && need.backup_days > 0,
        max_connections: need.max_connections,
        buffer_pool_bytes: (need.buffer_pool_gib * 1_073_741_824.0).round() as u64,
    })
}

fn cache(sheet: Sheet<'_>) -> Option<CacheBlueprint> {
    let (need, pick) = (sheet.requirements.cache.as_ref()?, sheet.design.cache.as_ref()?);
    let runs = |engine: &str| pick.offer.engines.iter().any(|it| it == engine);
    // A product that does not run the engine asked for was taken with an objection that says so.
    let engine = if runs(&need.engine) { Some(&need.engine) } else { pick.offer.engines.first() };
    Some(CacheBlueprint {
        sku: pick.offer.sku.clone(),
        engine: engine.unwrap_or(&need.engine).clone(),
        version: need.version.clone(),
        replica: pick.availability == loadline_contract::Availability::Standby || pick.count > 1,
        snapshot_days: need.backup_days,
        holds_queue: !sheet.spec.tasks.is_empty(),
    })
}

fn alarms(spec: &Spec) -> Option<AlarmLines> {
    let connections = spec.database.as_ref().map(|_| spec.objectives.connections).unwrap_or_default();
    Some(AlarmLines {
        email: spec.alarms.email.clone()?,
        cpu_percent: percent(spec.objectives.cpu),
        mean_s: spec.objectives.mean_s,
        p95_s: spec.objectives.p95_s,
        connections,
        cache_memory_percent: percent(spec.objectives.cache_memory),
    })
}

/// A share as a percentage with one decimal at most.
fn percent(share: f64) -> f64 {
    (share * 1000.0).round() / 10.0
}

fn whole(value: f64) -> u32 {
    // Casting saturates; sizes and counts lie far below.
    value.ceil().max(0.0) as u32
}
