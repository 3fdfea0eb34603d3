//! A release that is cut off at each of its calls to the engine, and the run after it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use loadline::deploy::run::{End, Lock};

use crate::support::{How, changed, hosts_or_skip, lost, released, seen, stack};

/// Ends the shell, as a power cut would, before or after the engine's call with the number in `at`; each call is counted.
fn cutting(script: &str, at: usize) -> String {
    let cut = format!(
        "docker() {{
            called=$(($(cat /calls 2>/dev/null || echo 0) + 1)); echo $called >/calls
            [ $called -ne {at} ] || kill -9 $$
            command docker \"$@\"
        }}
        finish() {{ say end; exit 0; }}
"
    );
    script.replacen("finish() { say end; exit 0; }\n", &cut, 1)
}

#[test]
fn a_run_that_is_cut_off_anywhere_is_brought_to_its_end_by_the_next() {
    let hosts = hosts_or_skip!(1);
    released(&hosts, &stack("1", "", 1), "a1");
    let ids = [
        "b01", "b02", "b03", "b04", "b05", "b06", "b07", "b08", "b09", "b10", "b11", "b12", "b13", "b14",
        "b15",
    ];
    let ends = Arc::new(AtomicUsize::new(0));
    for (number, id) in ids.iter().enumerate() {
        hosts[0].sh("rm -f /calls");
        // From the locks on: what looks is cut off without harm. The three looks ask the engine some ten times.
        hosts[0].edit(move |script| cutting(script, 8 + 3 * number));
        let (outcome, _) = changed(&hosts, &stack("2", "", 1), &How { token: id, ..How::new(id) });
        hosts[0].plain();
        ends.fetch_add(usize::from(outcome.end == End::Done), Ordering::SeqCst);
        assert_eq!(lost(&hosts[0]), "", "cut off at call {}", 8 + 3 * number);
        let there = seen(&hosts[0]);
        let current = there.current.clone().unwrap();
        assert!(
            there.release(&current).unwrap().healthy == 4,
            "cut off at call {}: {there:?}",
            8 + 3 * number
        );
        // Whoever comes next takes the lock of the run that is no more.
        let again = How {
            lock: Lock::TakeOver,
            token: "next",
            ..How::new(if number % 2 == 0 { "c1" } else { "c2" })
        };
        let stack = stack("3", "", 1);
        let (outcome, _) = changed(&hosts, &stack, &again);
        assert_eq!(outcome.end, End::Done, "after a cut at call {}: {:#?}", 8 + 3 * number, outcome.hosts);
        assert_eq!(lost(&hosts[0]), "");
        let there = seen(&hosts[0]);
        let running: Vec<&str> =
            there.releases.iter().filter(|it| it.running > 0).map(|it| it.id.as_str()).collect();
        assert_eq!(running, [again.id], "what has no traffic does not run");
    }
}
