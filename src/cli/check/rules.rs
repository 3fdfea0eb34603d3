//! Rules and a dashboard as files.

use std::path::Path;

use super::super::exit::{Exit, Failure};
use super::super::input::{Existing, write_file};
use super::super::screen::Screen;
use crate::check::Lines;
use crate::check::watch::{Watched, dashboard, rules};
use crate::sizing::{Effort, Model};
use crate::spec::Spec;

/// Writes both; a file that is there is replaced.
pub(super) fn write(spec: &Spec, folder: &Path, screen: &Screen) -> Result<Exit, Failure> {
    let lines = Lines::of(spec, &Model::new(spec, &Effort::quick()).requirements());
    let watched = Watched { name: &spec.name, lines: &lines, availability: spec.objectives.availability };
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::failed(format!("making the folder {}: {error}; nothing was written", folder.display()))
    })?;
    let files = [
        (format!("{}-rules.yml", spec.name), rules(watched)),
        (format!("{}-dashboard.json", spec.name), format!("{:#}\n", dashboard(watched))),
    ];
    for (name, text) in &files {
        let path = folder.join(name);
        write_file(&path, text, Existing::Replace)?;
        screen.answer(&format!("wrote {}", path.display()))?;
    }
    screen.answer("next: promtool check rules FILE, then name it in rule_files of prometheus.yml; import the dashboard into Grafana")?;
    Ok(Exit::Done)
}
