//! What a removed data store leaves behind on purpose, how large it can be and what it costs. Decides no price.

use loadline_contract::deploy::{Address, Contents, KindRule, Observed, Survivor, Value, rule};
use loadline_contract::{Charge, Meter, Money, RegionOffers};
use serde::{Deserialize, Serialize};

/// Something that is left of a removed data store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Of what.
    pub address: Address,
    /// What, for a person: `final snapshot`.
    pub what: String,
    /// It is no larger, GiB; `None`: how large it is cannot be told.
    pub at_most_gib: Option<i64>,
    /// Days after which the cloud removes it; `None`: it stays until somebody removes it.
    pub kept_days: Option<u32>,
    /// US dollars a month while it is there, at most; `None`: unknown.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub monthly_usd: Option<Money>,
}

/// What keeping a GiB of backup costs a month, by what it is a backup of; `None`: no book states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keeping {
    /// Of a database.
    pub database: Option<Money>,
    /// Of a cache.
    pub cache: Option<Money>,
}

impl Keeping {
    /// The prices of a region, without the free amounts that end with what was backed up.
    pub fn of(sold: &RegionOffers) -> Self {
        let price = |is: fn(&Meter) -> bool| {
            let charge = sold.charges.iter().find(|charge| is(&charge.meter));
            charge.and_then(dearest)
        };
        Self {
            database: price(|meter| matches!(meter, Meter::DatabaseBackupGib { .. })),
            cache: price(|meter| matches!(meter, Meter::CacheBackupGib { .. })),
        }
    }
}

/// The highest of a charge's prices; `None`: one of them is unknown, or there is none.
fn dearest(charge: &Charge) -> Option<Money> {
    let amounts: Option<Vec<Money>> = charge.steps.iter().map(|step| step.amount).collect();
    amounts?.into_iter().max()
}

/// What is left of a thing when it is removed; `None`: nothing.
pub(super) fn left_of(rule: &KindRule, old: &Observed) -> Option<Left> {
    let Contents::Data(Some(Survivor { what, storage_setting, kept_days })) = rule.contents else {
        return None;
    };
    let at_most_gib = storage_setting.and_then(|setting| match old.settings.get(setting) {
        Some(Value::Count(gib)) => Some(*gib),
        _ => None,
    });
    Some(Left {
        address: old.address.clone(),
        what: what.to_owned(),
        at_most_gib,
        kept_days,
        monthly_usd: None,
    })
}

/// Puts prices on what is left.
pub fn price_survivors(stages: &[&[KindRule]], survives: &mut [Left], keeping: Keeping) {
    use loadline_contract::deploy::Billed;
    for left in survives {
        let billed = rule(stages, left.address.kind()).map(|(_, rule)| rule.billed);
        let each = match billed {
            Some(Billed::Database) => keeping.database,
            Some(Billed::Cache) => keeping.cache,
            _ => None,
        };
        left.monthly_usd =
            each.zip(left.at_most_gib).map(|(each, gib)| (each * Money::from(gib)).round_dp(2));
    }
}
