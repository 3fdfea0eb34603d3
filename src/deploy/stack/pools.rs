//! Database connections of each process: enough for the load (Little), and all together below what the database may use.

use super::Refusal;
use crate::sizing::DatabaseRequirement;
use crate::spec::Spec;

/// Connections kept for migrations, exporters and people: one each for a migration, an exporter, a backup and a person, with
/// room; what sizing takes too.
const RESERVE: u32 = 10;
/// Room over the mean number of connections in use.
const ROOM: f64 = 1.1;
/// Share of the connections that a pool keeps open; the others are opened when they are needed.
const KEPT: f64 = 0.8;

/// The connections of one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Kept open.
    pub size: u32,
    /// Opened beyond that when needed.
    pub overflow: u32,
}

impl Pool {
    /// Most connections.
    pub fn most(self) -> u32 {
        self.size.saturating_add(self.overflow)
    }

    fn of(most: u32) -> Self {
        let size = whole(f64::from(most) * KEPT).clamp(1, most.max(1));
        Self { size, overflow: most.saturating_sub(size) }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: f64) -> u32 {
    number.ceil().clamp(0.0, 1e9) as u32
}

/// The pool of each web process, and the connections that the database has to accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shares {
    pub(super) pool: Pool,
    pub(super) limit: u32,
}

/// What each of so many web processes may open beside `tasks` connections of the task workers. A limit that the spec states is
/// kept to; one that sizing derived from the load is raised to what the processes open while a release is under way.
pub(super) fn of(
    spec: &Spec,
    need: &DatabaseRequirement,
    processes: u32,
    tasks: u32,
    remarks: &mut Vec<String>,
) -> Result<Shares, Refusal> {
    let wanted =
        spec.app.pool.unwrap_or_else(|| whole(need.connections_used * ROOM / f64::from(processes)).max(2));
    let open = |each: u32| processes.saturating_mul(each).saturating_add(tasks);
    let Some(limit) = spec.database.as_ref().and_then(|database| database.max_connections) else {
        let twice = f64::from(open(wanted)) * 2.0 / spec.objectives.connections;
        return Ok(Shares {
            pool: Pool::of(wanted),
            limit: need.max_connections.max(whole(twice) + RESERVE),
        });
    };
    let hint =
        "raise database.max_connections, or let fewer processes do the work (app.workers, app.instances)";
    if spec.app.pool.is_some() && open(wanted) > limit {
        let sentence = format!(
            "{processes} processes with a pool of {wanted} and {tasks} connections of the task workers are {}, above \
             max_connections {limit}",
            open(wanted)
        );
        return Err(Refusal::new(sentence, hint));
    }
    // At most 1e9 connections.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let share = (f64::from(limit) * spec.objectives.connections) as u32;
    let budget = share.min(limit.saturating_sub(RESERVE));
    let left = budget.saturating_sub(tasks) / processes.max(1);
    if left == 0 {
        let sentence = format!(
            "max_connections {limit} leaves no connection for each of {processes} processes beside {tasks} of the task \
             workers and {RESERVE} for administration"
        );
        return Err(Refusal::new(sentence, hint));
    }
    let most = if spec.app.pool.is_some() { wanted } else { wanted.min(left) };
    if most < wanted {
        remarks.push(format!(
            "each process gets {most} connections where the load asks for {wanted}: {processes} processes and {tasks} of the \
             task workers stay below {budget}, which max_connections {limit} leaves; raise database.max_connections"
        ));
    }
    if open(most).saturating_mul(2) > limit {
        remarks.push(format!(
            "while a release is under way old and new containers may ask for {} connections together, above max_connections \
             {limit}: release in small batches, or raise database.max_connections",
            open(most).saturating_mul(2)
        ));
    }
    Ok(Shares { pool: Pool::of(most), limit })
}
