//! Keys of the application tier.

use super::super::format::{IMAGE, URL_PATH, WEB_ADDRESS};
use super::super::units::Dimension::Size;
use super::kind::Low::{Above, From};
use super::kind::{single, workload};
use super::scaling::{coherency, contention};
use super::{Key, Kind, Presence, assumed, default, key};

pub(super) const KEYS: &[Key] = &[
    key("app", Kind::Map, Presence::Filled, "The application tier."),
    key(
        "app.image",
        Kind::Text(IMAGE),
        Presence::Absent("nothing can be deployed; sizing does not need it"),
        "Container image.",
    ),
    key(
        "app.port",
        Kind::Count(1, 65_535),
        default("8000", "the port that the server takes by itself", "uvicorn docs (--port)"),
        "Port that it listens on.",
    ),
    key(
        "app.health",
        Kind::Text(URL_PATH),
        assumed("/health", "the usual path"),
        "Path of the health check; it should not query the database.",
    ),
    key(
        "app.url",
        Kind::Text(WEB_ADDRESS),
        Presence::Absent("the address of the balancer, where one was provisioned"),
        "Where the people reach the application; `check` and `load` go there.",
    ),
    key(
        "app.instances",
        Kind::Count(1, 100_000),
        Presence::Absent("derived from the load"),
        "Instances (containers) over all machines.",
    ),
    key(
        "app.workers",
        Kind::Count(1, 1024),
        Presence::Absent("derived from the load"),
        "Worker processes in each instance.",
    ),
    key(
        "app.cores",
        Kind::Count(1, 100_000),
        Presence::Absent("derived from the load"),
        "Take exactly this many cores for the tier.",
    ),
    key(
        "app.cpu_measured_on",
        Kind::Choice(&["thread", "core"]),
        default(
            "thread",
            "times measured under load on the kind of vCPU that is sold need no correction",
            "Netflix service-capacity-modeling (a hyperthread is about 0.6 of a core)",
        ),
        "What the CPU times were measured on: a vCPU under load, or a whole core of an idle machine.",
    ),
    key(
        "app.dispatch",
        Kind::Choice(&["pooled", "random", "round-robin", "least-loaded"]),
        assumed("pooled", "any core takes any request, as with threads or more workers than cores"),
        "How requests reach the worker processes.",
    ),
    contention!("app", "request", "requests"),
    coherency!("app", "request", "requests"),
    key(
        "app.pool",
        Kind::Count(1, 100_000),
        Presence::Absent("no limit is stated"),
        "Database connections that each worker process may open, overflow included.",
    ),
    key(
        "app.worker_memory",
        workload(Size, Above("0 MiB"), "1 TiB"),
        assumed("300 MiB", "an interpreter with a web framework and its libraries"),
        "Memory of a worker process.",
    ),
    key(
        "app.request_memory",
        workload(Size, From("0 MiB"), "1 TiB"),
        assumed("1 MiB", "the objects of one request"),
        "Memory of a request in flight.",
    ),
    key(
        "app.task_workers",
        Kind::Count(1, 100_000),
        Presence::Absent("derived from the tasks"),
        "Task worker processes.",
    ),
    key(
        "app.task_concurrency",
        Kind::Count(1, 100_000),
        Presence::Absent("derived from the tasks"),
        "Tasks that one task worker runs at once.",
    ),
    key(
        "app.task_memory",
        workload(Size, From("0 MiB"), "1 TiB"),
        assumed("300 MiB", "a forked child with the application loaded"),
        "Memory of one task slot.",
    ),
    key(
        "app.system_memory",
        workload(Size, From("0 MiB"), "1 TiB"),
        assumed("1.5 GiB", "the operating system, the container engine and agents"),
        "Memory of the operating system on each machine.",
    ),
    key(
        "app.disk",
        single(Size, Above("0 GiB"), "64 TiB"),
        assumed("50 GiB", "system, images and a few days of logs"),
        "Disk on each machine.",
    ),
    key(
        "app.arch",
        Kind::Choice(&["x86", "arm", "any"]),
        assumed("x86", "most images are built for it; `any` is often cheaper"),
        "Instruction sets that the image can run on.",
    ),
];
