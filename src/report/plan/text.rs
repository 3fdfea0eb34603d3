//! A plan for a person: what, why, what it does to the bill, how long it takes, what cannot be taken back.

use std::collections::BTreeMap;

use loadline_contract::Money;
use loadline_contract::deploy::{Action, Obstacle, SettingChange, Step};

use crate::plan::{Left, Plan, Refusal, duration};
use crate::report::look::{Look, Tone};
use crate::report::page::{Grid, Page, Set};
use crate::report::tidy;
use crate::report::words::plural;

/// What is shown of a plan.
#[derive(Debug, Clone, Copy)]
pub struct PlanView<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Name of the cloud for people.
    pub title: &'a str,
    /// What the plan was compared with: `the account`, `an empty account`, `the rehearsal account`.
    pub against: &'a str,
    /// What would stop it half-way.
    pub obstacles: &'a [Obstacle],
    /// What a person should know, one sentence each.
    pub notes: &'a [String],
}

/// The plan as text.
pub fn plan_text(view: PlanView<'_>, look: &Look) -> String {
    let plan = view.plan;
    let mut page = Page::new(look);
    page.heading(&format!(
        "Plan for {} on {} {}, against {}",
        plan.deployment, view.title, plan.region, view.against
    ));
    if plan.is_empty() {
        let unchanged = plural(plan.unchanged.len(), "resource");
        page.sentence(&format!("No changes: {unchanged} there, all as wanted."));
    } else {
        page.table(&steps(plan));
        changes(&mut page, plan);
        irreversible(&mut page, plan);
        survives(&mut page, plan);
        page.heading("In sum");
        page.sentence(&sum(plan));
    }
    let (before, after) = (plan.monthly_usd_before, plan.monthly_usd_after);
    let saved = before.zip(after).map(|(before, after)| before - after).filter(|saved| *saved > Money::ZERO);
    let saving =
        saved.map(|saved| format!(", which saves {} a month", tidy::money(saved))).unwrap_or_default();
    page.sentence(&format!("Monthly bill: {} before, {} after{saving}.", amount(before), amount(after)));
    if !plan.is_empty() {
        page.sentence(&format!(
            "It takes about {} and needs {} (--permissions lists them).",
            duration(plan),
            plural(plan.permissions.len(), "permission")
        ));
    }
    if !view.obstacles.is_empty() || !view.notes.is_empty() {
        page.heading("To know");
    }
    for obstacle in view.obstacles {
        page.marked(Tone::Bad, "stops it", 10, &format!("{}: {}", obstacle.address, obstacle.sentence));
        page.hanging(10, &obstacle.hint);
    }
    for note in view.notes {
        page.marked(Tone::Warning, "note", 10, note);
    }
    page.finish()
}

fn verb(step: &Step) -> &'static str {
    match step.action {
        Action::Create => "create",
        Action::Update => "change",
        Action::Delete => "remove",
        Action::Await => "wait",
    }
}

fn steps(plan: &Plan) -> Grid {
    let mut grid = Grid::new(&[
        ("Do", Set::Left),
        ("Resource", Set::Left),
        ("Why", Set::Left),
        ("USD/month", Set::Right),
    ]);
    for step in &plan.steps {
        let monthly = match step.monthly_usd {
            Some(amount) if amount.is_zero() => String::new(),
            Some(amount) => format!("{amount:+.2}"),
            None => "unknown".to_owned(),
        };
        grid.row(&[verb(step).to_owned(), step.address.to_string(), step.reason.clone(), monthly]);
    }
    grid
}

fn changes(page: &mut Page<'_>, plan: &Plan) {
    let changed: Vec<&Step> = plan.steps.iter().filter(|step| !step.changes.is_empty()).collect();
    if changed.is_empty() {
        return;
    }
    page.heading("Changes");
    for step in changed {
        for change in &step.changes {
            page.marked(Tone::Strong, &step.address.to_string(), 12, &worded(change));
        }
    }
}

fn worded(SettingChange { setting, from, to }: &SettingChange) -> String {
    let shown = |value: &Option<loadline_contract::deploy::Value>| {
        let text = value.as_ref().map_or_else(|| "not set".to_owned(), ToString::to_string);
        // A first-start script is no reading matter.
        if text.chars().count() > 60 {
            format!("{}…", text.chars().take(57).collect::<String>())
        } else {
            text
        }
    };
    if from == to {
        format!("{setting}: {} is made anew", shown(to))
    } else {
        format!("{setting}: {} -> {}", shown(from), shown(to))
    }
}

fn irreversible(page: &mut Page<'_>, plan: &Plan) {
    let lost: Vec<&str> = plan.steps.iter().filter_map(|step| step.irreversible.as_deref()).collect();
    if lost.is_empty() {
        return;
    }
    page.heading("Cannot be taken back");
    for sentence in lost {
        page.marked(Tone::Bad, "lost", 6, sentence);
    }
}

fn survives(page: &mut Page<'_>, plan: &Plan) {
    if plan.survives.is_empty() {
        return;
    }
    page.heading("What survives");
    for sentence in survivors_text(&plan.survives) {
        page.sentence(&sentence);
    }
}

/// What is left of removed data stores, a sentence each.
pub fn survivors_text(survives: &[Left]) -> Vec<String> {
    let sentence = |left: &Left| {
        let size = match left.at_most_gib {
            Some(gib) => format!("at most {gib} GiB"),
            None => "of a size that only the cloud knows".to_owned(),
        };
        let price = match left.monthly_usd {
            Some(amount) => format!("at most {} a month", tidy::money(amount)),
            None => "at a price that is unknown here".to_owned(),
        };
        let end = match left.kept_days {
            Some(days) => format!("the cloud removes it after {days} days"),
            None => "it stays until you remove it".to_owned(),
        };
        format!("The {} of {} survives: {size}, {price}; {end}.", left.what, left.address)
    };
    survives.iter().map(sentence).collect()
}

fn sum(plan: &Plan) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for step in &plan.steps {
        *counts.entry(verb(step)).or_default() += 1;
    }
    let order = ["create", "change", "remove", "wait"];
    let parts: Vec<String> = order
        .iter()
        .filter_map(|verb| counts.get(verb).map(|count| format!("{count} to {verb}")))
        .map(|part| part.replace("to wait", "to wait for"))
        .collect();
    format!("{}; {} stay as they are.", parts.join(", "), plan.unchanged.len())
}

fn amount(amount: Option<Money>) -> String {
    amount.map_or_else(|| "unknown".to_owned(), tidy::money)
}

/// Why a plan may not be made.
pub fn refusals_text(refusals: &[Refusal], look: &Look) -> String {
    let mut page = Page::new(look);
    for refusal in refusals {
        page.marked(Tone::Bad, "refused", 9, &refusal.sentence);
        page.hanging(9, &refusal.hint);
    }
    page.finish()
}
