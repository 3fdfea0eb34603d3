//! What carries our tag and is wanted by no applied design.

use loadline_contract::Money;
use loadline_contract::deploy::{Deployment, Observed};
use serde_json::{Value, json};

use super::view::state;
use crate::report::json::{SCHEMA, amount_or_null};
use crate::report::look::Look;
use crate::report::page::{Grid, Page, Set};
use crate::report::tidy;
use crate::report::words::plural;

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Leftover {
    /// Whose it was.
    pub deployment: Deployment,
    /// Whether a journal of that deployment was found here.
    pub known: bool,
    /// US dollars a month; `None`: unknown.
    pub monthly: Option<Money>,
    /// The thing.
    pub thing: Observed,
}

/// As text.
pub fn leftovers_text(leftovers: &[Leftover], title: &str, look: &Look) -> String {
    let mut page = Page::new(look);
    page.heading(&format!("Left over on {title}"));
    if leftovers.is_empty() {
        page.sentence("Nothing carries our tag that is not wanted.");
        return page.finish();
    }
    let mut grid = Grid::new(&[
        ("Deployment", Set::Left),
        ("Resource", Set::Left),
        ("Id", Set::Left),
        ("State", Set::Left),
        ("USD/month", Set::Right),
    ]);
    for Leftover { deployment, monthly, thing, .. } in leftovers {
        let (word, _) = state(&thing.state);
        grid.row(&[
            deployment.to_string(),
            thing.address.to_string(),
            thing.id.clone(),
            word.to_owned(),
            tidy::money_or_unknown(*monthly),
        ]);
    }
    page.table(&grid);
    page.sentence(&format!(
        "{}; destroy removes what belongs to a deployment.",
        plural(leftovers.len(), "thing")
    ));
    if leftovers.iter().any(|leftover| !leftover.known) {
        page.sentence(
            "Of some deployments no journal was found here: name it with --journal, or they all count as not wanted.",
        );
    }
    page.finish()
}

/// For a program.
pub fn leftovers_json(leftovers: &[Leftover]) -> Value {
    let written: Vec<Value> = leftovers
        .iter()
        .map(|Leftover { deployment, known, monthly, thing }| {
            json!({
                "deployment": deployment,
                "address": thing.address,
                "id": thing.id,
                "state": state(&thing.state).0,
                "monthly_usd": amount_or_null(*monthly),
                "journal_found": known,
            })
        })
        .collect();
    json!({ "schema": SCHEMA, "leftovers": written })
}
