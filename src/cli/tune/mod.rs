//! `tune`: settings of hosts. One file for each subcommand; what they share is here and in `hosts`.

mod apply;
mod fleet;
mod hosts;
mod last_run;
mod plan;
mod render;
mod revert;
mod verify;

use std::sync::Arc;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::exit::{Exit, Failure};
use super::input::SpecArgs;
use super::screen::Screen;
use crate::report::{self, TuneView};
use crate::sizing::{Effort, Model};
use crate::spec::Spec;
use crate::tune::profile::{Place, Profile};
use crate::tune::run::{HostReport, plan as look};
use fleet::Touch;
use hosts::HostArgs;

/// Kernel, limits and services of hosts
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// What would change on each host, and why; changes nothing
    Plan(plan::Args),
    /// Bring hosts to what the load needs; what was there before is kept on each host
    Apply(apply::Args),
    /// Whether each host has what it should, will have it after a boot, and its services too; exit 3 when not
    Verify(verify::Args),
    /// Bring hosts back to what they were before the first apply
    Revert(revert::Args),
    /// The same settings as files, for images, containers and first starts
    Render(render::Args),
}

/// Which settings.
#[derive(Debug, Clone, ClapArgs)]
struct ProfileArgs {
    #[command(flatten)]
    spec: SpecArgs,
    /// Another profile than the spec's
    #[arg(long, value_enum, value_name = "NAME")]
    profile: Option<Name>,
}

/// Profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Hosts that take connections of people
    Web,
    /// Database servers
    Database,
    /// Redis or Valkey
    Cache,
    /// Only what the spec adds
    None,
}

impl Name {
    fn word(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Database => "database",
            Self::Cache => "cache",
            Self::None => "none",
        }
    }
}

impl ProfileArgs {
    /// The spec and the profile that its load asks for.
    fn read(&self, place: Place, screen: &Screen) -> Result<(Spec, Profile), Failure> {
        let spec = self.spec.read(screen)?;
        let requirements = Model::new(&spec, &Effort::quick()).requirements();
        let profile = Profile::of(&spec, &requirements, self.profile.map(Name::word)).map_err(|wrong| {
            Failure::usage(format!("{}; nothing was looked at", wrong.join("; ")))
                .hint("correct tune.sysctl and tune.limits in the spec")
        })?;
        Ok((spec, Profile { place, ..profile }))
    }
}

/// Where settings go.
#[derive(Debug, Clone, Copy, ClapArgs)]
struct PlaceArgs {
    /// Write marked blocks into /etc/sysctl.conf and /etc/security/limits.conf instead of files of our own
    #[arg(long)]
    sysctl_conf: bool,
}

impl PlaceArgs {
    fn place(self) -> Place {
        if self.sysctl_conf { Place::OldFiles } else { Place::OwnFiles }
    }
}

/// Which settings, on which hosts, and where they go.
#[derive(Debug, ClapArgs)]
struct AimArgs {
    #[command(flatten)]
    profile: ProfileArgs,
    #[command(flatten)]
    hosts: HostArgs,
    #[command(flatten)]
    place: PlaceArgs,
}

impl AimArgs {
    /// What is so on each host, and what would have to change. Changes nothing.
    fn look(&self, screen: &Screen) -> Result<(Arc<Profile>, Vec<HostReport>), Failure> {
        let (spec, profile) = self.profile.read(self.place.place(), screen)?;
        let profile = Arc::new(profile);
        let fleet = self.hosts.fleet(&spec, &self.profile.spec, screen)?;
        let within = self.hosts.reach.timeout;
        let reports = fleet.work(("looking at hosts", Touch::Looks), screen, |reach| {
            let profile = Arc::clone(&profile);
            async move { look(reach.as_ref(), &profile, within).await }
        })?;
        Ok((profile, reports))
    }
}

/// How an answer about hosts is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    /// What changes, or is to be mended.
    Text,
    /// Every setting with its reasons.
    Explained,
}

impl Form {
    fn json_if(json: bool) -> Self {
        if json { Self::Json } else { Self::Text }
    }

    fn print(self, view: TuneView<'_>, screen: &Screen) -> Result<(), Failure> {
        match self {
            Self::Json => screen.answer_json(&report::tune_json(view)).map(drop),
            Self::Text => screen.answer(&report::tune_text(view, false, &screen.look())),
            Self::Explained => screen.answer(&report::tune_text(view, true, &screen.look())),
        }
    }
}

pub(super) fn run(command: &Command, screen: &Screen) -> Result<Exit, Failure> {
    match command {
        Command::Plan(args) => plan::run(args, screen),
        Command::Apply(args) => apply::run(args, screen),
        Command::Verify(args) => verify::run(args, screen),
        Command::Revert(args) => revert::run(args, screen),
        Command::Render(args) => render::run(args, screen),
    }
}
