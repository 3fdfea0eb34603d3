//! `deploy render`: the files of a release, to be read, checked in or started by hand.

use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::input::{Existing, write_file};
use super::super::screen::Screen;
use super::{WhatArgs, stack};
use crate::deploy::files::{FileText, watch, whole};
use crate::deploy::stack::{Front, Site};
use crate::report;

/// Arguments of `deploy render`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    what: WhatArgs,
    /// The folder that the files go to; it is made, and files that are there already are replaced
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    out: PathBuf,
    /// Hosts that share the load; without it those of the spec
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    machines: Option<u32>,
    /// A balancer stands before the hosts
    #[arg(long)]
    behind_balancer: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let spec = args.what.read(screen)?;
    let mut site = Site::of(&spec);
    site.hosts = args.machines.unwrap_or(site.hosts);
    if args.behind_balancer {
        site.front = Front::Balancer;
    }
    let stack = stack(&spec, site, screen)?;
    let mut files = whole(&stack);
    files.extend(watch(&spec));
    for file in &files {
        write(&args.out, file)?;
    }
    let folder = args.out.display().to_string();
    if args.json {
        return screen.answer_json(&report::rendered_json(&folder, &files, &stack.remarks));
    }
    screen.answer(&report::rendered_text(&folder, &files, &stack.remarks, &screen.look()))?;
    Ok(Exit::Done)
}

fn write(folder: &Path, file: &FileText) -> Result<(), Failure> {
    let path = folder.join(&file.path);
    if let Some(parent) = path.parent() {
        // Secrets are going to stand beside the variables.
        let private = file.path.starts_with("env/");
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(if private { 0o700 } else { 0o755 });
        builder.create(parent).map_err(|error| {
            Failure::failed(format!("making the folder {}: {error}", parent.display()))
                .hint("name a folder that can be written to")
        })?;
    }
    write_file(&path, &file.text, Existing::Replace)?;
    if file.path.starts_with("env/") {
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, private)
            .map_err(|error| Failure::failed(format!("closing {} to others: {error}", path.display())))?;
    }
    Ok(())
}
