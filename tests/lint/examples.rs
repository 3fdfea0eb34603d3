//! examples/lint: a set whose numbers agree is silent, and the quick deployment is not.

use std::fs;
use std::path::Path;

use loadline::lint::{Context, Severity, lint};

use crate::support::{Shelf, fired, input, root, spec};

/// Every file of a folder, by its path in it.
fn shelf(folder: &Path, prefix: &str, shelf: &mut Shelf) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        if entry.path().is_dir() {
            self::shelf(&entry.path(), &format!("{name}/"), shelf);
        } else {
            shelf.0.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

fn set(name: &str) -> Shelf {
    let mut found = Shelf::default();
    shelf(&root().join("examples/lint").join(name), "", &mut found);
    found
}

fn inputs(shelf: &Shelf, names: &[&str]) -> Vec<loadline::lint::Input> {
    names.iter().map(|name| input(name, std::str::from_utf8(&shelf.0[*name]).unwrap())).collect()
}

const AGREES: &[&str] = &["compose.yaml", "nginx/nginx.conf", "mysql/my.cnf", "redis/queue-redis.conf"];
const QUICK: &[&str] =
    &["docker-compose.production.yml", "nginx/nginx.conf", "mysql/my.cnf", "redis/redis.conf"];

#[test]
fn numbers_that_agree_are_left_in_peace() {
    let shelf = set("agrees");
    let spec = spec();
    for context in
        [Context::default(), Context { spec: Some(("spec.yaml", &spec)), balancer_idle_s: Some(60.0) }]
    {
        let linted = lint(&inputs(&shelf, AGREES), &shelf, context).unwrap();
        let said: Vec<_> =
            linted.findings.iter().map(|it| format!("{}: {}", it.rule.id, it.sentence)).collect();
        assert_eq!(said, [""; 0]);
        assert_eq!(linted.notes, []);
    }
}

#[test]
fn one_number_in_an_included_file_is_enough_to_be_told() {
    let mut shelf = set("agrees");
    let env = String::from_utf8(shelf.0["app.env"].clone()).unwrap();
    shelf.0.insert("app.env".to_owned(), env.replace("DB_POOL_SIZE=80", "DB_POOL_SIZE=180").into_bytes());
    let part = String::from_utf8(shelf.0["nginx/conf.d/api.conf"].clone()).unwrap();
    shelf.0.insert(
        "nginx/conf.d/api.conf".to_owned(),
        part.replace("keepalive_timeout 60s", "keepalive_timeout 90s").into_bytes(),
    );
    let linted = lint(&inputs(&shelf, AGREES), &shelf, Context::default()).unwrap();
    assert_eq!(fired(&linted), ["pools-exceed-connections", "upstream-idle-order"]);
    let places: Vec<String> = linted
        .findings
        .iter()
        .flat_map(|it| &it.figures)
        .filter_map(|figure| Some(figure.place()?.to_string()))
        .collect();
    assert!(places.contains(&"app.env:2:14".to_owned()), "{places:?}");
    assert!(places.contains(&"nginx/conf.d/api.conf:5:23".to_owned()), "{places:?}");
}

#[test]
fn the_quick_deployment_is_caught_at_its_contradictions() {
    let shelf = set("quick");
    let spec = spec();
    let context = Context { spec: Some(("spec.yaml", &spec)), balancer_idle_s: None };
    let linted = lint(&inputs(&shelf, QUICK), &shelf, context).unwrap();
    let ids = fired(&linted);
    for wanted in [
        "nginx-connections-below-users",
        "files-lower-max-connections",
        "pools-exceed-connections",
        "database-far-above-memory",
        "maxmemory-above-memory",
        "queue-can-be-evicted",
        "visibility-below-task-limit",
        "recycle-above-wait-timeout",
        "upstream-idle-order",
        "sysctl-not-in-container",
        "somaxconn-without-backlog",
        "proxy-timeout-below-app",
        "cache-shares-queue",
        "password-in-plain-text",
    ] {
        assert!(ids.contains(&wanted), "{wanted} is missing: {ids:?}");
    }
    assert!(linted.count(Severity::Error) >= 10);
}
