//! A part as a line that a person reads: what, how much, at which price, from which source of which date.

use loadline_contract::deploy::Billed;
use loadline_contract::{Availability, Charge, Meter, Money, Offer, PriceStep, PriceUnit, Term};

use super::super::money::{fixed_size, used_steps};
use super::super::parts::{Item, Part, Role};
use super::super::{BillLine, Tier, words};

/// The part of a bill that a line belongs to.
fn billed(tier: Tier, role: Role, item: &Item<'_>) -> Billed {
    if role == Role::ReadReplica {
        return Billed::ReadReplica;
    }
    let meter = match item {
        Item::Charge { charge, .. } => Some(&charge.meter),
        _ => None,
    };
    match (tier, meter) {
        (_, Some(Meter::NatHours | Meter::NatMachineHours { .. } | Meter::NatGb)) => Billed::Nat,
        (_, Some(Meter::PublicIpHours { .. })) => Billed::PublicAddress,
        (Tier::App, _) => Billed::App,
        (Tier::Database, _) => Billed::Database,
        (Tier::Cache, _) => Billed::Cache,
        (Tier::Balancer, _) => Billed::Balancer,
        (Tier::Watching, _) => Billed::Alarm,
        (Tier::Network, _) => Billed::Free,
    }
}

/// The line of a part.
pub(super) fn line(part: &Part<'_>) -> BillLine {
    let Part { tier, role, item, quantity, amount } = *part;
    let mut line = BillLine {
        tier,
        billed: billed(tier, role, &item),
        what: String::new(),
        sku: None,
        quantity: quantity.normalize(),
        unit: String::new(),
        unit_price: None,
        amount,
        as_of: String::new(),
        source: String::new(),
        note: String::new(),
    };
    match item {
        Item::Product { offer, price, successor, term, availability, count } => {
            let noun = match role {
                Role::Main => words::kind(offer.kind),
                Role::ReadReplica => "read replica",
            };
            let pair = availability == Availability::Standby;
            line.what = match (count, pair) {
                (1, false) => format!("{noun} {}", offer.sku),
                (1, true) => format!("{noun} {} and standby", offer.sku),
                _ => format!("{count} x {noun} {}", offer.sku),
            };
            line.sku = Some(offer.sku.clone());
            line.unit = price.map_or("hour", |price| unit(price.unit)).to_owned();
            line.unit_price = price.and_then(|price| price.amount);
            if let Some(price) = price {
                line.as_of.clone_from(&price.source.as_of);
                line.source.clone_from(&price.source.place);
            }
            let commitment = (term != Term::OnDemand).then(|| format!("{} price", words::term(term)));
            let missing = price.is_none().then(|| {
                format!(
                    "the book has no {} price for {}",
                    words::term(term),
                    words::availability(availability)
                )
            });
            let instead = successor.map(|successor| {
                format!("no longer sold: the price is that of its successor {}", product(successor))
            });
            let derived = price.map(|price| price.note.clone());
            line.note = joined([commitment, missing, instead, derived]);
        }
        Item::Surcharge { surcharge, offer, vcpus, availability } => {
            let price = &surcharge.per_vcpu_hour;
            line.what = format!("{} of {} {}", surcharge.what, surcharge.engine, surcharge.version);
            line.sku = Some(offer.sku.clone());
            line.unit = "vCPU-hour".to_owned();
            line.unit_price = price.amount;
            line.as_of.clone_from(&price.source.as_of);
            line.source.clone_from(&price.source.place);
            let basis = vcpus.map_or_else(
                || "vCPUs of this size are unknown".to_owned(),
                |vcpus| {
                    let second =
                        if availability == Availability::Standby { ", the standby's included," } else { "" };
                    format!("{} vCPU{second} x 730 h", words::number(vcpus))
                },
            );
            line.note = joined([Some(basis), Some(price.note.clone())]);
        }
        Item::Charge { charge, basis } => {
            line.what.clone_from(&charge.what);
            line.sku = Some(charge.sku.clone());
            line.unit.clone_from(&charge.unit);
            let steps = priced_steps(charge, &basis, quantity);
            line.unit_price = unit_price(&steps, quantity, amount);
            if let Some(step) = oldest(&steps).or(charge.steps.last()) {
                line.as_of.clone_from(&step.source.as_of);
                line.source.clone_from(&step.source.place);
            }
            line.note = joined([Some(basis.to_string()), tiers(&steps), Some(charge.note.clone())]);
        }
        Item::Unpriced { what, unit, basis } => {
            line.what = what.to_owned();
            line.unit = unit.to_owned();
            line.note =
                joined([Some(basis.to_string()), Some("the price book has no price for it".to_owned())]);
        }
    }
    if role == Role::ReadReplica && !matches!(item, Item::Product { .. }) {
        line.what += ", read replicas";
    }
    line
}

/// A product with what it runs: one name may stand for two engines.
fn product(offer: &Offer) -> String {
    match offer.engines.as_slice() {
        [] => offer.sku.clone(),
        engines => format!("{} ({})", offer.sku, engines.join(", ")),
    }
}

fn unit(unit: PriceUnit) -> &'static str {
    match unit {
        PriceUnit::Hour => "hour",
        PriceUnit::Month => "month",
    }
}

/// Steps that a line's quantity reaches, with the part of it in each.
fn priced_steps<'c>(
    charge: &'c Charge,
    basis: &super::super::parts::Basis,
    quantity: Money,
) -> Vec<(&'c PriceStep, Money)> {
    if let super::super::parts::Basis::Disk { fixed_gib: Some(size), .. } = basis {
        let step = fixed_size(&charge.steps, super::super::money::quantity(*size));
        return step.map(|step| (step, quantity)).into_iter().collect();
    }
    used_steps(&charge.steps, quantity).collect()
}

/// The price of one unit, or the mean where it changes with the quantity.
fn unit_price(steps: &[(&PriceStep, Money)], quantity: Money, amount: Option<Money>) -> Option<Money> {
    match steps {
        [(step, _)] => step.amount,
        _ if quantity.is_zero() => None,
        _ => amount.and_then(|amount| amount.checked_div(quantity)).map(|mean| mean.round_dp(6)),
    }
}

/// The step with the oldest price among those that cost something: a line is as old as that.
fn oldest<'c>(steps: &[(&'c PriceStep, Money)]) -> Option<&'c PriceStep> {
    let cost = |step: &&PriceStep| step.amount.is_none_or(|amount| !amount.is_zero());
    let mut steps = steps.iter().map(|(step, _)| *step);
    steps
        .clone()
        .filter(cost)
        .min_by(|left, right| left.source.as_of.cmp(&right.source.as_of))
        .or(steps.next_back())
}

/// `100 free + 9900 x 0.09 + ...` where more than one step is used.
fn tiers(steps: &[(&PriceStep, Money)]) -> Option<String> {
    (steps.len() > 1).then(|| {
        let texts = steps.iter().map(|(step, used)| {
            let used = used.round_dp(2).normalize();
            match step.amount {
                Some(amount) if amount.is_zero() => format!("{used} free"),
                Some(amount) => format!("{used} x {}", amount.normalize()),
                None => format!("{used} at an unknown price"),
            }
        });
        texts.collect::<Vec<_>>().join(" + ")
    })
}

fn joined<const N: usize>(texts: [Option<String>; N]) -> String {
    let texts: Vec<String> = texts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    texts.join("; ")
}
