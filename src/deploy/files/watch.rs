//! What is to be watched while a release runs: the alarm lines of `check` as files for Prometheus and Grafana. Pure.

use super::{FileText, file};
use crate::check::Lines;
use crate::check::watch::{Watched, dashboard, rules};
use crate::sizing::{Effort, Model};
use crate::spec::Spec;

/// Alert rules for Prometheus and a dashboard for Grafana.
pub fn watch(spec: &Spec) -> Vec<FileText> {
    let lines = Lines::of(spec, &Model::new(spec, &Effort::quick()).requirements());
    let watched = Watched { name: &spec.name, lines: &lines, availability: spec.objectives.availability };
    vec![
        file("prometheus/rules.yml", rules(watched)),
        file("grafana/dashboard.json", format!("{:#}\n", dashboard(watched))),
    ]
}
