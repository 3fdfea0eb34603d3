//! Quotas of the project and the region, as far as Compute Engine lists them.

use std::collections::BTreeMap;

use google_cloud_compute_v1::model::{MachineType, Quota};
use loadline_contract::deploy::{CloudError, InPlace, Obstacle, Resource, Value};

use super::of_kind;
use crate::account::clients::{Clients, patient};
use crate::account::errors::failed;

/// What each thing of a kind takes one of (Compute Engine API, `projects.get` and `regions.get`, `quotas.metric`).
const EACH: &[(&str, &str)] = &[
    ("network", "NETWORKS"),
    ("subnet", "SUBNETWORKS"),
    ("firewall", "FIREWALLS"),
    ("router", "ROUTERS"),
    ("template", "INSTANCE_TEMPLATES"),
    ("group", "REGIONAL_INSTANCE_GROUP_MANAGERS"),
    ("autoscaler", "REGIONAL_AUTOSCALERS"),
    ("health-check", "HEALTH_CHECKS"),
    ("public-address", "STATIC_ADDRESSES"),
    ("backend", "BACKEND_SERVICES"),
    ("url-map", "URL_MAPS"),
    ("http-proxy", "TARGET_HTTP_PROXIES"),
    ("https-proxy", "TARGET_HTTPS_PROXIES"),
    ("forwarding-rule", "FORWARDING_RULES"),
];

/// What is left of each quota, and how much there may be.
type Left = BTreeMap<String, (f64, f64)>;

fn left(quotas: &[Quota]) -> Left {
    let row = |quota: &Quota| {
        let metric = quota.metric.as_ref()?.name()?.to_owned();
        let limit = quota.limit?;
        Some((metric, (limit - quota.usage.unwrap_or_default(), limit)))
    };
    quotas.iter().filter_map(row).collect()
}

/// Looks what is left and what these would take.
pub(super) async fn look(
    it: &Clients,
    wanted: &[Resource],
    changed: &[InPlace],
    machine: Option<&MachineType>,
    found: &mut Vec<Obstacle>,
) -> Result<(), CloudError> {
    let counted = |it: &Resource| EACH.iter().any(|(kind, _)| *kind == it.address.kind());
    let grown = grown(changed);
    if !wanted.iter().any(counted) && grown.is_none() {
        return Ok(());
    }
    let project = patient(it.projects.get().set_project(&it.project)).send().await;
    let project = project.map_err(failed("looking at the quotas of the project (projects.get)"))?;
    let region = patient(it.regions.get().set_project(&it.project).set_region(&it.region)).send().await;
    let region = region.map_err(failed(format!("looking at the quotas of {} (regions.get)", it.region)))?;
    let (project, region) = (left(&project.quotas), left(&region.quotas));
    let mut asked: Vec<(&Resource, String, f64)> = Vec::new();
    for (kind, metric) in EACH {
        let more = wanted.iter().filter(|it| it.address.kind() == *kind).count();
        asked.extend(of_kind(wanted, kind).map(|resource| (resource, (*metric).to_owned(), more as f64)));
    }
    asked.extend(machines(wanted, machine, &region));
    asked.extend(grown.map(|(resource, more)| (resource, "INSTANCES".to_owned(), more as f64)));
    for (resource, metric, more) in asked {
        let at = [(&region, it.region.as_str()), (&project, it.project.as_str())];
        let Some(((rest, limit), place)) =
            at.into_iter().find_map(|(left, place)| Some((left.get(&metric)?, place)))
        else {
            continue;
        };
        if more > *rest {
            let sentence = format!(
                "{place} may have {limit} {metric}, has {}, and this plan takes up to {more} more",
                limit - rest
            );
            let hint =
                format!("ask for more under IAM & Admin, Quotas ({metric}), or remove what is not needed");
            found.push(Obstacle::at(&resource.address, sentence, hint));
        }
    }
    Ok(())
}

/// The group, or its autoscaler, that may have more machines than before, and how many more.
fn grown(changed: &[InPlace]) -> Option<(&Resource, i64)> {
    let more = |it: &InPlace| it.more("target_size").max(it.more("max_num_replicas"));
    let most = changed.iter().max_by_key(|it| more(it))?;
    (more(most) > 0).then(|| (&most.resource, more(most)))
}

/// What the machines take: of a group those that it may grow to, for it is not made to end at a limit in the middle of a rush.
fn machines<'a>(
    wanted: &'a [Resource],
    machine: Option<&MachineType>,
    region: &Left,
) -> Vec<(&'a Resource, String, f64)> {
    let Some(group) = of_kind(wanted, "group") else { return Vec::new() };
    let most = of_kind(wanted, "autoscaler").and_then(|it| it.count("max_num_replicas"));
    let size = group.count("target_size").or_else(|| group.count("initial_size"));
    let machines = most.max(size).unwrap_or_default() as f64;
    let mut taken = vec![(group, "INSTANCES".to_owned(), machines)];
    let Some(template) = of_kind(wanted, "template") else { return taken };
    if let (Some(name), Some(cpus)) = (template.text("machine_type"), machine.and_then(|it| it.guest_cpus)) {
        // Most families have a quota of their own; the others share one.
        let family = format!("{}_CPUS", name.split('-').next().unwrap_or_default().to_uppercase());
        let metric = if region.contains_key(&family) { family } else { "CPUS".to_owned() };
        taken.push((template, metric, machines * f64::from(cpus)));
    }
    if let Some(Value::Map(disk)) = template.settings.get("disk")
        && let (Some(Value::Text(kind)), Some(Value::Count(gb))) =
            (disk.get("disk_type"), disk.get("disk_size_gb"))
    {
        let metric = if kind.starts_with("hyperdisk") { "HDB_TOTAL_GB" } else { "SSD_TOTAL_GB" };
        taken.push((template, metric.to_owned(), machines * *gb as f64));
    }
    taken
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::kinds::{QUOTAS, STAGES};

    #[test]
    fn whoever_makes_what_is_counted_may_ask_for_the_quotas_of_the_region_and_nobody_else() {
        let counted: BTreeSet<&str> = EACH.iter().map(|(kind, _)| *kind).collect();
        let rules = STAGES.iter().copied().flatten();
        let may: BTreeSet<&str> =
            rules.filter(|rule| rule.permissions[1].contains(&QUOTAS)).map(|rule| rule.kind).collect();
        assert_eq!(may, counted);
    }
}
