//! Finds Locust on every machine that is to send.

use std::num::NonZeroU32;
use std::sync::Arc;

use futures_util::future::try_join_all;
use indicatif::ProgressBar;

use super::super::exit::Failure;
use super::super::person::person;
use super::super::reach::{Reached, host_failure, over_ssh};
use super::sender::{Hosts, SenderArgs};
use crate::hosts::{Become, Here, Local, Patience, Reach, distinct};
use crate::load::engine::{Locust, NobodySends};
use crate::load::plan::Test;

/// Connects to every machine and finds Locust there; words about who is going to send. The machine that sends is this one where no
/// others are named.
pub(super) async fn gather(
    args: &SenderArgs,
    test: &Test,
    bar: &ProgressBar,
) -> Result<(Locust, Vec<String>), Failure> {
    let person = person(bar, None);
    let mut notes = Vec::new();
    let Reached { reaches, ssh, .. } = match &args.workers {
        None => {
            let here: Arc<dyn Reach> = Arc::new(Here::new(Local::new(Become::LoginUser, person)));
            Reached { reaches: vec![here], ssh: None, of: 1 }
        }
        Some(Hosts(targets)) => {
            over_ssh(distinct(targets.clone()), Patience::default(), Become::LoginUser, person)?
        }
    };
    if test.target.is_loopback() && ssh.is_some() {
        notes.push(format!("note: {} is, for each worker, the worker itself", test.target.shown()));
    }
    let connected = try_join_all(reaches.iter().map(|reach| reach.connect())).await;
    let hosts = connected.map_err(|error| not_there(&error.into(), &args.locust))?;
    let gathered = Locust::gather(&args.locust, args.processes.map(NonZeroU32::get), hosts).await;
    let locust = gathered.map_err(|error| not_there(&error, &args.locust))?;
    notes.extend(ssh.iter().flat_map(|ssh| ssh.notes()).map(|note| format!("note: {note}")));
    let (processes, hosts) = locust.strength();
    let on = if ssh.is_none() { "this machine".to_owned() } else { counted(hosts, "worker", "workers") };
    notes.push(format!("Locust sends: {} on {on}", counted(processes as usize, "process", "processes")));
    Ok((locust, notes))
}

fn counted(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("one {one}") } else { format!("{number} {many}") }
}

fn not_there(error: &NobodySends, program: &str) -> Failure {
    match error {
        NobodySends::Host(error) => host_failure(error, "nothing was sent"),
        NobodySends::Locust(error) => Failure::failed(format!("{error}; nothing was sent")).hint(format!(
            "put the same Locust on this machine and every worker (pipx install locust), or name it with --locust; `{program}` was looked \
             for"
        )),
    }
}
