//! A command that does something by itself and has subcommands beside it: `deploy SPEC` and `deploy status SPEC`.

use clap::{Args, FromArgMatches, Subcommand};

/// The command itself, or one of its subcommands.
#[derive(Debug)]
pub(super) enum Either<A, S> {
    /// The command itself.
    Itself(Box<A>),
    /// A subcommand.
    Other(Box<S>),
}

// By hand: an argument that the command has to have, such as the spec, is nothing that a subcommand lacks.
impl<A: Args, S: Subcommand> Args for Either<A, S> {
    fn augment_args(command: clap::Command) -> clap::Command {
        S::augment_subcommands(A::augment_args(command))
            .subcommand_required(false)
            .arg_required_else_help(false)
            .args_conflicts_with_subcommands(true)
            .subcommand_negates_reqs(true)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl<A: Args, S: Subcommand> FromArgMatches for Either<A, S> {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        if matches.subcommand_name().is_some() {
            return S::from_arg_matches(matches).map(|command| Self::Other(Box::new(command)));
        }
        A::from_arg_matches(matches).map(|args| Self::Itself(Box::new(args)))
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
