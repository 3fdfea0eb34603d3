//! Two runs on the same hosts.

use loadline::deploy::run::{End, Lock, TroubleClass, unlock};

use crate::support::{How, changed, hosts_or_skip, reached, released, seen, stack, wait};

const LOCK: &str = "mkdir -p /var/lib/loadline/deploy/shop
    printf 'token other\\nsince %s\\nuntil %s\\nwho bob@laptop\\nwhy release of 7\\n' 1795700000 \"$UNTIL\" \
    >/var/lib/loadline/deploy/shop/lock";

#[test]
fn a_second_run_is_refused_with_who_and_why_and_touches_no_host() {
    let hosts = hosts_or_skip!(2);
    hosts[1].sh(&format!("UNTIL=$(($(date +%s) + 600)); {LOCK}"));
    let (outcome, _) = changed(&hosts, &stack("1", "", 2), &How::new("a1"));
    assert_eq!(outcome.end, End::Held);
    let trouble = outcome.hosts[1].trouble.as_ref().unwrap();
    assert!(trouble.sentence.contains("bob@laptop holds it: release of 7"), "{trouble:?}");
    assert!(matches!(&trouble.class, TroubleClass::Held(holder) if holder.since_s == 1_795_700_000));
    assert_eq!((seen(&hosts[0]).holder, seen(&hosts[0]).ground), (None, None));
    let (outcome, _) = changed(&hosts, &stack("1", "", 2), &How { lock: Lock::TakeOver, ..How::new("a1") });
    assert_eq!(outcome.end, End::Done, "{:#?}", outcome.hosts);
}

#[test]
fn a_lock_whose_time_is_over_holds_nobody_up() {
    let hosts = hosts_or_skip!(1);
    hosts[0].sh(&format!("UNTIL=1795700600; {LOCK}"));
    hosts[0].sh("sed -i 's/^until .*/until 5/' /var/lib/loadline/deploy/shop/lock");
    released(&hosts, &stack("1", "", 1), "a1");
}

#[test]
fn a_run_whose_lock_was_taken_over_does_nothing_more() {
    let hosts = hosts_or_skip!(1);
    released(&hosts, &stack("1", "", 1), "a1");
    // Another run takes it over just before the containers are started.
    hosts[0].edit(|script| {
        let take = "sed -i 's/^token .*/token other/' \"$state/lock\"\n";
        script.replace("\nstart 'a2'", &format!("\n{take}mine 'token-1' 60\nstart 'a2'"))
    });
    let (outcome, _) = changed(&hosts, &stack("2", "", 1), &How::new("a2"));
    hosts[0].plain();
    assert_eq!(outcome.end, End::PartWay, "it cannot even go back: the host is somebody else's");
    let there = seen(&hosts[0]);
    assert_eq!(there.current.as_deref(), Some("a1"));
    assert_eq!(there.release("a2").unwrap().containers, 0);
    assert!(there.holder.is_some(), "a lock of somebody else is not given back");
}

#[test]
fn a_lock_can_be_ended_by_hand() {
    let hosts = hosts_or_skip!(1);
    hosts[0].sh(&format!("UNTIL=$(($(date +%s) + 600)); {LOCK}"));
    let ways = reached(&hosts);
    let within = std::time::Duration::from_secs(30);
    assert_eq!(wait(unlock(&ways[0], "shop", within)).unwrap().as_deref(), Some("bob@laptop"));
    assert_eq!(wait(unlock(&ways[0], "shop", within)).unwrap(), None);
    released(&hosts, &stack("1", "", 1), "a1");
}
