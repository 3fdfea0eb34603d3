//! The words for the cases of the nouns: one word per case, the same in every form of output.

use loadline_contract::{Architecture, Availability, Kind, Lifecycle, Term};

use crate::market::{CloudOutcome, Completeness, ObjectionSeverity, PickedBy, Tier};
use crate::sizing::{LimitKind, Method, Severity};
use crate::spec::{Connection, Survive};

/// Every tier, in the order of a bill.
pub(crate) const TIERS: [Tier; 6] =
    [Tier::App, Tier::Database, Tier::Cache, Tier::Balancer, Tier::Network, Tier::Watching];

/// A noun whose cases have a word each.
pub(crate) trait Word {
    /// The word.
    fn word(&self) -> &'static str;
}

macro_rules! words {
    ($noun:ty { $($case:pat => $word:literal),+ $(,)? }) => {
        impl Word for $noun {
            fn word(&self) -> &'static str {
                match self { $($case => $word),+ }
            }
        }
    };
}

words!(Tier {
    Tier::App => "app", Tier::Database => "database", Tier::Cache => "cache",
    Tier::Balancer => "balancer", Tier::Network => "network", Tier::Watching => "watching",
});
words!(Severity { Severity::Note => "note", Severity::Warning => "warning", Severity::Error => "error" });
words!(Method { Method::Convolution => "convolution", Method::Simulation => "simulation" });
words!(LimitKind {
    LimitKind::Objective => "objective", LimitKind::Resource => "resource", LimitKind::Landmark => "landmark",
});
words!(Term {
    Term::OnDemand => "on-demand", Term::Reserved1y => "reserved-1y", Term::Reserved3y => "reserved-3y",
});
words!(Availability { Availability::Single => "single", Availability::Standby => "standby" });
words!(Kind {
    Kind::Compute => "compute", Kind::Database => "database", Kind::Cache => "cache", Kind::Balancer => "balancer",
});
words!(Architecture { Architecture::X86 => "x86", Architecture::Arm => "arm" });
words!(PickedBy { PickedBy::Pin => "pinned", PickedBy::Choice => "chosen" });
words!(ObjectionSeverity { ObjectionSeverity::Reduced => "reduced", ObjectionSeverity::Impossible => "impossible" });
words!(Survive { Survive::Nothing => "none", Survive::Instance => "instance", Survive::Zone => "zone" });
words!(Connection { Connection::Request => "request", Connection::Query => "query" });
words!(Lifecycle {
    Lifecycle::Current => "current", Lifecycle::Legacy { .. } => "legacy",
    Lifecycle::Retiring { .. } => "retiring", Lifecycle::Retired { .. } => "retired",
});

/// Where a cloud stands in a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Every price known, every objective met, nothing reduced.
    Meets,
    /// Every price known, but an objective missed or something reduced.
    FallsShort,
    /// Prices unknown: the true bill is higher than the sum.
    Incomplete,
    /// No design.
    Impossible,
}

impl Standing {
    /// Where this outcome stands.
    pub(crate) fn of(outcome: &CloudOutcome) -> Self {
        let Some(candidate) = outcome.main() else { return Self::Impossible };
        if candidate.bill.completeness != Completeness::Complete {
            Self::Incomplete
        } else if candidate.misses.is_empty() && outcome.objections.is_empty() {
            Self::Meets
        } else {
            Self::FallsShort
        }
    }
}

/// `1 price`, `2 prices`.
pub(crate) fn plural(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed<S: AsRef<str>>(parts: &[S]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_a_sentence() {
        assert_eq!(listed::<&str>(&[]), "");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn one_is_singular_and_zero_is_plural() {
        assert_eq!(plural(1, "price"), "1 price");
        assert_eq!(plural(0, "price"), "0 prices");
    }
}
