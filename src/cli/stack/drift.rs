//! `drift`: what differs from the last applied design. Read-only.

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::place::refused;
use super::planned::{compare, look};
use super::{StackArgs, wait_for};
use crate::plan::Consent;
use crate::report::{self, PlanView};

/// Arguments of `drift`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    stack: StackArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let mut wanted = args.stack.named(screen)?.nothing();
    wait_for(async {
        let profile = wanted.cloud.profile();
        let history = args.stack.place.history(profile.name, &wanted.deployment).await?;
        let Some(applied) = &history.so_far.wanted else {
            return Err(Failure::failed(format!(
                "no apply of {} on {} is written in the journal, so nothing can have drifted",
                wanted.deployment, profile.title
            ))
            .hint("loadline plan compares with the spec; --journal names another journal"));
        };
        wanted.resources.clone_from(&applied.resources);
        wanted.costs = applied.costs.clone();
        wanted.region.clone_from(&applied.region);
        wanted.spec_hash.clone_from(&applied.spec);
        let place = args.stack.place.open(wanted.cloud, &wanted.region).await.map_err(|it| refused(&it))?;
        let observed = look(&place, &wanted, &history.so_far, screen).await?;
        // Whatever it would take is shown: nothing is done here.
        let everything = observed.iter().map(|thing| thing.address.clone());
        let consent =
            Consent(everything.chain(wanted.resources.iter().map(|it| it.address.clone())).collect());
        let plan = compare(&wanted, &observed, &history.so_far, (&consent, screen))?;
        if args.json {
            screen.answer_json(&report::plan_json(&plan, &[], &[]))?;
        } else {
            let view = PlanView {
                what: "Drift of",
                plan: &plan,
                title: profile.title,
                against: place.shown,
                obstacles: &[],
                notes: &[],
            };
            screen.answer(&report::plan_text(view, &screen.look()))?;
        }
        Ok(if plan.is_empty() { Exit::Done } else { Exit::Usage })
    })
}
