//! Finds the products that a spec names. Decides which offer a name means, and what to suggest where it means none.

use loadline_contract::{ChargeRole, Kind, Offer, RegionOffers};

use super::shop::Charges;
use super::tiers::balancer_names;
use super::words;
use crate::sizing::Requirements;
use crate::spec::Pin;

/// A pinned name that cannot be honoured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("taking `{sku}` for pin.{cloud}.{tier}: {problem}")]
pub struct PinError {
    /// Cloud.
    pub cloud: String,
    /// Key under the cloud's pin: `app`, `app_count`, `database`, `cache` or `balancer`.
    pub tier: &'static str,
    /// The value as written.
    pub sku: String,
    /// What is wrong with it and what to write.
    pub problem: PinProblem,
}

/// Why a pinned name cannot be honoured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinProblem {
    /// Nothing in the book has that name.
    #[error("the price book of {region} has no such {kind}{suggestion}", suggestion = suggestion(.nearest))]
    Unknown {
        /// Region.
        region: String,
        /// What was looked for: `machine`, `database`, ...
        kind: &'static str,
        /// The most similar names that are sold, best first; may be empty.
        nearest: Vec<String>,
    },
    /// The name is that of something else.
    #[error("that is a {is}, not a {wanted}: pin it under the tier it belongs to")]
    OtherKind {
        /// What it is.
        is: &'static str,
        /// What was wanted.
        wanted: &'static str,
    },
    /// No machine is no design.
    #[error("at least one machine is needed: write 1 or more, or leave `app_count` out")]
    NoMachines,
    /// The spec has no such tier.
    #[error("the spec has no {tier}: remove the pin or add the tier")]
    NoTier {
        /// The tier.
        tier: &'static str,
    },
}

fn suggestion(nearest: &[String]) -> String {
    match nearest {
        [] => ": run `loadline prices show` for what it has".to_owned(),
        [best] => format!(": nearest is `{best}`"),
        [best, others @ ..] => format!(": nearest is `{best}`, then `{}`", others.join("`, `")),
    }
}

/// The offers that a pin names. `None`: not named.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pinned<'a> {
    /// App machine.
    pub(super) app: Option<&'a Offer>,
    /// Database.
    pub(super) database: Option<&'a Offer>,
    /// Cache.
    pub(super) cache: Option<&'a Offer>,
    /// Balancer.
    pub(super) balancer: Option<&'a str>,
}

/// Finds every product that a pin names.
///
/// # Errors
/// Every name that the region's book does not know, all at once.
pub(super) fn resolve<'a>(
    pin: &Pin,
    (cloud, region): (&str, &str),
    requirements: &Requirements,
    sold: &'a RegionOffers,
    charges: &Charges<'a>,
) -> Result<Pinned<'a>, Vec<PinError>> {
    let mut errors = Vec::new();
    let mut fail = |tier, sku: &str, problem| {
        errors.push(PinError { cloud: cloud.to_owned(), tier, sku: sku.to_owned(), problem });
    };
    let mut pinned = Pinned::default();
    let database = requirements.database.as_ref().map(|database| database.engine.as_str());
    let cache = requirements.cache.as_ref().map(|cache| cache.engine.as_str());
    let tiers = [
        ("app", &pin.app, Kind::Compute, Some(""), &mut pinned.app),
        ("database", &pin.database, Kind::Database, database, &mut pinned.database),
        ("cache", &pin.cache, Kind::Cache, cache, &mut pinned.cache),
    ];
    for (tier, name, kind, engine, found) in tiers {
        let Some(name) = name else { continue };
        match engine {
            None => fail(tier, name, PinProblem::NoTier { tier }),
            Some(engine) => match offer(sold, region, kind, (name, engine)) {
                Ok(offer) => *found = Some(offer),
                Err(problem) => fail(tier, name, problem),
            },
        }
    }
    if let Some(name) = &pin.balancer {
        match balancer(sold, charges, region, name) {
            Ok(sku) => pinned.balancer = Some(sku),
            Err(problem) => fail("balancer", name, problem),
        }
    }
    if pin.app_count == Some(0) {
        fail("app_count", "0", PinProblem::NoMachines);
    }
    if errors.is_empty() { Ok(pinned) } else { Err(errors) }
}

/// The offer of a kind that a name means: its name before an alias, the wanted engine before another.
fn offer<'a>(
    sold: &'a RegionOffers,
    region: &str,
    kind: Kind,
    (name, engine): (&str, &str),
) -> Result<&'a Offer, PinProblem> {
    let wanted = plain(name);
    let best = sold.offers.iter().filter(|offer| offer.kind == kind && answers(offer, &wanted)).min_by_key(
        |offer| {
            let alias = plain(&offer.sku) != wanted;
            let other_engine = !engine.is_empty() && offer.engines.iter().all(|own| own != engine);
            (alias, other_engine, &offer.sku, &offer.engines)
        },
    );
    if let Some(best) = best {
        return Ok(best);
    }
    let wanted_kind = words::kind(kind);
    if let Some(other) = sold.offers.iter().find(|offer| answers(offer, &wanted)) {
        return Err(PinProblem::OtherKind { is: words::kind(other.kind), wanted: wanted_kind });
    }
    let names = sold.offers.iter().filter(|offer| offer.kind == kind);
    let names = names.flat_map(|offer| {
        std::iter::once((&offer.sku, &offer.sku)).chain(offer.aliases.iter().map(|alias| (alias, &offer.sku)))
    });
    let nearest = nearest(name, names.map(|(known_as, sku)| (known_as.as_str(), sku.as_str())));
    Err(PinProblem::Unknown { region: region.to_owned(), kind: wanted_kind, nearest })
}

/// The balancer that a name means: its name before an alias. Offers hold the aliases and the retired ones; charges hold
/// those that a book prices without describing them.
fn balancer<'a>(
    sold: &'a RegionOffers,
    charges: &Charges<'a>,
    region: &str,
    name: &str,
) -> Result<&'a str, PinProblem> {
    let priced = balancer_names(charges, |role| matches!(role, ChargeRole::Default | ChargeRole::Listed));
    let wanted = plain(name);
    if let Some(sku) = priced.iter().find(|sku| plain(sku) == wanted) {
        return Ok(sku);
    }
    match offer(sold, region, Kind::Balancer, (name, "")) {
        Ok(offer) => Ok(&offer.sku),
        Err(PinProblem::Unknown { region, kind, mut nearest }) => {
            if nearest.is_empty() {
                nearest = self::nearest(name, priced.iter().map(|sku| (*sku, *sku)));
            }
            Err(PinProblem::Unknown { region, kind, nearest })
        }
        Err(other) => Err(other),
    }
}

/// The three most similar names, best first: what is compared and what is shown.
pub(super) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = (&'n str, &'n str)>) -> Vec<String> {
    let wanted = plain(wanted);
    let mut close: Vec<(usize, &str)> = names
        .map(|(known_as, sku)| ((strsim::jaro_winkler(&wanted, &plain(known_as)) * 1e6) as usize, sku))
        .filter(|(likeness, _)| *likeness > 600_000)
        .collect();
    close.sort_unstable_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(right.1)));
    let mut nearest: Vec<String> = Vec::new();
    for (_, sku) in close {
        if !nearest.iter().any(|taken| taken == sku) {
            nearest.push(sku.to_owned());
        }
        if nearest.len() == 3 {
            break;
        }
    }
    nearest
}

fn answers(offer: &Offer, wanted: &str) -> bool {
    plain(&offer.sku) == wanted || offer.aliases.iter().any(|alias| plain(alias) == wanted)
}

/// A name without case, spaces, `-` and `_`: people mix them.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '.').flat_map(char::to_lowercase).collect()
}
