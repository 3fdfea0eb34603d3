//! `deploy logs`: what the containers of all hosts wrote, by time.

use std::collections::HashSet;
use std::time::Duration;

use clap::Args as ClapArgs;
use futures_util::StreamExt as _;

use super::super::exit::{Exit, Failure};
use super::super::input::SpecArgs;
use super::super::interrupts::Interrupts;
use super::super::screen::Screen;
use super::hosts::{Fleet, HostArgs, wait_for};
use crate::deploy::files::GROUND_SERVICES;
use crate::deploy::run::{LogLine, Logged, Trouble, TroubleClass, logs, look};
use crate::report;

/// How often new lines are asked for.
const EVERY: Duration = Duration::from_secs(2);

/// Arguments of `deploy logs`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    hosts: HostArgs,
    /// The last lines of each container
    #[arg(long, short = 'n', value_name = "N", default_value_t = 100)]
    lines: u32,
    /// Not before: a span such as 10m, or a time such as 2026-11-26T15:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// One service: app, tasks, proxy, database, cache, queue
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Another release than the one that has the traffic
    #[arg(long, value_name = "ID")]
    release: Option<String>,
    /// Go on until Ctrl-C
    #[arg(long, short)]
    follow: bool,
    /// Print a JSON object for each line
    #[arg(long)]
    json: bool,
}

type Read = (String, Result<Vec<LogLine>, Trouble>);

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let spec = args.spec.read(screen)?;
    let fleet = args.hosts.fleet(&spec, &args.spec, screen)?;
    wait_for(&fleet, screen, async {
        let mut interrupts = Interrupts::new()?;
        let mut shown = HashSet::new();
        let mut since = args.since.clone();
        loop {
            let read = tokio::select! {
                read = read(&fleet, &spec.name, args, since.as_deref()) => read,
                () = interrupts.next() => return Ok(Exit::Interrupted),
            };
            fleet.bar.finish_and_clear();
            let mut failed = false;
            let mut lines: Vec<(String, LogLine)> = Vec::new();
            for (host, result) in read {
                match result {
                    Ok(some) => lines.extend(some.into_iter().map(|line| (host.clone(), line))),
                    Err(trouble) => {
                        failed = true;
                        screen.complain(&format!("{host}: {}", trouble.sentence), trouble.hint.as_deref());
                    }
                }
            }
            lines.sort_by(|(_, one), (_, other)| one.at.cmp(&other.at));
            for (host, line) in &lines {
                if shown.insert((host.clone(), line.container.clone(), line.at.clone(), line.text.clone())) {
                    screen.answer(&report::log_line(host, line, args.json))?;
                }
            }
            if !args.follow {
                return Ok(if failed { Exit::PartWay } else { Exit::Done });
            }
            // The newest lines are asked for again, and known by their time.
            if let Some((_, last)) = lines.last().filter(|(_, line)| !line.at.is_empty()) {
                since = Some(last.at.clone());
                let newest: HashSet<_> = lines
                    .iter()
                    .map(|(host, line)| {
                        (host.clone(), line.container.clone(), line.at.clone(), line.text.clone())
                    })
                    .collect();
                shown.retain(|line| newest.contains(line));
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = interrupts.next() => return Ok(Exit::Done),
            }
        }
    })
}

async fn read(fleet: &Fleet, name: &str, args: &Args, since: Option<&str>) -> Vec<Read> {
    fleet.bar.set_message("reading logs");
    let reads = fleet.hosts.iter().map(|host| async move {
        let within = args.hosts.reach.timeout;
        let read = async {
            let ground = args.service.as_deref().is_some_and(|service| GROUND_SERVICES.contains(&service));
            let project = if ground {
                format!("{name}-ground")
            } else {
                let id = match &args.release {
                    Some(id) => Some(id.clone()),
                    None => look(host, name, within).await?.current,
                };
                match id {
                    Some(id) => format!("{name}-{id}"),
                    None => {
                        return Err(Trouble {
                            host: host.name().to_owned(),
                            class: TroubleClass::Lacks,
                            sentence: format!("nothing of {name} was released there"),
                            said: Vec::new(),
                            hint: Some("loadline deploy status shows what each host has".to_owned()),
                        });
                    }
                }
            };
            let what = Logged {
                project,
                lines: args.lines,
                since: since.map(str::to_owned),
                service: args.service.clone(),
            };
            logs(host, name, &what, within).await
        };
        (host.name().to_owned(), read.await)
    });
    futures_util::stream::iter(reads).buffered(fleet.parallel.get()).collect().await
}
