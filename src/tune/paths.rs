//! Where our settings live on a host. Names end in what the reader of each folder looks for, and sort last in it.

use super::profile::Place;

/// Kernel settings: `zz` sorts behind `99-sysctl.conf`, the link to the old file.
pub(super) const SYSCTL: &str = "/etc/sysctl.d/99-zz-loadline.conf";
/// The old file of kernel settings.
pub(super) const OLD_SYSCTL: &str = "/etc/sysctl.conf";
/// Limits of sessions.
pub(super) const LIMITS: &str = "/etc/security/limits.d/99-loadline.conf";
/// The old file of limits.
pub(super) const OLD_LIMITS: &str = "/etc/security/limits.conf";
/// Modules that have to be there before kernel settings are applied.
pub(super) const MODULES: &str = "/etc/modules-load.d/loadline.conf";
/// The mode of transparent huge pages, set at each boot.
pub(super) const HUGE_PAGES: &str = "/etc/tmpfiles.d/99-loadline.conf";
/// The kernel's own switch of it.
pub(super) const HUGE_PAGES_SWITCH: &str = "/sys/kernel/mm/transparent_hugepage/enabled";

/// The file of kernel settings.
pub(super) const fn sysctl(place: Place) -> &'static str {
    match place {
        Place::OwnFiles => SYSCTL,
        Place::OldFiles => OLD_SYSCTL,
    }
}

/// The file of session limits.
pub(super) const fn limits(place: Place) -> &'static str {
    match place {
        Place::OwnFiles => LIMITS,
        Place::OldFiles => OLD_LIMITS,
    }
}

/// The drop-in of a unit.
pub(super) fn drop_in(unit: &str) -> String {
    format!("/etc/systemd/system/{unit}.d/50-loadline.conf")
}
