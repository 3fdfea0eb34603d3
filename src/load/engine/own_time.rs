//! How much of the processors this process uses.

use std::time::Instant;

/// Ticks of the kernel's clock in a second, as /proc counts them (proc(5): sysconf(_SC_CLK_TCK), 100 on every Linux of today).
const TICKS: f64 = 100.0;

/// A moment, and the processor time used until then.
pub(super) struct OwnTime {
    at: Instant,
    used_s: Option<f64>,
}

impl OwnTime {
    pub(super) fn new() -> Self {
        Self { at: Instant::now(), used_s: used_s() }
    }

    /// Share of the processors that this process may use which it has used since then, 0..=1; 0 where the kernel does not say.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn share(&self) -> f64 {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as f64;
        let passed = self.at.elapsed().as_secs_f64();
        match (self.used_s, used_s()) {
            (Some(before), Some(now)) if passed > 0.0 => {
                ((now - before) / passed / processors).clamp(0.0, 1.0)
            }
            _ => 0.0,
        }
    }
}

/// Processor time of this process, s.
fn used_s() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold anything; utime and stime are the 12th and 13th after it.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some((next()? + next()?) / TICKS)
}
