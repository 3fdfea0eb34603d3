//! What growth does before the horizon.

use super::super::Finding;
use super::super::database::data_gib;
use super::super::wording::{number, percent};
use super::{Rule, View, warning};

pub(super) const RULES: &[Rule] = &[users_pass_load_line, data_fills_storage];

fn users_pass_load_line(view: &View<'_>) -> Vec<Finding> {
    let horizon = view.spec.load.horizon_months;
    // Who is past the load line today is told so by the objectives missed.
    let past = f64::from(view.load_line.users) < view.prediction.users;
    let months = view.load_line.months.filter(|months| !past && *months < horizon);
    let Some(months) = months else { return Vec::new() };
    let growth = view.spec.load.growth_per_month.mid;
    let sentence = format!(
        "Growing by {} a month, the users pass the load line of {} ({}) after {} months; the horizon is {}, with {} users.",
        percent(growth),
        view.load_line.users,
        view.load_line.binding,
        number(months),
        number(horizon),
        number(view.prediction.users * (1.0 + growth).powf(horizon))
    );
    vec![warning(
        "growth-passes-load-line",
        sentence,
        "Plan the next size for that month, or size for the users at the horizon.",
        "load.growth",
    )]
}

fn data_fills_storage(view: &View<'_>) -> Vec<Finding> {
    let Some(database) = &view.spec.database else { return Vec::new() };
    let (Some(storage), horizon) = (database.storage_gib, view.spec.load.horizon_months) else {
        return Vec::new();
    };
    let data = data_gib(database, horizon).max(database.data_gib.mid);
    if data <= 0.8 * storage {
        return Vec::new();
    }
    let growth = database.growth_per_month.mid;
    let when = if growth > 0.0 {
        ((0.8 * storage / database.data_gib.mid).ln() / growth.ln_1p()).max(0.0)
    } else {
        0.0
    };
    let sentence = format!(
        "The data passes 80 % of the {} GiB of storage after {} months and is {} GiB at the horizon of {} months.",
        number(storage),
        number(when),
        number(data),
        number(horizon)
    );
    let hint = format!("Buy at least {} GiB, or storage that grows by itself.", number((data / 0.8).ceil()));
    vec![warning("data-outgrows-storage", sentence, &hint, "database.storage")]
}
