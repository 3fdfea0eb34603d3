//! No bytes stop it: they are read, or refused with a place.

use std::time::Instant;

use proptest::prelude::*;

use loadline::lint::{Context, Files, Input, Kind, lint};

use crate::support::{Shelf, input, look};

/// Files that name each other without end.
struct Circle(&'static str);

impl Files for Circle {
    fn matching(&self, _: &str, pattern: &str) -> std::io::Result<Vec<(String, Vec<u8>)>> {
        if pattern == ".env" {
            return Ok(Vec::new());
        }
        Ok(vec![(format!("other-{}", pattern.len()), self.0.as_bytes().to_vec())])
    }
}

struct Unreadable;

impl Files for Unreadable {
    fn matching(&self, _: &str, _: &str) -> std::io::Result<Vec<(String, Vec<u8>)>> {
        Err(std::io::ErrorKind::PermissionDenied.into())
    }
}

fn of(kind: Kind, bytes: Vec<u8>) -> Input {
    Input { name: "file".to_owned(), kind: Some(kind), bytes }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), kind in 0..4_usize) {
        let _ = look(&[of(Kind::ALL[kind], bytes)]);
    }

    #[test]
    fn any_text_of_the_signs_that_matter_is_read_or_refused(
        text in "[a-z {}\\[\\];:#\"'=$!,0-9GgMmk\n\\-_\\\\./]{0,300}",
        kind in 0..4_usize,
    ) {
        let _ = look(&[of(Kind::ALL[kind], text.into_bytes())]);
    }
}

proptest! {
    // Each case sizes the spec anew.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_values_under_names_that_are_known_are_judged_without_a_panic(value in "[-0-9a-zA-Z.:/$@{} ]{0,24}", number in any::<u64>()) {
        let files = [
            input("compose.yaml", &format!(
                "services:\n  nginx: {{image: nginx:1.28, mem_limit: '{value}', ulimits: {{nofile: {number}}}, sysctls: {{net.core.somaxconn: {number}}}}}\n  \
                 api: {{image: 'a:{value}', command: 'gunicorn a -w {number} --timeout {value}', deploy: {{replicas: {number}}}, environment: {{DB_POOL_SIZE: {number}, DATABASE_URL: 'mysql+x://{value}'}}}}\n  \
                 db: {{image: mysql:8.4, mem_limit: {number}}}\n  redis: {{image: redis:7, mem_limit: {number}}}\n"
            )),
            input("my.cnf", &format!("[mysqld]\nmax_connections={number}\ninnodb_buffer_pool_size={number}\nsort_buffer_size={value}\nopen_files_limit={number}\n")),
            input("redis.conf", &format!("maxmemory {number}\nmaxclients {number}\n")),
            input("nginx.conf", &format!("events {{ worker_connections {number}; }}\nworker_processes {number};\nhttp {{ upstream u {{ server api:8000; keepalive {number}; }} server {{ listen 80 backlog={number}; location / {{ proxy_pass http://u; }} }} }}\n")),
        ];
        let spec = crate::support::spec();
        let context = Context { spec: Some(("spec.yaml", &spec)), balancer_idle_s: Some(60.0) };
        let _ = lint(&files, &Shelf::default(), context);
    }
}

/// A Compose file of that many services.
fn services(many: usize) -> Vec<u8> {
    let each: String = (0..many).map(|number| format!("  s{number}: {{ image: \"redis\" }}\n")).collect();
    format!("services:\n{each}").into_bytes()
}

/// Many services that all extend a large one.
fn extended() -> Vec<u8> {
    let labels: String = (0..5_000).map(|number| format!("      l{number}: 1\n")).collect();
    let each: String = (0..400).map(|number| format!("  s{number}: {{ extends: base }}\n")).collect();
    format!("services:\n  base:\n    labels:\n{labels}{each}").into_bytes()
}

#[test]
fn what_is_hostile_is_refused_with_its_place_and_soon() {
    let deep = |open: &str, close: &str| (open.repeat(100_000) + &close.repeat(100_000)).into_bytes();
    let many = |line: &str| line.repeat((1 << 20) / line.len()).into_bytes();
    for (kind, bytes, refused) in [
        (Kind::Nginx, deep("a {", "}"), true),
        (Kind::Compose, deep("{a: ", "}"), true),
        (Kind::Compose, b"services: &a\n  b: *a\n".to_vec(), true),
        (Kind::Compose, many("services: {}\n"), true),
        (Kind::Mysql, vec![b'x'; 4 << 20], true),
        (Kind::Mysql, b"[mysqld]\na = \x1b[2J\n".to_vec(), true),
        (Kind::Redis, b"maxmemory \xff\n".to_vec(), true),
        (Kind::Redis, b"requirepass \"open\n".to_vec(), true),
        (Kind::Nginx, b"http { server { listen 80;\n".to_vec(), true),
        (Kind::Nginx, many("a{}b c;"), true),
        (Kind::Nginx, "a{}b c;".repeat(9_000).into_bytes(), false),
        (Kind::Compose, services(501), true),
        (Kind::Compose, services(500), false),
        (Kind::Compose, extended(), true),
        (Kind::Redis, many("maxmemory 1gb\n"), false),
        (Kind::Mysql, [b"[mysqld]\n".to_vec(), vec![b'a'; 1_000_000]].concat(), false),
    ] {
        let began = Instant::now();
        let outcome = look(&[of(kind, bytes.clone())]);
        let start = String::from_utf8_lossy(&bytes[..20.min(bytes.len())]).into_owned();
        assert_eq!(outcome.is_err(), refused, "{kind:?} {start:?}");
        if let Err(wrong) = outcome {
            assert!(wrong[0].place.line > 0 && !wrong[0].message.is_empty() && !wrong[0].help.is_empty());
        }
        // Generous: the machine may do a dozen other things, and this is no optimised build.
        assert!(began.elapsed().as_secs() < 20, "{kind:?} {start:?} took {:?}", began.elapsed());
    }
}

#[test]
fn files_that_include_each_other_end() {
    for (kind, text) in [
        (Kind::Nginx, "include a; include bb;"),
        (Kind::Mysql, "!include a\n!include bb\n"),
        (Kind::Redis, "include a\ninclude bb\n"),
    ] {
        let outcome = lint(&[of(kind, text.as_bytes().to_vec())], &Circle(text), Context::default());
        let said = format!("{outcome:?}");
        assert!(said.contains("include each other") || said.contains("files are included"), "{said}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_and_not_nothing() {
    let wrong =
        lint(&[of(Kind::Nginx, b"include a;".to_vec())], &Unreadable, Context::default()).unwrap_err();
    assert!(wrong[0].message.contains("permission denied"), "{wrong:?}");
    let missing = look(&[of(Kind::Nginx, b"include a.conf;\ninclude b/*.conf;".to_vec())]).unwrap();
    assert_eq!(missing.notes.len(), 1);
    assert!(missing.notes[0].sentence.contains("is not there"), "{:?}", missing.notes);
}

#[test]
fn a_file_of_no_kind_says_how_to_say_it() {
    let wrong = look(&[input("notes.txt", "hello\n")]).unwrap_err();
    assert!(wrong[0].help.contains("--as nginx:notes.txt"), "{wrong:?}");
}
