//! The application machines: key pair, launch template, Auto Scaling group, scaling policy.

use loadline_contract::Architecture;
use loadline_contract::deploy::{Address, Resource, Value};

use super::Draft;
use super::balancer::Front;
use super::network::Network;
use super::security::Firewalls;

/// The most that a machine is handed at its first start, bytes (EC2 User Guide, "Run commands when you launch an EC2 instance").
const FIRST_START_BYTES: usize = 16 * 1024;
/// Ubuntu's images fill a disk of this size, GiB: a smaller one cannot be made from them.
const IMAGE_GIB: u32 = 8;

pub(super) fn add(draft: &mut Draft<'_>, network: &Network, firewalls: &Firewalls, front: &Front) -> Address {
    let app = &draft.blueprint.app;
    let key = app.ssh.as_ref().map(|ssh| {
        Resource::new(
            Address::new("key-pair", "operators"),
            [("public_key", key_only(&ssh.public_key).into())],
        )
    });
    let key = key.map(|key| draft.add(key));
    let image = image(draft);
    if app.first_start.len() > FIRST_START_BYTES {
        let why = format!(
            "a machine is handed {FIRST_START_BYTES} bytes at its first start at most; tune less, or bake an image"
        );
        draft.object(&format!("{} bytes for the first start", app.first_start.len()), why);
    }
    let mut template = Resource::new(
        Address::new("launch-template", "app"),
        [
            ("image", image.into()),
            ("machine", app.sku.as_str().into()),
            ("disk_gib", app.disk_gib.max(IMAGE_GIB).into()),
            ("firewalls", Value::List(vec![Value::of(&firewalls.app)])),
            ("first_start", app.first_start.as_str().into()),
            // Without it anything that can make the application fetch an address can read the machine's credentials.
            ("metadata_tokens", "required".into()),
        ],
    );
    if let Some(key) = &key {
        template.settings.insert("key".to_owned(), Value::of(key));
    }
    // A group does not notice that its template changed: this does, and the account then replaces its machines in batches.
    let revision = template.revision();
    let template = draft.add(template);
    let group = draft.add(Resource::new(
        Address::new("group", "app"),
        [
            ("template", Value::of(&template)),
            ("revision", revision.into()),
            ("subnets", Value::List(network.machines.iter().map(Value::of).collect())),
            ("routes", Value::List(network.ways_out.iter().map(Value::of).collect())),
            ("targets", Value::List(vec![Value::of(&front.targets)])),
            ("least", app.count.into()),
            ("desired", app.count.into()),
            ("most", app.most.max(app.count).into()),
            // Until the application is released no machine answers the balancer's health check, and a group that went by
            // it would replace its machines for ever.
            ("health_check", "EC2".into()),
            ("grace_s", 120_u32.into()),
        ],
    ));
    if app.most > app.count {
        draft.add(Resource::new(
            Address::new("scaling-policy", "app"),
            [
                ("group", Value::of(&group)),
                ("metric", "ASGAverageCPUUtilization".into()),
                ("target", app.target_cpu_percent.into()),
            ],
        ));
    }
    group
}

/// The image: the newest of its release, found by the cloud when a machine starts (EC2 User Guide, "Use a Systems Manager parameter
/// instead of an AMI ID"); the parameters are Canonical's.
fn image(draft: &mut Draft<'_>) -> String {
    let app = &draft.blueprint.app;
    let architecture = match app.architecture {
        Architecture::Arm => "arm64",
        Architecture::X86 => "amd64",
    };
    let (release, volume) = match app.os.as_str() {
        "ubuntu-22.04" => ("22.04", "ebs-gp2"),
        "ubuntu-24.04" => ("24.04", "ebs-gp3"),
        "ubuntu-26.04" => ("26.04", "ebs-gp3"),
        other => {
            draft.object(
                "access.os",
                format!("no image of `{other}` is known here: ubuntu-22.04, ubuntu-24.04, ubuntu-26.04"),
            );
            return String::new();
        }
    };
    format!(
        "resolve:ssm:/aws/service/canonical/ubuntu/server/{release}/stable/current/{architecture}/hvm/{volume}/ami-id"
    )
}

/// The key without its comment, which is given back in another form.
fn key_only(line: &str) -> String {
    line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}
