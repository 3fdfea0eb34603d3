//! The choice under uncertain inputs, in a sentence: which design is regretted least, and whether it is another than the one
//! that is cheapest at the middle values.

use crate::market::{CloudOutcome, Completeness, Design};
use crate::report::bill::total_text;
use crate::report::tidy;

/// The design of least regret of one cloud; `None` without uncertain inputs.
pub(crate) fn least_regret(outcome: &CloudOutcome) -> Option<String> {
    let least = outcome.least_regret.as_ref()?;
    let first = least.regrets.first()?;
    let same =
        outcome.chosen.as_ref().is_some_and(|chosen| products(&chosen.design) == products(&least.design));
    let which = if same { "the chosen design" } else { first.products.as_str() };
    let unserved = match least.unserved {
        0.0 => String::new(),
        share => format!("; in {} no product is large enough", tidy::percent(share)),
    };
    // Where a price is unknown, a difference of prices is too.
    let above = match least.bill.completeness {
        Completeness::Complete => {
            let [mean, worst] = [first.expected_usd, first.worst_usd].map(tidy::money);
            format!(", {mean} above the best of each on average, {worst} in the worst")
        }
        Completeness::Incomplete(_) => String::new(),
    };
    Some(format!(
        "{}: {which} is regretted least over the intervals ({} a month): large enough in {} of the worlds{above}{unserved}.",
        outcome.title,
        total_text(&least.bill),
        tidy::percent(first.adequate),
    ))
}

fn products(design: &Design) -> (u32, &str, Option<&str>, Option<&str>) {
    (
        design.app.count,
        design.app.offer.sku.as_str(),
        design.database.as_ref().map(|pick| pick.offer.sku.as_str()),
        design.cache.as_ref().map(|pick| pick.offer.sku.as_str()),
    )
}

#[cfg(test)]
mod tests {
    use loadline_contract::Money;

    use super::*;
    use crate::market::{LeastRegret, Regret};
    use crate::report::fixtures;

    fn outcome(adequate: f64) -> CloudOutcome {
        let mut outcome = fixtures::comparison().clouds.remove(0);
        let chosen = outcome.chosen.clone().unwrap();
        let regret = Regret {
            unknown_parts: 0,
            products: "2 x e8.4xlarge, sql.r8.2xlarge, kv.r8.large".into(),
            expected_usd: Money::new(5025, 2),
            worst_usd: Money::new(90000, 2),
            adequate,
        };
        let (design, bill) = (chosen.design, chosen.bill);
        outcome.least_regret = Some(LeastRegret { design, bill, regrets: vec![regret], unserved: 0.05 });
        outcome
    }

    #[test]
    fn the_least_regretted_design_is_named_with_what_it_costs_and_risks() {
        assert_eq!(
            least_regret(&outcome(0.9)).unwrap(),
            "East Cloud: the chosen design is regretted least over the intervals ($1,692.80 a month): large enough in 90 % of the \
             worlds, $50.25 above the best of each on average, $900.00 in the worst; in 5 % no product is large enough."
        );
    }

    #[test]
    fn another_design_than_the_chosen_one_is_named_by_its_products() {
        let mut outcome = outcome(1.0);
        outcome.least_regret.as_mut().unwrap().design.app.count = 3;
        let sentence = least_regret(&outcome).unwrap();
        assert!(
            sentence.starts_with("East Cloud: 2 x e8.4xlarge, sql.r8.2xlarge, kv.r8.large is"),
            "{sentence}"
        );
    }

    #[test]
    fn with_an_unknown_price_no_difference_is_stated() {
        let mut outcome = outcome(1.0);
        let least = outcome.least_regret.as_mut().unwrap();
        least.bill.completeness = Completeness::Incomplete(vec!["backups".into()]);
        let sentence = least_regret(&outcome).unwrap();
        assert!(
            sentence.contains("(at least $1,692.80 a month)") && !sentence.contains("above"),
            "{sentence}"
        );
    }

    #[test]
    fn without_intervals_nothing_is_said() {
        assert_eq!(least_regret(&fixtures::comparison().clouds[0]), None);
    }
}
