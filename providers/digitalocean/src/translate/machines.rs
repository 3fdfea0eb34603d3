//! The application machines: droplets, or a pool that scales by itself where it may grow.

use loadline_contract::deploy::{Address, Resource, Value};
use loadline_contract::{Architecture, Kind, RegionOffers};

use super::first_start::user_data;
use super::{Base, Draft};
use crate::names;

/// The largest volume, GiB (docs.digitalocean.com, "Volumes limits").
const MOST_VOLUME_GIB: u32 = 16_384;
/// Regions where a pool can be made (API description, autoscale_pool_droplet_template).
const POOL_REGIONS: &[&str] =
    &["nyc1", "nyc2", "nyc3", "ams3", "sfo2", "sfo3", "sgp1", "lon1", "fra1", "tor1", "blr1", "syd1"];
/// Machines of a pool (API description, autoscale_pool_dynamic_config).
const MOST_LEAST: u32 = 500;
const MOST: u32 = 1000;

pub(super) fn add(draft: &mut Draft<'_>, base: &Base, firewall: &Address, sold: &RegionOffers) {
    let app = &draft.blueprint.app;
    let key = app.ssh.as_ref().map(|ssh| {
        Resource::new(Address::new("key", "operators"), [("public_key", ssh.public_key.as_str().into())])
    });
    let key = key.map(|key| draft.add(key));
    let mut machine = Resource::new(
        Address::new("app", "1"),
        [
            ("region", draft.region()),
            ("size", app.sku.as_str().into()),
            ("image", image(draft).into()),
            ("network", Value::of(&base.network)),
            ("project", Value::of(&base.project)),
            ("tags", Value::List(vec![Value::of(&base.tag)])),
            ("firewall", Value::of(firewall)),
            ("first_start", user_data(draft).into()),
            ("keys", Value::List(key.iter().map(Value::of).collect())),
        ],
    );
    let volume_gib = volume_gib(draft, sold);
    if app.most > app.count {
        pool(draft, machine, key.is_some(), volume_gib);
        return;
    }
    machine.settings.insert("monitoring".to_owned(), true.into());
    machine.settings.insert("power".to_owned(), "on".into());
    for number in 1..=app.count {
        let mut droplet = machine.clone();
        droplet.address = Address::new("app", &number.to_string());
        if volume_gib > 0 {
            let volume = volume(draft, base, number, volume_gib);
            droplet.settings.insert("volumes".to_owned(), Value::List(vec![Value::of(&volume)]));
        }
        draft.add(droplet);
    }
}

/// The disk that a machine has beyond what its size comes with, mounted beside it.
fn volume(draft: &mut Draft<'_>, base: &Base, number: u32, size_gib: u32) -> Address {
    draft.add(Resource::new(
        Address::new("volume", &format!("app-{number}")),
        [
            ("region", draft.region()),
            ("size_gib", size_gib.into()),
            ("filesystem", "ext4".into()),
            ("project", Value::of(&base.project)),
        ],
    ))
}

/// GiB that are wanted beyond the disk of the size.
fn volume_gib(draft: &mut Draft<'_>, sold: &RegionOffers) -> u32 {
    let app = &draft.blueprint.app;
    let offer = sold.offers.iter().find(|offer| offer.kind == Kind::Compute && offer.sku == app.sku);
    let Some(included) = offer.and_then(|offer| offer.shape.disk_gib) else {
        let why =
            format!("how much disk `{}` comes with is not known; take a size of the price book", app.sku);
        draft.object("app", why);
        return 0;
    };
    // Casting saturates; disks are small whole numbers.
    let beyond = app.disk_gib.saturating_sub(included as u32);
    if beyond > MOST_VOLUME_GIB {
        let why = format!(
            "a volume has {MOST_VOLUME_GIB} GiB at most, and {beyond} are wanted beyond the machine's own disk"
        );
        draft.object("app.disk", why);
    }
    beyond
}

fn pool(draft: &mut Draft<'_>, machine: Resource, has_key: bool, volume_gib: u32) {
    let blueprint = draft.blueprint;
    let app = &blueprint.app;
    let fixed = "or leave resilience.autoscale out";
    if volume_gib > 0 {
        let why = format!(
            "machines of an autoscale pool take no volumes, and {volume_gib} GiB are wanted beyond the disk of {}; lower app.disk, take a size with more, {fixed}",
            app.sku
        );
        draft.object("app.disk", why);
    }
    if !has_key {
        draft.object(
            "access.ssh",
            format!(
                "an autoscale pool is not made without a public key; name one at access.ssh.key, {fixed}"
            ),
        );
    }
    if !POOL_REGIONS.contains(&blueprint.region.as_str()) {
        draft.object(
            "resilience.autoscale",
            format!("{} has no autoscale pools; take another region, {fixed}", blueprint.region),
        );
    }
    if app.count > MOST_LEAST || app.most > MOST {
        let why = format!(
            "an autoscale pool begins at {MOST_LEAST} machines at most and ends at {MOST}, not at {} and {}",
            app.count, app.most
        );
        draft.object("resilience.autoscale", why);
    }
    let address = Address::new("group", "app");
    let more = [
        ("machine_name", names::name(&blueprint.deployment, &address).into()),
        // The agent tells the pool how busy its machines are.
        ("agent", true.into()),
        ("least", app.count.into()),
        ("most", app.most.into()),
        // A target below 5 is not taken.
        ("target_cpu_percent", app.target_cpu_percent.clamp(5, 100).into()),
        ("cooldown_min", 5_u32.into()),
    ];
    let mut group = Resource { address, settings: machine.settings };
    group.settings.extend(more.map(|(name, value): (&str, Value)| (name.to_owned(), value)));
    draft.add(group);
}

/// The image: slugs are kept at the newest build of their release.
fn image(draft: &mut Draft<'_>) -> String {
    let app = &draft.blueprint.app;
    if app.architecture == Architecture::Arm {
        draft.object("app", "DigitalOcean has no ARM machines; take an x86 size");
    }
    match app.os.as_str() {
        "ubuntu-22.04" => "ubuntu-22-04-x64".to_owned(),
        "ubuntu-24.04" => "ubuntu-24-04-x64".to_owned(),
        other => {
            draft.object(
                "access.os",
                format!("no image of `{other}` is known here: ubuntu-22.04, ubuntu-24.04"),
            );
            String::new()
        }
    }
}
