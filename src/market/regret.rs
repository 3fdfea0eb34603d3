//! The choice under uncertain inputs: of the designs that are best in some believable world, the one that is regretted
//! least over all of them.
//!
//! Regret of a design in a world: what it costs there above the cheapest design that is adequate there. A tier that is
//! too small there costs what it costs, plus [`REPLACEMENT_FACTOR`] times the tier that would have been right.

use loadline_contract::Money;

use super::choose::{Named, TierSelection, Trio, finish};
use super::money::quantity;
use super::parts::Cost;
use super::select::Counter;
use super::survey::{Fit, Keep};
use super::tiers::BalancerTier;
use super::{Bill, Design};
use crate::sizing::{Requirements, Scenario};

/// What a tier that turns out too small costs on top of itself, as a multiple of the right tier's monthly price: once
/// because the right tier has to be bought all the same, once for the month in which both run, people move data and
/// requests are lost. It makes too small about as bad as twice too large; a business that loses more asks for more
/// headroom in its objectives instead.
pub const REPLACEMENT_FACTOR: Money = Money::TWO;

/// The design that is least regretted.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastRegret {
    /// The design.
    pub design: Design,
    /// Its bill at the middle values.
    pub bill: Bill,
    /// Every design that is best in some world, least regretted first; the first is `design`.
    pub regrets: Vec<Regret>,
    /// Share of the worlds that no offer serves at all, 0..=1; they are left out of the regrets.
    pub unserved: f64,
}

/// How much a design is regretted.
#[derive(Debug, Clone, PartialEq)]
pub struct Regret {
    /// The products, for a person: `3 x a, b, c`.
    pub products: String,
    /// Parts of it whose price no source states, in the world with the most: the dollars below leave them out, so a
    /// design with more of them never comes before one with fewer.
    pub unknown_parts: u32,
    /// Mean over the worlds, US dollars a month.
    pub expected_usd: Money,
    /// In the worst world, US dollars a month.
    pub worst_usd: Money,
    /// Share of the served worlds in which every tier is large enough, 0..=1.
    pub adequate: f64,
}

/// Finds the design of least regret; `None` without scenarios or when none of them can be served.
pub(super) fn least_regret<'a>(
    counter: &Counter<'a>,
    nominal: &'a Requirements,
    at_middle: &Trio<'a>,
    scenarios: &'a [Scenario],
) -> Option<LeastRegret> {
    let whole: f64 = scenarios.iter().map(|scenario| scenario.weight).sum();
    let worlds: Vec<World<'_>> = scenarios
        .iter()
        .filter_map(|scenario| {
            let best = TierSelection::of(counter, &scenario.requirements, Keep::Best).trio()?;
            Some(World { weight: scenario.weight, requirements: &scenario.requirements, best })
        })
        .collect();
    let served: f64 = worlds.iter().map(|world| world.weight).sum();
    if worlds.is_empty() || served <= 0.0 {
        return None;
    }
    let mut candidates: Vec<Trio<'_>> = Vec::new();
    for trio in std::iter::once(*at_middle).chain(worlds.iter().map(|world| world.best)) {
        if !candidates.iter().any(|known| same(known, &trio)) {
            candidates.push(trio);
        }
    }
    let mut judged: Vec<(Regret, Trio<'_>)> =
        candidates.into_iter().map(|trio| (regret(counter, &worlds, served, &trio), trio)).collect();
    judged.sort_by(|(left, _), (right, _)| {
        let order = |of: &Regret| (of.unknown_parts, of.expected_usd, of.worst_usd);
        order(left).cmp(&order(right)).then_with(|| left.products.cmp(&right.products))
    });
    let (_, best) = judged.first()?;
    let balancer = BalancerTier::of(&nominal.balancer, counter.charges).cheapest();
    let selection = finish(counter, nominal, (*best, Named::default()), balancer);
    Some(LeastRegret {
        design: selection.design,
        bill: selection.bill,
        unserved: if whole > 0.0 { (1.0 - served / whole).max(0.0) } else { 0.0 },
        regrets: judged.into_iter().map(|(regret, _)| regret).collect(),
    })
}

/// A believable world and the cheapest that is adequate in it.
struct World<'a> {
    weight: f64,
    requirements: &'a Requirements,
    best: Trio<'a>,
}

fn regret<'a>(counter: &Counter<'a>, worlds: &[World<'a>], served: f64, trio: &Trio<'a>) -> Regret {
    let (mut expected, mut worst, mut adequate) = (Money::ZERO, Money::ZERO, 0.0);
    let mut unknown_parts = 0;
    for world in worlds {
        let tiers = tier_regrets(counter, world, trio);
        let regret: Money = tiers.iter().map(|tier| tier.regret).sum();
        expected += quantity(world.weight / served) * regret;
        worst = worst.max(regret);
        unknown_parts = unknown_parts.max(tiers.iter().map(|tier| tier.unknown_parts).sum());
        if tiers.iter().all(|tier| tier.fit == Adequacy::Enough) {
            adequate += world.weight / served;
        }
    }
    Regret {
        products: products(trio),
        unknown_parts,
        expected_usd: expected.round_dp(2),
        worst_usd: worst,
        adequate,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Adequacy {
    Enough,
    TooSmall,
}

struct TierRegret {
    regret: Money,
    unknown_parts: u32,
    fit: Adequacy,
}

fn tier_regret(own: Cost, best: Money, fit: Adequacy) -> TierRegret {
    let replacement = if fit == Adequacy::Enough { Money::ZERO } else { REPLACEMENT_FACTOR * best };
    TierRegret { regret: own.known + replacement - best, unknown_parts: own.unknown_parts, fit }
}

fn tier_regrets<'a>(counter: &Counter<'a>, world: &World<'a>, trio: &Trio<'a>) -> Vec<TierRegret> {
    let adequacy = |lacks: usize| if lacks == 0 { Adequacy::Enough } else { Adequacy::TooSmall };
    let app = counter.app(world.requirements);
    let Fit { offer, count, term, .. } = trio.app;
    let enough = adequacy(app.lacks(offer, count).len());
    let mut tiers = vec![tier_regret(app.cost(offer, term, count), world.best.app.cost.known, enough)];
    if let (Some(tier), Some(fit), Some(best)) =
        (counter.database(world.requirements), trio.database, world.best.database)
    {
        let own = tier.cost(fit.offer, fit.term, fit.availability);
        tiers.push(tier_regret(own, best.cost.known, adequacy(tier.lacks(fit.offer).len())));
    }
    if let (Some(tier), Some(fit), Some(best)) =
        (counter.cache(world.requirements), trio.cache, world.best.cache)
    {
        let own = tier.cost(fit.offer, fit.term, fit.availability);
        tiers.push(tier_regret(own, best.cost.known, adequacy(tier.lacks(fit.offer).len())));
    }
    tiers
}

fn same(left: &Trio<'_>, right: &Trio<'_>) -> bool {
    let fit = |left: &Fit<'_>, right: &Fit<'_>| {
        std::ptr::eq(left.offer, right.offer)
            && (left.count, left.term, left.availability) == (right.count, right.term, right.availability)
    };
    let option = |left: &Option<Fit<'_>>, right: &Option<Fit<'_>>| match (left, right) {
        (Some(left), Some(right)) => fit(left, right),
        (None, None) => true,
        _ => false,
    };
    fit(&left.app, &right.app) && option(&left.database, &right.database) && option(&left.cache, &right.cache)
}

fn products(trio: &Trio<'_>) -> String {
    let services = trio.database.iter().chain(&trio.cache).map(|fit| fit.offer.sku.clone());
    let app = format!("{} x {}", trio.app.count, trio.app.offer.sku);
    std::iter::once(app).chain(services).collect::<Vec<_>>().join(", ")
}
