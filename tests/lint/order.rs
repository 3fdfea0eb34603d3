//! Files in any order, the same answer.

use proptest::prelude::*;

use loadline::lint::{Context, Input, lint};

use crate::support::{Shelf, input, spec};

fn files() -> Vec<Input> {
    vec![
        input(
            "docker-compose.yml",
            "services:\n  api:\n    image: a:1\n    command: gunicorn a -w 4\n    environment: [DB_POOL_SIZE=20, DB_MAX_OVERFLOW=30]\n  db:\n    image: mysql:8.4\n",
        ),
        input(
            "docker-compose.prod.yml",
            "services:\n  api:\n    deploy: { replicas: 6 }\n    environment: { DB_POOL_SIZE: 40 }\n",
        ),
        input(
            "docker-compose.override.yml",
            "services:\n  db:\n    mem_limit: 1g\n    command: --max-connections=300\n",
        ),
        input(
            "nginx.conf",
            "events {}\nhttp { upstream u { server api:9000; keepalive 400; } server { listen 80 backlog=9000; location / { proxy_pass http://u; } } }\n",
        ),
        input(
            "site.conf",
            "server { listen 81; keepalive_timeout 5; location / { proxy_pass http://nowhere:1; } }\n",
        ),
        input("a.cnf", "[mysqld]\nmax_connections = 100\ninnodb_buffer_pool_size = 2G\n"),
        input("z.cnf", "[mysqld]\nmax_connections = 200\n"),
        input("redis.conf", "maxmemory 1gb\n"),
        input("valkey.conf", "tcp-backlog 9000\n"),
    ]
}

proptest! {
    // Each case sizes the spec anew.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_permutation_of_the_files_gives_the_same_answer(shuffled in Just(files()).prop_shuffle()) {
        let spec = spec();
        let context = Context { spec: Some(("spec.yaml", &spec)), balancer_idle_s: Some(60.0) };
        let one = lint(&files(), &Shelf::default(), context).unwrap();
        prop_assert!(one.findings.len() > 8, "{}", one.findings.len());
        prop_assert_eq!(one, lint(&shuffled, &Shelf::default(), context).unwrap());
    }
}

#[test]
fn a_file_that_is_named_twice_counts_once() {
    let mut twice = files();
    twice.extend(files());
    let look = |inputs: &[Input]| lint(inputs, &Shelf::default(), Context::default()).unwrap();
    assert_eq!(look(&twice), look(&files()));
}
