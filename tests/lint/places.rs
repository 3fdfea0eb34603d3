//! Each value knows its file, line and column; no password is ever repeated.

use loadline::lint::{Context, lint};
use loadline::report::{Look, lint_json, lint_text};

use crate::support::{Shelf, input, look};

/// Where the numbers of the first finding of a rule stand.
fn places(files: &[loadline::lint::Input], rule: &str) -> Vec<String> {
    let linted = look(files).unwrap();
    let finding = linted.findings.iter().find(|it| it.rule.id == rule).unwrap_or_else(|| panic!("no {rule}"));
    finding
        .figures
        .iter()
        .filter_map(|figure| Some(format!("{} {}", figure.place()?, figure.value)))
        .collect()
}

#[test]
fn a_value_is_where_it_is_written_in_each_kind_of_file() {
    let files = [
        input(
            "compose.yaml",
            "services:\n  api:\n    image: a:1\n    command: gunicorn app -w 30\n    environment:\n      - DB_POOL_SIZE=${POOL:-9}\n      - DB_MAX_OVERFLOW=1\n  db:\n    image: mysql:8.4\n",
        ),
        input("my.cnf", "# comment\n[mysqld]\n  max-connections   =  200 # so\n"),
    ];
    assert_eq!(
        places(&files, "pools-exceed-connections"),
        ["my.cnf:3:24 200", "compose.yaml:4:30 30", "compose.yaml:6:22 9", "compose.yaml:7:25 1"]
    );
    let files = [input(
        "nginx.conf",
        "worker_rlimit_nofile\n  100;\nevents { worker_connections 'x'; worker_connections 4096; }\n",
    )];
    assert_eq!(
        places(&files, "nginx-files-below-connections"),
        ["nginx.conf:3:53 4096", "nginx.conf:2:3 100"]
    );
    let files = [
        input("compose.yaml", "services:\n  cache:\n    image: redis:7\n    mem_limit: \"1gb\"\n"),
        input("redis.conf", "# ä\n  maxmemory 2gb\n"),
    ];
    assert_eq!(places(&files, "maxmemory-above-memory"), ["redis.conf:2:13 2gb", "compose.yaml:4:16 1gb"]);
}

#[test]
fn a_default_names_its_documentation_instead_of_a_place() {
    let files = [input(
        "compose.yaml",
        "services:\n  api:\n    image: a:1\n    command: gunicorn app -w 20\n    environment: { DB_POOL_SIZE: 9 }\n  db:\n    image: mysql:8.4\n",
    )];
    let text = lint_text(&look(&files).unwrap(), &Look::plain(160));
    assert!(
        text.contains("default: db: max_connections = 151 (MySQL 8.4 manual, max_connections)"),
        "{text}"
    );
    assert!(text.contains("default: api: pool overflow = 10 (docs.sqlalchemy.org, create_engine)"), "{text}");
}

#[test]
fn a_password_is_never_repeated() {
    let secret = "hunter2-S3cret";
    let compose = format!(
        "services:\n  db:\n    image: mysql:latest\n    ports: [\"3306:3306\"]\n    command: [mysqld, --max-connections=9]\n    environment:\n      MYSQL_ROOT_PASSWORD: {secret}\n      DATABASE_URL: mysql+x://u:{secret}@db/x\n  redis:\n    image: redis\n    mem_limit: 1m\n    command: redis-server --requirepass {secret} --maxmemory 1gb\n  api:\n    image: a:1\n    command: gunicorn a -w 99 --env TOKEN={secret}\n    environment: [\"BROKER_URL=redis://:{secret}@redis/0\", \"API_TOKEN={secret}\", DB_POOL_SIZE=9]\n"
    );
    let cnf = format!("[client]\npassword = {secret}\n[mysqld]\nmax_connections=10\n");
    let redis = format!("requirepass {secret}\nmasterauth {secret}\nmaxmemory 5gb\n");
    let files = [input("compose.yaml", &compose), input("my.cnf", &cnf), input("redis.conf", &redis)];
    let linted = lint(&files, &Shelf::default(), Context::default()).unwrap();
    let found = linted.findings.iter().filter(|it| it.rule.id == "password-in-plain-text").count();
    assert_eq!(found, 8, "{linted:?}");
    assert!(!lint_text(&linted, &Look::plain(100)).contains("hunter2"));
    assert!(!lint_json(&linted).to_string().contains("hunter2"));
    for broken in [
        format!("{compose}  broken: [{secret}\n"),
        format!("services:\n  a: !x {secret}\n"),
        format!("services:\n  a: 1\n  a: {secret}\n"),
        format!("services: {secret}\n\u{1}"),
    ] {
        let wrong = look(&[input("compose.yaml", &broken)]).unwrap_err();
        assert!(!format!("{wrong:?}").contains("hunter2"), "{wrong:?}");
    }
    let wrong = look(&[input("nginx.conf", &format!("a \"{secret}"))]).unwrap_err();
    assert!(!format!("{wrong:?}").contains("hunter2"), "{wrong:?}");
}

#[test]
fn a_number_that_cannot_be_read_is_said_and_nothing_rests_on_it() {
    let files = |max: &str, memory: &str| {
        [
            input(
                "compose.yaml",
                &format!(
                    "services:\n  api: {{ image: \"a:1\", command: \"uvicorn a --workers 50\", environment: {{ DB_POOL_SIZE: 20 }} }}\n  db: {{ image: \"mysql:8.4\", mem_limit: {memory} }}\n"
                ),
            ),
            input("my.cnf", &format!("[mysqld]\nmax_connections = {max}\ninnodb_buffer_pool_size = 4G\n")),
        ]
    };
    let rules = |linted: &loadline::lint::Linted| -> Vec<&str> {
        let rules = linted.findings.iter().map(|it| it.rule.id);
        rules.filter(|id| id.contains("connections") || id.contains("memory")).collect()
    };
    let read = look(&files("200", "1g")).unwrap();
    assert_eq!(rules(&read), ["buffer-pool-above-memory", "pools-exceed-connections"]);
    assert_eq!(read.notes, []);
    let unread = look(&files("lots", "\"${MEMORY}\"")).unwrap();
    assert_eq!(rules(&unread), [""; 0]);
    let notes: Vec<String> = unread.notes.iter().map(|it| format!("{} {}", it.place, it.sentence)).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].starts_with("compose.yaml:3:"), "{notes:?}");
    assert!(notes[1].starts_with("my.cnf:2:19 max_connections cannot be read"), "{notes:?}");
}
