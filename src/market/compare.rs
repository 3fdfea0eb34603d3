//! The same ask put to several clouds, and their answers side by side. Decides no price and no size: those come from
//! [`choose`] and from the forecast that the caller hands in.

use loadline_contract::{Pricing, Profile, RegionOffers};
use rayon::prelude::*;

use super::ranking::ranking;
use super::{Ask, Candidate, Choice, CloudOutcome, Comparison, PinError, Selection, choose};
use crate::sizing::{Capacity, Finding, LoadLine, Prediction, Requirements, Scenario};
use crate::spec::Spec;

/// One region of one cloud and what it sells.
#[derive(Debug, Clone, Copy)]
pub struct Market<'a> {
    /// Cloud.
    pub profile: &'a Profile,
    /// Region.
    pub region: &'a str,
    /// What it sells, unfiltered.
    pub sold: &'a RegionOffers,
}

/// What a capacity will do.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// At the spec's users.
    pub prediction: Prediction,
    /// How far it carries.
    pub load_line: LoadLine,
    /// Objectives that it misses; empty when it meets all.
    pub misses: Vec<Finding>,
}

/// Forecasts a capacity; called once for each distinct one.
pub type Predict<'a> = dyn Fn(&Capacity) -> Forecast + Sync + 'a;

/// Compares clouds.
///
/// The spec gives terms and pins; `requirements` and `scenarios` are its sizing; `today` is `YYYY-MM-DD`.
///
/// # Errors
/// Every pinned name that its region's book does not know, over all clouds.
pub fn compare(
    spec: &Spec,
    (requirements, scenarios): (&Requirements, &[Scenario]),
    markets: &[Market<'_>],
    today: &str,
    predict: &Predict<'_>,
) -> Result<Comparison, Vec<PinError>> {
    let answers: Vec<Result<Choice, Vec<PinError>>> = markets
        .par_iter()
        .map(|market| {
            let pin = spec.pin.get(market.profile.name);
            let ask = Ask { requirements, terms: spec.terms, pin, scenarios, today };
            choose(&ask, market.profile, market.region, market.sold)
        })
        .collect();
    let mut choices = Vec::with_capacity(answers.len());
    let mut errors = Vec::new();
    for answer in answers {
        match answer {
            Ok(choice) => choices.push(choice),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let forecasts = forecasts(&choices, predict);
    let clouds: Vec<CloudOutcome> =
        markets.iter().zip(choices).map(|(market, choice)| outcome(market, choice, &forecasts)).collect();
    Ok(Comparison { ranking: ranking(&clouds), clouds, today: today.to_owned() })
}

/// One forecast for each distinct capacity.
fn forecasts(choices: &[Choice], predict: &Predict<'_>) -> Vec<(Capacity, Forecast)> {
    let mut capacities: Vec<Capacity> = Vec::new();
    for selection in choices.iter().flat_map(|choice| choice.chosen.iter().chain(&choice.pinned)) {
        if !capacities.contains(&selection.design.capacity) {
            capacities.push(selection.design.capacity);
        }
    }
    // One after the other: a forecast is spread over threads itself, and remembers what the next one shares with it.
    capacities.iter().map(|capacity| (*capacity, predict(capacity))).collect()
}

fn outcome(market: &Market<'_>, choice: Choice, forecasts: &[(Capacity, Forecast)]) -> CloudOutcome {
    let Market { profile, region, .. } = market;
    let Choice { chosen, pinned, objections, rejections, least_regret } = choice;
    CloudOutcome {
        cloud: profile.name.to_owned(),
        title: profile.title.to_owned(),
        region: (*region).to_owned(),
        best_for: profile.best_for.to_owned(),
        pricing: profile.region(region).map_or(Pricing::NotCovered, |region| region.priced),
        chosen: chosen.map(|selection| candidate(selection, forecasts)),
        pinned: pinned.map(|selection| candidate(selection, forecasts)),
        objections,
        rejections,
        least_regret,
    }
}

fn candidate(selection: Selection, forecasts: &[(Capacity, Forecast)]) -> Candidate {
    let Selection { design, bill, mut misses, notes, lifecycle } = selection;
    let own = forecasts.iter().find(|(capacity, _)| *capacity == design.capacity);
    let (_, forecast) = own.expect("every capacity of a design was forecast above");
    let Forecast { prediction, load_line, misses: objectives } = forecast.clone();
    misses.extend(objectives);
    Candidate { design, bill, prediction, load_line, misses, notes, lifecycle }
}
