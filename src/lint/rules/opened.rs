//! How many database connections all processes together can open.

use super::super::facts::Stack;
use super::super::facts::app::App;
use super::super::facts::server::Database;
use super::super::known::Figure;
use super::super::units::show_count;

/// Connections kept for administration, migrations and exporters: the number that `size` takes too.
pub(super) const RESERVE: u64 = 10;
/// Share of the limit from which the plan for 2000 users wants an alarm.
pub(super) const SHARE: f64 = 0.8;

/// What the pools of a database can open.
pub(super) struct Opened {
    /// Connections.
    pub(super) total: u64,
    /// Processes that open them.
    pub(super) processes: u64,
    /// Of each application: its name, processes, connections of each.
    pub(super) parts: Vec<(String, u64, u64)>,
    /// The numbers.
    pub(super) figures: Vec<Figure>,
}

/// The pools whose numbers are all known; `None`: there are none.
pub(super) fn opened(stack: &Stack, database: &Database) -> Option<Opened> {
    let mut opened = Opened { total: 0, processes: 0, parts: Vec::new(), figures: Vec::new() };
    for app in stack.users_of(database) {
        let service = &stack.services[app.service];
        let (Some(pool), Some(processes)) = (&app.pool, &app.processes) else { continue };
        let count = processes.value.saturating_mul(service.replicas.value);
        opened.processes = opened.processes.saturating_add(count);
        opened.total = opened.total.saturating_add(count.saturating_mul(pool.most()));
        opened.parts.push((service.name.clone(), count, pool.most()));
        opened.figures.push(processes.figure(format!("{}: {}", service.name, what(app))));
        if service.replicas.is_written() {
            opened.figures.push(service.replicas.figure(format!("{}: replicas", service.name)));
        }
        opened.figures.extend(pool.figures(&service.name));
    }
    (!opened.parts.is_empty()).then_some(opened)
}

fn what(app: &App) -> &'static str {
    if app.tasks.is_some() { "task processes" } else { "worker processes" }
}

impl Opened {
    /// How the number comes about.
    pub(super) fn words(&self) -> String {
        let part = |(name, processes, each): &(String, u64, u64)| {
            format!("{name} {} x {}", show_count(*processes), show_count(*each))
        };
        let parts: Vec<String> = self.parts.iter().map(part).collect();
        format!("{} connections ({})", show_count(self.total), parts.join(" + "))
    }

    /// Pool and overflow of each process with which everything fits below a bound.
    pub(super) fn each(&self, bound: u64) -> u64 {
        (bound / self.processes.max(1)).max(1)
    }
}

/// The limit with which this many connections leave a fifth and the reserve.
pub(super) fn roomy(total: u64) -> u64 {
    let wanted = (total.saturating_add(RESERVE) as f64 / SHARE).ceil() as u64;
    wanted.div_ceil(10).saturating_mul(10)
}
