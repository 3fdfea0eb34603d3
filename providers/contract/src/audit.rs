//! What must hold for the prices of any cloud in any region. Decides nothing: it says what looks wrong.

use std::collections::HashSet;

use crate::{Availability, ChargeRole, Meter, Money, Offer, Price, RegionOffers, Term};

/// Everything that looks wrong with a region, one sentence each; empty when nothing does.
///
/// Checked: no offer is there twice; every price has a source and a date and is never 0; a standby costs at least a single node;
/// a bigger size of a family costs at least as much as a smaller one; every default charge has a rule. `exceptions` are pairs
/// `(smaller SKU, bigger SKU)` whose bigger size may be cheaper.
pub fn audit(region: &RegionOffers, exceptions: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for offer in &region.offers {
        if !seen.insert((offer.kind, &offer.sku, &offer.engines)) {
            faults.push(format!("{} is there twice", offer.sku));
        }
        for rate in &offer.rates {
            faults.extend(price_faults(&rate.price).map(|fault| format!("{}: {fault}", offer.sku)));
            let twin = price_of(offer, rate.term, Availability::Single);
            if let (Availability::Standby, Some(pair), Some(single)) =
                (rate.availability, rate.price.amount, twin)
                && pair < single
            {
                faults.push(format!("{}: {pair} with a standby is less than {single} without", offer.sku));
            }
        }
        let sizes = [offer.shape.vcpus, offer.shape.cores, offer.shape.memory_gib];
        if sizes.iter().flatten().any(|size| *size <= 0.0) || offer.shape.cores > offer.shape.vcpus {
            faults.push(format!("{}: an impossible shape", offer.sku));
        }
        if offer.connections.is_some_and(|limit| limit.default == 0 || limit.maximum < limit.default) {
            faults.push(format!("{}: impossible connection limits", offer.sku));
        }
    }
    faults.extend(cheaper_though_bigger(&region.offers, exceptions));
    for charge in &region.charges {
        if charge.role == ChargeRole::Default && charge.meter == Meter::LookUpOnly {
            faults.push(format!("{}: used in bills, but no rule says how much", charge.sku));
        }
        if charge.steps.iter().any(|step| step.amount.is_some_and(|amount| amount < Money::ZERO)) {
            faults.push(format!("{}: a negative price", charge.sku));
        }
        if charge.steps.iter().any(|step| step.source.place.is_empty() || step.source.as_of.is_empty()) {
            faults.push(format!("{}: a price without source or date", charge.sku));
        }
    }
    for surcharge in &region.surcharges {
        faults.extend(
            price_faults(&surcharge.per_vcpu_hour).map(|fault| format!("{}: {fault}", surcharge.what)),
        );
    }
    faults
}

/// What is wrong with a price by itself.
fn price_faults(price: &Price) -> impl Iterator<Item = &'static str> {
    let nothing =
        price.amount.is_some_and(|amount| amount <= Money::ZERO).then_some("a price that is not above 0");
    let source = price.source.place.is_empty().then_some("a price without a source");
    let date = price.source.as_of.is_empty().then_some("a price without a date");
    [nothing, source, date].into_iter().flatten()
}

/// The known price for a term and availability.
fn price_of(offer: &Offer, term: Term, availability: Availability) -> Option<Money> {
    offer.rates.iter().find(|rate| rate.term == term && rate.availability == availability)?.price.amount
}

/// Pairs of one family of which the bigger one costs less on demand.
fn cheaper_though_bigger(offers: &[Offer], exceptions: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for small in offers {
        for big in offers {
            let family = small.family == big.family && small.kind == big.kind && small.engines == big.engines;
            let (less, more) = (&small.shape, &big.shape);
            let bigger = at_least(more.vcpus, less.vcpus)
                && at_least(more.memory_gib, less.memory_gib)
                && at_least(more.disk_gib, less.disk_gib);
            let same = more.vcpus == less.vcpus
                && more.memory_gib == less.memory_gib
                && more.disk_gib == less.disk_gib;
            if !family || !bigger || same || exceptions.contains(&(&*small.sku, &*big.sku)) {
                continue;
            }
            for availability in [Availability::Single, Availability::Standby] {
                let prices = (
                    price_of(small, Term::OnDemand, availability),
                    price_of(big, Term::OnDemand, availability),
                );
                if let (Some(low), Some(high)) = prices
                    && high < low
                {
                    faults.push(format!(
                        "{} is bigger than {} and costs less: {high} < {low}",
                        big.sku, small.sku
                    ));
                }
            }
        }
    }
    faults
}

/// Whether the second size fits in the first; an unknown size compares only with an unknown one.
fn at_least(more: Option<f64>, less: Option<f64>) -> bool {
    match (more, less) {
        (Some(more), Some(less)) => more >= less,
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::audit;
    use crate::book::Book;

    /// What is wrong with a family of two sizes whose cells are given.
    fn faults(first: &str, second: &str, exceptions: &[(&str, &str)]) -> Vec<String> {
        let text = format!(
            "regions r\nsource K 2026-01-01 a list\nfamily f compute sku=f-{{}}\ncolumns r@K r/standby@K\n\
             size s 2 4 | {first}\nsize l 4 8 | {second}\n"
        );
        audit(&Book::parse(&[("b", &text)]).unwrap().offers("r"), exceptions)
    }

    #[test]
    fn sound_prices_pass() {
        assert_eq!(faults("1 2", "2 4", &[]), Vec::<String>::new());
        assert_eq!(faults("1 -", "? x2", &[]), Vec::<String>::new());
    }

    #[test]
    fn a_standby_below_a_single_node_is_a_fault() {
        assert_eq!(faults("1 0.9", "2 4", &[]), ["f-s: 0.9 with a standby is less than 1 without"]);
    }

    #[test]
    fn a_bigger_size_that_costs_less_is_a_fault_unless_excepted() {
        assert_eq!(faults("2 4", "1 4", &[]), ["f-l is bigger than f-s and costs less: 1 < 2"]);
        assert_eq!(faults("2 4", "1 4", &[("f-s", "f-l")]), Vec::<String>::new());
    }
}
