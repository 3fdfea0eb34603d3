//! Keys of where it runs, what exactly is taken, and how the hosts are reached and set.

use super::super::format::{
    CERTIFICATE, EMAIL, FILE_PATH, HOST, NETWORK, PRODUCT, REGION, SETTING, SETTING_VALUE, USER,
};
use super::{Clouds, Key, Kind, Presence, assumed, default, key};

const CHOSEN: Presence = Presence::Absent("chosen: the cheapest that meets every requirement");

pub(super) const KEYS: &[Key] = &[
    key(
        "clouds",
        Kind::ByCloud(Clouds::Considered),
        Presence::Computed { value: "all, each in its default region", reason: "no cloud was named" },
        "Clouds to consider.",
    ),
    key(
        "clouds.*.region",
        Kind::Text(REGION),
        Presence::Computed { value: "the cloud's default region", reason: "no region was named" },
        "Region.",
    ),
    key(
        "clouds.*.certificate",
        Kind::Text(CERTIFICATE),
        Presence::Absent("plain HTTP: no certificate was named"),
        "Certificate of the balancer, as the cloud identifies it; with it, HTTP is redirected to HTTPS.",
    ),
    key(
        "pin",
        Kind::ByCloud(Clouds::Pinned),
        CHOSEN,
        "Exact products to take on a cloud; what is not pinned is chosen.",
    ),
    key("pin.*.app", Kind::Text(PRODUCT), CHOSEN, "App machine."),
    key(
        "pin.*.app_count",
        Kind::Count(1, 100_000),
        Presence::Absent("derived from the load"),
        "How many app machines.",
    ),
    key("pin.*.database", Kind::Text(PRODUCT), CHOSEN, "Database."),
    key("pin.*.cache", Kind::Text(PRODUCT), CHOSEN, "Cache."),
    key("pin.*.balancer", Kind::Text(PRODUCT), CHOSEN, "Balancer."),
    key(
        "pin.*.database_standby",
        Kind::Flag,
        Presence::Absent("as resilience.database_standby"),
        "Overrides `resilience.database_standby` on this cloud.",
    ),
    key(
        "pin.*.cache_replica",
        Kind::Flag,
        Presence::Absent("as resilience.cache_replica"),
        "Overrides `resilience.cache_replica` on this cloud.",
    ),
    key("access", Kind::Map, Presence::Filled, "How operators reach the machines."),
    key("access.ssh", Kind::Map, Presence::Filled, "SSH."),
    key(
        "access.ssh.user",
        Kind::Text(USER),
        default("ubuntu", "the login that these images are delivered with", "Ubuntu docs (cloud images)"),
        "Login name.",
    ),
    key("access.ssh.key", Kind::Text(FILE_PATH), Presence::Absent("no SSH"), "Path of the public key."),
    key(
        "access.ssh.from",
        Kind::Texts(NETWORK),
        Presence::Absent("nobody may connect from outside"),
        "Networks that may connect.",
    ),
    key(
        "access.os",
        Kind::Choice(&["ubuntu-22.04", "ubuntu-24.04", "ubuntu-26.04"]),
        default(
            "ubuntu-24.04",
            "long-term support until 2029; 22.04 ends in April 2027",
            "endoflife.date (ubuntu)",
        ),
        "Operating system image.",
    ),
    key("alarms", Kind::Map, Presence::Filled, "Whom to tell."),
    key("alarms.email", Kind::Text(EMAIL), Presence::Absent("no alarms are set up"), "Mail address."),
    key("tune", Kind::Map, Presence::Filled, "Settings of the hosts."),
    key(
        "tune.profile",
        Kind::Choice(&["web", "database", "cache", "none"]),
        assumed("web", "the machines run the application"),
        "What the hosts are set for.",
    ),
    key(
        "tune.sysctl",
        Kind::Table(SETTING, SETTING_VALUE),
        Presence::Absent("as the profile says"),
        "Kernel settings to add or override.",
    ),
    key(
        "tune.limits",
        Kind::Table(SETTING, SETTING_VALUE),
        Presence::Absent("as the profile says"),
        "Limits to add or override, such as `nofile`.",
    ),
    key(
        "tune.never",
        Kind::Texts(SETTING),
        Presence::Absent("nothing is protected"),
        "Settings that must never be touched.",
    ),
    key(
        "hosts",
        Kind::Texts(HOST),
        Presence::Absent("only the machines that are made"),
        "Hosts that exist already: `[user@]name[:port]`.",
    ),
];
