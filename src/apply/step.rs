//! One step from intent to outcome: written down, called, tried again, waited for.

use std::time::Duration;

use loadline_contract::deploy::{Action, Changed, CloudError, Deployment, ErrorClass, Progress, Step};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use super::engine::{Stop, Worker};
use super::journal::{CallResult, Intent, JournalError, Line};
use super::retry::{catch_up, pause};
use crate::event::Happening;

/// How a step ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ended {
    /// It is done.
    Done,
    /// It went wrong; what was seen last.
    Failed(CloudError),
    /// The run was stopped first; what was seen last, if anything went wrong.
    Left(Option<CloudError>),
    /// It could not be written down, so it was not done.
    Unwritten(JournalError),
}

/// What a step tells the engine while it is under way.
#[derive(Debug)]
pub(super) enum News {
    /// The cloud took it on.
    Accepted(usize),
    /// It ended.
    Ended(usize, Ended),
}

/// The token of an intent of a run; at most 64 characters that every cloud takes.
pub(super) fn token(deployment: &Deployment, step: &Step, run: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    let settings = settings(step).unwrap_or_default();
    let id = step.id.as_deref().unwrap_or_default();
    let (address, action) = (step.address.to_string(), format!("{:?}", step.action));
    for part in [deployment.as_str(), run, &address, &action, id, &settings] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Hash of what a step wants a thing to be like.
pub(super) fn settings(step: &Step) -> Option<String> {
    let resource = step.resource.as_ref()?;
    // A map of text keys always has a JSON form.
    let text = serde_json::to_vec(&resource.settings).ok()?;
    Some(blake3::hash(&text).to_hex()[..32].to_owned())
}

impl Worker {
    /// Carries the step out; says on `news` when it is accepted and when it has ended.
    pub(super) async fn carry_out(
        self,
        number: usize,
        step: Step,
        token: String,
        news: UnboundedSender<News>,
    ) {
        let began = Instant::now();
        self.say(number, Happening::Began);
        let intent = Intent {
            token: token.clone(),
            action: step.action,
            address: step.address.clone(),
            id: step.id.clone(),
            settings: settings(&step),
        };
        let ended = match self.journal.keep(vec![Line::Intent(intent)]).await {
            Err(error) => Ended::Unwritten(error),
            Ok(()) => {
                let (ended, changed) = self.persist(number, &step, &token, &news).await;
                match self.journal.keep(vec![outcome(&token, &ended, changed)]).await {
                    // Done or not, the next run sees it in the cloud; this one may do no more.
                    Err(error) => Ended::Unwritten(error),
                    Ok(()) => ended,
                }
            }
        };
        self.say(
            number,
            match &ended {
                Ended::Done => Happening::Done { took: self.cloud_time(began.elapsed()) },
                Ended::Failed(error) => Happening::Failed { error: error.clone() },
                Ended::Left(_) | Ended::Unwritten(_) => Happening::Left,
            },
        );
        // The engine is gone only when the run was stopped at once.
        let _ = news.send(News::Ended(number, ended));
    }

    /// Calls until it is done or cannot be; with how it ended, whether any of the calls may have changed something.
    async fn persist(
        &self,
        number: usize,
        step: &Step,
        token: &str,
        news: &UnboundedSender<News>,
    ) -> (Ended, Changed) {
        let began = Instant::now();
        let mut failures = 0;
        let mut failing_since = None;
        let mut changed = Changed::Nothing;
        // When a call ended of which nobody knows whether it made the thing.
        let mut in_doubt = None;
        loop {
            match self.call(step, token).await {
                Ok(Progress::Done) => return (Ended::Done, Changed::Unknown),
                Ok(Progress::Underway { ask_again_in, doing }) => {
                    failures = 0;
                    failing_since = None;
                    in_doubt = None;
                    changed = Changed::Unknown;
                    let _ = news.send(News::Accepted(number));
                    if self.cloud_time(began.elapsed()) > self.pace.longest {
                        let minutes = self.pace.longest.as_secs() / 60;
                        let said = format!("the cloud is still at it ({doing}) after {minutes} minutes");
                        let doing = format!("waiting for {}", step.address);
                        let error = CloudError::new(ErrorClass::Unavailable, doing, said);
                        return (Ended::Failed(error), changed);
                    }
                    self.say(number, Happening::Underway { doing });
                    if self.sleep(ask_again_in).await == Stop::Finish {
                        return (Ended::Left(None), changed);
                    }
                }
                Err(error) => {
                    failures += 1;
                    if error.changed == Changed::Unknown {
                        changed = Changed::Unknown;
                        in_doubt = Some(Instant::now());
                    }
                    let since = *failing_since.get_or_insert_with(Instant::now);
                    let spent = self.cloud_time(since.elapsed());
                    let random = rand::random();
                    let Some(after) = pause(&error, failures, (spent, self.pace.patience), random) else {
                        return (Ended::Failed(error), changed);
                    };
                    let after = after.max(match in_doubt {
                        Some(since) if step.action == Action::Create => {
                            catch_up(self.cloud_time(Instant::now() - since))
                        }
                        _ => Duration::ZERO,
                    });
                    if matches!(error.class, ErrorClass::RateLimited { .. }) {
                        self.gate.slow_down();
                    }
                    self.say(number, Happening::Retrying { after, error: error.clone() });
                    if self.sleep(after).await == Stop::Finish {
                        return (Ended::Left(Some(error)), changed);
                    }
                }
            }
        }
    }

    /// One call, in its turn, not longer than a call may take.
    async fn call(&self, step: &Step, token: &str) -> Result<Progress, CloudError> {
        let _place = self.places.acquire().await;
        self.gate.pass().await;
        let call = self.account.perform(&self.deployment, step, token);
        let answer = tokio::time::timeout(self.pace.call, call).await.unwrap_or_else(|_| {
            let said = format!("no answer within {} s", self.pace.call.as_secs());
            Err(CloudError::new(ErrorClass::Unavailable, format!("working on {}", step.address), said))
        });
        if answer.is_ok() {
            self.gate.speed_up();
        }
        answer
    }

    /// Sleeps so long in the cloud's time, or until the run is to stop.
    async fn sleep(&self, cloud_time: Duration) -> Stop {
        let mut stop = self.stop.clone();
        let pause = cloud_time.div_f64(self.pace.speed);
        tokio::select! {
            () = tokio::time::sleep(pause) => *self.stop.borrow(),
            _ = stop.wait_for(|stop| *stop == Stop::Finish) => Stop::Finish,
        }
    }
}

fn outcome(token: &str, ended: &Ended, changed: Changed) -> Line {
    let said = |error: &CloudError| format!("{error}");
    let result = match (ended, changed) {
        (Ended::Done, _) => CallResult::Done,
        (Ended::Failed(error) | Ended::Left(Some(error)), Changed::Nothing) => {
            CallResult::Refused(said(error))
        }
        (Ended::Failed(error) | Ended::Left(Some(error)), Changed::Unknown) => {
            CallResult::Unknown(said(error))
        }
        (Ended::Left(None) | Ended::Unwritten(_), _) => CallResult::Accepted,
    };
    Line::Outcome { token: token.to_owned(), result }
}
