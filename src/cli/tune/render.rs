//! `tune render`: the same settings as files, without looking at any host.

use clap::{Args as ClapArgs, ValueEnum};

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::ProfileArgs;
use crate::tune::profile::Place;
use crate::tune::render::{Form, Fresh, render};

/// Arguments of `tune render`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    profile: ProfileArgs,
    /// The form
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: FormName,
    /// Memory of the machines, GiB: what they have more of by themselves is left out
    #[arg(long, value_name = "GIB")]
    memory: Option<f64>,
}

/// Forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormName {
    /// A file for /etc/sysctl.d
    Sysctl,
    /// A file for /etc/security/limits.d
    Limits,
    /// Defaults of systemd for every service
    Systemd,
    /// cloud-init's configuration
    CloudInit,
    /// A fragment for Docker Compose
    Compose,
    /// A script that raises what is lower where it is run
    Script,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let (_, profile) = args.profile.read(Place::default(), screen)?;
    let form = match args.form {
        FormName::Sysctl => Form::Sysctl,
        FormName::Limits => Form::Limits,
        FormName::Systemd => Form::Systemd,
        FormName::CloudInit => Form::CloudInit,
        FormName::Compose => Form::Compose,
        FormName::Script => Form::Script,
    };
    screen.answer(&render(&profile, form, &Fresh { memory_gib: args.memory }))?;
    Ok(Exit::Done)
}
