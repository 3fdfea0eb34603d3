//! Stations fed from outside at a given rate: workers behind a queue, background tasks, connection pools.
//!
//! Erlang's delay formula (1917) for the probability of waiting; Allen-Cunneen with the correction of Kraemer and
//! Langenbach-Belz for arrivals and service that are not exponential.

/// Probability that an arrival waits at `servers` servers offered `offered_load` erlangs (arrival rate x service
/// time): Erlang C. 1 if the load is not below the servers. Safe for any number of servers.
#[must_use]
pub fn erlang_c(servers: u32, offered_load: f64) -> f64 {
    if offered_load <= 0.0 {
        return 0.0;
    }
    if offered_load.is_nan() || offered_load >= f64::from(servers) {
        return 1.0;
    }
    let blocked = (1..=servers).fold(1.0, |blocked, k| next_blocking(blocked, k, offered_load));
    delay_from_blocking(blocked, servers, offered_load)
}

/// Erlang B with one server more; only ratios below 1, so nothing overflows.
fn next_blocking(blocked: f64, servers: u32, offered_load: f64) -> f64 {
    let x = offered_load * blocked;
    x / (f64::from(servers) + x)
}

fn delay_from_blocking(blocked: f64, servers: u32, offered_load: f64) -> f64 {
    let load = offered_load / f64::from(servers);
    (blocked / (1.0 - load * (1.0 - blocked))).min(1.0)
}

/// Smallest number of connections (or servers) at which an arrival waits with at most `wait_probability` while
/// `offered` are held on average; at least 1.
#[must_use]
pub fn pool_size(offered: f64, wait_probability: f64) -> u32 {
    if offered.is_nan() || offered <= 0.0 {
        return 1;
    }
    let mut blocked = 1.0;
    for servers in 1..u32::MAX {
        blocked = next_blocking(blocked, servers, offered);
        let stable = f64::from(servers) > offered;
        if stable && (blocked == 0.0 || delay_from_blocking(blocked, servers, offered) <= wait_probability) {
            return servers;
        }
    }
    u32::MAX
}

/// A station with arrivals from outside, first come, first served.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenStation {
    /// Arrivals per second.
    pub arrival_rps: f64,
    /// Squared coefficient of variation of the time between arrivals; 1 for arrivals at random.
    pub arrival_cv2: f64,
    /// Mean service time in seconds.
    pub service_s: f64,
    /// Squared coefficient of variation of the service time.
    pub service_cv2: f64,
    /// Servers.
    pub servers: u32,
}

impl OpenStation {
    /// Busy share of the servers; 1 and above means that the queue grows without end.
    #[must_use]
    pub fn utilisation(&self) -> f64 {
        self.arrival_rps * self.service_s / f64::from(self.servers)
    }

    /// Probability that an arrival waits at all (Erlang C).
    #[must_use]
    pub fn wait_probability(&self) -> f64 {
        erlang_c(self.servers, self.arrival_rps * self.service_s)
    }

    /// Mean wait of all arrivals in seconds, infinite if the queue grows without end.
    ///
    /// Exact for M/M/c and M/G/1. Simulated M/G/64: within 8 % for exponential service; for a service cv2 of 4
    /// 77 % too long at a utilisation of 0.75 (where the wait is small), 31 % at 0.9, 7 % at 0.95.
    #[must_use]
    pub fn mean_wait_s(&self) -> f64 {
        let load = self.utilisation();
        if load >= 1.0 {
            return f64::INFINITY;
        }
        if load <= 0.0 {
            return 0.0;
        }
        let exponential = self.wait_probability() * self.service_s / (f64::from(self.servers) * (1.0 - load));
        exponential * (self.arrival_cv2 + self.service_cv2) / 2.0 * self.arrival_correction(load)
    }

    /// Kraemer and Langenbach-Belz: 1 for arrivals at random.
    fn arrival_correction(&self, load: f64) -> f64 {
        let (arrivals, service) = (self.arrival_cv2, self.service_cv2);
        if arrivals + service <= 0.0 {
            return 1.0;
        }
        let deviation = arrivals - 1.0;
        let exponent = if arrivals <= 1.0 {
            2.0 * (1.0 - load) / (3.0 * load) * deviation * deviation / (arrivals + service)
        } else {
            (1.0 - load) * deviation / (arrivals + 4.0 * service)
        };
        (-exponent).exp()
    }

    /// Wait in seconds that a share `p` (0 to 1) of the arrivals does not exceed: none with the probability of not
    /// waiting, exponential for the others (exact for M/M/c). Infinite if the queue grows without end.
    #[must_use]
    pub fn wait_quantile_s(&self, p: f64) -> f64 {
        let waits = self.wait_probability();
        if self.utilisation() >= 1.0 {
            return f64::INFINITY;
        }
        if waits <= 1.0 - p {
            return 0.0;
        }
        self.mean_wait_s() / waits * (waits / (1.0 - p)).ln()
    }
}
