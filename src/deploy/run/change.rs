//! Hosts from one release to another, batch by batch: a new one, or one that was kept.
//!
//! Nothing changes for the people before every host has its image. A batch whose new containers do not become healthy never
//! gets traffic; then it and the batches before it go back.

use std::num::NonZeroUsize;

use tokio::sync::watch;

use super::Event;
use super::host::{Host, Trouble, TroubleClass};
use super::look::{Seen, look};
use super::prepare::{Times, images, lay};
use crate::deploy::host::Script;
use crate::deploy::stack::Stack;
use crate::hosts::Serial;

mod back;
mod steps;

use steps::{Hosts, each};

/// What a new release consists of beside its stack.
#[derive(Clone)]
pub struct Prepared {
    /// The file with the secrets that are brought along.
    pub secrets: secrecy::SecretString,
    /// Whether an engine may be installed where there is none.
    pub engine: Engine,
}

/// What is done about a host without a container engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Nothing is released.
    Demand,
    /// It is installed.
    Install,
}

/// A change of release.
pub struct Change<'a> {
    /// What runs, and how long things take.
    pub stack: &'a Stack,
    /// Id of the release that is to have the traffic.
    pub to: String,
    /// It is made; `None`: it was kept.
    pub made: Option<Prepared>,
    /// Who does it.
    pub who: String,
    /// Why.
    pub why: String,
    /// A name for the run that nobody else has.
    pub token: String,
    /// Seconds since 1970.
    pub now_s: i64,
    /// Longest time of a script that waits for nothing.
    pub within: std::time::Duration,
    /// Hosts in a batch.
    pub serial: Option<Serial>,
    /// Hosts at once.
    pub parallel: NonZeroUsize,
    /// What is done about a lock of somebody else.
    pub lock: Lock,
}

/// What is done about a lock of somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// It is respected.
    Respect,
    /// It is taken over.
    TakeOver,
}

/// What became of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostState {
    /// The release has its traffic.
    Released,
    /// It had begun and is as it was before.
    WentBack,
    /// Nothing was changed for the people.
    Untouched,
    /// How far it came is not known, or it could not go back.
    Between,
}

/// How it ended on one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostEnd {
    /// The host.
    pub host: String,
    /// What became of it.
    pub state: HostState,
    /// The release that has the traffic now, as far as known.
    pub current: Option<String>,
    /// What went wrong there.
    pub trouble: Option<Trouble>,
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every host has the release.
    Done,
    /// It did not begin; nothing was changed.
    Refused,
    /// Another run holds a host; nothing was changed.
    Held,
    /// It was not healthy, and every host is as it was.
    WentBack,
    /// Somebody asked for its end: some hosts have it and some do not.
    Stopped,
    /// Something is left to be done by hand or by another run.
    PartWay,
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// Each host, in their order.
    pub hosts: Vec<HostEnd>,
}

/// Brings every host to the release. `stop`: no batch begins once it is true; what has begun is finished.
pub async fn change(
    hosts: &[Host],
    job: &Change<'_>,
    heard: &(dyn Fn(Event) + Sync),
    stop: &watch::Receiver<bool>,
) -> Outcome {
    let mut run = Run::new(hosts, job, heard);
    let end = match run.begin().await {
        Err(end) => end,
        Ok(()) => {
            let end = run.batches(stop).await;
            run.finish(end).await
        }
    };
    Outcome { end, hosts: run.ends }
}

/// The state of a change.
struct Run<'a> {
    hosts: Hosts<'a>,
    job: &'a Change<'a>,
    times: Times,
    heard: &'a (dyn Fn(Event) + Sync),
    /// The release that each host had before.
    before: Vec<Option<String>>,
    ends: Vec<HostEnd>,
}

impl<'a> Run<'a> {
    fn new(hosts: &'a [Host], job: &'a Change<'a>, heard: &'a (dyn Fn(Event) + Sync)) -> Self {
        let end = |host: &Host| HostEnd {
            host: host.name().to_owned(),
            state: HostState::Untouched,
            current: None,
            trouble: None,
        };
        Self {
            hosts: Hosts { hosts, parallel: job.parallel },
            times: Times::of(job.stack, job.within),
            before: vec![None; hosts.len()],
            ends: hosts.iter().map(end).collect(),
            job,
            heard,
        }
    }

    fn all(&self) -> Vec<usize> {
        (0..self.ends.len()).collect()
    }

    fn about(&self) -> Script {
        Script::about(&self.job.stack.name)
    }

    /// A script of this run: it does nothing once the lock is somebody else's.
    fn mine(&self) -> Script {
        self.about().call("mine", &[&self.job.token, &self.times.lease_s.to_string()])
    }

    /// Writes troubles down; whether there were none.
    fn note(&mut self, troubles: Vec<(usize, Trouble)>) -> bool {
        let none = troubles.is_empty();
        for (index, trouble) in troubles {
            (self.heard)(Event::Failed(trouble.clone()));
            self.ends[index].trouble.get_or_insert(trouble);
        }
        none
    }

    /// Looks, locks and pulls: after it every host could run the release.
    async fn begin(&mut self) -> Result<(), End> {
        let all = self.all();
        let seen = self.looked(&all).await?;
        for (index, seen) in seen.iter().enumerate() {
            self.before[index].clone_from(&seen.current);
            self.ends[index].current.clone_from(&seen.current);
        }
        self.checked(&seen)?;
        self.lock().await?;
        if self.job.made.is_none() {
            return Ok(());
        }
        let script = self.mine().call("pull", &images(self.job.stack));
        if self.step(&all, "pulling the images", &script, self.times.pull).await {
            return Ok(());
        }
        self.unlock().await;
        Err(End::Refused)
    }

    async fn looked(&mut self, all: &[usize]) -> Result<Vec<Seen>, End> {
        let name = self.job.stack.name.as_str();
        let install = self.job.made.as_ref().is_some_and(|made| made.engine == Engine::Install);
        let mut seen = self.seen(all, name).await?;
        let lacking: Vec<usize> =
            all.iter().copied().filter(|index| seen[*index].lacks().is_some()).collect();
        if install && !lacking.is_empty() {
            let script = self.about().call("install_engine", &[]);
            if !self.step(&lacking, "installing a container engine", &script, self.times.pull).await {
                return Err(End::Refused);
            }
            seen = self.seen(all, name).await?;
        }
        Ok(seen)
    }

    async fn seen(&mut self, all: &[usize], name: &str) -> Result<Vec<Seen>, End> {
        let within = self.job.within;
        let (seen, troubles) =
            each(self.hosts, all, "looking", self.heard, |_, host| look(host, name, within)).await;
        if self.note(troubles) {
            Ok(seen.into_iter().map(|(_, seen)| seen).collect())
        } else {
            Err(End::Refused)
        }
    }

    /// What keeps hosts from the release, as far as a look shows.
    fn checked(&mut self, seen: &[Seen]) -> Result<(), End> {
        let mut troubles = Vec::new();
        let mut held = false;
        for (index, seen) in seen.iter().enumerate() {
            let host = &self.hosts.hosts[index];
            if let Some(holder) = seen.holder.as_ref().filter(|_| self.job.lock == Lock::Respect) {
                held = true;
                let sentence = format!("{} holds it: {}", holder.who, holder.why);
                troubles.push((index, host.trouble(TroubleClass::Held(holder.clone()), sentence)));
            } else if let Some((sentence, hint)) = seen.lacks() {
                let trouble = host.trouble(TroubleClass::Lacks, sentence);
                troubles.push((index, Trouble { hint: Some(hint), ..trouble }));
            } else if self.job.made.is_none() && seen.release(&self.job.to).is_none() {
                let sentence = format!("release {} is not kept there", self.job.to);
                troubles.push((index, host.trouble(TroubleClass::Lacks, sentence)));
            }
        }
        match (self.note(troubles), held) {
            (true, _) => Ok(()),
            (false, true) => Err(End::Held),
            (false, false) => Err(End::Refused),
        }
    }

    /// Takes the locks, one host after the other, so that of two runs one gets them all.
    async fn lock(&mut self) -> Result<(), End> {
        let force = if self.job.lock == Lock::TakeOver { "force" } else { "" };
        let lease = self.times.lease_s.to_string();
        let words = [self.job.token.as_str(), &lease, &self.job.who, &self.job.why, force];
        let script = self.about().call("take_lock", &words);
        for index in self.all() {
            let taken = self.hosts.hosts[index].ask(&script, self.times.quick).await;
            if let Err(trouble) = taken {
                let held = matches!(trouble.class, TroubleClass::Held(_));
                self.note(vec![(index, trouble)]);
                self.unlock().await;
                return Err(if held { End::Held } else { End::Refused });
            }
        }
        Ok(())
    }

    async fn unlock(&mut self) {
        let script = self.about().call("give_lock", &[&self.job.token]);
        let all = self.all();
        let (hosts, within) = (self.hosts, self.times.quick);
        let (_, troubles) =
            each(hosts, &all, "unlocking", &|_| {}, |_, host| host.ask(&script, within)).await;
        self.note(troubles);
    }

    async fn batches(&mut self, stop: &watch::Receiver<bool>) -> End {
        let size = self.job.serial.map_or(self.ends.len(), |serial| serial.of(self.ends.len())).max(1);
        let all = self.all();
        let batches: Vec<&[usize]> = all.chunks(size).collect();
        let mut touched = Vec::new();
        for (number, batch) in batches.iter().enumerate() {
            if *stop.borrow() {
                return End::Stopped;
            }
            if batches.len() > 1 {
                let hosts = batch.iter().map(|index| self.ends[*index].host.clone()).collect();
                (self.heard)(Event::Batch { number: number + 1, of: batches.len(), hosts });
            }
            touched.extend_from_slice(batch);
            if !self.batch(batch, number == 0).await {
                return self.back(&touched).await;
            }
        }
        End::Done
    }

    /// One batch to the release; `false`: it is not healthy.
    async fn batch(&mut self, batch: &[usize], first: bool) -> bool {
        let (id, stack) = (self.job.to.as_str(), self.job.stack);
        if let Some(made) = &self.job.made {
            let about = format!("{} {} {}\n", self.job.now_s, stack.image, self.job.who);
            let secrets = secrecy::ExposeSecret::expose_secret(&made.secrets);
            let script = lay(self.mine(), stack, id, &about, secrets);
            if !self.step(batch, "laying out files", &script, self.times.lay).await {
                return false;
            }
            if let (true, Some(words)) = (first, &stack.migrate) {
                let mut call = vec![id];
                call.extend(words.iter().map(String::as_str));
                let script = self.mine().call("migrate", &call);
                if !self.step(&batch[..1], "migrating", &script, self.times.migrate).await {
                    return false;
                }
            }
        }
        let script = self.mine().call("start", &[id, &stack.health_timeout_s.to_string()]);
        if !self.step(batch, "starting the new containers", &script, self.times.start).await {
            return false;
        }
        let script = self.mine().call("move", &[id]);
        if !self.step(batch, "moving the traffic", &script, self.times.quick).await {
            return false;
        }
        for index in batch {
            self.ends[*index].state = HostState::Released;
            self.ends[*index].current = Some(id.to_owned());
        }
        self.retire(batch).await;
        true
    }

    /// A step on some hosts; whether all did it.
    async fn step(
        &mut self,
        hosts: &[usize],
        doing: &'static str,
        script: &Script,
        within: std::time::Duration,
    ) -> bool {
        let (_, troubles) =
            each(self.hosts, hosts, doing, self.heard, |_, host| host.ask(script, within)).await;
        self.note(troubles)
    }

    /// Gives the old containers time and stops them. They are out of traffic: what goes wrong here is reported and no reason
    /// to go back.
    async fn retire(&mut self, batch: &[usize]) {
        let old = |index: &usize| self.before[*index].clone().filter(|id| *id != self.job.to);
        let old: Vec<(usize, String)> =
            batch.iter().filter_map(|index| Some((*index, old(index)?))).collect();
        if old.is_empty() {
            return;
        }
        if self.job.stack.drain_s > 0 {
            (self.heard)(Event::Draining { seconds: self.job.stack.drain_s });
            tokio::time::sleep(std::time::Duration::from_secs(u64::from(self.job.stack.drain_s))).await;
        }
        let hosts: Vec<usize> = old.iter().map(|(index, _)| *index).collect();
        let script = |index: usize| {
            let id = old.iter().find(|(other, _)| *other == index).map_or("", |(_, id)| id);
            self.mine().call("stop", &[id])
        };
        let within = self.times.stop;
        let (_, troubles) =
            each(self.hosts, &hosts, "stopping the old containers", self.heard, |index, host| {
                let script = script(index);
                async move { host.ask(&script, within).await }
            })
            .await;
        self.note(troubles);
    }

    /// Removes what is kept no longer, and gives the locks back.
    async fn finish(&mut self, end: End) -> End {
        if end == End::Done {
            let all = self.all();
            let script = self.mine().call("prune", &[&self.job.stack.keep_releases.to_string()]);
            self.step(&all, "removing old releases", &script, self.times.stop).await;
        }
        self.unlock().await;
        let trouble = self.ends.iter().any(|end| end.trouble.is_some());
        match end {
            End::Done if trouble => End::PartWay,
            End::Stopped if self.ends.iter().all(|end| end.state == HostState::Untouched) => End::Refused,
            end => end,
        }
    }
}
