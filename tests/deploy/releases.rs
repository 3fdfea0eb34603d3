//! One host from release to release.

use loadline::deploy::run::{End, Engine, HostState};

use crate::host::host_or_skip;
use crate::support::{How, asked, changed, hosts_or_skip, lost, released, seen, stack};

#[test]
fn a_first_release_brings_up_what_stays_and_takes_the_traffic() {
    let hosts = hosts_or_skip!(1);
    let (outcome, _) = changed(
        &hosts,
        &stack("1", ", secrets: [SESSION_KEY]", 1),
        &How { secrets: "SESSION_KEY=\"s\\$cret\"\n", ..How::new("a1") },
    );
    assert_eq!(outcome.end, End::Done, "{:#?}", outcome.hosts);
    let there = seen(&hosts[0]);
    assert_eq!(there.current.as_deref(), Some("a1"));
    // Proxy, database, cache and queue.
    assert_eq!(there.ground, Some((4, 4, 4)));
    let release = there.release("a1").unwrap();
    assert_eq!((release.containers, release.healthy), (4, 4));
    assert_eq!((release.image.as_str(), release.who.as_str()), ("registry.example/shop:1", "ann@desk"));
    assert_eq!(there.holder, None, "the lock was given back");
    let sh = |text: &str| hosts[0].sh(text);
    assert_eq!(
        sh(
            "stat -c %a /var/lib/loadline/deploy/shop /var/lib/loadline/deploy/shop/releases/a1/env/secrets.env"
        ),
        "700\n600\n"
    );
    let secrets = sh("cat /var/lib/loadline/deploy/shop/releases/a1/env/secrets.env");
    assert!(secrets.contains("SESSION_KEY=\"s\\$cret\"\n"), "{secrets}");
    let password = sh("cat /var/lib/loadline/deploy/shop/ground/secrets/database_app");
    assert_eq!(password.len(), 48);
    assert!(
        secrets.contains(&format!("DATABASE_URL=mysql://app:{password}@database:3306/shop\n")),
        "{secrets}"
    );
    assert!(!asked(&hosts[0]).contains(&password), "a password is no argument");
    assert_eq!(sh("stat -c '%a %u' /var/lib/loadline/deploy/shop/ground/secrets/database_root"), "400 999\n");
}

#[test]
fn the_next_release_takes_over_without_a_request_lost_and_the_old_one_is_kept() {
    let hosts = hosts_or_skip!(1);
    released(&hosts, &stack("1", "", 1), "a1");
    let password = hosts[0].sh("cat /var/lib/loadline/deploy/shop/ground/secrets/database_app");
    released(&hosts, &stack("2", "", 1), "a2");
    let there = seen(&hosts[0]);
    assert_eq!(there.current.as_deref(), Some("a2"));
    assert_eq!((there.release("a1").unwrap().containers, there.release("a1").unwrap().running), (4, 0));
    released(&hosts, &stack("3", ", keep_releases: 1", 1), "a3");
    let there = seen(&hosts[0]);
    let ids: Vec<&str> = there.releases.iter().map(|release| release.id.as_str()).collect();
    assert_eq!(ids, ["a3", "a2"]);
    assert_eq!(lost(&hosts[0]), "");
    assert_eq!(
        hosts[0].sh("cat /var/lib/loadline/deploy/shop/ground/secrets/database_app"),
        password,
        "a password of data that is there is never made anew"
    );
}

#[test]
fn a_release_that_is_not_healthy_never_gets_traffic_and_leaves_nothing_behind() {
    let hosts = hosts_or_skip!(1);
    released(&hosts, &stack("1", "", 1), "a1");
    let (outcome, _) = changed(&hosts, &stack("sick", "", 1), &How::new("a2"));
    assert_eq!((outcome.end, outcome.hosts[0].state), (End::WentBack, HostState::WentBack));
    let trouble = outcome.hosts[0].trouble.as_ref().unwrap();
    assert!(
        trouble.sentence.contains("not all of its containers became healthy within 120 s"),
        "{trouble:?}"
    );
    assert!(trouble.said.iter().any(|line| line.contains("cannot reach its database")), "{trouble:?}");
    let there = seen(&hosts[0]);
    assert_eq!((there.current.as_deref(), there.releases.len()), (Some("a1"), 1));
    assert_eq!((there.release("a1").unwrap().healthy, lost(&hosts[0]).as_str()), (4, ""));
    assert_eq!(there.holder, None);
}

#[test]
fn a_first_release_that_is_not_healthy_leaves_no_release() {
    let hosts = hosts_or_skip!(1);
    let (outcome, _) = changed(&hosts, &stack("sick", "", 1), &How::new("a1"));
    assert_eq!(outcome.end, End::WentBack);
    assert_eq!((seen(&hosts[0]).current, seen(&hosts[0]).releases.len()), (None, 0));
}

#[test]
fn an_image_that_cannot_be_pulled_changes_nothing() {
    let hosts = hosts_or_skip!(2);
    let (outcome, _) = changed(&hosts, &stack("missing", "", 2), &How::new("a1"));
    assert_eq!(outcome.end, End::Refused);
    let trouble = outcome.hosts[0].trouble.as_ref().unwrap();
    assert!(trouble.sentence.contains("pulling registry.example/shop:missing"), "{trouble:?}");
    assert_eq!(
        trouble.said,
        ["Error response from daemon: manifest for registry.example/shop:missing not found"]
    );
    for host in &hosts {
        assert_eq!((seen(host).ground, seen(host).holder), (None, None));
    }
}

#[test]
fn a_migration_runs_once_and_its_failure_goes_back() {
    let hosts = hosts_or_skip!(2);
    let (outcome, _) = changed(&hosts, &stack("1", ", migrate: alembic upgrade head", 2), &How::new("a1"));
    assert_eq!(outcome.end, End::Done, "{:#?}", outcome.hosts);
    let ran = |index: usize| hosts[index].sh("cat /var/lib/engine/ran 2>/dev/null || true");
    assert_eq!((ran(0).as_str(), ran(1).as_str()), ("alembic upgrade head\n", ""));
    let (outcome, _) = changed(&hosts, &stack("2", ", migrate: alembic upgrade broken", 2), &How::new("a2"));
    assert_eq!(outcome.end, End::WentBack);
    let trouble = outcome.hosts[0].trouble.as_ref().unwrap();
    assert!(trouble.said.iter().any(|line| line.contains("Can't locate revision")), "{trouble:?}");
    assert_eq!(seen(&hosts[0]).current.as_deref(), Some("a1"));
}

#[test]
fn a_host_without_an_engine_says_what_to_install() {
    let host = host_or_skip!();
    host.sh("rm -f /usr/local/bin/docker /usr/bin/docker");
    let hosts = [host];
    let (outcome, _) = changed(&hosts, &stack("1", "", 1), &How::new("a1"));
    assert_eq!(outcome.end, End::Refused);
    let trouble = outcome.hosts[0].trouble.as_ref().unwrap();
    assert!(trouble.sentence.contains("has no container engine that answers"), "{trouble:?}");
    assert!(trouble.hint.as_ref().unwrap().contains("--install-engine"), "{trouble:?}");
    // There is no network in which anything could be installed: that is said, and nothing is released.
    let (outcome, _) =
        changed(&hosts, &stack("1", "", 1), &How { engine: Engine::Install, ..How::new("a1") });
    assert_eq!(outcome.end, End::Refused);
    assert!(outcome.hosts[0].trouble.as_ref().unwrap().sentence.starts_with("installing a container engine"));
}

#[test]
fn a_compose_that_cannot_wait_for_health_is_refused() {
    let hosts = hosts_or_skip!(1);
    hosts[0].sh("echo 1.29.2 >/compose-version");
    let (outcome, _) = changed(&hosts, &stack("1", "", 1), &How::new("a1"));
    assert_eq!(outcome.end, End::Refused);
    let trouble = outcome.hosts[0].trouble.as_ref().unwrap();
    assert!(trouble.sentence.contains("Docker Compose 1.29.2 is older than 2.20"), "{trouble:?}");
}
