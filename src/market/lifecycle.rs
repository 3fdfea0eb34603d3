//! Whether a product or an engine version can still be bought at a date, and the sentences that say so.

use loadline_contract::{Lifecycle, NewCustomers, Offer, Surcharge};

use super::LifecycleNote;
use super::words::kind;

/// How long a product lasts, seen from a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Sold, no end announced.
    Current,
    /// Sold, but there is a successor.
    Legacy,
    /// Its end is announced.
    Retiring,
    /// Its end is past, or it is no longer sold.
    Retired,
}

/// The standing of a product at a date.
pub(super) fn standing(lifecycle: &Lifecycle, today: &str) -> Standing {
    match lifecycle {
        Lifecycle::Current => Standing::Current,
        Lifecycle::Legacy { .. } => Standing::Legacy,
        Lifecycle::Retiring { on, .. } if on.as_str() > today => Standing::Retiring,
        Lifecycle::Retiring { .. } | Lifecycle::Retired { .. } => Standing::Retired,
    }
}

/// The extra price that applies to an engine version, whether or not its date is reached; the longest prefix wins.
pub(super) fn surcharge_for<'a>(
    surcharges: &'a [Surcharge],
    engine: &str,
    version: &str,
) -> Option<&'a Surcharge> {
    surcharges
        .iter()
        .filter(|surcharge| surcharge.engine == engine && is_version(version, &surcharge.version))
        .max_by(|left, right| (left.version.len(), &right.from).cmp(&(right.version.len(), &left.from)))
}

/// Whether `version` is `prefix` or a release of it: `8.0.36` is one of `8.0`, `8.01` is not.
fn is_version(version: &str, prefix: &str) -> bool {
    version.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What a person should know of a product's end; `None` for a current one.
pub(super) fn note(offer: &Offer, today: &str) -> Option<LifecycleNote> {
    let sku = &offer.sku;
    let noun = kind(offer.kind);
    let sentence = match &offer.lifecycle {
        Lifecycle::Current => return None,
        Lifecycle::Legacy { successor, source } => {
            format!("{noun} {sku} is an old name or generation: {successor} is sold today ({source})")
        }
        Lifecycle::Retiring { on, successor, source, new_customers } if on.as_str() > today => {
            let closed = match new_customers {
                NewCustomers::Accepted => "",
                NewCustomers::Refused => " and is already refused to new customers",
            };
            format!("{noun} {sku} retires on {on}{closed}: plan for {successor} ({source})")
        }
        Lifecycle::Retiring { on, successor, source, .. } | Lifecycle::Retired { on, successor, source } => {
            format!("{noun} {sku} is retired since {on} and cannot be bought: take {successor} ({source})")
        }
    };
    Some(LifecycleNote { sku: sku.clone(), lifecycle: offer.lifecycle.clone(), sentence })
}

/// What a person should know of an engine version that is or will be charged extra.
pub(super) fn surcharge_note(surcharge: &Surcharge, offer: &Offer, today: &str) -> LifecycleNote {
    let Surcharge { engine, version, from, until, what, per_vcpu_hour } = surcharge;
    let rate = per_vcpu_hour.amount.map_or_else(
        || "at a rate that no source states".to_owned(),
        |amount| format!("at ${} for each vCPU-hour, standby included", amount.normalize()),
    );
    let start = if from.as_str() <= today { "is charged since" } else { "will be charged from" };
    let end = until.as_ref().map_or_else(String::new, |until| format!(" (supported until {until})"));
    let sentence = format!(
        "{engine} {version}: {what} {start} {from} {rate}{end}: take a newer version ({})",
        per_vcpu_hour.source.place
    );
    LifecycleNote { sku: offer.sku.clone(), lifecycle: offer.lifecycle.clone(), sentence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retiring_product_is_retired_once_its_day_has_come() {
        let lifecycle = Lifecycle::Retiring {
            on: "2028-09-30".into(),
            successor: "next".into(),
            source: "list".into(),
            new_customers: NewCustomers::Accepted,
        };
        assert_eq!(standing(&lifecycle, "2026-11-24"), Standing::Retiring);
        assert_eq!(standing(&lifecycle, "2028-09-30"), Standing::Retired);
    }

    #[test]
    fn a_version_is_a_prefix_at_a_point() {
        assert!(is_version("8.0", "8.0"));
        assert!(is_version("8.0.36", "8.0"));
        assert!(!is_version("8.01", "8.0"));
        assert!(!is_version("8.4", "8.0"));
    }
}
