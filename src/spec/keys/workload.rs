//! Keys of the load, the requests and the tasks.

use super::super::format::{LABEL, NAME, REQUEST_TARGET};
use super::super::units::Dimension::{Growth, Months, Number, Rate, Share, Size, Time};
use super::kind::Low::{Above, From};
use super::kind::{single, workload};
use super::{Filled, Key, Kind, Presence, assumed, default, key, silence};

pub(super) const KEYS: &[Key] = &[
    key("version", Kind::Choice(&["1"]), Presence::Required, "Version of this format."),
    key(
        "name",
        Kind::Text(NAME),
        Presence::Required,
        "Name of the deployment; it becomes part of the names of what is made.",
    ),
    key("load", Kind::Map, Presence::Required, "Who comes and how often."),
    key(
        "load.users",
        workload(Number, From("1"), "10000000"),
        Presence::Required,
        "People active at once, at the peak.",
    ),
    key(
        "load.think",
        workload(Time, From("0 s"), "1 d"),
        default(
            "7 s",
            "people read before they ask again; a shorter time means more load",
            "TPC-W 1.8 (mean think time 7 s)",
        ),
        "Time between a response and the same user's next request.",
    ),
    key(
        "load.duty",
        workload(Share, Above("0 %"), "100 %"),
        assumed("25 %", "office hours: over a month the mean is about a quarter of the peak"),
        "A month's mean traffic as a share of the peak: drives egress and usage charges.",
    ),
    key(
        "load.growth",
        workload(Growth, From("0 %/month"), "100 %/month"),
        silence("0 %/month", "no growth was stated"),
        "Growth of the users, compound.",
    ),
    key(
        "load.horizon",
        single(Months, From("0 months"), "120 months"),
        assumed("12 months", "a year is the shortest commitment that clouds sell"),
        "How far ahead the stack should last.",
    ),
    key(
        "load.requests_per_connection",
        workload(Number, From("1"), "1000000"),
        default(
            "100",
            "a client keeps its connection for a visit",
            "nginx docs (keepalive_requests, 100 before 1.19.10)",
        ),
        "Requests that a client sends over one connection before it opens another.",
    ),
    key(
        "requests",
        Kind::List(Filled::AtLeastOne),
        Presence::Required,
        "Kinds of requests; the shares add up to 100 %.",
    ),
    key("requests[].name", Kind::Text(LABEL), Presence::Required, "Name of this kind, unique."),
    key(
        "requests[].share",
        single(Share, From("0 %"), "100 %"),
        Presence::Computed {
            value: "what the other shares leave, split evenly",
            reason: "the shares of all requests add up to 100 %",
        },
        "Share of all requests.",
    ),
    key(
        "requests[].cpu",
        workload(Time, Above("0 ms"), "1 h"),
        Presence::Required,
        "Application CPU of one request.",
    ),
    key(
        "requests[].cpu_cv2",
        single(Number, From("0"), "100"),
        default(
            "1",
            "exponential service, the textbook case; it matters for percentiles only",
            "BCMP 1975 (means do not depend on it with shared processors)",
        ),
        "Squared coefficient of variation of the application CPU: 0 constant, 1 exponential, more for mixed work.",
    ),
    key(
        "requests[].queries",
        workload(Number, From("0"), "10000"),
        silence("0", "no queries were stated"),
        "Database queries of one request.",
    ),
    key(
        "requests[].query_cpu",
        workload(Time, From("0 ms"), "1 h"),
        assumed("0.4 ms", "an indexed lookup of a few rows"),
        "Database CPU of one query.",
    ),
    key(
        "requests[].writes",
        workload(Number, From("0"), "10000"),
        silence("0", "no writes were stated"),
        "Writing queries among them.",
    ),
    key(
        "requests[].wait",
        workload(Time, From("0 ms"), "1 h"),
        silence("0 ms", "no external calls were stated"),
        "Waiting that is neither CPU nor queueing: external calls.",
    ),
    key(
        "requests[].wait_cv2",
        single(Number, From("0"), "100"),
        assumed("1", "exponential waiting, as calls to other services often are"),
        "Squared coefficient of variation of the waiting.",
    ),
    key(
        "requests[].connection",
        Kind::Choice(&["request", "query"]),
        default(
            "request",
            "the cautious case: a session opened for the request is returned at its end",
            "FastAPI docs (dependencies with yield)",
        ),
        "Whether a pool connection is held for the whole request or around each query only.",
    ),
    key(
        "requests[].upload",
        workload(Size, From("0 B"), "10 GiB"),
        assumed("1 KiB", "headers and a small form"),
        "Bytes from the client.",
    ),
    key(
        "requests[].download",
        workload(Size, From("0 B"), "10 GiB"),
        assumed("8 KiB", "a compressed page or a list in JSON"),
        "Bytes to the client.",
    ),
    key(
        "requests[].method",
        Kind::Choice(&["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
        assumed("GET", "most requests read; one with a body sends `upload` bytes of it"),
        "HTTP method that a load test uses.",
    ),
    key(
        "requests[].path",
        Kind::Text(REQUEST_TARGET),
        assumed("/", "the one path that nearly every application answers"),
        "Path, with its query, that a load test asks for.",
    ),
    key(
        "tasks",
        Kind::List(Filled::MayBeEmpty),
        Presence::Absent("no background tasks"),
        "Kinds of background tasks.",
    ),
    key("tasks[].name", Kind::Text(LABEL), Presence::Required, "Name of this kind, unique."),
    key(
        "tasks[].rate",
        workload(Rate, Above("0/s"), "1000000/s"),
        Presence::Required,
        "Tasks started at the peak.",
    ),
    key(
        "tasks[].time",
        workload(Time, Above("0 s"), "30 d"),
        Presence::Required,
        "Time that one task occupies a slot.",
    ),
    key(
        "tasks[].cpu",
        workload(Time, From("0 ms"), "1 d"),
        assumed("0 ms", "a task that waits for another service"),
        "CPU of one task.",
    ),
    key(
        "tasks[].message",
        workload(Size, From("0 B"), "1 GiB"),
        assumed("1 KiB", "identifiers, not documents"),
        "Size of its message in the queue.",
    ),
    key(
        "tasks[].result",
        workload(Size, From("0 B"), "1 GiB"),
        assumed("1 KiB", "identifiers, not documents"),
        "Size of its result.",
    ),
    key(
        "tasks[].keep_result",
        workload(Time, From("0 s"), "365 d"),
        default("24 h", "results are kept for a day unless told otherwise", "Celery docs (result_expires)"),
        "How long the result is kept.",
    ),
];
