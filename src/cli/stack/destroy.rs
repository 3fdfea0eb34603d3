//! `destroy`: removes everything that carries a deployment's tag, and says what that saves and what survives.

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::super::shops::open;
use super::apply::Task;
use super::wanted::Wanted;
use super::{RunArgs, StackArgs, wait_for};
use crate::plan::{Consent, Keeping};

/// Arguments of `destroy`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    stack: StackArgs,
    #[command(flatten)]
    run: RunArgs,
    /// Print the least policy that this very removal needs, as the cloud takes it; removes nothing
    #[arg(long, conflicts_with_all = ["json", "yes"])]
    permissions: bool,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let named = args.stack.named(screen)?;
    // A price that cannot be read is no reason to keep a stack: what survives then has an unknown price.
    let keeping = open(&named.spec, args.stack.prices.as_deref(), screen)
        .map(|shops| Keeping::of(&shops[0].sold))
        .unwrap_or_default();
    let wanted = Wanted { keeping, ..named.nothing() };
    let task =
        Task { args: &args.run, stack: &args.stack, consent: Consent::default(), screen, destroys: true };
    if args.permissions {
        wait_for(task.permissions(&wanted))
    } else {
        wait_for(task.carry_out(wanted, None))
    }
}
