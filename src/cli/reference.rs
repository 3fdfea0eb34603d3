//! `schema`, `completions`, `man`: what the program says about itself.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::Cli;
use super::exit::{Exit, Failure};
use super::screen::Screen;

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command to describe, such as `compare`; without it the whole program
    command: Option<String>,
}

pub(super) fn schema(_: &SchemaArgs, screen: &Screen) -> Result<Exit, Failure> {
    screen.answer_json(&crate::spec::json_schema(&crate::clouds::vocabulary()))
}

pub(super) fn completions(args: &CompletionsArgs, screen: &Screen) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "loadline", &mut text);
    screen.answer(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}

pub(super) fn man(args: &ManArgs, screen: &Screen) -> Result<Exit, Failure> {
    let mut program = Cli::command();
    program.build();
    let page = match &args.command {
        None => program,
        Some(name) => match program.find_subcommand(name) {
            Some(command) => command.clone().name(format!("loadline-{name}")),
            None => {
                let names: Vec<_> = program.get_subcommands().map(clap::Command::get_name).collect();
                return Err(Failure::usage(format!("there is no command `{name}`"))
                    .hint(format!("the commands are {}", names.join(", "))));
            }
        },
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|error| Failure::failed(format!("rendering the manual page: {error}")))?;
    screen.answer(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}
