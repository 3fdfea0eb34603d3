//! One look at everything.

use std::time::Duration;

use super::super::exit::{Exit, Failure};
use super::super::interrupts::Interrupts;
use super::super::screen::Screen;
use super::Args;
use super::targets::{Aim, exit};
use crate::report::{self, CheckView};
use crate::spec::Spec;

pub(super) fn run(args: &Args, spec: &Spec, screen: &Screen) -> Result<Exit, Failure> {
    let aim = Aim::of(args, spec, screen)?;
    aim.bar.set_message("looking at every component");
    aim.bar.enable_steady_tick(Duration::from_millis(100));
    let round = aim.run(screen, async |aim| {
        let mut interrupts = Interrupts::new()?;
        let look = async {
            aim.prepare().await;
            aim.checker.round().await
        };
        tokio::select! {
            round = look => Ok(round),
            () = interrupts.next() => Err(Failure::interrupted("interrupted; nothing was changed")),
        }
    })?;
    let view = CheckView { deployment: &spec.name, round: &round };
    if args.json {
        screen.answer_json(&report::check_json(view))?;
    } else {
        screen.answer(&report::check_text(view, &screen.look()))?;
    }
    Ok(exit(round.verdict()))
}
