//! The application machines: a scale set for each stack, and what scales it.

use loadline_contract::deploy::{Address, Resource, SshAccess, Value};

use super::Draft;
use super::balancer::{Front, Layer};
use super::image::{disk_gib, has_premium_storage, image};
use super::network::{Network, Stack};

/// Bytes of custom data that a machine takes (Azure docs, "Custom data and cloud-init").
const MOST_CUSTOM_DATA: usize = 65_535;

pub(super) fn add(draft: &mut Draft<'_>, network: &Network, front: &Front) -> Vec<Address> {
    let app = &draft.blueprint.app;
    let login = login(draft);
    if app.first_start.len() > MOST_CUSTOM_DATA {
        let why = format!(
            "a machine takes {MOST_CUSTOM_DATA} bytes at its first start, not {}; shorten tune",
            app.first_start.len()
        );
        draft.object("tune", why);
    }
    let template = template(draft, login.as_ref());
    let stacks = u32::try_from(network.stacks.len()).unwrap_or(1).max(1);
    let most = app.most.max(app.count);
    let mut groups = Vec::new();
    for (stack, index) in network.stacks.iter().zip(0_u32..) {
        // The first ones take what does not divide evenly.
        let share = |whole: u32| whole / stacks + u32::from(index < whole % stacks);
        groups.push(group(draft, &template, front, stack, (share(app.count), share(most))));
    }
    groups
}

/// What every machine is like.
fn template(draft: &mut Draft<'_>, login: Option<&SshAccess>) -> Resource {
    let app = &draft.blueprint.app;
    let disk = if has_premium_storage(&app.sku) { "Premium_LRS" } else { "StandardSSD_LRS" };
    let mut template = Resource::new(
        Address::new("group", "app"),
        [
            ("sku", app.sku.as_str().into()),
            ("image", image(draft)),
            ("disk_gib", disk_gib(draft).into()),
            ("disk_type", disk.into()),
            ("first_start", app.first_start.as_str().into()),
        ],
    );
    // A scale set is not made without an administrator and a key. Where nobody is to log in no key is named here: the account then
    // makes one whose private half nobody keeps.
    let user = login.map_or("ubuntu", |login| login.user.as_str());
    template.settings.insert("user".to_owned(), user.into());
    if let Some(login) = login {
        template.settings.insert("public_key".to_owned(), login.public_key.as_str().into());
    }
    // Machines that run do not notice that the template changed: this does, and the account then replaces them in batches.
    let revision = template.revision();
    template.settings.insert("revision".to_owned(), revision.into());
    template
}

fn group(
    draft: &mut Draft<'_>,
    template: &Resource,
    front: &Front,
    stack: &Stack,
    (count, most): (u32, u32),
) -> Address {
    let app = &draft.blueprint.app;
    let mut group =
        Resource { address: Address::new("group", &stack.name), settings: template.settings.clone() };
    let mut set = |setting: &str, value: Value| group.settings.insert(setting.to_owned(), value);
    set("orchestration", "Uniform".into());
    set("upgrade", "Manual".into());
    set("overprovision", false.into());
    set("public_address", false.into());
    set("zones", Value::texts(stack.zones.iter().cloned()));
    set("subnet", Value::of(&stack.subnet));
    set("backend", Value::output(&front.balancer, "backend"));
    if front.layer == Layer::Four {
        set("health_probe", Value::output(&front.balancer, "probe"));
    }
    // What scales a group moves its capacity: then it holds for the beginning only.
    let scaled = most > count;
    set(if scaled { "first_count" } else { "count" }, count.into());
    let group = draft.add(group);
    if scaled {
        draft.add(Resource::new(
            Address::new("autoscale", &stack.name),
            [
                ("group", Value::of(&group)),
                ("least", count.into()),
                ("default", count.into()),
                ("most", most.into()),
                ("metric", "Percentage CPU".into()),
                ("out_above", app.target_cpu_percent.into()),
                // Half: even when one of two machines goes, the other does not come above the target.
                ("in_below", (app.target_cpu_percent / 2).into()),
                ("window_min", 5_u32.into()),
                ("cooldown_min", 5_u32.into()),
            ],
        ));
    }
    group
}

/// Who logs in; `None`: nobody.
fn login(draft: &mut Draft<'_>) -> Option<SshAccess> {
    let ssh = draft.blueprint.app.ssh.as_ref()?;
    // Azure REST API reference, Virtual Machines, osProfile.adminUsername.
    let taken =
        ["root", "admin", "administrator", "user", "test", "guest", "backup", "support", "sys", "owner"];
    if taken.contains(&ssh.user.as_str()) {
        let why = format!(
            "Azure allows no administrator named `{}`; set access.ssh.user to another, such as ubuntu",
            ssh.user
        );
        draft.object("access.ssh.user", why);
    }
    if !["ssh-rsa ", "ssh-ed25519 "].iter().any(|kind| ssh.public_key.starts_with(kind)) {
        draft.object(
            "access.ssh.key",
            "Azure takes RSA and ed25519 keys; make one with ssh-keygen -t ed25519",
        );
    }
    Some(ssh.clone())
}
