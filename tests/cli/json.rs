//! JSON output holds what docs/json.md promises, and nothing that the text says is lost in it.

use std::fs;
use std::path::Path;

use loadline::report::{StatusView, TuneView, Tuned, status_json, tune_json};
use loadline::tune::profile::{Place, Profile};
use loadline::tune::run::{HostReport, State};
use loadline_contract::deploy::Machine;
use serde_json::Value;

use crate::contract::{Contract, Seen};
use crate::support::{json, stdout};
use crate::{json_calibrate, json_check, json_deploy, json_load, json_stack};

const TEACHERS: &str = "examples/teachers-2000.yaml";

fn contract() -> Contract {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md");
    Contract::read(&fs::read_to_string(page).unwrap())
}

#[test]
fn every_field_of_the_contract_is_there_with_its_type_and_no_other() {
    let contract = contract();
    let mut seen = Seen::default();
    // Between them: tasks, a confirmation, fixed cores, a simulation, no cache, intervals, pins, a retiring product, a cloud
    // without a design, unknown prices.
    let saturated =
        "--set requests[0].wait=1ms --set load.users=1300 --set app.cores=16 --set database.cores=8";
    let quick = ["docker-compose.production.yml", "nginx/nginx.conf", "mysql/my.cnf", "redis/redis.conf"]
        .map(|name| format!("examples/lint/quick/{name}"));
    let lint_quick = format!("lint {} --spec {TEACHERS}", quick.join(" "));
    let folder = tempfile::tempdir().unwrap();
    let render = format!("deploy render {TEACHERS} --out {}", folder.path().display());
    for (arguments, shape, code) in [
        ("size examples/teachers-2000.yaml --set cache.version=8.0", "size", 0),
        (&format!("size --quick examples/teachers-2000.yaml {saturated}"), "size", 3),
        ("size --quick examples/small-school.yaml", "size", 0),
        ("size --quick examples/uncertain.yaml --set objectives.p99=2s", "size", 0),
        ("compare examples/teachers-2000.yaml --set pin.azure.app=Standard_F16s_v2", "compare", 0),
        ("compare examples/uncertain.yaml --cloud aws", "compare", 0),
        ("compare examples/exam-day.yaml --cloud digitalocean", "compare", 3),
        ("compare examples/teachers-2000.yaml --why-not c7g.4xlarge", "why_not", 0),
        ("prices show --cloud digitalocean --region nyc3", "prices", 0),
        (&lint_quick, "lint", 3),
        ("lint --as nginx:tests/cli/files/not_followed.txt", "lint", 0),
        ("lint --explain redo-log-small", "lint_rule", 0),
        (&render, "rendered", 0),
        ("tune plan examples/teachers-2000.yaml --local", "tune", 0),
        ("tune plan examples/teachers-2000.yaml --local --timeout 0s", "tune", 1),
    ] {
        contract.walk(&json(&format!("{arguments} --json"), code), shape, &mut seen);
    }
    json_stack::walk(&contract, &mut seen);
    json_deploy::walk(&contract, &mut seen);
    json_calibrate::walk(&contract, &mut seen);
    json_check::walk(&contract, &mut seen);
    json_load::walk(&contract, &mut seen);
    contract.walk(&noted_host(), "tune", &mut seen);
    contract.walk(&machine_that_runs(), "status", &mut seen);
    assert!(seen.wrong.is_empty(), "{} wrong:\n{}", seen.wrong.len(), seen.wrong.join("\n"));
    assert_eq!(contract.never_filled(&seen), [""; 0], "a field that is never filled is not tested");
}

/// A host with everything that a host may have: whether this machine has it is no matter of the contract.
fn noted_host() -> Value {
    let host = HostReport {
        notes: vec!["/etc cannot be written".to_owned()],
        ..HostReport::without("web1", State::PartWay)
    };
    let profile = Profile {
        name: "web".into(),
        settings: vec![],
        never: vec![],
        units: vec![],
        place: Place::OwnFiles,
    };
    tune_json(TuneView { what: Tuned::Apply, profile: &profile, hosts: &[host] })
}

/// A deployment with a machine: no rehearsal has any.
fn machine_that_runs() -> Value {
    let machine = Machine {
        id: "i-1".to_owned(),
        public: Some("203.0.113.7".to_owned()),
        private: Some("10.0.0.7".to_owned()),
    };
    status_json(StatusView {
        deployment: "shop",
        cloud: "aws",
        title: "",
        region: "us-east-1",
        account: "",
        observed: &[],
        machines: &[machine],
        costs: None,
        login: "ubuntu",
        run: None,
    })
}

/// Every text of a JSON value, keys and numbers left out.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::Object(object) => object.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_sentence_of_the_json_findings_is_in_the_text_and_none_is_missing() {
    let value = json(&format!("size --quick {TEACHERS} --json"), 0);
    let text = words(&stdout(&format!("size --quick {TEACHERS}"), 0));
    let findings = value["findings"].as_array().unwrap();
    for finding in findings {
        for part in ["sentence", "hint"] {
            assert!(text.contains(finding[part].as_str().unwrap()), "{finding}");
        }
    }
    let shown =
        findings.iter().filter(|finding| text.contains(&format!("[{}", finding["code"].as_str().unwrap())));
    assert_eq!(shown.count(), findings.len());
    for (severity, word) in [("error", "error"), ("warning", "warnings"), ("note", "notes")] {
        let count = findings.iter().filter(|finding| finding["severity"] == severity).count();
        assert!(text.contains(&format!("{count} {word}")), "{count} {word}");
    }
}

#[test]
fn every_limit_and_need_of_the_text_is_in_the_json() {
    let value = json(&format!("size --quick {TEACHERS} --json"), 0);
    let text = stdout(&format!("size --quick {TEACHERS}"), 0);
    let flat = words(&text);
    for limit in value["load_line"]["limits"].as_array().unwrap() {
        assert!(flat.contains(limit["limit"].as_str().unwrap()), "{limit}");
    }
    let (_, table) = text.split_once("Limits in the order in which they are reached").unwrap();
    let rows = table.lines().skip(3).take_while(|line| !line.trim().is_empty()).count();
    // One row more than limits: the users of the spec stand among them.
    assert_eq!(rows, value["load_line"]["limits"].as_array().unwrap().len() + 1);
    for tier in ["app", "database", "cache", "balancer", "tasks"] {
        let binding = &value["requirements"][tier]["binding"];
        let needs = value["requirements"][tier]["needs"].as_array().unwrap();
        assert_eq!(needs.iter().filter(|need| need["limit"] == *binding).count(), 1, "{tier}");
    }
}

#[test]
fn every_sentence_of_the_bills_and_their_dates_is_in_the_json() {
    let value = json(&format!("compare {TEACHERS} --json"), 0);
    let texts = texts(&value);
    let has = |wanted: &str| texts.iter().any(|text| words(text).contains(wanted));
    let csv = stdout(&format!("compare {TEACHERS} --csv"), 0);
    for record in csv::Reader::from_reader(csv.as_bytes()).records() {
        let record = record.unwrap();
        // what, sku, as of, source: the cells that are the book's words
        for column in [4, 5, 10, 11] {
            assert!(has(&words(record[column].trim_start_matches('\''))), "{}", &record[column]);
        }
    }
    let text = words(&stdout(&format!("compare {TEACHERS}"), 0));
    for cloud in value["clouds"].as_array().unwrap() {
        assert!(text.contains(cloud["title"].as_str().unwrap()));
        for tier in cloud["tiers"].as_array().unwrap() {
            assert!(tier["count"].is_number() && tier["offer"].is_string(), "{tier}");
        }
        for objection in cloud["objections"].as_array().unwrap() {
            assert!(
                text.contains(&words(objection["why"].as_str().unwrap()).trim_end_matches('.').to_owned())
            );
        }
    }
}

#[test]
fn a_bill_is_the_sum_of_its_lines_and_an_unknown_line_makes_it_incomplete() {
    let cents = |value: &Value| value.as_str().map(|text| text.replace('.', "").parse::<i64>().unwrap());
    for example in ["teachers-2000", "small-school", "exam-day", "human-paced-2000", "uncertain"] {
        let value = json(&format!("compare examples/{example}.yaml --json"), 0);
        for cloud in value["clouds"].as_array().unwrap() {
            for design in [&cloud["pinned"], &cloud["chosen"]].into_iter().filter(|design| !design.is_null())
            {
                let lines = design["lines"].as_array().unwrap();
                let sum: i64 = lines.iter().filter_map(|line| cents(&line["monthly_usd"])).sum();
                assert_eq!(cents(&design["monthly_usd"]), Some(sum), "{example} {}", cloud["cloud"]);
                let tiers = design["tier_totals"].as_array().unwrap();
                assert_eq!(tiers.iter().filter_map(|tier| cents(&tier["monthly_usd"])).sum::<i64>(), sum);
                let unknown: Vec<&Value> = lines
                    .iter()
                    .filter(|line| line["monthly_usd"].is_null())
                    .map(|line| &line["what"])
                    .collect();
                assert_eq!(design["unknown"].as_array().unwrap().iter().collect::<Vec<_>>(), unknown);
                assert_eq!(design["complete"], unknown.is_empty());
                assert_eq!(design["per_1000_requests_usd"].is_null(), !unknown.is_empty());
            }
        }
    }
}

#[test]
fn the_schema_is_json_that_names_every_top_level_key() {
    let schema = json("schema", 0);
    assert!(schema["$schema"].is_string());
    for key in
        ["version", "name", "load", "requests", "app", "database", "cache", "objectives", "resilience", "pin"]
    {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
}
