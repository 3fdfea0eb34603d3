//! What would stop a plan half-way: APIs that are not enabled, machines that a zone does not sell, images and certificates that are
//! not there, quotas that are reached.

mod nearest;
mod quotas;

use std::collections::BTreeSet;

use google_cloud_compute_v1::model::MachineType;
use google_cloud_gax::paginator::ItemPaginator as _;
use loadline_contract::deploy::{CloudError, ErrorClass, InPlace, Obstacle, Resource, Value};

use super::clients::{Clients, patient};
use super::errors::failed;
use super::form::text as text_at;
use nearest::nearest;

fn texts<'a>(resource: &'a Resource, name: &str) -> Vec<&'a str> {
    let list = match resource.settings.get(name) {
        Some(Value::List(list)) => list.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(|it| if let Value::Text(text) = it { Some(text.as_str()) } else { None }).collect()
}

pub(super) fn of_kind<'a>(wanted: &'a [Resource], kind: &str) -> Option<&'a Resource> {
    wanted.iter().find(|it| it.address.kind() == kind)
}

pub(super) async fn obstacles(
    it: &Clients,
    wanted: &[Resource],
    changed: &[InPlace],
) -> Result<Vec<Obstacle>, CloudError> {
    let mut found = apis(it, wanted).await?;
    // A new template comes to a group that is there.
    let in_place = || changed.iter().map(|it| &it.resource).find(|it| it.address.kind() == "group");
    let group = of_kind(wanted, "group").or_else(in_place);
    let zones = group.map(|group| texts(group, "zones")).unwrap_or_default();
    let mut sold = None;
    for resource in wanted {
        match resource.address.kind() {
            "template" => {
                sold = machine(it, resource, &zones, &mut found).await?;
                image(it, resource, &mut found).await?;
            }
            "https-proxy" => certificates(it, resource, &mut found).await?,
            _ => {}
        }
    }
    quotas::look(it, wanted, changed, sold.as_ref(), &mut found).await?;
    Ok(found)
}

/// The APIs that kinds are made by; Compute Engine's was called already.
const APIS: &[(&str, &[&str])] = &[
    ("servicenetworking", &["service-connection"]),
    ("networkconnectivity", &["connection-policy"]),
    ("secretmanager", &["password"]),
    ("sqladmin", &["database", "read-replica"]),
    ("monitoring", &["notification-channel", "alert"]),
];

fn api(resource: &Resource) -> Option<&'static str> {
    let kind = resource.address.kind();
    if kind == "cache" {
        return Some(if resource.text("product") == Some("redis") { "redis" } else { "memorystore" });
    }
    APIS.iter().find(|(_, kinds)| kinds.contains(&kind)).map(|(api, _)| *api)
}

/// The way to managed services is looked at only where there is a network, so that its API may never have been called.
async fn apis(it: &Clients, wanted: &[Resource]) -> Result<Vec<Obstacle>, CloudError> {
    let needed: BTreeSet<&str> = wanted.iter().filter_map(api).collect();
    if needed.is_empty() {
        return Ok(Vec::new());
    }
    let names =
        needed.iter().map(|api| format!("names=projects/{}/services/{api}.googleapis.com", it.project));
    let query = names.collect::<Vec<_>>().join("&");
    let path = format!("v1/projects/{}/services:batchGet?{query}", it.project);
    let answer =
        it.rest.get("looking which APIs are enabled (services.batchGet)", "serviceusage", &path).await?;
    let services = answer["services"].as_array().into_iter().flatten();
    let off = services.filter(|service| text_at(service, "state") == "DISABLED");
    let off: Vec<&str> = off.map(|service| super::form::last(text_at(service, "name"))).collect();
    let missing = off.into_iter().filter_map(|service| {
        let resource =
            wanted.iter().find(|it| api(it).is_some_and(|api| service.split('.').next() == Some(api)))?;
        let sentence = format!("the API {service} is not enabled in the project {}", it.project);
        let hint = format!("enable it with `gcloud services enable {service} --project {}`", it.project);
        Some(Obstacle::at(&resource.address, sentence, hint))
    });
    Ok(missing.collect())
}

/// The machine type as one of the zones sells it; an obstacle where one does not.
async fn machine(
    it: &Clients,
    resource: &Resource,
    zones: &[&str],
    found: &mut Vec<Obstacle>,
) -> Result<Option<MachineType>, CloudError> {
    let Some(wanted) = resource.text("machine_type") else { return Ok(None) };
    let (mut sold, mut missing) = (None, Vec::new());
    for zone in zones {
        let asked = it.machine_types.get().set_project(&it.project).set_zone(*zone).set_machine_type(wanted);
        let asked = patient(asked).send().await;
        match asked.map_err(failed(format!("looking whether {zone} sells {wanted} (machineTypes.get)"))) {
            Ok(machine) => sold = Some(machine),
            Err(error) if error.class == ErrorClass::NotFound => missing.push(*zone),
            Err(error) => return Err(error),
        }
    }
    if missing.is_empty() {
        return Ok(sold);
    }
    let mut everywhere: Option<BTreeSet<String>> = None;
    for zone in zones {
        let there = sold_in(it, zone).await?;
        everywhere = Some(match everywhere {
            None => there,
            Some(so_far) => so_far.intersection(&there).cloned().collect(),
        });
    }
    let everywhere = everywhere.unwrap_or_default();
    let near = nearest(wanted, everywhere.iter().map(String::as_str));
    let mut ways = Vec::new();
    if !near.is_empty() {
        ways.push(format!("pin a near one that is sold there (pin.gcp.app: {})", near.join(" or ")));
    }
    if sold.is_some() {
        ways.push("ask for fewer zones (resilience.zones)".to_owned());
    }
    ways.push("choose another region (--region)".to_owned());
    let sentence = format!("{wanted} is not sold in {}", missing.join(", "));
    found.push(Obstacle::at(&resource.address, sentence, ways.join(", or ")));
    Ok(sold)
}

async fn sold_in(it: &Clients, zone: &str) -> Result<BTreeSet<String>, CloudError> {
    let mut sold = BTreeSet::new();
    let mut items = patient(it.machine_types.list().set_project(&it.project).set_zone(zone)).by_item();
    while let Some(item) = items.next().await {
        let item = item.map_err(failed(format!("looking what {zone} sells (machineTypes.list)")))?;
        sold.extend(item.name);
    }
    Ok(sold)
}

async fn image(it: &Clients, resource: &Resource, found: &mut Vec<Obstacle>) -> Result<(), CloudError> {
    let Some(Value::Map(disk)) = resource.settings.get("disk") else { return Ok(()) };
    let Some(Value::Text(image)) = disk.get("source_image") else { return Ok(()) };
    let parts: Vec<&str> = image.split('/').collect();
    let ["projects", project, "global", "images", "family", family] = parts.as_slice() else { return Ok(()) };
    let asked = patient(it.images.get_from_family().set_project(*project).set_family(*family)).send().await;
    match asked.map_err(failed(format!("looking for the image {family} (images.getFromFamily)"))) {
        Ok(_) => Ok(()),
        Err(error) if error.class == ErrorClass::NotFound => {
            let sentence = format!("there is no image of the family {family} in {project}");
            found.push(Obstacle::at(&resource.address, sentence, "choose another access.os"));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

async fn certificates(
    it: &Clients,
    resource: &Resource,
    found: &mut Vec<Obstacle>,
) -> Result<(), CloudError> {
    let mut missing = Vec::new();
    for certificate in texts(resource, "ssl_certificates") {
        let parts: Vec<&str> = certificate.split('/').collect();
        let ["projects", project, "global", "sslCertificates", name] = parts.as_slice() else { continue };
        let asked = it.certificates.get().set_project(*project).set_ssl_certificate(*name);
        let doing = format!("looking for the certificate {name} (sslCertificates.get)");
        missing.extend(absent(certificate, patient(asked).send().await.map_err(failed(doing)))?);
    }
    if let Some(map) = resource
        .text("certificate_map")
        .and_then(|it| it.strip_prefix("//certificatemanager.googleapis.com/"))
    {
        let doing = format!("looking for the certificate map {map} (certificateMaps.get)");
        missing.extend(absent(map, it.rest.get(&doing, "certificatemanager", &format!("v1/{map}")).await)?);
    }
    for name in missing {
        let hint = "name one that is there at clouds.gcp.certificate (gcloud compute ssl-certificates list, gcloud certificate-manager maps list)";
        found.push(Obstacle::at(&resource.address, format!("there is no certificate {name}"), hint));
    }
    Ok(())
}

/// The name of what is not there.
fn absent<T>(name: &str, looked: Result<T, CloudError>) -> Result<Option<String>, CloudError> {
    match looked {
        Ok(_) => Ok(None),
        Err(error) if error.class == ErrorClass::NotFound => Ok(Some(name.to_owned())),
        Err(error) => Err(error),
    }
}
