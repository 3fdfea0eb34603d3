//! `status`: what runs, where, what it costs, how to log in.

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::place::refused;
use super::planned::look;
use super::{StackArgs, wait_for};
use crate::report::{self, StatusView};

/// Arguments of `status`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    stack: StackArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let wanted = args.stack.named(screen)?.nothing();
    wait_for(async {
        let profile = wanted.cloud.profile();
        let history = args.stack.place.history(profile.name, &wanted.deployment).await?;
        let place = args.stack.place.open(wanted.cloud, &wanted.region).await.map_err(|it| refused(&it))?;
        let observed = look(&place, &wanted, &history.so_far, screen).await?;
        let machines = place.account.machines(&wanted.deployment).await.map_err(|it| refused(&it))?;
        let view = StatusView {
            deployment: wanted.deployment.as_str(),
            cloud: profile.name,
            title: profile.title,
            region: &wanted.region,
            account: place.shown,
            observed: &observed,
            machines: &machines,
            costs: history.so_far.wanted.as_ref().map(|applied| &applied.costs),
            login: &wanted.login,
            run: history.run.as_ref(),
        };
        if args.json {
            screen.answer_json(&report::status_json(view))?;
        } else {
            screen.answer(&report::status_text(view, &screen.look()))?;
        }
        Ok(Exit::Done)
    })
}
