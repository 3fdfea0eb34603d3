//! Values to text, JSON, CSV, Markdown and HTML.
//!
//! In: the nouns of spec, sizing and market, and a [`Look`]. Out: strings and JSON values; the caller prints them. Nothing is decided
//! here, and neither the environment nor the terminal is asked: the same values and the same look give the same bytes.

mod bill;
mod calibrate;
mod check;
mod compare;
mod csv;
mod defaults;
mod deploy;
mod escape;
mod findings;
#[cfg(test)]
mod fixtures;
mod html;
mod json;
mod lint;
mod load;
mod look;
mod markdown;
mod page;
mod plan;
mod prices;
mod questions;
mod run;
mod size;
mod status;
pub mod tidy;
mod tune;
mod words;

pub use bill::bill_text;
pub use calibrate::{CalibrateView, calibrate_json, calibrate_text};
pub use check::{
    CheckView, alert_json, change_lines, check_json, check_metrics, check_table, check_text, round_line,
};
pub use compare::compare_text;
pub use csv::compare_csv;
pub use defaults::explain_text;
pub use deploy::{
    DeployStatus, change_json, change_text, deploy_event, deploy_progress, log_line, rendered_json,
    rendered_text, unlock_text,
};
pub use escape::plain;
pub use findings::{WhyNot, findings_text, why_not_json, why_not_text};
pub use html::compare_html;
pub use json::{compare_json, size_json};
pub use lint::{lint_json, lint_rule_json, lint_rule_text, lint_text};
pub use load::{load_event, load_html, load_json, load_progress, load_text};
pub use look::{Colour, Look, Unicode};
pub use markdown::compare_markdown;
pub use plan::{PlanView, plan_json, plan_text, refusals_text, survivors_text};
pub use prices::{PriceRow, prices_csv, prices_json, prices_text};
pub use questions::questions_text;
pub use run::{RunView, Timeline, doing, ending_json, event_json, event_line, run_text};
pub use size::size_text;
pub use status::{Leftover, StatusView, leftovers_json, leftovers_text, status_json, status_text};
pub use tune::{TuneView, Tuned, hosts, tune_json, tune_junit, tune_text};
