//! What the machines start from: the image of their system and the disk that their size can use.

use loadline_contract::Architecture;
use loadline_contract::deploy::Value;

use super::Draft;

/// Canonical's images are 30 GiB, and a system disk has 4095 GiB at most (Azure docs, "Virtual machine disks").
const LEAST_DISK_GIB: u32 = 30;
const MOST_DISK_GIB: u32 = 4095;

/// The newest image of the release, by Canonical.
pub(super) fn image(draft: &mut Draft<'_>) -> Value {
    let app = &draft.blueprint.app;
    let arm = app.architecture == Architecture::Arm;
    let first = !has_premium_storage(&app.sku);
    let (offer, sku) = match app.os.as_str() {
        "ubuntu-22.04" => {
            let sku = if arm {
                "22_04-lts-arm64"
            } else if first {
                "22_04-lts"
            } else {
                "22_04-lts-gen2"
            };
            ("0001-com-ubuntu-server-jammy", sku)
        }
        "ubuntu-24.04" => {
            let sku = if arm {
                "server-arm64"
            } else if first {
                "server-gen1"
            } else {
                "server"
            };
            ("ubuntu-24_04-lts", sku)
        }
        other => {
            draft.object(
                "access.os",
                format!("no image of `{other}` is known here: ubuntu-22.04, ubuntu-24.04"),
            );
            return Value::map([]);
        }
    };
    Value::map([
        ("publisher", "Canonical".into()),
        ("offer", offer.into()),
        ("sku", sku.into()),
        ("version", "latest".into()),
    ])
}

/// Whether a size takes Premium SSD: an `s` among its features says so (Azure docs, "Virtual machine sizes naming conventions"). Those
/// without are of the first generations, which start the first generation of images only.
pub(super) fn has_premium_storage(sku: &str) -> bool {
    let name = sku.strip_prefix("Standard_").unwrap_or(sku);
    let size = name.split('_').next().unwrap_or_default();
    size.chars().any(|letter| letter == 's' || letter == 'S')
}

/// GiB of the system disk. Every managed disk is encrypted at rest, with keys of the platform.
pub(super) fn disk_gib(draft: &mut Draft<'_>) -> u32 {
    let wanted = draft.blueprint.app.disk_gib;
    if wanted > MOST_DISK_GIB {
        let why = format!("a machine's disk has {MOST_DISK_GIB} GiB at most, not {wanted}; lower app.disk");
        draft.object("app.disk", why);
    }
    wanted.max(LEAST_DISK_GIB)
}
