//! Keys of the database and the cache.

use super::super::format::VERSION;
use super::super::units::Dimension::{Growth, Number, Size};
use super::kind::Low::{Above, From};
use super::kind::{single, workload};
use super::scaling::{coherency, contention};
use super::{Key, Kind, Presence, assumed, default, key, silence};

pub(super) const KEYS: &[Key] = &[
    key("database", Kind::Map, Presence::Absent("there is no database tier"), "The database tier."),
    key(
        "database.engine",
        Kind::Choice(&["mysql"]),
        default("mysql", "the only engine that is supported today", "loadline"),
        "Engine; only `mysql` is supported today.",
    ),
    key(
        "database.version",
        Kind::Text(VERSION),
        default(
            "8.4",
            "the long-term support release; standard support of 8.0 has ended",
            "endoflife.date (mysql)",
        ),
        "Version.",
    ),
    key(
        "database.data",
        workload(Size, Above("0 GiB"), "128 TiB"),
        assumed("20 GiB", "a few years of records without files"),
        "Data today, indexes included.",
    ),
    key(
        "database.working_set",
        workload(Size, Above("0 GiB"), "128 TiB"),
        Presence::Computed {
            value: "20 % of database.data",
            reason: "most of the data is old, and a fifth of it is in use all the time",
        },
        "The part of the data that is used all the time.",
    ),
    key(
        "database.buffer_pool",
        single(Size, Above("0 GiB"), "128 TiB"),
        Presence::Absent("derived from the working set"),
        "InnoDB buffer pool.",
    ),
    key(
        "database.max_connections",
        Kind::Count(1, 100_000),
        Presence::Absent("derived from the load"),
        "Configured connection limit.",
    ),
    key(
        "database.storage",
        single(Size, Above("0 GiB"), "128 TiB"),
        Presence::Absent("derived from data, growth and horizon"),
        "Storage to buy.",
    ),
    key(
        "database.cores",
        Kind::Count(1, 10_000),
        Presence::Absent("derived from the load"),
        "Take exactly this many cores.",
    ),
    contention!("database", "query", "queries"),
    coherency!("database", "query", "queries"),
    key(
        "database.growth",
        workload(Growth, From("0 %/month"), "100 %/month"),
        Presence::Computed { value: "as load.growth", reason: "data grows with its users" },
        "Growth of the data, compound.",
    ),
    key(
        "database.read_replicas",
        Kind::Count(0, 5),
        silence("0", "no read replica was asked for"),
        "Copies that answer reads and follow the database a moment behind. They are built and billed; the prediction sends them \
         no load, so that the database alone carries it.",
    ),
    key("cache", Kind::Map, Presence::Absent("there is no cache tier"), "The cache tier."),
    key(
        "cache.engine",
        Kind::Choice(&["valkey", "redis"]),
        default(
            "valkey",
            "the same protocol, free software, and the cheaper one where both are sold",
            "Valkey docs",
        ),
        "Engine.",
    ),
    key(
        "cache.version",
        Kind::Text(VERSION),
        Presence::Absent("the newest that the cloud sells"),
        "Version.",
    ),
    key(
        "cache.entries",
        workload(Number, From("0"), "1e12"),
        assumed("100000", "sessions and hot objects of a few thousand people"),
        "Entries kept.",
    ),
    key(
        "cache.entry_size",
        workload(Size, Above("0 B"), "512 MiB"),
        assumed("8 KiB", "a page fragment or a serialized object"),
        "Size of an entry, key and value.",
    ),
    key(
        "cache.max_memory",
        single(Size, Above("0 GiB"), "10 TiB"),
        Presence::Absent("derived from the entries and the tasks"),
        "Configured memory limit.",
    ),
];
