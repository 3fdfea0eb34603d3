//! How long it takes to tune many hosts, beside two configuration tools that do the same work on the same machine in the same run,
//! and beside a bare connection with one command by the same SSH library.
//!
//! Run as root with `cargo bench --bench tune`; `LOADLINE_BENCH_HOSTS=1,50` says how many hosts, `LOADLINE_BENCH_ALONE=1` leaves the
//! other tools out. They come from PyPI, once, into cargo's folder. Prints medians and ratios of one run; nothing fails by time.

#![allow(clippy::print_stdout, reason = "a benchmark reports to its terminal")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot make its hosts should stop")]

mod bare;
mod fleet;
mod peers;
#[path = "../../tests/support/sshd.rs"]
mod sshd;

use std::process::Command;
use std::time::{Duration, Instant};

use fleet::Fleet;
use nix::sys::resource::{UsageWho, getrusage};
use peers::Peers;

/// Wall clock and processor time of one run of one tool.
#[derive(Debug, Clone, Copy)]
struct Cost {
    wall: Duration,
    cpu: Duration,
}

impl Cost {
    fn show(self, what: &str, ours: Option<Self>) {
        let ratio = ours.map_or(String::new(), |ours| {
            format!("   {:.1} x ours", self.wall.as_secs_f64() / ours.wall.as_secs_f64())
        });
        println!("  {what:<34} {:>9.2?}  {:>9.2?} of CPU{ratio}", self.wall, self.cpu);
    }
}

/// Runs a command that has to end well.
fn measure(command: &mut Command) -> Cost {
    let (begun, before) = (Instant::now(), cpu_time(UsageWho::RUSAGE_CHILDREN));
    let output = command.output().unwrap();
    let cost = Cost { wall: begun.elapsed(), cpu: cpu_time(UsageWho::RUSAGE_CHILDREN) - before };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}\n{}", String::from_utf8_lossy(&output.stdout));
    cost
}

/// Processor time of this process, or of everything that it started and waited for; the servers are not.
fn cpu_time(of: UsageWho) -> Duration {
    let usage = getrusage(of).unwrap();
    [usage.user_time(), usage.system_time()]
        .iter()
        .map(|time| Duration::new(time.tv_sec().unsigned_abs(), time.tv_usec() as u32 * 1000))
        .sum()
}

fn main() {
    let numbers = std::env::var("LOADLINE_BENCH_HOSTS").unwrap_or_else(|_| "1,50,200".to_owned());
    let peers = std::env::var_os("LOADLINE_BENCH_ALONE").is_none().then(Peers::installed);
    for number in numbers.split(',') {
        let number: usize = number.trim().parse().expect("LOADLINE_BENCH_HOSTS is numbers apart by commas");
        let Some(ours) = of_ours(number) else { return };
        if let Some(peers) = &peers {
            of_peers(peers, number, ours);
        }
    }
}

/// This program; what its first apply took.
fn of_ours(number: usize) -> Option<Cost> {
    let fleet = Fleet::start(number)?;
    println!("{number} hosts");
    let bare = fleet::middle((0..5).map(|_| bare::connect_and_run(&fleet)));
    bare.show("bare connection and one command", None);
    let first = measure(&mut fleet.loadline("apply"));
    first.show("loadline, first apply", None);
    let again = fleet::middle((0..3).map(|_| measure(&mut fleet.loadline("apply"))));
    again.show("loadline, second apply", None);
    let plan = fleet::middle((0..3).map(|_| measure(&mut fleet.loadline("plan"))));
    plan.show("loadline, plan", None);
    let over = |cost: Cost| cost.wall.as_secs_f64() / bare.wall.as_secs_f64();
    println!("  of a bare connection: first apply {:.2} x, plan {:.2} x", over(first), over(plan));
    Some(first)
}

/// The other tools, each on servers of its own that nobody has touched.
fn of_peers(peers: &Peers, number: usize, ours: Cost) {
    for peer in peers.all() {
        let Some(fleet) = Fleet::start(number) else { return };
        peer.prepare(&fleet);
        measure(&mut peer.apply(&fleet)).show(&format!("{}, first apply", peer.name()), Some(ours));
        measure(&mut peer.apply(&fleet)).show(&format!("{}, second apply", peer.name()), None);
        measure(&mut peer.plan(&fleet)).show(&format!("{}, dry run", peer.name()), None);
        fleet.assert_tuned();
    }
}
