//! Why one product was not taken, in sentences.

use loadline_contract::{Kind, RegionOffers};

use super::pins::{nearest, plain};
use super::words::{dollars, kind};
use super::{Candidate, CloudOutcome, Pick, PickedBy, Rejection};

/// Explains why a product is not in the chosen design; at least one sentence. `sold` is what the region sells: it knows
/// the other names of a product.
pub fn why_not(outcome: &CloudOutcome, sold: &RegionOffers, sku: &str) -> Vec<String> {
    let wanted = plain(sku);
    let known_as = |name: &str| plain(name) == wanted;
    let mut names: Vec<&str> = sold
        .offers
        .iter()
        .filter(|offer| known_as(&offer.sku) || offer.aliases.iter().any(|alias| known_as(alias)))
        .map(|offer| offer.sku.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return vec![not_in_the_book(outcome, sold, sku)];
    }
    let mut sentences: Vec<String> = Vec::new();
    for name in names {
        if let Some(candidate) = &outcome.chosen {
            sentences.extend(taken(candidate, name));
        }
        if let Some(candidate) = &outcome.pinned {
            sentences.extend(pinned(candidate, name));
        }
        let own = outcome.rejections.iter().filter(|rejection| rejection.sku == name);
        sentences.extend(own.map(sentence));
    }
    let balancer = sold.offers.iter().any(|offer| offer.kind == Kind::Balancer && known_as(&offer.sku));
    if let (true, Some(candidate)) = (balancer, outcome.main()) {
        let taken = candidate.design.balancer.as_ref().map_or("none", |balancer| balancer.sku.as_str());
        sentences.push(format!(
            "balancer {sku}: the design has {taken}; name another with pin.{}.balancer",
            outcome.cloud
        ));
    }
    if sentences.is_empty() {
        sentences.push(format!(
            "{sku} is sold in {} {}, but no tier of the spec asks for its kind",
            outcome.cloud, outcome.region
        ));
    }
    sentences
}

fn not_in_the_book(outcome: &CloudOutcome, sold: &RegionOffers, sku: &str) -> String {
    let names = sold.offers.iter().flat_map(|offer| {
        let own = offer.sku.as_str();
        std::iter::once((own, own)).chain(offer.aliases.iter().map(move |alias| (alias.as_str(), own)))
    });
    let nearest = nearest(sku, names);
    let suggestion = match nearest.as_slice() {
        [] => "run `loadline prices show` for what is in it".to_owned(),
        names => format!("nearest: {}", names.join(", ")),
    };
    format!("{sku} is not in the price book of {} {}; {suggestion}", outcome.cloud, outcome.region)
}

fn picks(candidate: &Candidate) -> impl Iterator<Item = &Pick> {
    let design = &candidate.design;
    std::iter::once(&design.app).chain(&design.database).chain(&design.cache)
}

fn taken(candidate: &Candidate, sku: &str) -> Option<String> {
    let pick = picks(candidate).find(|pick| pick.offer.sku == sku)?;
    Some(format!("{sku} is taken: {} x as the {} of the chosen design", pick.count, kind(pick.offer.kind)))
}

fn pinned(candidate: &Candidate, sku: &str) -> Option<String> {
    let pick = picks(candidate).find(|pick| pick.offer.sku == sku && pick.by == PickedBy::Pin)?;
    Some(format!("{sku} is pinned: {} x as the {} of the pinned design", pick.count, kind(pick.offer.kind)))
}

fn sentence(rejection: &Rejection) -> String {
    let Rejection { kind: of, sku, limit, needed, has, dearer_by } = rejection;
    let noun = kind(*of);
    match (*limit, dearer_by) {
        ("dearer", Some(more)) if more.is_zero() => {
            format!(
                "{noun} {sku} meets everything at the same price: {has} against {needed}, which has fewer parts or comes first by name"
            )
        }
        ("dearer", Some(more)) => {
            format!(
                "{noun} {sku} meets everything, but costs {} more a month: {has} against {needed}",
                dollars(*more)
            )
        }
        ("retiring", Some(less)) => format!(
            "{noun} {sku} meets everything and costs {} less a month ({has} against {needed}), but it is being retired or closed",
            dollars(-*less)
        ),
        ("price unknown", None) => {
            format!(
                "{noun} {sku}: its price is not known ({has}); an unknown price never wins over a known one"
            )
        }
        _ => format!("{noun} {sku} misses {limit}: {needed} needed, has {has}"),
    }
}
