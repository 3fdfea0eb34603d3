//! The waiting time an arriving request meets at a station, as a table to draw from.
//!
//! With j others at m servers the wait is 0 for j < m and Erlang(j-m+1) in units of the time between departures
//! otherwise. The table maps a standard exponential variate e to the wait that is exceeded with probability
//! exp(-e); for an open station that is a straight line, so straight pieces are accurate everywhere. Because the
//! variate does not depend on the load, the same draws serve every load and every server count.

/// Points at which the distribution is computed, and cells of the table.
const POINTS: usize = 160;
const CELLS: usize = 512;
/// The table ends where the wait is exceeded with probability exp(-18) = 1.5e-8; above, its last slope goes on.
const LAST_EXPONENT: f64 = 18.0;

/// Wait by exponential variate, in seconds.
#[derive(Debug, Clone)]
pub(super) struct WaitTable {
    /// No wait up to this variate.
    from: f32,
    cells_per_unit: f32,
    wait_s: Vec<f32>,
    /// Mean wait in seconds, exact.
    pub(super) mean_s: f64,
}

impl WaitTable {
    /// `arrivals[j]` is the probability of finding j others; `unit_s` the mean time between departures when all
    /// `servers` are busy.
    pub(super) fn new(arrivals: &[f64], servers: usize, unit_s: f64) -> Self {
        // beyond[i] = P(more than i departures are needed first)
        let mut beyond: Vec<f64> = arrivals.iter().skip(servers).copied().collect();
        for i in (1..beyond.len()).rev() {
            beyond[i - 1] += beyond[i];
        }
        let mean_s = beyond.iter().sum::<f64>() * unit_s;
        let waits = beyond.first().copied().unwrap_or(0.0).min(1.0);
        let never = Self { from: f32::INFINITY, cells_per_unit: 0.0, wait_s: vec![0.0; 2], mean_s };
        if waits < 1e-8 || unit_s <= 0.0 {
            return never;
        }
        let exponents = exponents(&beyond);
        if exponents.len() < 2 {
            // Waiting is so rare that its tail has one point: no percentile sees it.
            return never;
        }
        let from = -waits.ln();
        let step = (LAST_EXPONENT - from) / CELLS as f64;
        let mut wait_s = Vec::with_capacity(CELLS + 1);
        let mut at = 0;
        for cell in 0..=CELLS {
            let exponent = from + step * cell as f64;
            while at + 2 < exponents.len() && exponents[at + 1].1 < exponent {
                at += 1;
            }
            let ((t0, e0), (t1, e1)) = (exponents[at], exponents[at + 1]);
            let part = if e1 > e0 { ((exponent - e0) / (e1 - e0)).max(0.0) } else { 0.0 };
            wait_s.push(((t0 + part * (t1 - t0)) * unit_s) as f32);
        }
        Self { from: from as f32, cells_per_unit: (1.0 / step) as f32, wait_s, mean_s }
    }

    /// The wait in seconds for a standard exponential variate.
    #[inline]
    pub(super) fn wait_s(&self, variate: f32) -> f32 {
        if variate <= self.from {
            return 0.0;
        }
        let place = (variate - self.from) * self.cells_per_unit;
        let cell = (place as usize).min(self.wait_s.len() - 2);
        let (low, high) = (self.wait_s[cell], self.wait_s[cell + 1]);
        low + (place - cell as f32) * (high - low)
    }
}

/// Pairs (t, -ln P(wait > t)), t in units of the time between departures; ascending, first at t = 0.
fn exponents(beyond: &[f64]) -> Vec<(f64, f64)> {
    let waits = beyond[0];
    let count_at = |share: f64| beyond.partition_point(|b| *b > share) as f64;
    let least = count_at(waits * (1.0 - 1e-4));
    let first = (least - 6.0 * least.sqrt() - 6.0).max(0.0);
    let most = count_at(1e-10);
    let last = most + 8.0 * most.sqrt() + 20.0;
    let mut pairs = vec![(0.0, -waits.ln())];
    for point in 0..=POINTS {
        let t = first + (last - first) * point as f64 / POINTS as f64;
        let exponent = -exceeded(beyond, t).ln();
        if t > 0.0 && exponent.is_finite() {
            pairs.push((t, exponent));
        }
        if exponent > LAST_EXPONENT {
            break;
        }
    }
    pairs
}

/// P(wait > t) = sum over i of Poisson(i; t) beyond[i]: i departures in t were not enough.
fn exceeded(beyond: &[f64], t: f64) -> f64 {
    let mode = t.floor() as usize;
    let at = |i: usize| beyond.get(i).copied().unwrap_or(0.0);
    let (mut whole, mut sum) = (1.0, at(mode));
    let mut weight = 1.0;
    for i in mode + 1.. {
        weight *= t / i as f64;
        whole += weight;
        sum += weight * at(i);
        if weight < 1e-17 * whole {
            break;
        }
    }
    weight = 1.0;
    for i in (0..mode).rev() {
        weight *= (i + 1) as f64 / t;
        whole += weight;
        sum += weight * at(i);
        if weight < 1e-17 * whole {
            break;
        }
    }
    sum / whole
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M/M/1 at load rho: arrivals are geometric, the wait is 0 with 1-rho and exponential with rate 1-rho else.
    #[test]
    fn wait_of_an_open_single_server_is_exponential() {
        let rho = 0.8_f64;
        let arrivals: Vec<f64> = (0..400).map(|j| (1.0 - rho) * rho.powi(j)).collect();
        let table = WaitTable::new(&arrivals, 1, 0.25);
        assert!((table.mean_s - 0.25 * rho / (1.0 - rho)).abs() < 1e-9);
        assert_eq!(table.wait_s(-rho.ln() as f32 * 0.999), 0.0);
        for exponent in [0.5_f64, 2.0, 5.0, 10.0, 15.0] {
            let wanted = (exponent + rho.ln()) / (1.0 - rho) * 0.25;
            let found = f64::from(table.wait_s(exponent as f32));
            assert!((found / wanted - 1.0).abs() < 2e-3, "{found} for {wanted} at {exponent}");
        }
    }

    /// Always exactly j others before a single server: Erlang(j), whose median is j - 1/3 but for O(1/j).
    #[test]
    fn wait_behind_a_known_queue_is_erlang() {
        let mut arrivals = vec![0.0; 2001];
        arrivals[2000] = 1.0;
        let table = WaitTable::new(&arrivals, 1, 1.0);
        let median = f64::from(table.wait_s(2.0_f32.ln()));
        assert!((median - (2000.0 - 1.0 / 3.0)).abs() < 0.3, "{median}");
        assert!((table.mean_s - 2000.0).abs() < 1e-9);
    }

    #[test]
    fn nobody_waits_where_servers_outnumber_requests() {
        let table = WaitTable::new(&[0.5, 0.5], 2, 1.0);
        assert_eq!((table.wait_s(30.0), table.mean_s), (0.0, 0.0));
    }
}
