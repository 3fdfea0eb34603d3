//! Keys of what must hold and what must be survived.

use super::super::units::Dimension::{Days, Factor, Share, Time};
use super::kind::Low::{Above, From};
use super::kind::single;
use super::{Key, Kind, Presence, assumed, default, key, silence};

const TERMS: &[&str] = &["on-demand", "reserved-1y", "reserved-3y"];
const NOT_ASKED: Presence = Presence::Absent("not asked for");

pub(super) const KEYS: &[Key] = &[
    key("objectives", Kind::Map, Presence::Filled, "What must hold."),
    key("objectives.mean", single(Time, Above("0 ms"), "1 h"), NOT_ASKED, "Mean response time."),
    key(
        "objectives.p95",
        single(Time, Above("0 ms"), "1 h"),
        NOT_ASKED,
        "Response time that 95 % of the requests meet.",
    ),
    key(
        "objectives.p99",
        single(Time, Above("0 ms"), "1 h"),
        NOT_ASKED,
        "Response time that 99 % of the requests meet.",
    ),
    key(
        "objectives.cpu",
        single(Share, Above("0 %"), "99 %"),
        assumed("85 %", "the alarm line: beyond it waiting grows faster than load"),
        "CPU utilisation that must not be exceeded, also after a failure that is to be survived.",
    ),
    key(
        "objectives.target_cpu",
        single(Share, Above("0 %"), "99 %"),
        default(
            "70 %",
            "waiting for a processor stays short at this utilisation, and a busy minute still fits",
            "Erlang 1917 (Erlang C)",
        ),
        "CPU utilisation to size for in normal operation; unless written, never above `objectives.cpu`.",
    ),
    key(
        "objectives.connections",
        single(Share, Above("0 %"), "100 %"),
        assumed("80 %", "leaves room for deployments and administrators"),
        "Share of the connection limit that may be used.",
    ),
    key(
        "objectives.cache_memory",
        single(Share, Above("0 %"), "100 %"),
        assumed("80 %", "leaves room for buffers and for a backlog"),
        "Share of the cache's memory limit that may be used.",
    ),
    key(
        "objectives.io_wait",
        single(Share, Above("0 %"), "100 %"),
        assumed("10 %", "more means that the disks set the pace"),
        "Share of time that may be spent waiting for disks.",
    ),
    key(
        "objectives.availability",
        single(Share, Above("0 %"), "99.9999 %"),
        NOT_ASKED,
        "Share of time that the service answers.",
    ),
    key(
        "objectives.task_wait",
        single(Time, From("0 s"), "30 d"),
        NOT_ASKED,
        "Longest time that a task may wait for a slot.",
    ),
    key("resilience", Kind::Map, Presence::Filled, "What must be survived and kept."),
    key(
        "resilience.zones",
        Kind::Count(1, 6),
        silence("1", "no zones were asked for"),
        "Zones to spread over.",
    ),
    key(
        "resilience.survive",
        Kind::Choice(&["none", "instance", "zone"]),
        silence("none", "nothing was asked to be survived"),
        "What the stack must survive without missing an objective.",
    ),
    key(
        "resilience.database_standby",
        Kind::Flag,
        silence("false", "no standby was asked for"),
        "Whether the database has a standby; `true` buys the pair.",
    ),
    key(
        "resilience.cache_replica",
        Kind::Flag,
        silence("false", "no replica was asked for"),
        "Whether the cache has a replica.",
    ),
    key("resilience.backups", Kind::Map, Presence::Filled, "Backups of the database."),
    key(
        "resilience.backups.keep",
        single(Days, From("0 days"), "365 days"),
        default(
            "7 days",
            "the retention that managed databases start with",
            "MySQL service documentation of the clouds",
        ),
        "How long backups are kept; `0 days`: no backups.",
    ),
    key(
        "resilience.backups.point_in_time",
        Kind::Flag,
        silence("false", "no restore to a moment was asked for"),
        "Whether a restore to any moment within those days is wanted.",
    ),
    key(
        "resilience.autoscale",
        Kind::Map,
        Presence::Absent("no autoscaling"),
        "Adding and removing app machines with the load.",
    ),
    key(
        "resilience.autoscale.max",
        single(Factor, From("1x"), "100x"),
        assumed("2x", "twice the normal count carries a load test and a surprise"),
        "Largest multiple of the normal instance count that autoscaling may reach.",
    ),
    key(
        "terms",
        Kind::ChoiceOrMap(TERMS),
        Presence::Filled,
        "Commitment: one for all tiers, or one per tier.",
    ),
    key(
        "terms.app",
        Kind::Choice(TERMS),
        silence("on-demand", "no commitment was made"),
        "Commitment for the app machines.",
    ),
    key(
        "terms.database",
        Kind::Choice(TERMS),
        silence("on-demand", "no commitment was made"),
        "Commitment for the database.",
    ),
    key(
        "terms.cache",
        Kind::Choice(TERMS),
        silence("on-demand", "no commitment was made"),
        "Commitment for the cache.",
    ),
];
