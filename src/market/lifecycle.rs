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

/// Whether somebody who does not use a product yet is refused: a new deployment cannot be built on it.
pub(super) fn is_closed(lifecycle: &Lifecycle) -> bool {
    matches!(lifecycle, Lifecycle::Retiring { new_customers: NewCustomers::Refused, .. })
}

/// What a retired product names as its successor, where that is itself for sale; `None` for all other products.
///
/// A successor is written for people (`Flexible Server, such as Standard_D8ds_v4`): the first word that is the name of
/// another offer of the kind counts.
pub(super) fn successor<'a>(retired: &Offer, offers: &'a [Offer]) -> Option<&'a Offer> {
    let Lifecycle::Retired { successor, .. } = &retired.lifecycle else { return None };
    let words = successor.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'));
    words.filter(|word| !word.is_empty()).find_map(|word| {
        offers.iter().find(|offer| {
            offer.kind == retired.kind
                && offer.sku == word
                && !matches!(offer.lifecycle, Lifecycle::Retired { .. })
        })
    })
}

/// The extra price of an engine version at a date: the one charged by then, the latest where one took the place of
/// another; before the first of them the one to come. The longest version prefix wins.
pub(super) fn surcharge_for<'a>(
    surcharges: &'a [Surcharge],
    (engine, version): (&str, &str),
    today: &str,
) -> Option<&'a Surcharge> {
    let fits = |it: &&Surcharge| it.engine == engine && is_version(version, &it.version);
    let precise = surcharges.iter().filter(fits).map(|it| it.version.len()).max()?;
    let same = || surcharges.iter().filter(fits).filter(|it| it.version.len() == precise);
    let begun = same().filter(|it| it.from.as_str() <= today).max_by_key(|it| &it.from);
    begun.or_else(|| same().min_by_key(|it| &it.from))
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
    fn a_later_extra_price_takes_the_place_of_an_earlier_one() {
        let surcharge = |version: &str, from: &str| Surcharge {
            engine: "e".into(),
            version: version.into(),
            from: from.into(),
            until: None,
            what: "support".into(),
            per_vcpu_hour: loadline_contract::Price {
                amount: None,
                unit: loadline_contract::PriceUnit::Hour,
                source: std::sync::Arc::new(loadline_contract::Source {
                    place: "list".into(),
                    as_of: "2026".into(),
                }),
                note: String::new(),
            },
        };
        let known =
            [surcharge("8", "2020-01-01"), surcharge("8.0", "2028-08-01"), surcharge("8.0", "2026-08-01")];
        let from = |version, today| surcharge_for(&known, ("e", version), today).map(|it| it.from.as_str());
        assert_eq!(from("8.0.36", "2026-07-31"), Some("2026-08-01"));
        assert_eq!(from("8.0.36", "2028-07-31"), Some("2026-08-01"));
        assert_eq!(from("8.0.36", "2028-08-01"), Some("2028-08-01"));
        assert_eq!(from("8.4", "2028-08-01"), Some("2020-01-01"));
        assert_eq!(from("9", "2028-08-01"), None);
    }

    #[test]
    fn the_successor_of_a_retired_product_is_the_first_that_is_for_sale() {
        let offer = |sku: &str, lifecycle: Lifecycle| Offer {
            sku: sku.into(),
            aliases: Vec::new(),
            family: "f".into(),
            kind: loadline_contract::Kind::Database,
            engines: Vec::new(),
            shape: loadline_contract::Shape {
                vcpus: None,
                cores: None,
                memory_gib: None,
                disk_gib: None,
                network_mbps: None,
                transfer_gib: None,
                architecture: None,
                burstable: false,
            },
            connections: None,
            rates: Vec::new(),
            lifecycle,
            note: String::new(),
        };
        let retired = |successor: &str| Lifecycle::Retired {
            on: "2024-01-01".into(),
            successor: successor.into(),
            source: "list".into(),
        };
        let old = offer("old.8", retired("the new line, such as older.8, new.8 (or new.16)"));
        let offers = [
            offer("new.16", Lifecycle::Current),
            offer("older.8", retired("new.8")),
            offer("new.8", Lifecycle::Current),
        ];
        assert_eq!(successor(&old, &offers).map(|offer| offer.sku.as_str()), Some("new.8"));
        assert_eq!(successor(&offers[0], &offers), None);
        assert_eq!(successor(&offer("old.2", retired("new.2")), &offers), None);
    }

    #[test]
    fn a_version_is_a_prefix_at_a_point() {
        assert!(is_version("8.0", "8.0"));
        assert!(is_version("8.0.36", "8.0"));
        assert!(!is_version("8.01", "8.0"));
        assert!(!is_version("8.4", "8.0"));
    }
}
