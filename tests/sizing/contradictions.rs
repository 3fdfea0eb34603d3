//! Every contradiction of the plan for 2000 users that a spec can express is found in any spec, with its arithmetic, and
//! is not found where it is not.

use loadline::sizing::Finding;

use super::support::{TEACHERS, findings};

/// One contradiction: what the plan says as flags, the finding, numbers its sentence or hint must state, and flags with
/// which it must be silent.
struct Case {
    id: &'static str,
    flags: &'static [&'static str],
    code: &'static str,
    numbers: &'static [&'static str],
    silent: &'static [&'static str],
}

const fn case(
    id: &'static str,
    flags: &'static [&'static str],
    code: &'static str,
    numbers: &'static [&'static str],
    silent: &'static [&'static str],
) -> Case {
    Case { id, flags, code, numbers, silent }
}

/// 16 and 8 cores.
const APP: &str = "app.cores=16";
const DATABASE: &str = "database.cores=8";

const LOAD: &[Case] = &[
    // 2000 / 5069 = 395 ms, less 235 ms of response; 2000 / 10.235 = 195 rps
    case(
        "S1, 4.1",
        &[APP, DATABASE],
        "think-time-not-human",
        &["2000 users", "5069 rps", "395 ms", "235 ms", "160 ms", "195 rps"],
        &["load.think=10 s"],
    ),
    case("S1", &[APP, DATABASE], "people-paced-alternative", &["10 s", "195 rps"], &["load.think=10 s"]),
    case("S1, S19", &["load.think=0 s"], "no-think-time", &["2000 users", "2000 requests"], &[]),
    // 2500 users: 6317 rps, 88.4 %; N* 2817
    case(
        "S19, 4.11",
        &[APP, DATABASE],
        "no-headroom",
        &["2500 users", "6317 rps", "88.4 %", "2817 users"],
        &[
            "app.cores=32",
            "app.workers=4",
            "database.cores=16",
            "cache.max_memory=8 GiB",
            "app.task_workers=8",
        ],
    ),
    case(
        "4.5",
        &[APP, DATABASE],
        "waiting-dominates-response",
        &["235 ms", "231 ms", "98.5 %", "3.36 ms"],
        &["requests[0].wait=2 ms"],
    ),
    case(
        "4.5",
        &["requests[0].wait=0 ms", "load.users=500"],
        "response-unexplained",
        &["3.36 ms", "300 ms"],
        &[],
    ),
    case("4.5", &["objectives.mean=200 ms"], "mean-unreachable", &["234 ms", "231 ms", "200 ms"], &[]),
    // 1 / 2.24 ms
    case(
        "S3",
        &[],
        "cpu-below-experience",
        &["2.24 ms", "446 requests", "3 database queries"],
        &["requests[0].cpu=12 ms"],
    ),
    // 2900 users against N* = 2817
    case("2.5", &[APP, DATABASE, "load.users=2900"], "saturated", &["2900 users", "2817 users"], &[]),
];

const WORKERS: &[Case] = &[
    // 5072 x 2.24 ms = 11.4 cores on 8; 8 x 0.7 / 5072 = 1.1 ms
    case(
        "S3, 4.3",
        &[APP, "app.workers=1"],
        "workers-cannot-use-cores",
        &["8 of 16 cores", "50 %", "11.4 busy cores", "2.24 ms", "142 %", "1.1 ms"],
        &[APP],
    ),
    case(
        "S3",
        &[APP, "app.workers=1"],
        "workers-too-busy",
        &["8 worker processes", "142 %", "70 %", "17 worker"],
        &[APP],
    ),
    case("4.3", &["tasks[0].cpu=1 s"], "tasks-take-cpu", &["4.8 of", "16.2", "29.7 %"], &[]),
    case("2.2", &["app.cpu_measured_on=core"], "cpu-measured-on-idle-core", &["0.6", "1.67"], &[]),
];

const CONNECTIONS: &[Case] = &[
    // 5069 x 235 ms = 1189, / 8 cores = 149; 5069 x 1.119 ms work
    case(
        "S4, 4.2",
        &[APP, DATABASE],
        "connections-held-while-waiting",
        &["1189 database", "5069 rps", "235 ms", "5.68", "149 for each"],
        &["requests[0].connection=query"],
    ),
    // 8 x 150 + 64 x 150 + 10
    case(
        "S4",
        &["app.workers=1", "app.pool=150"],
        "pools-exceed-connection-limit",
        &["8 worker", "64 task", "150 connections", "10810", "2000"],
        &["app.pool=10"],
    ),
    // 8 x 15 = 120 for the web, but 64 x 15 = 960 for the tasks
    case(
        "3.4",
        &["app.workers=1", "app.pool=15", "database.max_connections=1000"],
        "pools-exceed-connection-limit",
        &["1090", "1000"],
        &["app.pool=10"],
    ),
    // 80 x 15 + 10 = 1210, twice the pools: 2410
    case("3.4", &["app.pool=15"], "deploy-doubles-pools", &["2410", "2000"], &["app.pool=10"]),
    // 16 x 60 x 2 + 4 x 60 + 10
    case(
        "3.6",
        &["app.pool=60", "app.task_workers=1", "app.task_concurrency=4"],
        "autoscale-exceeds-connections",
        &["2x", "2170", "2000"],
        &["app.pool=10"],
    ),
    case("3.6", &[], "autoscale-without-pool", &["2x", "2000 connections"], &["app.pool=10"]),
    // 16 x 50 for 1192 in use
    case(
        "3.4",
        &[APP, DATABASE, "app.pool=50"],
        "pool-too-small",
        &["hold 800", "1192", "1276"],
        &["app.pool=80"],
    ),
];

const MEMORY: &[Case] = &[
    // 8.8 + 2000 x 1.906 / 1024 + 0.9
    case(
        "S5, 4.7",
        &[APP, DATABASE],
        "database-worst-case-memory",
        &["2000 connections", "13.4 GiB", "3.72", "11.9", "15 GiB"],
        &["database.max_connections=1300"],
    ),
    // (8/16)^0.2 = 0.871; 5072 x 2.8 x 0.129
    case(
        "3.4",
        &["database.working_set=16 GiB"],
        "working-set-exceeds-buffer-pool",
        &["16 GiB", "8 GiB", "12.9 %"],
        &[],
    ),
    case(
        "3.4",
        &["database.data=2 GiB", "database.working_set=2 GiB"],
        "buffer-pool-larger-than-data",
        &["8 GiB"],
        &[],
    ),
    // 4.8 x 86,400 results of 1134 bytes x 1.25; an hour: a twenty-fourth
    case(
        "3.5",
        &[],
        "results-dominate-cache",
        &["414720", "0.547 GiB", "36.2 %", "24 h", "0.0228 GiB"],
        &["tasks[0].keep_result=1 h"],
    ),
    case("S16", &[], "cache-and-queue-share-instance", &["100000 entries"], &["tasks=[]"]),
    // 64 x 300 MiB of 26.1 GiB
    case(
        "3.5",
        &[APP, DATABASE],
        "task-memory-dominates",
        &["64 task slots", "18.8", "26.1 GiB", "71.8 %"],
        &["app.task_memory=20 MiB"],
    ),
];

const TASKS: &[Case] = &[
    // 2000 / 64 x 30 s = 937.5 s; in 60 s: 1000 slots
    case(
        "S2",
        &["tasks[0].time=30 s"],
        "task-burst-drains-slowly",
        &["2000 users", "64 slots", "15.6 min", "1000 slots"],
        &["tasks[0].time=1 s"],
    ),
    // 2000 / 64 x 20 s = 625 s; one task per user every 2000 / 4.8 = 417 s
    case(
        "4.6",
        &["tasks[0].time=20 s"],
        "task-burst-drains-slowly",
        &["10.4 min", "6.94 min"],
        &["tasks[0].time=1 s"],
    ),
    // 4.8 x 30 = 144 slots; 64 / 30 = 2.13/s leave 2.67/s x 3600
    case(
        "S2",
        &["tasks[0].time=30 s"],
        "task-queue-never-drains",
        &["4.8 tasks/s", "144 slots", "64", "9600 tasks"],
        &[],
    ),
    // 4.8 x 12 = 57.6 of 64
    case("4.6", &["tasks[0].time=12 s"], "task-slots-busy", &["90 %", "64 task slots"], &[]),
    case("3.5", &["tasks[0].time=2 h"], "task-outlives-visibility-timeout", &["2 h", "60 min"], &[]),
];

const RESILIENCE: &[Case] = &[
    // 8 instances on 3 zones are 3 + 3 + 2: 0.71 x 8/5; (11.36 + 0.24) / 0.567 = 20.5
    case(
        "4.12",
        &[APP, DATABASE, "resilience.zones=3"],
        "zones-without-spare",
        &["3 zones", "71 %", "3 of 8", "114 %", "56.7 %", "21 cores"],
        &["resilience.zones=1"],
    ),
    case(
        "4.12",
        &[APP, DATABASE, "resilience.survive=zone", "resilience.zones=3"],
        "zone-loss-not-survived",
        &["114 %", "85 %"],
        &["resilience.zones=1"],
    ),
    // 0.71 / 0.85: seven machines; 12 cores would be 97 % busy
    case(
        "2.4",
        &[APP],
        "instance-loss-needs-many-machines",
        &["16 cores", "72.5 %", "85 %", "7 machines"],
        &["app.cores=32"],
    ),
    case(
        "2.4",
        &["app.cores=12"],
        "instance-loss-not-survived",
        &["12 cores", "96.7 %", "85 %"],
        &["app.cores=32"],
    ),
    // 0.5 % of 8760 h
    case(
        "S18, 4.10",
        &["resilience.survive=none"],
        "app-single-point-of-failure",
        &["2 zones", "99.50 %", "43.8 h"],
        &[],
    ),
    case(
        "S7, 4.10",
        &["resilience.database_standby=false"],
        "database-single-point-of-failure",
        &["2 zones", "43.8 h", "4.38 h"],
        &[],
    ),
    case("3.6", &["resilience.cache_replica=false"], "cache-single-point-of-failure", &["43.8 h"], &[]),
    case(
        "2.4",
        &[],
        "availability-out-of-reach",
        &["99.88 %", "99.90 %", "8.76 h"],
        &["objectives.availability=99 %"],
    ),
    case("3.6", &["resilience.backups={keep: 0 days, point_in_time: false}"], "no-backups", &["7 days"], &[]),
    case("2.4", &["app.instances=1"], "single-instance-cannot-be-survived", &["1"], &[]),
];

const TRAFFIC_AND_GROWTH: &[Case] = &[
    // 5072 x 0.25 x 730 x 3600 x 8192 x 1.06
    case("S17, 4.9", &[], "egress-volume", &["28.9 TB", "25 %", "116 TB"], &["load.users=50"]),
    // 10,000 / 396
    case("4.9", &[APP, DATABASE], "link", &["396 Mbit/s", "10 Gbit/s", "25.2 times"], &["load.users=50"]),
    case("3.4", &[], "disk-operations", &["71 reads", "3014 writes", "3000"], &["requests[0].writes=0.01"]),
    // ln(2314/2000) / ln 1.03; 2000 x 1.03^12
    case(
        "2.5",
        &[APP, DATABASE],
        "growth-passes-load-line",
        &["3 %", "2314", "4.93 months", "2852 users"],
        &["load.growth=0 %/month"],
    ),
    case("2.2", &["database.data=900 GiB"], "data-outgrows-storage", &["1024 GiB", "80 %"], &[]),
];

const OBJECTIVES: &[Case] =
    &[case("4.5", &["objectives.p95=440 ms"], "p95-unreachable", &["231 ms", "440 ms"], &[])];

const HOSTS: &[Case] = &[
    case("end of support", &["access.os=ubuntu-22.04"], "os-support-ends", &["2027-04-01"], &[]),
    case(
        "S11",
        &["tune={sysctl: {fs.file-max: 500000}}"],
        "file-max-lowers-limit",
        &["500000", "9223372036854775807"],
        &["tune={sysctl: {vm.swappiness: 10}}"],
    ),
    case("S12", &["tune={limits: {nofile: 100000}}"], "limits-do-not-reach-services", &["nofile"], &[]),
    case(
        "S13",
        &["tune={sysctl: {net.core.somaxconn: 65535}}"],
        "container-does-not-inherit-sysctl",
        &["net.core.somaxconn"],
        &["tune={sysctl: {vm.swappiness: 10}}"],
    ),
    case(
        "S14",
        &["tune={sysctl: {net.ipv4.tcp_fin_timeout: 15}}"],
        "fin-timeout-is-no-time-wait",
        &["15", "60 s"],
        &[],
    ),
    case(
        "S15",
        &["tune={sysctl: {net.ipv4.ip_local_port_range: 10000 65535}}"],
        "port-range-swallows-listeners",
        &["11211", "15672", "16379", "26379", "27017", "33060", "10250", "10050"],
        &["tune={sysctl: {net.ipv4.ip_local_port_range: 32768 60999}}"],
    ),
    case(
        "3.1",
        &["tune={limits: {nofile: 2000000}}"],
        "open-files-above-ceiling",
        &["2000000", "1048576"],
        &["tune={limits: {nofile: 100000}}"],
    ),
];

fn of<'a>(found: &'a [Finding], code: &str) -> Option<&'a Finding> {
    found.iter().find(|finding| finding.code == code)
}

fn holds(cases: &[Case]) {
    for Case { id, flags, code, numbers, silent } in cases {
        let found = findings(TEACHERS, flags);
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        let finding = of(&found, code).unwrap_or_else(|| panic!("{id} {flags:?}: no {code} in {codes:?}"));
        let words = format!("{} {}", finding.sentence, finding.hint);
        for number in *numbers {
            assert!(words.contains(number), "{id} {code}: {number} is not in: {words}");
        }
        // Without flags of its own the plain spec is the one that must be silent, where the finding needs flags at all.
        let quiet = if silent.is_empty() && !flags.is_empty() { &[][..] } else { silent };
        let other = findings(TEACHERS, quiet);
        assert!(of(&other, code).is_none(), "{id} {code} {quiet:?}: {:?}", of(&other, code));
    }
}

#[test]
fn loads_that_no_people_make_are_found() {
    holds(LOAD);
}

#[test]
fn workers_that_cannot_use_their_cores_are_found() {
    holds(WORKERS);
}

#[test]
fn connections_that_nobody_counted_are_found() {
    holds(CONNECTIONS);
}

#[test]
fn memory_that_will_not_do_is_found() {
    holds(MEMORY);
}

#[test]
fn queues_that_do_not_drain_are_found() {
    holds(TASKS);
}

#[test]
fn failures_that_are_not_survived_are_found() {
    holds(RESILIENCE);
}

#[test]
fn traffic_and_growth_that_nobody_priced_are_found() {
    holds(TRAFFIC_AND_GROWTH);
}

#[test]
fn objectives_that_no_machine_can_meet_are_found() {
    holds(OBJECTIVES);
}

#[test]
fn host_settings_that_do_something_else_are_found() {
    holds(HOSTS);
}
