//! `size`: what the load needs, how it will behave, how far it carries.

use std::time::Duration;

use clap::Args as ClapArgs;

use super::exit::{Exit, Failure};
use super::input::SpecArgs;
use super::screen::Screen;
use crate::report;
use crate::sizing::{self, Confirm, Effort, Sizing};
use crate::spec::{self, Spec};

/// Arguments of `size`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// List every default and every assumption that was taken, with reason and source
    #[arg(long)]
    explain: bool,
    /// Do not confirm the formulas by simulation where they hold
    #[arg(long)]
    quick: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let spec = args.spec.read(screen)?;
    let sizing = size(&spec, &effort(args), screen);
    let exit = if carries(&spec, &sizing) { Exit::Done } else { Exit::No };
    if args.json {
        screen.answer_json(&report::size_json(&spec, &sizing))?;
        return Ok(exit);
    }
    let look = screen.look();
    let mut text = report::size_text(&spec, &sizing, &look);
    if args.explain {
        text.push('\n');
        text.push_str(&report::explain_text(&spec::explain(&spec), &look));
    }
    screen.answer(&text)?;
    Ok(exit)
}

fn effort(args: &Args) -> Effort {
    if args.quick {
        Effort { confirm: Confirm::WhenFormulasBreak, ..Effort::thorough() }
    } else {
        Effort::thorough()
    }
}

fn size(spec: &Spec, effort: &Effort, screen: &Screen) -> Sizing {
    let bar = screen.progress();
    bar.set_message("solving the network");
    // The first step has no parts to count: the spinner alone shows that it goes on.
    bar.enable_steady_tick(Duration::from_millis(100));
    let sizing = sizing::size(spec, effort, &|progress| {
        bar.set_message(progress.step);
        bar.set_length(u64::from(progress.of));
        bar.set_position(u64::from(progress.done));
    });
    bar.finish_and_clear();
    sizing
}

/// Whether the load line lies at the spec's users or beyond.
fn carries(spec: &Spec, sizing: &Sizing) -> bool {
    f64::from(sizing.load_line.users) >= spec.load.users.mid.round()
}
