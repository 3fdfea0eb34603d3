//! Opens a journal for a run, writes for it and renews its lease. Lines that arrive while an entry is being written go
//! into the next one together, so that many calls at once cost few entries.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::store::Placed;
use super::{Entry, History, Holder, JournalError, Line, SCHEMA, Shelf, read};

/// How long a run holds a deployment without a sign of life. Three missed renewals: long enough for a slow network,
/// short enough that nobody waits long for a machine that died.
pub const LEASE: Duration = Duration::from_secs(60);

/// How a run introduces itself.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Who.
    pub by: Holder,
    /// What for: the command.
    pub why: String,
    /// Version of the program.
    pub tool: String,
    /// How long to wait for another run to let go.
    pub wait: Duration,
}

/// A journal that this run holds.
#[derive(Debug)]
pub struct Journal {
    run: String,
    requests: mpsc::UnboundedSender<Request>,
    writer: JoinHandle<()>,
}

#[derive(Debug)]
struct Request {
    lines: Vec<Line>,
    kept: oneshot::Sender<Result<(), JournalError>>,
}

/// Takes hold of a deployment.
///
/// # Errors
/// If another run holds it and does not let go in time, or the journal cannot be read or written.
pub async fn open(shelf: &Shelf, opening: &Opening) -> Result<(Journal, History), JournalError> {
    let began = tokio::time::Instant::now();
    let run = run_name(&opening.by);
    loop {
        let history = read(shelf).await?;
        let now = Timestamp::now();
        match history.run.as_ref().filter(|last| last.holds(now)) {
            Some(last) if began.elapsed() >= opening.wait => {
                return Err(JournalError::Held {
                    by: Box::new(last.by.clone()),
                    since: last.since,
                    why: last.why.clone(),
                    until: last.lease_until,
                });
            }
            Some(_) => {
                let left = opening.wait.saturating_sub(began.elapsed());
                tokio::time::sleep(left.min(Duration::from_secs(1))).await;
                continue;
            }
            None => {}
        }
        let takes_over =
            history.run.as_ref().filter(|last| last.closed.is_none()).map(|last| last.run.clone());
        let opened = Line::Opened {
            by: opening.by.clone(),
            why: opening.why.clone(),
            tool: opening.tool.clone(),
            lease_until: lease(now),
            takes_over,
            so_far: Box::new(history.so_far.clone()),
        };
        let first = Entry {
            schema: SCHEMA,
            number: history.last + 1,
            run: run.clone(),
            at: now,
            lines: vec![opened],
        };
        if shelf.place(&first).await? == Placed::Taken {
            // Somebody was faster: look who.
            continue;
        }
        let (requests, inbox) = mpsc::unbounded_channel();
        let writer = Writer { shelf: shelf.clone(), run: run.clone(), next: first.number + 1, lost: None };
        return Ok((Journal { run, requests, writer: tokio::spawn(writer.serve(inbox)) }, history));
    }
}

fn lease(now: Timestamp) -> Timestamp {
    now.saturating_add(SignedDuration::try_from(LEASE).unwrap_or(SignedDuration::ZERO)).unwrap_or(now)
}

/// Distinct for every run of every process.
fn run_name(by: &Holder) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{by:?} {}", Timestamp::now()).as_bytes());
    hasher.finalize().to_hex()[..16].to_owned()
}

impl Journal {
    /// The name of this run, distinct from every other.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Keeps lines; they are safe when this returns.
    ///
    /// # Errors
    /// If they are not: the caller must not do what it meant to do.
    pub async fn keep(&self, lines: Vec<Line>) -> Result<(), JournalError> {
        let (kept, answer) = oneshot::channel();
        let gone = || JournalError::Fenced("its writer has ended".to_owned());
        self.requests.send(Request { lines, kept }).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Lets the deployment go.
    ///
    /// # Errors
    /// If that could not be written: others then wait for the lease to end.
    pub async fn close(self, left: usize) -> Result<(), JournalError> {
        let kept = self.keep(vec![Line::Closed { left }]).await;
        drop(self.requests);
        self.writer.abort();
        kept
    }
}

struct Writer {
    shelf: Shelf,
    run: String,
    next: u64,
    lost: Option<JournalError>,
}

impl Writer {
    async fn serve(mut self, mut inbox: mpsc::UnboundedReceiver<Request>) {
        loop {
            let first = match tokio::time::timeout(LEASE / 3, inbox.recv()).await {
                Ok(Some(first)) => Some(first),
                Ok(None) => return,
                Err(_) => None,
            };
            let mut batch: Vec<Request> = first.into_iter().collect();
            while let Ok(more) = inbox.try_recv() {
                batch.push(more);
            }
            let mut lines = Vec::new();
            for request in &mut batch {
                lines.append(&mut request.lines);
            }
            // Every entry is a sign of life.
            lines.push(Line::Renewed { lease_until: lease(Timestamp::now()) });
            let outcome = self.write(lines).await;
            for request in batch {
                // Whoever asked may have been stopped meanwhile.
                let _ = request.kept.send(outcome.clone());
            }
        }
    }

    async fn write(&mut self, lines: Vec<Line>) -> Result<(), JournalError> {
        if let Some(lost) = &self.lost {
            return Err(lost.clone());
        }
        let entry =
            Entry { schema: SCHEMA, number: self.next, run: self.run.clone(), at: Timestamp::now(), lines };
        let outcome = match self.shelf.place(&entry).await {
            Ok(Placed::Kept) => {
                self.next += 1;
                return Ok(());
            }
            Ok(Placed::Taken) => JournalError::Fenced(self.rival().await),
            Err(error) => error,
        };
        // An entry may or may not be there: only a new run, which reads first, can go on from here.
        self.lost = Some(outcome.clone());
        Err(outcome)
    }

    async fn rival(&self) -> String {
        match read(&self.shelf).await {
            Ok(History { run: Some(last), .. }) => format!("{} for `{}`", last.by, last.why),
            _ => format!("entry {} of {} is not ours", self.next, self.shelf.shown()),
        }
    }
}
