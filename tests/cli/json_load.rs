//! JSON about load tests: a level with everything that a level may have.

use std::collections::BTreeMap;

use loadline::load::judge::Judge;
use loadline::load::measured::{Answers, Ending, Generator, Level, Second, Times};
use loadline::load::plan::{Drive, Target, Test, kinds};
use loadline::report::load_json;
use loadline::spec::{Vocabulary, read};

use crate::contract::{Contract, Seen};

const SPEC: &[u8] =
    b"version: 1\nname: a\nload: { users: 5, think: 1 s }\nrequests: [{ name: b, cpu: 1 ms, queries: 1 }]\n\
    database: {}\nobjectives: { p95: 1 s }\n";

fn level(drive: Drive) -> Level {
    let times = Times { mean_ms: 2.0, p50_ms: 2.0, p90_ms: 3.0, p95_ms: 4.0, p99_ms: 5.0, max_ms: 6.0 };
    let answers = Answers { requests: 10, errors: 1, times: Some(times) };
    Level {
        drive,
        started_at: "2026-11-26T15:00:00Z".into(),
        duration_s: 10.0,
        kinds: vec![("b".into(), answers.clone())],
        all: answers,
        throughput_rps: 0.9,
        in_flight: 0.002,
        received_bytes: 50,
        connections: 1,
        statuses: BTreeMap::from([(200, 9)]),
        failures: BTreeMap::from([("connecting: refused".into(), 1)]),
        seconds: vec![Second { at_s: 0.0, requests: 1, errors: 0, mean_ms: Some(2.0) }],
        generator: Generator::judged(0.1, 1.0, Some(2.0)),
        ending: Ending::Whole,
    }
}

pub(crate) fn walk(contract: &Contract, seen: &mut Seen) {
    let spec = read("a.yaml", SPEC, &Vocabulary { clouds: Vec::new() }, &[]).unwrap();
    for full in [Drive::Users(6), Drive::Rate(5.0)] {
        let test = Test {
            target: Target::read("http://127.0.0.1:8000").unwrap(),
            kinds: kinds(&spec),
            think_s: 1.0,
            levels: vec![full],
            ramp_s: 1.0,
            warm_up_s: 1.0,
            duration_s: 10.0,
            timeout_s: 30.0,
            stop_share: 0.2,
            seed: 1,
        };
        let answer = Judge::new(&spec).judge(vec![level(full)], full);
        contract.walk(&load_json(&test, &answer), "load", seen);
    }
}
