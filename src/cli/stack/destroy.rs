//! `destroy`: removes everything that carries a deployment's tag, and says what that saves and what survives.

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::apply::Task;
use super::{RunArgs, StackArgs, wait_for};
use crate::plan::Consent;

/// Arguments of `destroy`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    stack: StackArgs,
    #[command(flatten)]
    run: RunArgs,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let wanted = args.stack.named(screen)?.nothing();
    let task =
        Task { args: &args.run, stack: &args.stack, consent: Consent::default(), screen, destroys: true };
    wait_for(task.carry_out(wanted, None))
}
