//! What the commands share that look at or change a deployment: which one, in which account, with which journal.

pub(super) mod apply;
pub(super) mod destroy;
pub(super) mod drift;
mod follow;
pub(super) mod leftovers;
mod machines;
mod place;
pub(super) mod plan;
mod planned;
mod saved;
pub(super) mod status;
mod wanted;

use std::future::Future;
use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::exit::Failure;
use super::input::{SpecArgs, time};
pub(super) use machines::{AccountArgs, machines};

/// Which deployment.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct StackArgs {
    #[command(flatten)]
    pub(super) spec: SpecArgs,
    /// The cloud; may be left out where the spec names one only
    #[arg(long, value_name = "NAME")]
    pub(super) cloud: Option<String>,
    /// Another region for this run
    #[arg(long, value_name = "REGION")]
    pub(super) region: Option<String>,
    /// Read the price books from this folder (DIR/<cloud>/*.book) instead of the bundled ones
    #[arg(long, value_name = "DIR", env = "LOADLINE_PRICES")]
    pub(super) prices: Option<PathBuf>,
    #[command(flatten)]
    pub(super) place: PlaceArgs,
}

/// In which account, and where its journal is.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct PlaceArgs {
    /// Use the rehearsal account below .loadline/ instead of a real one: no credentials, no cost, fast
    #[arg(long)]
    pub(super) rehearse: bool,
    /// Let a rehearsal take as long as the cloud would
    #[arg(long, requires = "rehearse")]
    pub(super) real_time: bool,
    /// How many times faster than the cloud a rehearsal passes
    #[arg(
        long,
        value_name = "N",
        requires = "rehearse",
        conflicts_with = "real_time",
        default_value_t = 600
    )]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) speed: u32,
    /// Faults for the rehearsal: a JSON list, see docs/rehearsal.md
    #[arg(long, value_name = "FILE", requires = "rehearse", value_hint = clap::ValueHint::FilePath)]
    pub(super) faults: Option<PathBuf>,
    /// Where the journal is: a folder, or s3://, gs://, az:// (default: .loadline/journal)
    #[arg(long, value_name = "PLACE", env = "LOADLINE_JOURNAL")]
    pub(super) journal: Option<String>,
    /// A named set of credentials of the cloud
    #[arg(long, value_name = "NAME", conflicts_with = "rehearse")]
    pub(super) credentials: Option<String>,
}

impl PlaceArgs {
    /// A real account that is only looked at.
    fn real(credentials: Option<String>) -> Self {
        Self { rehearse: false, real_time: false, speed: 1, faults: None, journal: None, credentials }
    }
}

/// How a run goes about it.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct RunArgs {
    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,
    /// How long to wait for another run to let go, such as 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = time)]
    pub(super) lock_wait: std::time::Duration,
    /// Calls at once
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) parallel: u16,
    /// Calls that begin within a second, at most (default: what the cloud bears)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) calls_per_second: Option<u32>,
    /// Print events as JSON, one a line
    #[arg(long)]
    pub(super) json: bool,
}

/// Runs what waits for a cloud, a host, a timer or a journal.
pub(super) fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("starting the event loop: {error}; nothing was changed")))?;
    runtime.block_on(work)
}
