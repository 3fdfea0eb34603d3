//! The contradictions that an audit of the plan for 2000 users found, as spec changes: each must be found, with its
//! arithmetic in the sentence or hint, and must not be found in a spec close by that is free of it.

use super::support::{pinned, sized, with_code};

/// Changes to a spec: `--set path=value`.
type Changes = &'static [(&'static str, &'static str)];

struct Case {
    /// What the plan says.
    claim: &'static str,
    /// Changes to the plan on 16 and 8 cores that make the spec say it.
    says: Changes,
    code: &'static str,
    /// Numbers that must stand in sentence and hint.
    numbers: &'static [&'static str],
    /// Changes after which it is no contradiction any more.
    without: Changes,
}

const CASES: &[Case] = &[
    // 2000 / 5069 = 395 ms; less 235 ms leaves 160 ms. At 10 s: 2000 / 10.235 = 195 rps, 5069 / 195.4 = 25.9.
    Case {
        claim: "2000 concurrent users at 5000 rps",
        says: &[],
        code: "think-time-not-human",
        numbers: &["2000 users", "5069 rps", "395 ms", "235 ms", "160 ms", "195 rps", "25.9"],
        without: &[("load.think", "2 s")],
    },
    // 2000 / 10.232 = 195 rps x 2.24 ms / 70 % = 0.625 cores, x 1.119 ms = 0.312.
    Case {
        claim: "the same for people",
        says: &[],
        code: "people-paced-alternative",
        numbers: &["195 rps", "0.625", "0.312"],
        without: &[("load.think", "10 s")],
    },
    // 2000 / 64 x 30 s = 937.5 s = 15.6 min; in 60 s: 2000 x 30 / 60 = 1000 slots.
    Case {
        claim: "2000 teachers generate at once, 64 tasks of 30 s",
        says: &[("tasks[0].time", "30 s"), ("tasks[0].rate", "1.6/s")],
        code: "task-burst-drains-slowly",
        numbers: &["15.6 min", "2000 / 64 x 30 s", "1000 slots"],
        without: &[("tasks[0].time", "1.5 s")],
    },
    // 2000 / 64 x 20 s = 625 s = 10.4 min; 2000 / 2.4 = 833 s = 13.9 min.
    Case {
        claim: "tasks of 20 s drain in 625 s",
        says: &[("tasks[0].time", "20 s"), ("tasks[0].rate", "2.4/s")],
        code: "task-burst-drains-slowly",
        numbers: &["10.4 min", "13.9 min"],
        without: &[("app.task_workers", "42")],
    },
    // 4.8/s x 20 s = 96 busy slots of 64: (4.8 - 3.2) x 3600 = 5760 more each hour.
    Case {
        claim: "64 slots for 4.8 tasks/s of 20 s",
        says: &[("tasks[0].time", "20 s")],
        code: "task-queue-never-drains",
        numbers: &["96 slots", "64", "5760 tasks"],
        without: &[("tasks[0].time", "13 s")],
    },
    // 8 of 16 cores is 50 %; the requests need 5072 x 2.24 ms = 11.4 cores, 142 % of 8.
    Case {
        claim: "8 single-threaded instances on 16 vCPU at 60-80 % CPU",
        says: &[("app.workers", "1")],
        code: "workers-cannot-use-cores",
        numbers: &["8 single-threaded", "16 cores", "50 %", "11.4 busy cores", "2.24 ms", "142 %"],
        without: &[],
    },
    // 1189 held, 1189 / 8 = 149 for each core; 5072 x 1.119 ms = 5.68 at work; Erlang C at 1 % for 5.68: 13.
    Case {
        claim: "1200 active connections",
        says: &[],
        code: "connections-held-while-waiting",
        numbers: &["1189", "5069 rps x 235 ms", "5.68", "149", "13"],
        without: &[("requests[0].connection", "query")],
    },
    // (16 + 64) x 150 = 12,000, and 10.
    Case {
        claim: "a pool of 100 with 50 overflow in each process",
        says: &[("app.pool", "150")],
        code: "pools-exceed-connection-limit",
        numbers: &["16 worker processes", "64 task processes", "150", "12010", "2000"],
        without: &[("app.pool", "19")],
    },
    // 8 x 1.1 + 2000 x 1.906 MiB + 0.9 = 13.4 GiB, 3.72 of it for connections, instead of 11.9.
    Case {
        claim: "2000 connections and an 8 GB buffer pool on a small host",
        says: &[],
        code: "database-worst-case-memory",
        numbers: &["2000 connections", "13.4 GiB", "3.72", "11.9"],
        without: &[("database.max_connections", "1500")],
    },
    Case {
        claim: "fs.file-max = 500000 as an increase",
        says: &[("tune.sysctl", "{fs.file-max: 500000}")],
        code: "file-max-lowers-limit",
        numbers: &["500000", "9223372036854775807"],
        without: &[("tune.sysctl", "{fs.file-max: 9223372036854775807}")],
    },
    Case {
        claim: "limits in limits.conf for services",
        says: &[("tune.limits", "{nofile: 65535}")],
        code: "limits-do-not-reach-services",
        numbers: &["nofile"],
        without: &[],
    },
    Case {
        claim: "host sysctls for containers",
        says: &[("tune.sysctl", "{net.core.somaxconn: 65535}")],
        code: "container-does-not-inherit-sysctl",
        numbers: &["net.core.somaxconn"],
        without: &[("tune.sysctl", "{vm.swappiness: 10}")],
    },
    Case {
        claim: "tcp_fin_timeout against TIME_WAIT",
        says: &[("tune.sysctl", "{net.ipv4.tcp_fin_timeout: 15}")],
        code: "fin-timeout-is-no-time-wait",
        numbers: &["15", "60 s"],
        without: &[("tune.sysctl", "{net.ipv4.tcp_tw_reuse: 1}")],
    },
    Case {
        claim: "ip_local_port_range from 10000",
        says: &[("tune.sysctl", "{net.ipv4.ip_local_port_range: 10000 65535}")],
        code: "port-range-swallows-listeners",
        numbers: &["10000", "65535", "11211", "15672", "16379", "26379", "27017", "33060", "10250", "10050"],
        without: &[("tune.sysctl", "{net.ipv4.ip_local_port_range: 32768 60999}")],
    },
    Case {
        claim: "one cache of 2 GB for caching and the task queue",
        says: &[],
        code: "cache-and-queue-share-instance",
        numbers: &["100000 entries", "noeviction", "allkeys-lru"],
        without: &[("cache.entries", "0")],
    },
    // 4.8/s x 86,400 s = 414,720 results x 1134 bytes x 1.25 = 561 MiB of 1.51 GiB: 36.2 %; for an hour 23.4 MiB.
    Case {
        claim: "results kept for a day",
        says: &[],
        code: "results-dominate-cache",
        numbers: &["414720", "561 MiB", "36.2 %", "24 h", "23.4 MiB"],
        without: &[("tasks[0].keep_result", "1 h")],
    },
    // 5072 rps x 10,000 bytes x 1.06 x 730 h = 141 TB around the clock, a quarter of it 35.3 TB.
    Case {
        claim: "no egress in the cost, 10 KB for each response",
        says: &[("requests[0].download", "10 kB")],
        code: "egress-volume",
        numbers: &["35.3 TB", "141 TB", "25 %"],
        without: &[("load.duty", "0.5 %")],
    },
    // 5069 x 9216 x 1.06 x 8 = 396 Mbit/s; 10,000 / 396 = 25.2.
    Case {
        claim: "a link of 10 Gbit/s",
        says: &[],
        code: "link",
        numbers: &["396 Mbit/s", "10 Gbit/s", "25.2"],
        without: &[("load.think", "10 s")],
    },
    Case {
        claim: "several zones, and one application server",
        says: &[("resilience.survive", "none")],
        code: "app-single-point-of-failure",
        numbers: &["2 zones"],
        without: &[("resilience.survive", "instance")],
    },
    // 64 x 300 MiB = 18.8 of 26.1 GiB.
    Case {
        claim: "24-28 GB for the application",
        says: &[],
        code: "task-memory-dominates",
        numbers: &["64 task slots", "18.8", "26.1 GiB", "71.8 %"],
        without: &[("app.task_memory", "50 MiB")],
    },
    Case {
        claim: "a number of users without think time",
        says: &[("load.think", "0 s")],
        code: "no-think-time",
        numbers: &["2000 users", "2000 requests"],
        without: &[("load.think", "1 s")],
    },
    // 2500 users: 6317 rps, 236 ms, 88.4 %; saturation at 2817.
    Case {
        claim: "a test with 2500 users ensures headroom",
        says: &[("cache.max_memory", "8 GiB")],
        code: "no-headroom",
        numbers: &["2500 users", "2399", "app cpu 85 %", "6317 rps", "236 ms", "88.4 %", "2817 users"],
        without: &[
            ("app.cores", "24"),
            ("app.workers", "3"),
            ("database.cores", "12"),
            ("cache.max_memory", "8 GiB"),
            ("app.task_workers", "6"),
        ],
    },
    // 231 of 235 ms wait outside, 98.5 %; all queues together are 235 - 231 - 2.24 - 1.12 = 0.3 ms.
    Case {
        claim: "100-300 ms with 2 ms of CPU",
        says: &[],
        code: "response-is-waiting",
        numbers: &["231 ms", "235 ms", "98.5 %", "3.36 ms"],
        without: &[("requests[0].wait", "1 ms")],
    },
    // Eight instances stand 3 + 3 + 2: 71 % x 8/5 = 114 %; 85 % x 2/3 = 56.7 %; (5072 x 2.24 ms + 0.24) = 11.6 cores / 56.7 % = 20.5, so 21.
    Case {
        claim: "three zones, one of which may fail",
        says: &[("resilience.zones", "3"), ("resilience.survive", "zone")],
        code: "zone-loss-not-survived",
        numbers: &["71 %", "3 of 8", "114 %", "85 %", "56.7 %", "11.6 busy cores", "21 cores"],
        without: &[
            ("resilience.zones", "3"),
            ("resilience.survive", "zone"),
            ("app.cores", "24"),
            ("app.workers", "3"),
        ],
    },
    // 71 % x 2 = 142 %; 85 % / 2 = 42.5 %; 11.6 / 42.5 % = 27.3, so 28.
    Case {
        claim: "deployed across two zones",
        says: &[],
        code: "zones-without-spare",
        numbers: &["71 %", "142 %", "42.5 %", "28 cores"],
        without: &[("resilience.zones", "1")],
    },
    // (5072 x 2.24 ms + 0.24) / 16 = 72.5 %; 0.725 / 0.85 = 0.853; 1 / (1 - 0.853) = 6.8, so 7 machines.
    Case {
        claim: "one large machine that may fail",
        says: &[],
        code: "instance-loss-needs-many-machines",
        numbers: &["16 cores", "72.5 %", "85 %", "7 machines"],
        without: &[("app.cores", "32"), ("app.workers", "4")],
    },
    Case {
        claim: "a database without standby beside machines in two zones",
        says: &[("resilience.database_standby", "false")],
        code: "database-single-point-of-failure",
        numbers: &["2 zones"],
        without: &[],
    },
    // 1000 ms / 2.24 = 446 rps for each core.
    Case {
        claim: "5000 rps on 16 vCPU with a database behind",
        says: &[],
        code: "cpu-below-experience",
        numbers: &["2.24 ms", "446", "3 database queries", "50 to 300"],
        without: &[("requests[0].cpu", "12 ms")],
    },
    // 1189 of 1400 connections: 85 % > 80 %.
    Case {
        claim: "80 % of the connections is the alarm",
        says: &[("database.max_connections", "1400")],
        code: "connections-missed",
        numbers: &["1189", "1400", "80 %"],
        without: &[("database.max_connections", "1500")],
    },
    // 24 h at 4.8/s x 0.2 writes...: 5072 x 0.2 = 1014 writes x (2 / 1.014 + 1) = 3014, and 71 reads.
    Case {
        claim: "1 TB of SSD, and no word on its operations",
        says: &[],
        code: "disk-operations",
        numbers: &["3085", "71 reads", "3014 writes", "3000"],
        without: &[("requests[0].writes", "0.1")],
    },
    Case {
        claim: "Ubuntu 22.04",
        says: &[("access.os", "ubuntu-22.04")],
        code: "os-support-ends",
        numbers: &["ubuntu-22.04", "2027-04-01"],
        without: &[("access.os", "ubuntu-24.04")],
    },
];

#[test]
fn every_contradiction_of_the_plan_is_found_with_its_arithmetic() {
    let mut failures = Vec::new();
    for case in CASES {
        let sizing = sized(&pinned(case.says));
        let found = with_code(&sizing, case.code);
        let [finding] = found.as_slice() else {
            let codes: Vec<_> = sizing.findings.iter().map(|finding| finding.code).collect();
            failures.push(format!("{}: {} found {} times in {codes:?}", case.claim, case.code, found.len()));
            continue;
        };
        let text = format!("{} {}", finding.sentence, finding.hint);
        let missing: Vec<_> = case.numbers.iter().filter(|number| !text.contains(**number)).collect();
        if !missing.is_empty() {
            failures.push(format!("{}: {missing:?} not in: {text}", case.claim));
        }
        if finding.hint.is_empty() {
            failures.push(format!("{}: nothing to do about it", case.code));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_contradiction_is_found_where_there_is_none() {
    let mut failures = Vec::new();
    for case in CASES {
        let sizing = sized(&pinned(case.without));
        if let [finding, ..] = with_code(&sizing, case.code).as_slice() {
            failures.push(format!("{}: {}", case.claim, finding.sentence));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
