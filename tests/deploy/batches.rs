//! Several hosts, batch by batch.

use loadline::deploy::run::{End, Event, HostState};

use crate::support::{How, changed, hosts_or_skip, lost, released, seen, stack};

#[test]
fn batches_follow_each_other_and_each_takes_its_traffic_first() {
    let hosts = hosts_or_skip!(4);
    let (outcome, events) =
        changed(&hosts, &stack("1", "", 4), &How { serial: Some("50%"), ..How::new("a1") });
    assert_eq!(outcome.end, End::Done, "{:#?}", outcome.hosts);
    let line = |event: &Event| match event {
        Event::Batch { number, hosts, .. } => Some(format!("batch {number} {}", hosts.join(" "))),
        Event::Done { host, doing: "moving the traffic" } => Some(format!("moved {host}")),
        _ => None,
    };
    let lines: Vec<String> = events.iter().filter_map(line).collect();
    assert_eq!(
        lines,
        ["batch 1 web1 web2", "moved web1", "moved web2", "batch 2 web3 web4", "moved web3", "moved web4"]
    );
}

#[test]
fn an_unhealthy_batch_brings_the_batches_before_it_back() {
    let hosts = hosts_or_skip!(3);
    released(&hosts, &stack("1", "", 3), "a1");
    hosts[1].sh("touch /sick");
    let (outcome, events) = changed(&hosts, &stack("2", "", 3), &How { serial: Some("1"), ..How::new("a2") });
    // What makes web2 sick makes its old release sick too: it cannot go back, and says so.
    assert_eq!(outcome.end, End::PartWay);
    let states: Vec<HostState> = outcome.hosts.iter().map(|end| end.state).collect();
    assert_eq!(states, [HostState::WentBack, HostState::Between, HostState::Untouched]);
    assert!(events.iter().any(|event| matches!(event, Event::GoingBack { hosts } if hosts.len() == 2)));
    for host in [0, 2] {
        assert_eq!((seen(&hosts[host]).current.as_deref(), lost(&hosts[host]).as_str()), (Some("a1"), ""));
        assert_eq!(seen(&hosts[host]).release("a1").unwrap().healthy, 2);
        assert!(seen(&hosts[host]).release("a2").is_none());
    }
    // Once it is well again the same release goes through.
    hosts[1].sh("rm /sick");
    released(&hosts, &stack("2", "", 3), "a3");
    for host in &hosts {
        assert_eq!((seen(host).current.as_deref(), lost(host).as_str()), (Some("a3"), ""));
    }
}

#[test]
fn a_stop_between_batches_leaves_each_host_with_one_whole_release() {
    let hosts = hosts_or_skip!(3);
    released(&hosts, &stack("1", "", 3), "a1");
    let stop_at: fn(&Event) -> bool = |event| matches!(event, Event::Batch { number: 2, .. });
    let how = How { serial: Some("1"), stop_at: Some(stop_at), ..How::new("a2") };
    let (outcome, _) = changed(&hosts, &stack("2", "", 3), &how);
    assert_eq!(outcome.end, End::Stopped);
    let current: Vec<_> = hosts.iter().map(|host| seen(host).current.unwrap()).collect();
    assert_eq!(current, ["a2", "a2", "a1"], "the batch that had begun was finished");
    assert!(hosts.iter().all(|host| seen(host).holder.is_none() && lost(host).is_empty()));
}

#[test]
fn a_rollback_goes_to_the_release_that_was_kept_and_back_again() {
    let hosts = hosts_or_skip!(2);
    released(&hosts, &stack("1", "", 2), "a1");
    released(&hosts, &stack("2", "", 2), "a2");
    let stack = stack("2", "", 2);
    let back = How { made: false, serial: Some("1"), ..How::new("a1") };
    let (outcome, _) = changed(&hosts, &stack, &back);
    assert_eq!(outcome.end, End::Done, "{:#?}", outcome.hosts);
    for host in &hosts {
        let there = seen(host);
        assert_eq!((there.current.as_deref(), lost(host).as_str()), (Some("a1"), ""));
        assert_eq!(there.release("a1").unwrap().healthy, 2);
        assert_eq!(there.release("a2").unwrap().running, 0, "it is kept, and may be gone forward to");
    }
    let (outcome, _) = changed(&hosts, &stack, &How { made: false, ..How::new("a2") });
    assert_eq!(outcome.end, End::Done);
    let (outcome, _) = changed(&hosts, &stack, &How { made: false, ..How::new("a0") });
    assert_eq!(outcome.end, End::Refused);
    assert!(outcome.hosts[0].trouble.as_ref().unwrap().sentence.contains("release a0 is not kept there"));
}
