//! `plan`: the steps from what is there to what the spec asks for. Changes nothing.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use loadline_contract::deploy::{Address, ErrorClass};

use super::super::exit::{Exit, Failure};
use super::super::input::{Existing, write_file};
use super::super::screen::Screen;
use super::place::refused;
use super::planned::{compare, look, obstacles};
use super::saved::MadeWith;
use super::wanted::Wanted;
use super::{StackArgs, wait_for};
use crate::plan::{Consent, Plan};
use crate::report::{self, PlanView};

/// Arguments of `plan`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    stack: StackArgs,
    /// Compare with an empty account: what would be made, without looking at any cloud
    #[arg(long, conflicts_with_all = ["rehearse", "out"])]
    from_nothing: bool,
    /// Let this data store be replaced or removed (may be given more than once)
    #[arg(long, value_name = "ADDRESS")]
    consent: Vec<Address>,
    /// Keep the plan in a file that `apply` carries out, if everything still holds then
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    out: Option<PathBuf>,
    /// Exit 2 when there is something to do, 0 when there is nothing
    #[arg(long)]
    detailed_exitcode: bool,
    /// Print the least policy that this very plan needs, as the cloud takes it
    #[arg(long, conflicts_with_all = ["json", "out"])]
    permissions: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let named = args.stack.named(screen)?;
    let wanted = args.stack.wanted(named, (args.from_nothing || args.stack.place.rehearse, screen))?;
    wait_for(show(args, wanted, screen))
}

async fn show(args: &Args, mut wanted: Wanted, screen: &Screen) -> Result<Exit, Failure> {
    let consent = Consent(args.consent.iter().cloned().collect());
    let profile = wanted.cloud.profile();
    let place = if args.from_nothing {
        None
    } else {
        match args.stack.place.open(wanted.cloud, &wanted.region).await {
            Ok(place) => Some(place),
            // Without any account a plan is still an answer, if it says what it is.
            Err(error) if without_account(&error.class) && args.out.is_none() => {
                screen.note(&format!(
                    "{error}\nNo account was looked at: this is what would be made in an empty one."
                ));
                None
            }
            Err(error) => return Err(refused(&error)),
        }
    };
    let history = match &place {
        Some(_) => args.stack.place.history(profile.name, &wanted.deployment).await?,
        None => Default::default(),
    };
    let so_far = &history.so_far;
    let observed = match &place {
        Some(place) => look(place, &wanted, so_far, screen).await?,
        None => Vec::new(),
    };
    let plan = compare(&wanted, &observed, so_far, (&consent, screen))?;
    let obstacles = match &place {
        Some(place) => obstacles(place, &plan).await?,
        None => Vec::new(),
    };
    let notes = std::mem::take(&mut wanted.notes);
    if args.permissions {
        screen.answer_json(&wanted.cloud.policy(&plan.permissions, &plan.deployment, &plan.region))?;
    } else if args.json {
        screen.answer_json(&report::plan_json(&plan, &obstacles, &notes))?;
    } else {
        let against = place.as_ref().map_or("an empty account", |place| place.shown);
        let view = PlanView {
            what: "Plan for",
            plan: &plan,
            title: profile.title,
            against,
            obstacles: &obstacles,
            notes: &notes,
        };
        screen.answer(&report::plan_text(view, &screen.look()))?;
    }
    if let Some(file) = &args.out {
        keep(args, &plan, file, screen)?;
    }
    Ok(match (obstacles.is_empty(), args.detailed_exitcode && !plan.is_empty()) {
        (false, _) => Exit::No,
        (true, true) => Exit::Usage,
        (true, false) => Exit::Done,
    })
}

fn without_account(class: &ErrorClass) -> bool {
    matches!(class, ErrorClass::NotAuthenticated | ErrorClass::Unexpected)
}

fn keep(args: &Args, plan: &Plan, file: &std::path::Path, screen: &Screen) -> Result<(), Failure> {
    let spec = &args.stack.spec.spec;
    let spec = std::fs::canonicalize(spec).map_err(|error| {
        Failure::usage(format!(
            "a plan is kept with the file of its spec, and {} is none: {error}",
            spec.display()
        ))
    })?;
    let mut value = report::plan_json(plan, &[], &[]);
    value["made_with"] = serde_json::json!(MadeWith {
        spec,
        set: args.stack.spec.set.clone(),
        cloud: plan.cloud.clone(),
        region: plan.region.clone(),
        rehearse: args.stack.place.rehearse,
        consent: args.consent.clone(),
    });
    write_file(file, &format!("{value:#}\n"), Existing::Replace)?;
    screen.note(&format!("wrote {0}; carry it out with loadline apply {0}", file.display()));
    Ok(())
}
