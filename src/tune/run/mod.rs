//! The round trips: one look, one script that changes, and where a change waits to be confirmed two more. Decides nothing
//! about settings; what it gives back says for each host what was there, what was done and what was not.

mod apply;
mod checks;
mod report;
mod revert;

pub use apply::{Confirm, Go, apply, plan};
pub use checks::worse;
pub use report::{HostReport, State};
pub use revert::revert;

use std::time::Duration;

use super::changes::{Outcome, Work, outcome};
use super::facts::{self, Facts};
use super::profile::Profile;
use crate::hosts::{Connection, HostError, HostErrorClass};

/// Looks at a host.
///
/// # Errors
/// If it cannot be worked with, or what it said is not whole. Nothing was changed.
pub async fn look(
    connection: &dyn Connection,
    profile: &Profile,
    within: Duration,
) -> Result<Facts, HostError> {
    let said = connection.run(&facts::script(&profile.questions()), within).await?;
    facts::read(&said.stdout, &said.stderr).map_err(|sentence| HostError {
        class: HostErrorClass::Unexpected,
        doing: format!("looking at {}", connection.name()),
        said: format!("{sentence} (status {}); nothing was changed", said.status),
        hint: Some("it needs a POSIX shell with coreutils, grep and sed".to_owned()),
    })
}

/// Runs a script that changes something.
async fn carry_out(
    connection: &dyn Connection,
    script: &str,
    work: &Work,
    within: Duration,
) -> Result<Outcome, HostError> {
    let said = connection.run(script, within).await?;
    let mut outcome = outcome(&said.stdout, work);
    if outcome.ending == super::changes::Ending::CutOff {
        let text = String::from_utf8_lossy(&said.stderr);
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned();
        outcome.steps.push(super::changes::Step {
            what: format!("the script (status {})", said.status),
            wrong: Some(first),
            changed: false,
        });
    }
    Ok(outcome)
}
