//! Many hosts at once.

use std::sync::Arc;
use std::time::Duration;

use loadline::hosts::{HostErrorClass, Outcome, Patience, Target, Way, each};
use tokio::sync::watch;

use super::client::{A_WHILE, Home, nobody};
use super::sshd::{Options, Sshd};

/// So many servers, started side by side.
fn servers(number: usize) -> Option<Vec<Sshd>> {
    let started: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..number).map(|_| scope.spawn(|| Sshd::start(&Options::new().in_own_network()))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    started.into_iter().collect()
}

#[tokio::test]
async fn ten_hosts_at_once_answer_in_their_order_and_a_dead_one_costs_only_itself() {
    let Some(servers) = servers(10) else { return };
    let home = Home::known_to(&servers.iter().collect::<Vec<_>>());
    let targets: Vec<Target> = servers.iter().map(|it| Target::parse(&it.target("root")).unwrap()).collect();
    servers[3].inside("ip link set inside0 down");
    let patience = Patience { connect: Duration::from_secs(2), ..Patience::default() };
    let ssh = Arc::new(home.patient(&nobody(), patience));
    let (_keep, stop) = watch::channel(false);
    let outcomes = each(
        targets.clone(),
        Way::default(),
        &stop,
        |_, _| (),
        |target| {
            let ssh = Arc::clone(&ssh);
            async move {
                ssh.connect(&target)
                    .await?
                    .run("hostname -I 2>/dev/null || ip -4 -o addr show dev inside0", A_WHILE)
                    .await
            }
        },
    )
    .await;
    for (index, (target, outcome)) in outcomes.iter().enumerate() {
        assert_eq!(target, &targets[index]);
        match outcome {
            Outcome::Done(said) => {
                let text = String::from_utf8_lossy(&said.stdout);
                assert!(text.contains(&servers[index].address().to_string()), "{target}: {text}");
            }
            Outcome::Failed(error) => {
                assert_eq!(index, 3, "{error}");
                assert!(
                    matches!(error.class, HostErrorClass::TimedOut | HostErrorClass::Unreachable),
                    "{error}"
                );
            }
            Outcome::NotBegun => panic!("{target} was not begun"),
        }
    }
}

/// The figures of connecting: `cargo test --release --test hosts -- --ignored --nocapture figures`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn figures_of_connecting_to_many_hosts() {
    for number in [10, 50] {
        let Some(servers) = servers(number) else { return };
        let home = Home::known_to(&servers.iter().collect::<Vec<_>>());
        let targets: Vec<Target> =
            servers.iter().map(|it| Target::parse(&it.target("root")).unwrap()).collect();
        for _ in 0..3 {
            let ssh = Arc::new(home.ssh(&nobody()));
            let (_keep, stop) = watch::channel(false);
            let begun = std::time::Instant::now();
            let outcomes = each(
                targets.clone(),
                Way::default(),
                &stop,
                |_, _| (),
                |target| {
                    let ssh = Arc::clone(&ssh);
                    async move { ssh.connect(&target).await?.run("true", A_WHILE).await }
                },
            )
            .await;
            let wall = begun.elapsed();
            assert!(outcomes.iter().all(|(_, outcome)| matches!(outcome, Outcome::Done(_))));
            eprintln!("{number} hosts, this program: {:.0} ms", wall.as_secs_f64() * 1e3);
            for kex in ["", "-oKexAlgorithms=curve25519-sha256"] {
                let list: String = servers.iter().map(|it| format!("{}\n", it.address())).collect();
                let file = home.ssh_folder().join("list");
                std::fs::write(&file, list).unwrap();
                let command = format!(
                    "xargs -a {} -P {number} -I HOST ssh -F none -l root {kex} -i {}/id_ed25519 -oUserKnownHostsFile={} HOST true",
                    file.display(),
                    home.ssh_folder().display(),
                    home.known_hosts().display()
                );
                let begun = std::time::Instant::now();
                super::sshd::run(&["sh", "-c", &command]);
                eprintln!("{number} hosts, xargs ssh {kex}: {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
}
