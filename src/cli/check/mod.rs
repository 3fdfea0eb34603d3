//! `check`: whether a running stack is well; once, or round after round.

#[cfg(feature = "check")]
mod continuous;
#[cfg(feature = "check")]
mod once;
#[cfg(feature = "check")]
mod targets;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args as ClapArgs;

use super::exit::{Exit, Failure};
use super::input::{SpecArgs, time};
use super::reach::ReachArgs;
use super::screen::Screen;
use crate::spec::Spec;

/// Arguments of `check`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "LOADLINE_DATABASE_URL, LOADLINE_CACHE_URL, LOADLINE_QUEUE_URL and LOADLINE_NOTIFY_URL say where the \
    database, the cache, the task queue and the webhook are. They may hold passwords, so no flag takes them; files do."
)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    #[cfg_attr(not(feature = "check"), allow(dead_code, reason = "only clients ask for it"))]
    reach: ReachArgs,
    #[command(flatten)]
    whereabouts: WhereArgs,
    /// Longest time for one look at one component
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = moment)]
    within: Duration,
    #[command(flatten)]
    rounds: RoundArgs,
    /// Print JSON; with --continuous one object a line
    #[arg(long)]
    json: bool,
}

/// Where the components are.
#[derive(Debug, Clone, ClapArgs)]
#[cfg_attr(not(feature = "check"), allow(dead_code, reason = "only clients ask for it"))]
struct WhereArgs {
    /// Where people reach the application, instead of app.url
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// An instance of the application, asked directly; may be repeated
    #[arg(long = "instance", value_name = "URL")]
    instances: Vec<String>,
    /// Ask each of the hosts at app.port directly, too
    #[arg(long)]
    direct: bool,
    /// The file that holds the address of the database: mysql://user:password@host:3306/name
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    database_url_file: Option<PathBuf>,
    /// The file that holds the address of the cache: redis://:password@host:6379/0
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    cache_url_file: Option<PathBuf>,
    /// The file that holds the address of the server with the task queues
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    queue_url_file: Option<PathBuf>,
    /// A task queue, by its name; may be repeated
    #[arg(long = "queue", value_name = "NAME", default_value = "celery")]
    queues: Vec<String>,
}

/// How often, and who hears of it.
#[derive(Debug, Clone, ClapArgs)]
#[cfg_attr(not(feature = "check"), allow(dead_code, reason = "only rounds ask for it"))]
struct RoundArgs {
    /// Look again and again, until Ctrl-C
    #[arg(long)]
    continuous: bool,
    /// Time from the start of one round to the start of the next, such as 30, 30s or 500ms
    #[arg(long, value_name = "TIME", default_value = "30", value_parser = interval)]
    interval: Duration,
    /// End after so many rounds
    #[arg(long, value_name = "N", requires = "continuous", value_parser = clap::value_parser!(u64).range(1..))]
    rounds: Option<u64>,
    /// Serve the last round to Prometheus, at http://ADDR/metrics
    #[arg(long, value_name = "ADDR", requires = "continuous")]
    listen: Option<SocketAddr>,
    /// POST a message to this webhook when a component has failed, and when it is back
    #[arg(long, value_name = "URL", requires = "continuous", conflicts_with = "notify_url_file")]
    notify: Option<String>,
    /// The file that holds the address of the webhook
    #[arg(long, value_name = "FILE", requires = "continuous", value_hint = clap::ValueHint::FilePath)]
    notify_url_file: Option<PathBuf>,
    /// Rounds in a row that make a failure, or its end, worth a message
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    after: u32,
}

/// A time of the command line that may also be in milliseconds.
fn moment(text: &str) -> Result<Duration, String> {
    match text.strip_suffix("ms").map(str::parse) {
        Some(Ok(milliseconds)) => Ok(Duration::from_millis(milliseconds)),
        Some(Err(_)) => Err("write it as a number and ms, s, m or h, such as 500ms".to_owned()),
        None => time(text),
    }
}

/// A time between rounds: not none at all, which would be as fast as the machine can.
fn interval(text: &str) -> Result<Duration, String> {
    const SHORTEST: Duration = Duration::from_millis(100);
    match moment(text)? {
        short if short < SHORTEST => Err("rounds are at least 100ms apart".to_owned()),
        long => Ok(long),
    }
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let spec = args.spec.read(screen)?;
    look(args, &spec, screen)
}

#[cfg(feature = "check")]
fn look(args: &Args, spec: &Spec, screen: &Screen) -> Result<Exit, Failure> {
    if args.rounds.continuous { continuous::run(args, spec, screen) } else { once::run(args, spec, screen) }
}

/// What a program says that was built without clients.
#[cfg(not(feature = "check"))]
fn look(_: &Args, _: &Spec, _: &Screen) -> Result<Exit, Failure> {
    Err(Failure::failed(
        "this program was built without clients for HTTP, MySQL and Redis; nothing was looked at",
    )
    .hint("build it with the feature `check`"))
}
