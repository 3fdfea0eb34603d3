//! Rendered files agree with each other: the rules that judge files of strangers find nothing in them.

use std::collections::BTreeMap;

use loadline::deploy::files::{secrets_file, whole};
use loadline::deploy::stack::{Front, Site, Stack};
use loadline::lint::{Context, Files, lint};
use loadline::spec::{Spec, Vocabulary, read};

use crate::lint_support::input;
use crate::support::spec;

/// The files of a release, by name; the variables' files are named from the folder.
struct Rendered(BTreeMap<String, String>);

impl Files for Rendered {
    fn matching(&self, from: &str, pattern: &str) -> std::io::Result<Vec<(String, Vec<u8>)>> {
        let folder = from.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let name = format!("{folder}{}", pattern.trim_start_matches("./"));
        Ok(self.0.get(&name).map(|text| (name.clone(), text.clone().into_bytes())).into_iter().collect())
    }
}

fn stack(spec: &Spec, hosts: u32, front: Front) -> Stack {
    Stack::of(spec, Site { hosts, front }).unwrap_or_else(|refusals| panic!("{refusals:#?}"))
}

/// What the rules find in the files of a stack, at the load of its spec.
fn found(spec: &Spec, stack: &Stack) -> Vec<String> {
    let mut shelf = Rendered(BTreeMap::new());
    for file in whole(stack) {
        let path = file.path.strip_suffix(".example").unwrap_or(&file.path).to_owned();
        shelf.0.insert(path, file.text);
    }
    let wanted = |name: &&String| {
        name.ends_with(".yml")
            || name.ends_with("nginx.conf")
            || name.ends_with(".cnf")
            || name.starts_with("redis/")
    };
    let inputs: Vec<_> = shelf.0.keys().filter(wanted).map(|name| input(name, &shelf.0[name])).collect();
    let balancer_idle_s = (stack.front == Front::Balancer).then_some(600.0);
    let linted = lint(&inputs, &shelf, Context { spec: Some(("spec.yaml", spec)), balancer_idle_s }).unwrap();
    let mut said: Vec<String> =
        linted.findings.iter().map(|it| format!("{}: {}", it.rule.id, it.sentence)).collect();
    said.extend(linted.notes.iter().map(|note| format!("{note:?}")));
    said
}

fn example(name: &str, set: &[(&str, &str)]) -> Spec {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let set: Vec<(String, String)> =
        set.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    read(name, &std::fs::read(path).unwrap(), &loadline::clouds::vocabulary(), &set).unwrap()
}

#[test]
fn the_plan_for_2000_users_is_rendered_as_it_was_drawn() {
    let spec = example("teachers-2000.yaml", &[]);
    let stack = stack(&spec, 1, Front::People);
    assert_eq!((stack.web.instances, stack.web.workers), (8, 2));
    let tasks = stack.tasks.as_ref().unwrap();
    assert_eq!((tasks.workers, tasks.concurrency), (4, 16));
    let database = stack.database.as_ref().unwrap();
    assert_eq!((database.max_connections, database.buffer_pool_mib), (2000, 8192));
    assert_eq!(stack.cache.as_ref().unwrap().data_mib, 2048);
    // 16 processes share what is left of 80 % of 2000 beside two connections for each of 64 slots.
    let pool = stack.web.pool.unwrap();
    assert!(16 * pool.most() + 128 <= 1600, "{pool:?}");
    assert!(16 * pool.most() >= 1189, "what the load holds open fits: {pool:?}");
    assert_eq!(found(&spec, &stack), [""; 0]);
}

#[test]
fn whatever_the_load_the_rules_find_nothing() {
    for users in ["20", "300", "5000", "60000"] {
        for connection in ["query", "request"] {
            let mut spec = spec("");
            spec.app.image = Some("registry.example/shop:1".to_owned());
            spec.load.users.mid = users.parse().unwrap();
            spec.requests[0].connection = if connection == "query" {
                loadline::spec::Connection::Query
            } else {
                loadline::spec::Connection::Request
            };
            (spec.app.instances, spec.app.workers) = (None, None);
            for (hosts, front) in [(1, Front::People), (4, Front::Balancer)] {
                let stack = stack(&spec, hosts, front);
                // On several hosts each file shows one of them, and the load is that of all.
                let own = Spec {
                    load: loadline::spec::Load {
                        users: loadline::spec::Quantity::certain(spec.load.users.mid / f64::from(hosts)),
                        ..spec.load.clone()
                    },
                    ..spec.clone()
                };
                let said: Vec<String> = found(&own, &stack)
                    .into_iter()
                    .filter(|it| !(it.starts_with("task-slots-below-load") && hosts > 1))
                    .filter(|it| !it.starts_with("release-doubles-pools") || stack.remarks.is_empty())
                    .collect();
                assert_eq!(said, [""; 0], "{users} users, {connection}, {hosts} hosts: {:#?}", stack.web);
            }
        }
    }
}

#[test]
fn what_cannot_be_made_to_agree_is_refused_with_its_numbers() {
    let refused = |edit: fn(&mut Spec)| {
        let mut spec = spec("");
        edit(&mut spec);
        let refusals = Stack::of(&spec, Site { hosts: 1, front: Front::People }).unwrap_err();
        refusals.into_iter().map(|refusal| refusal.sentence).collect::<Vec<_>>()
    };
    assert_eq!(refused(|spec| spec.app.image = None), ["the spec names no image of the application"]);
    assert_eq!(
        refused(|spec| spec.deploy.task_command = None),
        ["the spec has the task `mail` and no command that works on them"]
    );
    assert_eq!(
        refused(|spec| {
            spec.app.pool = Some(50);
            spec.database.as_mut().unwrap().max_connections = Some(100);
        }),
        [
            "4 processes with a pool of 50 and 16 connections of the task workers are 216, above max_connections 100"
        ]
    );
    assert_eq!(
        refused(|spec| spec.database.as_mut().unwrap().max_connections = Some(12)),
        [
            "max_connections 12 leaves no connection for each of 4 processes beside 16 of the task workers and 10 for administration"
        ]
    );
    let mut spec = spec("");
    spec.deploy.database = Some(loadline::spec::Placement::Here);
    let refusals = Stack::of(&spec, Site { hosts: 3, front: Front::People }).unwrap_err();
    assert_eq!(refusals[0].sentence, "the data would be on each of the 3 hosts, each with its own");
}

#[test]
fn data_elsewhere_is_told_by_secrets() {
    let stack = stack(&spec(""), 3, Front::Balancer);
    assert_eq!(stack.secrets, ["CACHE_URL", "CELERY_BROKER_URL", "DATABASE_URL"]);
    assert_eq!((stack.proxy.port, stack.proxy.client_idle_s), (8000, 650));
    let files = whole(&stack);
    assert!(!files.iter().any(|file| file.path.starts_with("mysql") || file.path.starts_with("redis")));
    let text = files.iter().map(|file| file.text.as_str()).collect::<String>();
    assert!(!text.contains("mysql:"), "{text}");
}

#[test]
fn options_that_a_command_has_are_left_as_they_are() {
    let command = |text: &str| {
        let mut spec = spec("");
        spec.deploy.command = Some(text.to_owned());
        stack(&spec, 1, Front::People).web.command.unwrap().join(" ")
    };
    assert_eq!(
        command("uvicorn app:app --workers=7"),
        "uvicorn app:app --workers=7 --host 0.0.0.0 --port 8000 --backlog 2048 --timeout-keep-alive 75 \
         --timeout-graceful-shutdown 50"
    );
    assert_eq!(
        command("gunicorn -w3 -k uvicorn.workers.UvicornWorker app:app"),
        "gunicorn -w3 -k uvicorn.workers.UvicornWorker app:app --bind 0.0.0.0:8000 --backlog 2048 --keep-alive 75 \
         --timeout 50 --graceful-timeout 50"
    );
    assert_eq!(command("/srv/run --fast"), "/srv/run --fast");
}

#[test]
fn a_certificate_is_mounted_with_its_folder_and_plain_http_is_sent_on() {
    let mut spec = spec("");
    let live = "/etc/letsencrypt/live/shop";
    spec.deploy.certificate = Some(format!("{live}/fullchain.pem"));
    spec.deploy.certificate_key = Some(format!("{live}/privkey.pem"));
    let files = whole(&stack(&spec, 1, Front::People));
    let text = |path: &str| files.iter().find(|file| file.path == path).unwrap().text.clone();
    let compose = text("docker-compose.production.yml");
    assert!(compose.contains("- \"/etc/letsencrypt:/etc/letsencrypt:ro\""), "{compose}");
    assert!(compose.contains("- \"443:443\""), "{compose}");
    let nginx = text("nginx/nginx.conf");
    assert!(nginx.contains("return 308 https://$host$request_uri;"), "{nginx}");
    assert!(nginx.contains(&format!("ssl_certificate_key {live}/privkey.pem;")), "{nginx}");
}

#[test]
fn secrets_keep_their_letters_and_a_line_break_is_refused() {
    let text = secrets_file([("A", r#"a"b\c$d'e #f"#), ("B", "")]).unwrap();
    assert_eq!(text, "A=\"a\\\"b\\\\c\\$d'e #f\"\nB=\"\"\n");
    assert_eq!(secrets_file([("A", "x\ny")]), Err("A".to_owned()));
}

/// The names in the reading above are those of the vocabulary of specs without clouds.
#[test]
fn a_spec_without_clouds_can_be_released() {
    let text =
        b"version: 1\nname: a\nload: { users: 5 }\nrequests: [{ name: b, cpu: 1 ms }]\napp: { image: 'a:1' }\n";
    let spec = read("a.yaml", text, &Vocabulary { clouds: Vec::new() }, &[]).unwrap();
    let stack = stack(&spec, 1, Front::People);
    assert_eq!((stack.web.pool, stack.tasks.is_none(), stack.secrets.len()), (None, true, 0));
    assert_eq!(found(&spec, &stack), [""; 0]);
}
