//! The prediction for a person: response times against the objectives, then where the time and the machines go.

use crate::report::page::{Grid, Page, Set};
use crate::report::tidy::{self, Unit};
use crate::report::words::{Word, plural};
use crate::sizing::{Confirmation, Method, Prediction, ResponseTimes};
use crate::spec::Spec;

/// Writes the section.
pub(super) fn write(page: &mut Page<'_>, spec: &Spec, prediction: &Prediction) {
    let method = match prediction.method {
        Method::Convolution => "exact convolution of the closed network; percentiles by composition sampling",
        Method::Simulation => "discrete-event simulation, with 95 % confidence intervals",
    };
    page.heading(&format!("Prediction at {} users", tidy::count(prediction.users)));
    responses(page, spec, prediction);
    figures(page, prediction);
    page.marked(
        crate::report::look::Tone::Plain,
        "method:",
        0,
        &format!("{} ({method})", prediction.method.word()),
    );
    for caveat in &prediction.caveats {
        page.hanging(8, caveat);
    }
    if let Some(confirmation) = &prediction.confirmation {
        confirmed(page, confirmation);
    }
}

fn responses(page: &mut Page<'_>, spec: &Spec, prediction: &Prediction) {
    let look = page.look();
    let row = |name: &str, response: &ResponseTimes| {
        let write = |one| tidy::estimate(one, Unit::Time, look);
        [
            name.to_owned(),
            write(response.mean_s),
            write(response.p50_s),
            write(response.p95_s),
            write(response.p99_s),
        ]
    };
    let mut grid = Grid::new(&[
        ("response time", Set::Left),
        ("mean", Set::Right),
        ("p50", Set::Right),
        ("p95", Set::Right),
        ("p99", Set::Right),
    ]);
    grid.row(&row("all requests", &prediction.response));
    if prediction.per_request.len() > 1 {
        for (name, response) in &prediction.per_request {
            grid.row(&row(name, response));
        }
    }
    if let Some(confirmation) = &prediction.confirmation {
        grid.row(&row("simulated", &confirmation.response));
    }
    let asked = [spec.objectives.mean_s, None, spec.objectives.p95_s, spec.objectives.p99_s];
    if asked.iter().any(Option::is_some) {
        let mut cells = vec!["asked for".to_owned()];
        cells.extend(asked.map(|limit_s| limit_s.map(tidy::duration).unwrap_or_default()));
        grid.row(&cells);
    }
    page.table(&grid);
}

fn figures(page: &mut Page<'_>, prediction: &Prediction) {
    let mut grid = Grid::new(&[("", Set::Left), ("", Set::Left)]);
    let capacity = &prediction.capacity;
    let throughput = tidy::estimate(prediction.throughput_rps, Unit::Rate, page.look());
    grid.row(&["throughput".to_owned(), throughput]);
    grid.row(&["in flight".to_owned(), format!("{} requests", tidy::count(prediction.in_flight))]);
    let servers = |servers: u32, machines: u32| {
        format!("of {} on {}", plural(servers as usize, "core"), plural(machines as usize, "machine"))
    };
    grid.row(&[
        "app CPU".to_owned(),
        format!(
            "{} {}",
            tidy::percent(prediction.app_utilisation),
            servers(capacity.app_servers, capacity.app_machines)
        ),
    ]);
    if let Some(utilisation) = prediction.database_utilisation {
        let cores = capacity.database_servers.map(|cores| format!(" of {}", plural(cores as usize, "core")));
        grid.row(&[
            "database CPU".to_owned(),
            format!("{}{}", tidy::percent(utilisation), cores.unwrap_or_default()),
        ]);
        let used = tidy::count(prediction.connections_used.ceil());
        grid.row(&[
            "connections".to_owned(),
            match capacity.max_connections {
                Some(most) if most > 0 => format!(
                    "{used} of {} ({})",
                    tidy::count(f64::from(most)),
                    tidy::percent(prediction.connections_used / f64::from(most))
                ),
                _ => used,
            },
        ]);
    }
    if let Some(utilisation) = prediction.tasks_utilisation {
        grid.row(&["task slots".to_owned(), format!("{} busy", tidy::percent(utilisation))]);
    }
    let memory = &prediction.memory;
    let parts =
        [("app", Some(memory.app_gib)), ("database", memory.database_gib), ("cache", memory.cache_gib)];
    let parts: Vec<String> = parts
        .iter()
        .filter_map(|(tier, size)| size.map(|size| format!("{tier} {}", tidy::gib(size))))
        .collect();
    grid.row(&["memory in use".to_owned(), parts.join(", ")]);
    let network = tidy::significant(prediction.network_mbps, 3);
    grid.row(&["network".to_owned(), format!("{network} Mbit/s, both directions")]);
    page.table(&grid);
}

fn confirmed(page: &mut Page<'_>, confirmation: &Confirmation) {
    let throughput = tidy::estimate(confirmation.throughput_rps, Unit::Rate, page.look());
    page.sentence(&format!(
        "confirmed by simulation: {throughput} over {} of {} events in all; intervals are 95 % confidence.",
        plural(confirmation.replications as usize, "run"),
        tidy::count(confirmation.events as f64),
    ));
}
