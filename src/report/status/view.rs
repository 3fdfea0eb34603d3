//! What runs, where, what it costs, how to log in.

use loadline_contract::Money;
use loadline_contract::deploy::{Machine, Observed, State};
use serde_json::{Value, json};

use crate::apply::journal::LastRun;
use crate::plan::Costs;
use crate::report::json::{SCHEMA, amount_or_null, text_or_null};
use crate::report::look::{Look, Tone};
use crate::report::page::{Grid, Page, Set};
use crate::report::tidy;
use crate::report::words::plural;

/// What is shown of a deployment.
#[derive(Debug, Clone, Copy)]
pub struct StatusView<'a> {
    /// Its name.
    pub deployment: &'a str,
    /// Short name of the cloud.
    pub cloud: &'a str,
    /// Name of the cloud for people.
    pub title: &'a str,
    /// Region.
    pub region: &'a str,
    /// Which account was looked at.
    pub account: &'a str,
    /// What is there.
    pub observed: &'a [Observed],
    /// The application's machines that run.
    pub machines: &'a [Machine],
    /// What it costs, as the last apply worked it out; `None`: no apply is written in the journal.
    pub costs: Option<&'a Costs>,
    /// Login name on the machines.
    pub login: &'a str,
    /// The run that wrote the journal last; `None`: none did.
    pub run: Option<&'a LastRun>,
}

/// A state in one word, and what the cloud said.
pub(super) fn state(state: &State) -> (&'static str, &str) {
    match state {
        State::Ready => ("ready", ""),
        State::Changing => ("changing", ""),
        State::Leaving => ("leaving", ""),
        State::Failed(said) => ("failed", said),
    }
}

/// The status as text.
pub fn status_text(view: StatusView<'_>, look: &Look) -> String {
    let mut page = Page::new(look);
    page.heading(&format!("{} on {} {}, in {}", view.deployment, view.title, view.region, view.account));
    if view.observed.is_empty() {
        page.sentence("Nothing carries its tag.");
    } else {
        let mut grid = Grid::new(&[
            ("Resource", Set::Left),
            ("State", Set::Left),
            ("USD/month", Set::Right),
            ("Where", Set::Left),
        ]);
        for thing in sorted(view.observed) {
            let (word, _) = state(&thing.state);
            grid.row(&[thing.address.to_string(), word.to_owned(), monthly(view, thing), place(thing)]);
        }
        page.table(&grid);
    }
    for thing in view.observed {
        if let State::Failed(said) = &thing.state {
            page.marked(Tone::Bad, "failed", 9, &format!("{}: {said}", thing.address));
        }
    }
    if !view.observed.is_empty() {
        let ready = view.observed.iter().filter(|thing| thing.state == State::Ready).count();
        page.sentence(&format!("{ready} of {} ready.", plural(view.observed.len(), "resource")));
    }
    match view.costs {
        Some(costs) if !view.observed.is_empty() => {
            let total = costs.total.map(|amount| amount.0);
            page.sentence(&format!("Monthly bill as applied: {}.", tidy::money_or_unknown(total)));
        }
        None if !view.observed.is_empty() => {
            page.sentence("Monthly bill: unknown, no apply is written in the journal.");
        }
        _ => {}
    }
    for machine in view.machines {
        page.sentence(&way_in(view.login, machine));
    }
    if let Some(run) = view.run {
        page.sentence(&match run.closed {
            Some(0) => format!("Last run: {} by {}, whole.", run.why, run.by),
            Some(left) => {
                format!("Last run: {} by {}, {} left: run it again.", run.why, run.by, plural(left, "step"))
            }
            None => format!("Last run: {} by {} has not let go.", run.why, run.by),
        });
    }
    page.finish()
}

/// How a person gets in.
fn way_in(login: &str, machine: &Machine) -> String {
    let id = &machine.id;
    match (&machine.public, &machine.private) {
        (Some(address), _) => format!("Log in to {id}: ssh {login}@{address}"),
        (None, Some(address)) => {
            format!("Log in to {id}, from inside its network: ssh {login}@{address}")
        }
        (None, None) => format!("{id} has no address yet."),
    }
}

fn sorted(observed: &[Observed]) -> Vec<&Observed> {
    let mut sorted: Vec<&Observed> = observed.iter().collect();
    sorted.sort_by_key(|thing| (&thing.address, &thing.id));
    sorted
}

fn monthly(view: StatusView<'_>, thing: &Observed) -> String {
    match view.costs.and_then(|costs| costs.get(&thing.address)) {
        // Nothing by itself; without a journal the line below the table says that nobody knows.
        None => String::new(),
        Some(amount) => tidy::money_or_unknown(amount),
    }
}

/// What a thing costs a month by itself; `None`: unknown.
fn cost(view: StatusView<'_>, thing: &Observed) -> Option<Money> {
    view.costs?.get(&thing.address).unwrap_or(Some(Money::ZERO))
}

/// The address that people and programs use, or the cloud's id.
fn place(thing: &Observed) -> String {
    thing.outputs.get("address").unwrap_or(&thing.id).clone()
}

/// The status for a program.
pub fn status_json(view: StatusView<'_>) -> Value {
    let resources: Vec<Value> = sorted(view.observed)
        .into_iter()
        .map(|thing| {
            let (word, said) = state(&thing.state);
            json!({
                "address": thing.address,
                "kind": thing.address.kind(),
                "id": thing.id,
                "state": word,
                "said": text_or_null(said),
                "outputs": thing.outputs,
                "monthly_usd": amount_or_null(cost(view, thing)),
            })
        })
        .collect();
    json!({
        "schema": SCHEMA,
        "deployment": view.deployment,
        "cloud": view.cloud,
        "region": view.region,
        "login": view.login,
        "machines": view.machines.iter().map(|machine| json!({
            "id": machine.id, "public": machine.public, "private": machine.private,
        })).collect::<Vec<_>>(),
        "resources": resources,
        "monthly_usd": amount_or_null(view.costs.and_then(|costs| costs.total).map(|amount| amount.0)),
        "last_run": view.run.map(|run| json!({
            "command": run.why, "by": run.by.to_string(), "since": run.since, "left": run.closed,
        })),
    })
}
