//! What each resource adds to a month's bill, by address. Decides how the lines of a bill are shared out; no price.

use std::collections::BTreeMap;

use loadline_contract::Money;
use loadline_contract::deploy::{Address, Billed, KindRule, Resource, rule};
use serde::{Deserialize, Serialize};

use crate::market::{Bill, BillLine, Completeness};

/// A bill shared out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Costs {
    /// US dollars a month for each resource that is billed; `None`: unknown.
    pub by_address: BTreeMap<Address, Option<Amount>>,
    /// The whole bill, traffic included; `None`: a line is unknown.
    pub total: Option<Amount>,
}

/// US dollars, as text in files: never a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(#[serde(with = "rust_decimal::serde::str")] pub Money);

impl Costs {
    /// Shares out a bill: the lines of a part are split evenly over the resources that stand for it, to the cent, the
    /// first taking the odd cents. Traffic stands for none.
    pub fn of(bill: &Bill, resources: &[Resource], stages: &[&[KindRule]]) -> Self {
        let mut bearers: BTreeMap<Billed, Vec<&Address>> = BTreeMap::new();
        for resource in resources {
            if let Some((_, rule)) = rule(stages, resource.address.kind()) {
                bearers.entry(rule.billed).or_default().push(&resource.address);
            }
        }
        let mut by_address = BTreeMap::new();
        for part in PARTS {
            let mut bearers = bearers.remove(&part).unwrap_or_default();
            bearers.sort();
            let lines: Vec<&BillLine> = bill.lines.iter().filter(|line| line.billed == part).collect();
            let whole: Option<Money> = lines.iter().map(|line| line.amount).sum();
            for (address, share) in bearers.iter().zip(split(whole, bearers.len())) {
                by_address.insert((*address).clone(), share.map(Amount));
            }
        }
        let total = (bill.completeness == Completeness::Complete).then_some(Amount(bill.total));
        Self { by_address, total }
    }

    /// What a resource costs a month; `None`: nothing by itself, or nobody knows.
    pub fn of_address(&self, address: &Address) -> Option<Money> {
        self.get(address).flatten()
    }

    /// What a resource costs: `Some(None)` unknown, `None` nothing by itself.
    pub fn get(&self, address: &Address) -> Option<Option<Money>> {
        self.by_address.get(address).map(|amount| amount.map(|Amount(money)| money))
    }
}

const PARTS: [Billed; 8] = [
    Billed::App,
    Billed::Database,
    Billed::ReadReplica,
    Billed::Cache,
    Billed::Balancer,
    Billed::Nat,
    Billed::PublicAddress,
    Billed::Alarm,
];

/// An amount in so many parts that add up to it.
fn split(whole: Option<Money>, parts: usize) -> Vec<Option<Money>> {
    let Some(whole) = whole else { return vec![None; parts] };
    if parts == 0 {
        return Vec::new();
    }
    let each = (whole / Money::from(parts as u64)).trunc_with_scale(2);
    let mut shares = vec![Some(each); parts];
    shares[0] = Some(whole - each * Money::from(parts as u64 - 1));
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_the_cent() {
        let whole: Money = "10.00".parse().unwrap();
        let shares: Vec<Money> = split(Some(whole), 3).into_iter().flatten().collect();
        assert_eq!(shares, ["3.34", "3.33", "3.33"].map(|text| text.parse::<Money>().unwrap()));
        assert_eq!(shares.iter().sum::<Money>(), whole);
    }

    #[test]
    fn an_unknown_amount_is_unknown_for_each() {
        assert_eq!(split(None, 2), [None, None]);
    }
}
