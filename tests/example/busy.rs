//! CPU time of processes, second by second, as the utilisation of the part of the stack that they are.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Ticks of /proc in a second (USER_HZ, the same on every Linux).
const TICKS: f64 = 100.0;
const HEADING: &str = "timestamp,component,utilisation,cores\n";

/// Watches until it is asked for what it saw.
pub(crate) struct Watch {
    stop: Arc<AtomicBool>,
    text: Arc<Mutex<String>>,
    thread: JoinHandle<()>,
}

/// CPU time of a process with all its threads, s.
fn cpu_s(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    // The name may hold blanks: figures begin behind its bracket, at the third field.
    let figures: Vec<&str> = text.rsplit_once(')').unwrap().1.split_whitespace().collect();
    (figures[11].parse::<f64>().unwrap() + figures[12].parse::<f64>().unwrap()) / TICKS
}

impl Watch {
    /// `parts`: name, processes, cores.
    pub(crate) fn begin(parts: Vec<(&'static str, Vec<u32>, f64)>) -> Self {
        let (stop, text) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(HEADING.to_owned())));
        let (stopped, written) = (Arc::clone(&stop), Arc::clone(&text));
        let thread = std::thread::spawn(move || {
            let now_s = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
            let sums = || -> Vec<f64> {
                parts.iter().map(|(_, pids, _)| pids.iter().map(|pid| cpu_s(*pid)).sum()).collect()
            };
            let mut before = (now_s(), sums());
            while !stopped.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_secs(1));
                let now = (now_s(), sums());
                for (index, (name, _, cores)) in parts.iter().enumerate() {
                    let busy = (now.1[index] - before.1[index]) / (now.0 - before.0) / cores;
                    // The clock of a process and that of the machine tick apart.
                    writeln!(written.lock().unwrap(), "{:.3},{name},{:.4},{cores}", now.0, busy.min(1.0))
                        .unwrap();
                }
                before = now;
            }
        });
        Self { stop, text, thread }
    }

    pub(crate) fn end(self) -> String {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.join().unwrap();
        Arc::try_unwrap(self.text).unwrap().into_inner().unwrap()
    }
}
