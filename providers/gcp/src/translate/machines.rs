//! The app machines: what each is like, how many there are, and what moves their number.

use loadline_contract::Architecture;
use loadline_contract::deploy::{Address, AppBlueprint, Blueprint, Objection, Resource, SshAccess, Value};

use super::network::APP_TAG;
use super::{Part, addresses, objection, unless};
use crate::names;

/// A regional group holds no more (Compute Engine API, `regionInstanceGroupManagers.insert`).
const MOST_MACHINES: u32 = 2000;
/// One metadata value holds no more (Compute Engine documentation, "Metadata size limitations": 256 KB).
const MOST_METADATA_BYTES: usize = 262_144;
/// Families that take Hyperdisk and no persistent disk, as the price book has them (`compute.book`).
const HYPERDISK_ONLY: [&str; 4] = ["c4-", "c4a-", "c4d-", "n4-"];
/// Canonical's images are 10 GB; a disk cannot be smaller than its image.
const LEAST_DISK_GB: u32 = 10;
/// Until then a new machine may fail its health check without being called unhealthy: start and first configuration.
const INITIAL_DELAY_S: u32 = 300;
/// The load of a machine that still starts does not count before (autoscaler documentation: the default, 60 s, is for
/// machines that serve within a minute; these run cloud-init first).
const COOL_DOWN_S: u32 = 120;

pub(super) fn machines(blueprint: &Blueprint) -> Part {
    let app = &blueprint.app;
    let image = image(&app.os, app.architecture);
    let mut objections = limits(app);
    if image.is_none() {
        objections.push(objection(
            format!("operating system {}", app.os),
            "the images known here are ubuntu-22.04, ubuntu-24.04 and ubuntu-26.04, which come with cloud-init; \
             set access.os to one of them",
        ));
    }
    let Some(image) = image else { return Err(objections) };
    unless(objections, || {
        let template = template(blueprint, &image);
        let group = group(blueprint, &template.address);
        let mut made = vec![template, group];
        if app.most > app.count {
            made.push(autoscaler(blueprint));
        }
        made
    })
}

fn limits(app: &AppBlueprint) -> Vec<Objection> {
    let mut objections = Vec::new();
    if app.most.max(app.count) > MOST_MACHINES {
        objections.push(objection(
            format!("{} app machines", app.most.max(app.count)),
            format!("a regional group holds at most {MOST_MACHINES}; take larger machines (pin.gcp.app)"),
        ));
    }
    if app.first_start.len() > MOST_METADATA_BYTES {
        objections.push(objection(
            format!("{} bytes of first configuration", app.first_start.len()),
            format!("a machine's metadata takes at most {MOST_METADATA_BYTES}; shorten tune.sysctl and tune.limits"),
        ));
    }
    objections
}

/// Canonical's image families, which always name the newest image. From 24.04 on both architectures are in the name.
fn image(os: &str, architecture: Architecture) -> Option<String> {
    let family = match (os, architecture) {
        ("ubuntu-22.04", Architecture::X86) => "ubuntu-2204-lts",
        ("ubuntu-22.04", Architecture::Arm) => "ubuntu-2204-lts-arm64",
        ("ubuntu-24.04", Architecture::X86) => "ubuntu-2404-lts-amd64",
        ("ubuntu-24.04", Architecture::Arm) => "ubuntu-2404-lts-arm64",
        ("ubuntu-26.04", Architecture::X86) => "ubuntu-2604-lts-amd64",
        ("ubuntu-26.04", Architecture::Arm) => "ubuntu-2604-lts-arm64",
        _ => return None,
    };
    Some(format!("projects/ubuntu-os-cloud/global/images/family/{family}"))
}

fn template(blueprint: &Blueprint, image: &str) -> Resource {
    let app = &blueprint.app;
    let resource = Resource::new(
        Address::new("template", "app"),
        [
            ("machine_type", app.sku.as_str().into()),
            ("disk", disk(app, image)),
            (
                "network_interface",
                // Without an access configuration a machine has no public address.
                Value::map([
                    ("subnetwork", Value::of(&addresses::subnet())),
                    ("access_configs", Value::List(Vec::new())),
                    ("nic_type", "GVNIC".into()),
                ]),
            ),
            ("tags", Value::texts([APP_TAG])),
            (
                "labels",
                Value::map([
                    (names::DEPLOYMENT_LABEL, blueprint.deployment.as_str().into()),
                    ("loadline-tier", "app".into()),
                ]),
            ),
            ("metadata", metadata(app)),
            (
                "shielded_instance",
                Value::map([
                    ("enable_secure_boot", true.into()),
                    ("enable_vtpm", true.into()),
                    ("enable_integrity_monitoring", true.into()),
                ]),
            ),
            (
                "scheduling",
                Value::map([("automatic_restart", true.into()), ("on_host_maintenance", "MIGRATE".into())]),
            ),
            // No identity: a machine that is broken into can call nothing in the project.
            ("service_accounts", Value::List(Vec::new())),
        ],
    );
    let address = Address::new("template", &format!("app-{}", fingerprint(&resource)));
    Resource { address, ..resource }
}

/// Encrypted by Google at rest, as every disk is; there is no setting for it.
fn disk(app: &AppBlueprint, image: &str) -> Value {
    let hyperdisk = HYPERDISK_ONLY.iter().any(|family| app.sku.starts_with(family));
    Value::map([
        ("disk_type", if hyperdisk { "hyperdisk-balanced" } else { "pd-balanced" }.into()),
        ("disk_size_gb", app.disk_gib.max(LEAST_DISK_GB).into()),
        ("source_image", image.into()),
        ("auto_delete", true.into()),
    ])
}

fn metadata(app: &AppBlueprint) -> Value {
    let mut entries = vec![
        ("block-project-ssh-keys".to_owned(), Value::from("TRUE")),
        // With OS Login the keys in the metadata would be ignored.
        ("enable-oslogin".to_owned(), Value::from("FALSE")),
        ("serial-port-enable".to_owned(), Value::from("FALSE")),
        // Read by cloud-init.
        ("user-data".to_owned(), app.first_start.as_str().into()),
    ];
    if let Some(SshAccess { user, public_key, .. }) = &app.ssh {
        entries.push(("ssh-keys".to_owned(), format!("{user}:{public_key}").into()));
    }
    Value::Map(entries.into_iter().collect())
}

/// A hash of all settings: other settings, another template.
fn fingerprint(template: &Resource) -> String {
    let mut hasher = blake3::Hasher::new();
    for (setting, value) in &template.settings {
        absorb(&mut hasher, &Value::from(setting.as_str()));
        absorb(&mut hasher, value);
    }
    hasher.finalize().to_hex()[..8].to_owned()
}

/// Feeds a value with its type and length before it, so that no two values read alike.
fn absorb(hasher: &mut blake3::Hasher, value: &Value) {
    let mut open = |kind: &[u8], length: usize| {
        hasher.update(kind);
        hasher.update(&(length as u64).to_le_bytes());
    };
    match value {
        Value::Flag(flag) => open(b"flag", usize::from(*flag)),
        Value::Count(count) => {
            hasher.update(b"count");
            hasher.update(&count.to_le_bytes());
        }
        Value::Text(text) => {
            open(b"text", text.len());
            hasher.update(text.as_bytes());
        }
        Value::Of(reference) => {
            let text = format!("{} {}", reference.of, reference.output);
            open(b"of", text.len());
            hasher.update(text.as_bytes());
        }
        Value::List(values) => {
            open(b"list", values.len());
            values.iter().for_each(|value| absorb(hasher, value));
        }
        Value::Map(values) => {
            open(b"map", values.len());
            for (name, value) in values {
                absorb(hasher, &Value::from(name.as_str()));
                absorb(hasher, value);
            }
        }
    }
}

fn group(blueprint: &Blueprint, template: &Address) -> Resource {
    let app = &blueprint.app;
    let zones = blueprint.zones.len() as i64;
    let mut group = Resource::new(
        addresses::group(&blueprint.zones),
        [
            ("instance_template", Value::of(template)),
            ("zones", Value::texts(blueprint.zones.iter().map(String::as_str))),
            ("target_shape", "EVEN".into()),
            ("base_instance_name", names::machine_prefix(&blueprint.deployment).into()),
            (
                "named_ports",
                Value::List(vec![Value::map([
                    ("name", PORT_NAME.into()),
                    ("port", u32::from(app.port).into()),
                ])]),
            ),
            (
                "update_policy",
                // A surge is nothing or at least one for each zone (Compute Engine API, `maxSurge`).
                Value::map([
                    ("type", "PROACTIVE".into()),
                    ("minimal_action", "REPLACE".into()),
                    ("replacement_method", "SUBSTITUTE".into()),
                    ("instance_redistribution_type", "PROACTIVE".into()),
                    ("max_surge", zones.into()),
                    ("max_unavailable", 0_u32.into()),
                ]),
            ),
            (
                "auto_healing",
                Value::map([
                    ("health_check", Value::of(&addresses::health_check())),
                    ("initial_delay_sec", INITIAL_DELAY_S.into()),
                ]),
            ),
            (
                "instance_lifecycle",
                // A machine that stops is made again. One whose application does not answer is not: a new one is bare until
                // the next release, so the loop would end what still works. An update waits for the health check.
                Value::map([
                    ("default_action_on_failure", "REPAIR".into()),
                    ("on_failed_health_check", "DO_NOTHING".into()),
                ]),
            ),
        ],
    );
    // An autoscaler moves the size: then it is only where the group begins.
    let size = if app.most > app.count { "initial_size" } else { "target_size" };
    group.settings.insert(size.to_owned(), app.count.into());
    group
}

/// What the balancer calls the app's port.
pub(super) const PORT_NAME: &str = "app";

fn autoscaler(blueprint: &Blueprint) -> Resource {
    let app = &blueprint.app;
    Resource::new(
        Address::new("autoscaler", "app"),
        [
            ("target", Value::of(&addresses::group(&blueprint.zones))),
            ("mode", "ON".into()),
            ("min_num_replicas", app.count.into()),
            ("max_num_replicas", app.most.into()),
            ("cool_down_period_sec", COOL_DOWN_S.into()),
            ("cpu_utilization_target_percent", app.target_cpu_percent.into()),
        ],
    )
}
