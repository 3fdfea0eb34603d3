//! How a named offer can be paid for where it is not sold as it was asked for. Decides the commitment and one node or a
//! pair, and says aloud where they are not the ones that were asked for.

use loadline_contract::{Availability, Kind, Offer, RegionOffers, Term};

use super::parts::{Cost, payable};
use super::select::Counter;
use super::survey::{Fit, PriceKnown};
use super::tiers::nodes;
use super::words;
use crate::sizing::{Finding, Severity};

/// What is said about named offers.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// What was asked for and cannot be had.
    pub(super) misses: Vec<Finding>,
    /// What is more than was asked for.
    pub(super) notes: Vec<Finding>,
}

/// A named offer as it can be paid for: on demand where the wanted commitment has no price, the pair where nothing
/// less is sold, one node where no pair is.
pub(super) fn honoured<'a>(
    counter: &Counter<'a>,
    offer: &'a Offer,
    (term, wanted): (Term, Availability),
    said: &mut Said,
) -> Fit<'a> {
    let sold = counter.sold;
    let availability = sold_as(sold, offer, wanted);
    if availability != wanted {
        let noun = words::kind(offer.kind);
        let sku = &offer.sku;
        let path = format!("pin.{}.{noun}", counter.profile.name);
        match availability {
            Availability::Standby => said.notes.push(Finding {
                code: "sold-as-pair",
                severity: Severity::Note,
                sentence: format!("pinned {sku} is sold as a pair only: the pair is priced"),
                hint: "take another product where one node is enough".to_owned(),
                path,
            }),
            Availability::Single => {
                let second = if offer.kind == Kind::Cache { "replica" } else { "standby" };
                said.misses.push(Finding {
                    code: "pin-no-pair",
                    severity: Severity::Error,
                    sentence: format!(
                        "pinned {sku} has no {second}, or no source states its price: one node is priced"
                    ),
                    hint: format!("pin a {noun} that is sold with a {second}"),
                    path,
                });
            }
        }
    }
    let known = |term| {
        let (price, _) = payable(&sold.offers, offer, term, availability);
        price.is_some_and(|price| price.amount.is_some())
    };
    let paid = if known(term) || !known(Term::OnDemand) { term } else { Term::OnDemand };
    if paid != term {
        said.misses.push(Finding {
            code: "term-not-sold",
            severity: Severity::Warning,
            sentence: format!(
                "no price of {} is known for {}: priced on demand",
                offer.sku,
                words::term(term)
            ),
            hint: "ask for `terms: on-demand` on this tier, or take another product".to_owned(),
            path: "terms".to_owned(),
        });
    }
    let count = nodes(availability);
    Fit { offer, count, term: paid, availability, cost: Cost::default(), price: PriceKnown::Known }
}

/// The wanted availability, or the other one where only that is in the book.
fn sold_as(sold: &RegionOffers, offer: &Offer, wanted: Availability) -> Availability {
    let other = match wanted {
        Availability::Single => Availability::Standby,
        Availability::Standby => Availability::Single,
    };
    let is_sold = |availability| {
        let terms = [Term::OnDemand, Term::Reserved1y, Term::Reserved3y];
        terms.into_iter().any(|term| payable(&sold.offers, offer, term, availability).0.is_some())
    };
    if !is_sold(wanted) && is_sold(other) { other } else { wanted }
}
