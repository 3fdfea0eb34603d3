//! The command line: one file for each command, an `Args` and one function in it. No decisions, no formatting.

mod books;
mod compare;
mod exit;
mod init;
mod input;
mod prices;
mod reference;
mod screen;
mod size;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::{Exit, Failure};
use screen::{ColourWish, Screen};

/// Draws the load line for a web stack: what a load needs, how it will behave and what it costs on four clouds.
#[derive(Debug, Parser)]
#[command(name = "loadline", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done; 1 failed, nothing changed; 2 wrong usage or spec; 3 the answer is no \
    (an objective is missed, nothing fits); 130 interrupted."
)]
pub struct Cli {
    /// When to use colour. NO_COLOR, CLICOLOR and CLICOLOR_FORCE are respected.
    #[arg(long, global = true, value_enum, default_value_t = ColourWish::Auto, value_name = "WHEN")]
    color: ColourWish,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a commented spec: asks at a terminal, takes flags otherwise
    Init(init::Args),
    /// What the load needs, how it will behave, how far it carries
    Size(size::Args),
    /// The design and the monthly bill on every cloud, side by side
    Compare(compare::Args),
    /// The price books
    #[command(subcommand)]
    Prices(prices::Command),
    /// Print the JSON Schema of a spec, for editors
    Schema(reference::SchemaArgs),
    /// Print shell completions
    Completions(reference::CompletionsArgs),
    /// Print the manual page
    Man(reference::ManArgs),
}

/// Runs the program with the process's arguments and gives its exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::usage(&error),
    };
    let screen = Screen::new(cli.color);
    match run(cli.command, &screen) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(&screen),
    }
}

fn run(command: Command, screen: &Screen) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => init::run(&args, screen),
        Command::Size(args) => size::run(&args, screen),
        Command::Compare(args) => compare::run(&args, screen),
        Command::Prices(command) => prices::run(&command, screen),
        Command::Schema(args) => reference::schema(&args, screen),
        Command::Completions(args) => reference::completions(&args, screen),
        Command::Man(args) => reference::man(&args, screen),
    }
}
