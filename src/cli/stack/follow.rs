//! Follows a run: carries the plan out, shows what happens, stops when asked to, looks again, and says how it ended.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tokio::sync::{mpsc, watch};

use super::super::exit::{Exit, Failure};
use super::super::interrupts::Interrupts;
use super::super::screen::Screen;
use super::RunArgs;
use super::place::{Place, unusable};
use crate::apply::journal::{CallResult, Holder, Journal, Line, Opening, Shelf, SoFar, Wanted, open};
use crate::apply::{self, Ending, Means, Pace, Stop};
use crate::event::{Event, Happening};
use crate::plan::Plan;
use crate::report::{self, RunView, Timeline};

/// Takes hold of the deployment.
pub(super) async fn hold(shelf: &Shelf, why: &str, args: &RunArgs) -> Result<(Journal, SoFar), Failure> {
    let user =
        std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_else(|_| "somebody".to_owned());
    let opening = Opening {
        by: Holder::this(user),
        why: why.to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        wait: args.lock_wait,
    };
    let (journal, history) = open(shelf, &opening).await.map_err(|it| unusable(&it))?;
    Ok((journal, history.so_far))
}

/// Writes down what is wanted, and that what an earlier run may have made was looked for.
pub(super) async fn announce(journal: &Journal, wanted: Wanted, so_far: &SoFar) -> Result<(), Failure> {
    let found = so_far.open.keys().map(|token| Line::Outcome {
        token: token.clone(),
        result: CallResult::Refused("looked for by a later run, which goes by what it found".to_owned()),
    });
    let lines = std::iter::once(Line::Wanted(Box::new(wanted))).chain(found).collect();
    journal.keep(lines).await.map_err(|it| unusable(&it))
}

/// How a run ended, and when what happened.
pub(super) struct Followed {
    pub(super) ending: Ending,
    pub(super) timeline: Timeline,
    /// The person did not want to wait for what is in flight.
    pub(super) abandoned: bool,
}

/// Carries the plan out.
pub(super) async fn follow(
    plan: &Plan,
    (place, pace): (&Place, Pace),
    (journal, so_far): (Arc<Journal>, SoFar),
    (json, screen): (bool, &Screen),
) -> Result<Followed, Failure> {
    let (events, mut inbox) = mpsc::unbounded_channel();
    let (stopper, stop) = watch::channel(Stop::No);
    let means = Means { account: place.account.clone(), journal, so_far, pace, stop, events };
    let mut show = Show::new(plan, json, screen);
    let run = apply::run(plan, means);
    tokio::pin!(run);
    let mut asked = 0;
    let mut interrupts = Interrupts::new()?;
    let ending = loop {
        tokio::select! {
            ending = &mut run => break Some(ending),
            Some(event) = inbox.recv() => show.hear(&event)?,
            () = interrupts.next() => {
                asked += 1;
                if asked > 1 {
                    break None;
                }
                show.note("stopping: what is in flight is finished, nothing more begins; once more to stop at once");
                // The run may have ended just now.
                let _ = stopper.send(Stop::Finish);
            }
        }
    };
    while let Ok(event) = inbox.try_recv() {
        show.hear(&event)?;
    }
    show.end();
    let abandoned = ending.is_none();
    Ok(Followed { ending: ending.unwrap_or_default(), timeline: show.timeline, abandoned })
}

/// What is on the screen while a run goes on.
struct Show<'a> {
    plan: &'a Plan,
    json: bool,
    screen: &'a Screen,
    timeline: Timeline,
    bars: Option<Bars>,
}

struct Bars {
    all: MultiProgress,
    sum: ProgressBar,
    steps: Vec<Option<ProgressBar>>,
}

impl<'a> Show<'a> {
    fn new(plan: &'a Plan, json: bool, screen: &'a Screen) -> Self {
        let bars = (!json && std::io::stderr().is_terminal()).then(|| {
            let all = MultiProgress::new();
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} steps, {elapsed}")
                .expect("the template is a constant that parses");
            let sum = all.add(ProgressBar::new(plan.steps.len() as u64).with_style(style));
            Bars { all, sum, steps: vec![None; plan.steps.len()] }
        });
        Self { plan, json, screen, timeline: Timeline::default(), bars }
    }

    fn hear(&mut self, event: &Event) -> Result<(), Failure> {
        self.timeline.hear(event);
        if self.json {
            return self.screen.answer(&report::event_json(event, self.plan).to_string());
        }
        let line = report::event_line(event, self.plan);
        match (&mut self.bars, line) {
            (Some(bars), line) => bars.hear(event, line),
            (None, Some(line)) => self.screen.note(&report::plain(&line)),
            (None, None) => {}
        }
        Ok(())
    }

    fn note(&self, text: &str) {
        match &self.bars {
            // The line is lost only with the terminal.
            Some(bars) => drop(bars.all.println(text)),
            None => self.screen.note(text),
        }
    }

    fn end(&self) {
        if let Some(bars) = &self.bars {
            drop(bars.all.clear());
        }
    }
}

impl Bars {
    fn hear(&mut self, event: &Event, line: Option<String>) {
        let line = line.map(|line| report::plain(&line));
        match &event.what {
            Happening::Began => {
                let style = ProgressStyle::with_template("{spinner} {wide_msg}")
                    .expect("the template is a constant that parses");
                let bar = self.all.insert_before(&self.sum, ProgressBar::new_spinner().with_style(style));
                bar.set_message(line.unwrap_or_default());
                bar.enable_steady_tick(Duration::from_millis(120));
                self.steps[event.step] = Some(bar);
            }
            Happening::Underway { doing } => {
                if let Some(bar) = &self.steps[event.step] {
                    let named = bar.message();
                    let first = named.split(" … ").next().unwrap_or_default().to_owned();
                    bar.set_message(format!("{first} … {}", report::plain(doing)));
                }
            }
            Happening::Retrying { .. } => {
                if let (Some(bar), Some(line)) = (&self.steps[event.step], line) {
                    bar.set_message(line);
                }
            }
            Happening::Done { .. }
            | Happening::Left
            | Happening::Failed { .. }
            | Happening::Skipped { .. } => {
                if let Some(bar) = self.steps[event.step].take() {
                    bar.finish_and_clear();
                    self.all.remove(&bar);
                }
                self.sum.inc(1);
                if !matches!(event.what, Happening::Done { .. }) {
                    drop(self.all.println(line.unwrap_or_default()));
                }
            }
        }
    }
}

/// Says how it ended.
pub(super) fn conclude(view: RunView<'_>, (json, screen): (bool, &Screen)) -> Result<Exit, Failure> {
    if json {
        screen.answer(&report::ending_json(view).to_string())?;
    } else {
        screen.answer(&report::run_text(view, &screen.look()))?;
    }
    let whole = view.ending.is_whole() && view.after.is_some_and(<[_]>::is_empty);
    Ok(if whole { Exit::Done } else { Exit::PartWay })
}
