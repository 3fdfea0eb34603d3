//! Reads a journal back: from the end to the last opening, which says what went before.

use jiff::Timestamp;

use super::{Entry, Holder, JournalError, Line, Shelf, SoFar};

/// What a journal says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// Number of the last entry; 0: there is none.
    pub last: u64,
    /// What the entries add up to.
    pub so_far: SoFar,
    /// The run that wrote last; `None`: there was none.
    pub run: Option<LastRun>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// Its name.
    pub run: String,
    /// Whose.
    pub by: Holder,
    /// What for.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when it holds the deployment.
    pub lease_until: Timestamp,
    /// Steps that it left undone; `None`: it never let go.
    pub closed: Option<usize>,
}

impl LastRun {
    /// Whether it holds the deployment at that moment.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.closed.is_none() && now < self.lease_until && !self.by.is_gone()
    }
}

/// How many entries are read at once.
const CHUNK: usize = 64;

/// Reads a journal.
///
/// # Errors
/// If the place does not answer or an entry is damaged: then nobody knows what is on its way.
pub async fn read(shelf: &Shelf) -> Result<History, JournalError> {
    let numbers = shelf.numbers().await?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut unread = numbers.len();
    while unread > 0 && !entries.first().is_some_and(opens) {
        let from = unread.saturating_sub(CHUNK);
        let mut chunk = shelf.read(&numbers[from..unread]).await?;
        // Only the last opening matters: it repeats what came before it.
        let begin = chunk.iter().rposition(opens).unwrap_or(0);
        chunk.drain(..begin);
        chunk.append(&mut entries);
        entries = chunk;
        unread = from;
    }
    let mut history = History { last: numbers.last().copied().unwrap_or(0), ..History::default() };
    for entry in entries {
        let Entry { run, at, lines, .. } = entry;
        for line in lines {
            follow(&mut history.run, (&run, at), &line);
            history.so_far.add(line);
        }
    }
    if history.last > 0 && history.run.is_none() {
        let entry = format!("{}/{:06}.json", shelf.shown(), numbers[0]);
        return Err(JournalError::Damaged { entry, problem: "no run was opened before it".to_owned() });
    }
    Ok(history)
}

fn opens(entry: &Entry) -> bool {
    entry.lines.iter().any(|line| matches!(line, Line::Opened { .. }))
}

fn follow(run: &mut Option<LastRun>, (name, at): (&str, Timestamp), line: &Line) {
    match (line, run) {
        (Line::Opened { by, why, lease_until, .. }, run) => {
            *run = Some(LastRun {
                run: name.to_owned(),
                by: by.clone(),
                why: why.clone(),
                since: at,
                lease_until: *lease_until,
                closed: None,
            });
        }
        (Line::Renewed { lease_until }, Some(run)) => run.lease_until = *lease_until,
        (Line::Closed { left }, Some(run)) => run.closed = Some(*left),
        _ => {}
    }
}
