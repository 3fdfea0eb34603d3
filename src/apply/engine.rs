//! Carries out a plan: which step may begin when, what happens to the others when one fails, and when to stop.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use loadline_contract::deploy::{Account, Action, CloudError, Deployment, Step};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Instant;

use super::journal::{Intent, Journal, JournalError, SoFar};
use super::limits::Gate;
use super::step::{Ended, News, settings, token};
use crate::event::{Event, Happening};
use crate::plan::Plan;

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Go on.
    No,
    /// Begin nothing more, and end what is in flight.
    Finish,
}

/// How fast and how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// How many times faster than on the wall the cloud's time passes; 1 but in rehearsals.
    pub speed: f64,
    /// Calls at once.
    pub parallel: usize,
    /// Calls that begin within a second, at most.
    pub calls_per_s: f64,
    /// How long one call may take, on the wall.
    pub call: Duration,
    /// How long failures that pass are borne, for one step.
    pub patience: Duration,
    /// How long the cloud may be at work on one step.
    pub longest: Duration,
}

impl Pace {
    /// The pace on a real cloud, of that many calls a second.
    pub fn real(calls_per_s: f64) -> Self {
        Self {
            speed: 1.0,
            parallel: 16,
            calls_per_s,
            call: Duration::from_secs(90),
            // A network interface of a removed balancer or function keeps its security group for up to 20 minutes.
            patience: Duration::from_secs(20 * 60),
            // A large database with a standby takes half an hour; a restore longer.
            longest: Duration::from_secs(90 * 60),
        }
    }

    /// The pace of a rehearsal that is so many times faster.
    pub fn rehearsed(calls_per_s: f64, speed: f64) -> Self {
        Self { speed, calls_per_s: calls_per_s * speed, ..Self::real(calls_per_s) }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ending {
    /// Steps that are done, by position in the plan.
    pub done: Vec<usize>,
    /// Steps that went wrong, and what was seen.
    pub failed: Vec<(usize, CloudError)>,
    /// Steps that were not begun because another was not done.
    pub skipped: Vec<(usize, usize)>,
    /// Steps that were left when the run was stopped, begun or not.
    pub left: Vec<usize>,
    /// Why the run stopped by itself; `None`: it did not.
    pub lost: Option<JournalError>,
}

impl Ending {
    /// Whether everything is done.
    pub fn is_whole(&self) -> bool {
        self.failed.is_empty() && self.skipped.is_empty() && self.left.is_empty() && self.lost.is_none()
    }

    /// Steps that are not done.
    pub fn remaining(&self) -> usize {
        self.failed.len() + self.skipped.len() + self.left.len()
    }
}

/// What every step works with.
#[derive(Clone)]
pub(super) struct Worker {
    pub(super) account: Arc<dyn Account>,
    pub(super) deployment: Deployment,
    pub(super) journal: Arc<Journal>,
    pub(super) gate: Arc<Gate>,
    pub(super) places: Arc<Semaphore>,
    pub(super) pace: Pace,
    pub(super) stop: watch::Receiver<Stop>,
    events: mpsc::UnboundedSender<Event>,
    began: Instant,
}

impl Worker {
    pub(super) fn cloud_time(&self, passed: Duration) -> Duration {
        passed.mul_f64(self.pace.speed)
    }

    pub(super) fn say(&self, step: usize, what: Happening) {
        let at = self.cloud_time(self.began.elapsed());
        // Nobody has to listen.
        let _ = self.events.send(Event { at, step, what });
    }
}

/// What a run needs beside its plan.
pub struct Means {
    /// The account.
    pub account: Arc<dyn Account>,
    /// The journal, held by this run.
    pub journal: Arc<Journal>,
    /// What the journal knew when it was opened.
    pub so_far: SoFar,
    /// How fast and how long.
    pub pace: Pace,
    /// Tells the run to stop.
    pub stop: watch::Receiver<Stop>,
    /// Where to say what happens.
    pub events: mpsc::UnboundedSender<Event>,
}

/// Carries out a plan as far as it goes. A step begins when all that it needs is done and all of a lower rank has at least
/// been taken on by the cloud; when one fails, those that need it are skipped and the others go on.
pub async fn run(plan: &Plan, means: Means) -> Ending {
    let worker = Worker {
        account: means.account,
        deployment: plan.deployment.clone(),
        journal: means.journal,
        gate: Arc::new(Gate::new(means.pace.calls_per_s)),
        places: Arc::new(Semaphore::new(means.pace.parallel.max(1))),
        pace: means.pace,
        stop: means.stop.clone(),
        events: means.events,
        began: Instant::now(),
    };
    let (news, mut inbox) = mpsc::unbounded_channel();
    let mut board = Board::new(plan);
    let mut stop = means.stop;
    let mut stopping = false;
    loop {
        stopping |= *stop.borrow_and_update() == Stop::Finish || board.ending.lost.is_some();
        if !stopping {
            for (step, because_of) in board.skip() {
                worker.say(step, Happening::Skipped { because_of });
            }
            for number in board.startable() {
                let step = plan.steps[number].clone();
                let token = reused(&step, plan, &means.so_far)
                    .unwrap_or_else(|| token(&plan.deployment, &step, worker.journal.run()));
                tokio::spawn(worker.clone().carry_out(number, step, token, news.clone()));
            }
        }
        if board.in_flight == 0 {
            break;
        }
        tokio::select! {
            told = inbox.recv() => match told {
                Some(News::Accepted(number)) => board.accepted(number),
                Some(News::Ended(number, ended)) => board.ended(number, ended),
                None => break,
            },
            changed = stop.changed(), if !stopping => stopping |= changed.is_err(),
        }
        while let Ok(told) = inbox.try_recv() {
            match told {
                News::Accepted(number) => board.accepted(number),
                News::Ended(number, ended) => board.ended(number, ended),
            }
        }
    }
    board.finish()
}

/// The token of an intent to make the very same thing whose outcome nobody knows: with it the cloud recognises the call. What is made
/// anew is another thing: what came of the old intent is what this plan removes.
fn reused(step: &Step, plan: &Plan, so_far: &SoFar) -> Option<String> {
    let wanted = settings(step);
    let same = |intent: &&Intent| {
        intent.action == step.action
            && intent.address == step.address
            && intent.id == step.id
            && intent.settings == wanted
    };
    let intent = so_far.open.values().find(same)?;
    let removed = |other: &Step| other.action == Action::Delete && other.address == step.address;
    let anew = step.action == Action::Create && plan.steps.iter().any(removed);
    (!anew).then(|| intent.token.clone())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Waiting,
    Begun,
    Accepted,
    Done,
    NotDone,
}

/// Where every step stands.
struct Board<'a> {
    plan: &'a Plan,
    standing: Vec<Standing>,
    /// Needs that are not done yet, by step.
    unmet: Vec<usize>,
    /// Steps that need a step, by step.
    users: Vec<Vec<usize>>,
    /// Steps of a rank that the cloud has not taken on yet.
    unasked: BTreeMap<u32, usize>,
    /// Steps that wait for nothing but their rank.
    free: BTreeSet<(u32, usize)>,
    /// Steps that will not be done, whose users were not told yet.
    untold: Vec<usize>,
    in_flight: usize,
    ending: Ending,
}

impl<'a> Board<'a> {
    fn new(plan: &'a Plan) -> Self {
        let count = plan.steps.len();
        let mut board = Self {
            plan,
            standing: vec![Standing::Waiting; count],
            unmet: plan.steps.iter().map(|step| step.needs.len()).collect(),
            users: vec![Vec::new(); count],
            unasked: BTreeMap::new(),
            free: BTreeSet::new(),
            untold: Vec::new(),
            in_flight: 0,
            ending: Ending::default(),
        };
        for (number, step) in plan.steps.iter().enumerate() {
            *board.unasked.entry(step.rank).or_default() += 1;
            for need in &step.needs {
                board.users[*need].push(number);
            }
            if step.needs.is_empty() {
                board.free.insert((step.rank, number));
            }
        }
        board
    }

    /// Steps that may begin now.
    fn startable(&mut self) -> Vec<usize> {
        let Some((&frontier, _)) = self.unasked.first_key_value() else { return Vec::new() };
        let later = self.free.split_off(&(frontier + 1, 0));
        let now: Vec<usize> = std::mem::replace(&mut self.free, later).into_iter().map(|it| it.1).collect();
        for number in &now {
            self.standing[*number] = Standing::Begun;
            self.in_flight += 1;
        }
        now
    }

    /// Steps that will never begin, each with the one that it needed.
    fn skip(&mut self) -> Vec<(usize, usize)> {
        let mut skipped = Vec::new();
        while let Some(cause) = self.untold.pop() {
            for user in self.users[cause].clone() {
                if self.standing[user] == Standing::Waiting {
                    self.standing[user] = Standing::NotDone;
                    self.asked(user);
                    self.untold.push(user);
                    skipped.push((user, cause));
                }
            }
        }
        self.ending.skipped.extend(&skipped);
        skipped
    }

    fn asked(&mut self, number: usize) {
        let rank = self.plan.steps[number].rank;
        if let Some(left) = self.unasked.get_mut(&rank) {
            *left -= 1;
            if *left == 0 {
                self.unasked.remove(&rank);
            }
        }
    }

    fn accepted(&mut self, number: usize) {
        if self.standing[number] == Standing::Begun {
            self.standing[number] = Standing::Accepted;
            self.asked(number);
        }
    }

    fn ended(&mut self, number: usize, ended: Ended) {
        if self.standing[number] == Standing::Begun {
            self.asked(number);
        }
        self.in_flight -= 1;
        self.standing[number] = if ended == Ended::Done { Standing::Done } else { Standing::NotDone };
        match ended {
            Ended::Done => {
                self.ending.done.push(number);
                for user in std::mem::take(&mut self.users[number]) {
                    self.unmet[user] -= 1;
                    if self.unmet[user] == 0 && self.standing[user] == Standing::Waiting {
                        self.free.insert((self.plan.steps[user].rank, user));
                    }
                }
            }
            Ended::Failed(error) => {
                self.ending.failed.push((number, error));
                self.untold.push(number);
            }
            Ended::Left(_) => self.ending.left.push(number),
            Ended::Unwritten(error) => {
                self.ending.left.push(number);
                self.ending.lost.get_or_insert(error);
            }
        }
    }

    fn finish(mut self) -> Ending {
        self.skip();
        for (number, standing) in self.standing.iter().enumerate() {
            if *standing == Standing::Waiting {
                self.ending.left.push(number);
            }
        }
        self.ending.left.sort_unstable();
        self.ending.failed.sort_by_key(|(number, _)| *number);
        self.ending.skipped.sort_unstable();
        self.ending
    }
}
