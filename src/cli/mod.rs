//! The command line: one file for each command, an `Args` and one function in it. No decisions, no formatting.

mod books;
mod calibrate;
mod check;
mod compare;
mod deploy;
mod either;
mod exit;
mod init;
mod input;
mod interrupts;
mod lint;
mod load;
mod person;
mod prices;
mod reach;
mod reference;
mod screen;
mod shops;
mod size;
mod stack;
mod tune;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::{Exit, Failure};
use screen::{ColourWish, Screen};

/// Draws the load line for a web stack: what a load needs, how it will behave and what it costs on four clouds.
#[derive(Debug, Parser)]
#[command(name = "loadline", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done; 1 failed, nothing changed; 2 wrong usage or spec; 3 the answer is no \
    (an objective is missed, nothing fits); 4 stopped part-way, run again; 75 another run holds the deployment; \
    130 interrupted."
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
    /// The steps from what is there to what the spec asks for; changes nothing
    Plan(stack::plan::Args),
    /// Carry out the plan
    Apply(stack::apply::Args),
    /// Remove a deployment
    Destroy(stack::destroy::Args),
    /// What differs from the last applied design; exit 2 when something does
    Drift(stack::drift::Args),
    /// What runs, where, what it costs, how to log in
    Status(stack::status::Args),
    /// What carries our tag and is wanted by no applied design
    Leftovers(stack::leftovers::Args),
    /// Kernel, limits and services of hosts: what is there, what the load needs, and back
    #[command(subcommand)]
    Tune(tune::Command),
    /// Release the application to hosts, batch by batch, and back when it is not healthy
    Deploy(deploy::Args),
    /// Drive the application as the spec says, and hold what is measured against what was predicted
    Load(load::Args),
    /// Whether a running stack is well, held against the alarm lines of the spec; exit 3 when not
    Check(Box<check::Args>),
    /// What a load test measured, back into the spec: CPU of each request, waits, how throughput bends
    Calibrate(calibrate::Args),
    /// Contradictions between and inside of Compose, nginx, MySQL and Redis files that are there already
    Lint(lint::Args),
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
        Command::Plan(args) => stack::plan::run(&args, screen),
        Command::Apply(args) => stack::apply::run(&args, screen),
        Command::Destroy(args) => stack::destroy::run(&args, screen),
        Command::Drift(args) => stack::drift::run(&args, screen),
        Command::Status(args) => stack::status::run(&args, screen),
        Command::Leftovers(args) => stack::leftovers::run(&args, screen),
        Command::Tune(command) => tune::run(&command, screen),
        Command::Deploy(args) => deploy::run(&args, screen),
        Command::Load(args) => load::run(&args, screen),
        Command::Check(args) => check::run(&args, screen),
        Command::Calibrate(args) => calibrate::run(&args, screen),
        Command::Lint(args) => lint::run(&args, screen),
        Command::Prices(command) => prices::run(&command, screen),
        Command::Schema(args) => reference::schema(&args, screen),
        Command::Completions(args) => reference::completions(&args, screen),
        Command::Man(args) => reference::man(&args, screen),
    }
}
