//! Keys of the release: what runs in the containers, and where the data is.

use super::super::format::{COMMAND, HOST_PATH, VARIABLE, VARIABLE_VALUE};
use super::super::units::Dimension::Time;
use super::kind::Low::{Above, From};
use super::kind::single;
use super::{Key, Kind, Presence, assumed, default, key};

const WHERE: &[&str] = &["here", "elsewhere"];
const PLACE: Presence = Presence::Absent(
    "`here` where `hosts` has one entry and no cloud's machines are meant, else `elsewhere`",
);

pub(super) const KEYS: &[Key] = &[
    key("deploy", Kind::Map, Presence::Filled, "How the application is released."),
    key(
        "deploy.command",
        Kind::Text(COMMAND),
        Presence::Absent("what the image runs by itself"),
        "Command of the web server; of gunicorn and uvicorn the options that follow from the spec are added.",
    ),
    key(
        "deploy.task_command",
        Kind::Text(COMMAND),
        assumed(
            "celery -A app.tasks worker",
            "the usual task queue of Python, at the place where its documentation puts it",
        ),
        "Command of the task workers; of celery the options that follow from the spec are added.",
    ),
    key(
        "deploy.migrate",
        Kind::Text(COMMAND),
        Presence::Absent("nothing is run"),
        "Command that is run once, on one host, before a release takes traffic.",
    ),
    key(
        "deploy.env",
        Kind::Table(VARIABLE, VARIABLE_VALUE),
        Presence::Absent("only what follows from the spec"),
        "Variables for the containers; no secrets.",
    ),
    key(
        "deploy.secrets",
        Kind::Texts(VARIABLE),
        Presence::Absent("none"),
        "Variables whose values are taken from the environment of `loadline deploy`, or from a file.",
    ),
    key(
        "deploy.database",
        Kind::Choice(WHERE),
        PLACE,
        "Whether the database runs in a container on the host.",
    ),
    key("deploy.cache", Kind::Choice(WHERE), PLACE, "Whether cache and queue run in containers on the host."),
    key(
        "deploy.request_timeout",
        single(Time, Above("0 s"), "55 s"),
        assumed("50 s", "proxies wait 5 s longer, and balancers 60 s by themselves"),
        "Longest time that the application works on a request.",
    ),
    key(
        "deploy.task_timeout",
        single(Time, Above("0 s"), "24 h"),
        Presence::Absent("ten times the time of the longest task, 5 minutes at least"),
        "Longest time that a task may take.",
    ),
    key(
        "deploy.health_timeout",
        single(Time, Above("0 s"), "1 h"),
        assumed("2 min", "an interpreter that loads its libraries on a busy host"),
        "Longest time that new containers may take to become healthy.",
    ),
    key(
        "deploy.drain",
        single(Time, From("0 s"), "1 h"),
        assumed("30 s", "requests and idle connections of the old containers have ended"),
        "Time between the move of the traffic and the stop of the old containers.",
    ),
    key(
        "deploy.keep_releases",
        Kind::Count(1, 50),
        default(
            "2",
            "a way back from the newest release, and from the one before",
            "Kamal keeps 5 containers",
        ),
        "Older releases that each host keeps for a rollback.",
    ),
    key(
        "deploy.certificate",
        Kind::Text(HOST_PATH),
        Presence::Absent("plain HTTP: a balancer ends TLS"),
        "Certificate chain on the hosts, PEM.",
    ),
    key(
        "deploy.certificate_key",
        Kind::Text(HOST_PATH),
        Presence::Absent("plain HTTP: a balancer ends TLS"),
        "Private key of the certificate on the hosts, PEM.",
    ),
];
