//! `compare --json`.

use loadline_contract::HOURS_PER_MONTH;
use serde_json::{Value, json};

use super::objectives::objectives;
use super::prediction::{findings, load_line, prediction};
use super::{SCHEMA, amount_or_null, bill};
use crate::market::{CloudOutcome, Comparison};
use crate::report::words::{Standing, Word};
use crate::sizing::Sizing;
use crate::spec::Spec;

/// All clouds side by side, for a program. The fields at the top of each cloud are those of the design that counts (`design`: the
/// pinned one where the spec pins); `pinned` and `chosen` hold both in full. A cloud without a design has null amounts.
pub fn compare_json(spec: &Spec, comparison: &Comparison, sizing: &Sizing) -> Value {
    let ranking: Vec<Value> = comparison
        .ranking
        .iter()
        .filter_map(|&index| comparison.clouds.get(index))
        .map(|outcome| outcome.cloud.as_str().into())
        .collect();
    json!({
        "schema": SCHEMA,
        "name": spec.name,
        "today": comparison.today,
        "hours_per_month": HOURS_PER_MONTH,
        "terms": {
            "app": spec.terms.app.word(), "database": spec.terms.database.word(), "cache": spec.terms.cache.word(),
        },
        "objectives": objectives(&spec.objectives),
        "clouds": comparison.clouds.iter().map(cloud).collect::<Value>(),
        "ranking": ranking,
        "prediction": prediction(&sizing.prediction),
        "load_line": load_line(&sizing.load_line),
        "findings": findings(&sizing.findings),
    })
}

fn cloud(outcome: &CloudOutcome) -> Value {
    let mut fields = match outcome.main() {
        Some(candidate) => bill::candidate(candidate),
        None => json!({
            "monthly_usd": null, "complete": false, "unknown": [], "per_1000_requests_usd": null,
            "meets_objectives": false, "misses": [], "notes": [], "zones": null, "tiers": [], "tier_totals": [], "lines": [],
            "lifecycle": [], "left_out": [], "prediction": null, "load_line": null,
        }),
    };
    let objections: Vec<Value> = outcome
        .objections
        .iter()
        .map(|one| json!({ "what": one.what, "why": one.why, "severity": one.severity.word() }))
        .collect();
    let rejections: Vec<Value> = outcome
        .rejections
        .iter()
        .map(|one| {
            json!({
                "kind": one.kind.word(), "sku": one.sku, "limit": one.limit, "needed": one.needed, "has": one.has,
                "dearer_by_usd": amount_or_null(one.dearer_by),
            })
        })
        .collect();
    let main = if outcome.pinned.is_some() { "pinned" } else { "chosen" };
    fields["cloud"] = outcome.cloud.as_str().into();
    fields["title"] = outcome.title.as_str().into();
    fields["region"] = outcome.region.as_str().into();
    fields["best_for"] = outcome.best_for.as_str().into();
    fields["priced"] = (outcome.pricing == loadline_contract::Pricing::Covered).into();
    fields["design"] = outcome.main().map(|_| main).into();
    fields["standing"] = standing(outcome).into();
    fields["objections"] = objections.into();
    fields["rejections"] = rejections.into();
    fields["pinned"] = outcome.pinned.as_ref().map(bill::candidate).into();
    fields["chosen"] = outcome.chosen.as_ref().map(bill::candidate).into();
    fields["least_regret"] = outcome.least_regret.as_ref().map(bill::least_regret).into();
    fields["pinned_minus_chosen_usd"] = amount_or_null(crate::report::bill::pinned_minus_chosen(outcome));
    fields
}

fn standing(outcome: &CloudOutcome) -> &'static str {
    match Standing::of(outcome) {
        Standing::Meets => "meets",
        Standing::FallsShort => "falls-short",
        Standing::Incomplete => "incomplete",
        Standing::Impossible => "impossible",
    }
}

#[cfg(test)]
mod tests {
    use loadline_contract::Money;

    use super::*;
    use crate::report::fixtures;

    fn compared() -> Value {
        compare_json(&fixtures::spec(), &fixtures::comparison(), &fixtures::sizing())
    }

    #[test]
    fn the_contract_fields_are_there_with_their_types() {
        let value = compared();
        assert_eq!(value["schema"], 1);
        let clouds = value["clouds"].as_array().unwrap();
        assert_eq!(clouds.len(), 4);
        for cloud in clouds {
            assert!(cloud["cloud"].is_string() && cloud["region"].is_string());
            assert!(cloud["complete"].is_boolean() && cloud["meets_objectives"].is_boolean());
            for list in ["tiers", "lines", "objections", "rejections", "lifecycle"] {
                assert!(cloud[list].is_array(), "{list}");
            }
            for line in cloud["lines"].as_array().unwrap() {
                assert!(["tier", "what", "unit"].iter().all(|key| line[key].is_string()));
                assert!(["as_of", "source"].iter().all(|key| line[key].is_string() || line[key].is_null()));
                assert!(line["quantity"].is_number());
                assert!(line["unit_price_usd"].is_string() || line["unit_price_usd"].is_null());
                assert!(line["monthly_usd"].is_string() || line["monthly_usd"].is_null());
            }
        }
        assert_eq!(value["ranking"][0], "east");
    }

    #[test]
    fn the_total_is_the_sum_of_the_known_lines() {
        for cloud in compared()["clouds"].as_array().unwrap() {
            let Some(total) = cloud["monthly_usd"].as_str() else { continue };
            let lines = cloud["lines"].as_array().unwrap();
            let amounts = lines.iter().filter_map(|line| line["monthly_usd"].as_str());
            let sum: Money = amounts.map(|amount| amount.parse::<Money>().unwrap()).sum();
            assert_eq!(sum, total.parse::<Money>().unwrap());
            let tiers = cloud["tier_totals"].as_array().unwrap().iter();
            let tiers: Money =
                tiers.map(|tier| tier["monthly_usd"].as_str().unwrap().parse::<Money>().unwrap()).sum();
            assert_eq!(tiers, sum);
        }
    }

    #[test]
    fn an_unknown_price_is_null_and_the_bill_is_not_complete() {
        let value = compared();
        let west = &value["clouds"][1];
        assert_eq!(west["complete"], false);
        assert_eq!(west["unknown"].as_array().unwrap().len(), 2);
        assert!(west["lines"].as_array().unwrap().iter().any(|line| line["monthly_usd"].is_null()));
        assert!(west["per_1000_requests_usd"].is_null());
    }

    #[test]
    fn an_impossible_cloud_has_no_amount_and_says_why() {
        let north = &compared()["clouds"][3];
        assert!(north["monthly_usd"].is_null() && north["chosen"].is_null());
        assert_eq!(north["standing"], "impossible");
        assert_eq!(north["objections"][0]["severity"], "impossible");
        assert_eq!(north["rejections"][0]["limit"], "memory");
    }

    #[test]
    fn the_pinned_and_the_chosen_design_stand_beside_each_other() {
        let south = &compared()["clouds"][2];
        assert_eq!(south["design"], "pinned");
        assert_eq!(south["monthly_usd"], south["pinned"]["monthly_usd"]);
        let money = |value: &Value| value.as_str().unwrap().parse::<Money>().unwrap();
        let difference = money(&south["pinned"]["monthly_usd"]) - money(&south["chosen"]["monthly_usd"]);
        assert_eq!(money(&south["pinned_minus_chosen_usd"]), difference);
    }
}
