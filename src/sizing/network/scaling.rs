//! How a station slows with the servers that are at work: Gunther's Universal Scalability Law (2007).
//!
//! With j servers at work each visit takes its time x (1 + alpha (j - 1) + beta j (j - 1)), so the station does
//! j / (1 + alpha (j - 1) + beta j (j - 1)) times what one server alone does. Where that falls again, servers beyond
//! the peak are taken to stand idle: the capacity is the maximum.

/// The law of a station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaling {
    /// What each further server costs each other one, as a share of the work: waiting for what only one can have.
    pub alpha: f64,
    /// What each pair of servers costs, as a share of the work: agreeing with each other.
    pub beta: f64,
    /// Real servers that a server of the network stands for, where a large system was divided.
    pub unit: f64,
}

impl Scaling {
    /// Servers do not get in each other's way.
    pub const NONE: Self = Self { alpha: 0.0, beta: 0.0, unit: 1.0 };

    /// A slowdown below this is less than CPU times are known to.
    pub const NOTICED: f64 = 1.05;

    /// The law with these coefficients.
    #[must_use]
    pub const fn new(alpha: f64, beta: f64) -> Self {
        Self { alpha, beta, unit: 1.0 }
    }

    /// Whether servers do not get in each other's way at all.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.alpha <= 0.0 && self.beta <= 0.0
    }

    /// How many times as long work takes with so many servers at work; 1 for one.
    #[must_use]
    pub fn slowdown(&self, at_work: f64) -> f64 {
        let (contention, coherency) = Self::terms(at_work * self.unit);
        1.0 + self.alpha * contention + self.beta * coherency
    }

    /// What the slowdown of so many real servers is linear in: the factors of alpha and of beta.
    #[must_use]
    pub fn terms(at_work: f64) -> (f64, f64) {
        let further = (at_work - 1.0).max(0.0);
        (further, further * at_work)
    }

    /// Servers with which the station does the most; infinite where more of them always do more.
    #[must_use]
    pub fn peak(&self) -> f64 {
        match self {
            Self { beta, .. } if *beta <= 0.0 => f64::INFINITY,
            Self { alpha, beta, unit } => ((1.0 - alpha).max(0.0) / beta).sqrt().max(1.0) / unit,
        }
    }

    /// What so many servers do together, in units of what one alone does.
    #[must_use]
    pub fn capacity(&self, servers: f64) -> f64 {
        let used = servers.min(self.peak());
        used / self.slowdown(used)
    }

    /// What no number of servers does more than, in units of what one alone does; infinite where none get in the way.
    #[must_use]
    pub fn limit(&self) -> f64 {
        match (self.peak(), self.alpha) {
            (peak, _) if peak.is_finite() => self.capacity(peak),
            (_, alpha) if alpha > 0.0 => 1.0 / alpha / self.unit,
            _ => f64::INFINITY,
        }
    }

    /// Servers beyond which more of them are wasted: those of the peak, or where there is none, those that do 95 % of
    /// the limit; infinite where none get in the way.
    #[must_use]
    pub fn useful(&self) -> f64 {
        match (self.peak(), self.alpha) {
            (peak, _) if peak.is_finite() => peak,
            (_, alpha) if alpha > 0.0 => (0.95 * (1.0 - alpha) / (0.05 * alpha)).max(1.0) / self.unit,
            _ => f64::INFINITY,
        }
    }

    /// Servers that are at work on average to do `work` units of what one alone does; `None`: no number of servers does.
    #[must_use]
    pub fn at_work(&self, work: f64) -> Option<f64> {
        let real = work * self.unit;
        if self.is_none() || real <= 1.0 {
            return Some(work);
        }
        // The smaller root of beta w b^2 - (1 - alpha w + beta w) b + (1 - alpha) w = 0.
        let (square, linear) = (self.beta * real, 1.0 - self.alpha * real + self.beta * real);
        let constant = (1.0 - self.alpha) * real;
        let root = linear * linear - 4.0 * square * constant;
        (linear > 0.0 && root >= 0.0).then(|| 2.0 * constant / (linear + root.sqrt()) / self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_alone_is_not_slowed() {
        let law = Scaling::new(0.05, 0.001);
        assert_eq!((law.slowdown(0.3), law.slowdown(1.0), law.at_work(0.8)), (1.0, 1.0, Some(0.8)));
        assert_eq!((Scaling::NONE.capacity(16.0), Scaling::NONE.at_work(99.0)), (16.0, Some(99.0)));
    }

    #[test]
    fn the_servers_at_work_do_the_work() {
        for (alpha, beta) in [(0.05, 0.0), (0.0, 0.001), (0.03, 0.000_5), (0.1, 0.005)] {
            let law = Scaling::new(alpha, beta);
            for work in [1.0, 1.5, 2.0, 3.0] {
                let at_work = law.at_work(work).unwrap();
                assert!((at_work / law.slowdown(at_work) - work).abs() < 1e-12, "{law:?} {work}: {at_work}");
                assert!(at_work <= law.peak() + 1e-9);
            }
        }
    }

    #[test]
    fn beyond_the_peak_more_servers_do_no_more() {
        // sqrt(0.97 / 0.0005) = 44.05 servers do 44.05 / (1 + 0.03 x 43.05 + 0.0005 x 44.05 x 43.05) = 13.6.
        let law = Scaling::new(0.03, 0.000_5);
        assert!((law.peak() - 44.045).abs() < 0.001 && (law.capacity(44.0) - 13.597).abs() < 0.001);
        assert!((law.capacity(200.0) / law.capacity(44.0) - 1.0).abs() < 1e-5);
        assert!(law.at_work(13.59).is_some() && law.at_work(13.7).is_none());
        assert!((law.limit() - 13.597).abs() < 0.001 && law.useful() == law.peak());
        // Without beta the end is 1 / alpha: 361 servers do 361 / (1 + 0.05 x 360) = 19 = 95 % of 20.
        assert_eq!((Scaling::new(0.05, 0.0).limit(), Scaling::NONE.limit()), (20.0, f64::INFINITY));
        assert!((Scaling::new(0.05, 0.0).useful() - 361.0).abs() < 1e-9);
        assert!(
            Scaling::new(0.05, 0.0).at_work(19.9).is_some()
                && Scaling::new(0.05, 0.0).at_work(20.1).is_none()
        );
    }

    #[test]
    fn a_divided_station_has_the_same_law() {
        let (whole, part) =
            (Scaling::new(0.01, 0.000_2), Scaling { unit: 4.0, ..Scaling::new(0.01, 0.000_2) });
        for servers in [1.0, 5.0, 10.0, 40.0] {
            assert!((whole.capacity(4.0 * servers) - 4.0 * part.capacity(servers)).abs() < 1e-9);
            let work = part.capacity(servers).min(10.0);
            assert!((whole.at_work(4.0 * work).unwrap() - 4.0 * part.at_work(work).unwrap()).abs() < 1e-9);
        }
    }
}
