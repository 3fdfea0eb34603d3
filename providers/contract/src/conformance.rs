//! What every account has to do, told as stories. A provider's tests give a [`Lab`]: an account that they can disturb from
//! outside, and the core to plan and carry out. Each story says what it did as it goes, so that a failure reads like a report.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::Architecture;
use crate::deploy::{
    Address, AlarmLines, AppBlueprint, BalancerBlueprint, Blueprint, CacheBlueprint, DatabaseBlueprint,
    KindRule, NatSpread, Resource, SshAccess, rule,
};

/// The plan for 2000 users with one of everything, as it arrives at a cloud; a cloud's tests set its own region, zones and
/// products.
///
/// # Panics
/// Never: the name is one.
pub fn teachers() -> Blueprint {
    Blueprint {
        deployment: "teachers".parse().expect("a constant that is a name"),
        region: String::new(),
        zones: Vec::new(),
        nat: NatSpread::One,
        app: AppBlueprint {
            sku: String::new(),
            architecture: Architecture::X86,
            count: 3,
            most: 6,
            disk_gib: 500,
            os: "ubuntu-24.04".to_owned(),
            port: 8000,
            health: "/health".to_owned(),
            target_cpu_percent: 65,
            first_start: "#cloud-config\n{}\n".to_owned(),
            ssh: Some(SshAccess {
                user: "ubuntu".to_owned(),
                public_key: "ssh-ed25519 AAAA ops".to_owned(),
                from: vec!["203.0.113.0/24".to_owned()],
            }),
        },
        database: Some(DatabaseBlueprint {
            sku: String::new(),
            engine: "mysql".to_owned(),
            version: "8.4".to_owned(),
            memory_gib: Some(32.0),
            storage_gib: 1024,
            iops: 3000,
            standby: true,
            read_replicas: 0,
            backup_days: 7,
            point_in_time: true,
            max_connections: 2000,
            buffer_pool_bytes: 8 << 30,
        }),
        cache: Some(CacheBlueprint {
            sku: String::new(),
            engine: "valkey".to_owned(),
            version: None,
            replica: true,
            snapshot_days: 7,
            holds_queue: true,
        }),
        balancer: BalancerBlueprint { sku: String::new(), nodes: 1, certificate: None },
        alarms: Some(AlarmLines {
            email: "ops@example.org".to_owned(),
            cpu_percent: 85.0,
            mean_s: Some(0.3),
            p95_s: Some(0.5),
            connections: 0.8,
            cache_memory_percent: 80.0,
        }),
    }
}

/// Whether a translation can be carried out at all: every address once and of a known kind, every reference to something that
/// is made in a strictly earlier stage.
///
/// # Errors
/// The first that is not so.
pub fn well_formed(stages: &[&[KindRule]], resources: &[Resource]) -> Result<(), String> {
    let mut known: BTreeMap<&Address, usize> = BTreeMap::new();
    for Resource { address, .. } in resources {
        let Some((stage, _)) = rule(stages, address.kind()) else {
            return Err(format!("{address} has no rule"));
        };
        if known.insert(address, stage).is_some() {
            return Err(format!("{address} is there twice"));
        }
    }
    for resource in resources {
        let address = &resource.address;
        for reference in resource.references() {
            match known.get(&reference.of) {
                None => return Err(format!("{address} refers to {}, which is not there", reference.of)),
                Some(stage) if *stage >= known[address] => {
                    return Err(format!("{address} refers to {}, which is not made before it", reference.of));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// How one run of the core ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// The steps of the plan, worded: `create network/main`.
    pub steps: Vec<String>,
    /// Those that were not done, each with what was seen.
    pub not_done: Vec<String>,
}

/// Something that happens to an account from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disturbance {
    /// Somebody removes a thing.
    Removed(Address),
    /// Somebody changes a setting of a thing that can be changed in place.
    Changed(Address),
    /// Somebody makes things of their own, with names and tags that resemble ours.
    Foreign,
}

/// How a call fails once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Too many calls.
    Throttled,
    /// An error of the cloud's own.
    ServerError,
    /// No answer, and nothing done.
    TimedOut,
    /// Done, but the answer is lost.
    AnsweredButLost,
}

impl Failure {
    /// Every way to fail.
    pub const ALL: [Self; 4] = [Self::Throttled, Self::ServerError, Self::TimedOut, Self::AnsweredButLost];
}

/// An account that can be disturbed, and the core.
#[async_trait]
pub trait Lab: Send + Sync {
    /// Begins with an empty account and an empty journal.
    async fn reset(&self);
    /// Everything to make.
    fn stack(&self) -> Vec<Resource>;
    /// A thing of the stack that somebody can remove, and one that somebody can change.
    fn fragile(&self) -> (Address, Address);
    /// Plans towards `wanted` and carries it out; data stores may be removed.
    async fn apply(&self, wanted: &[Resource]) -> Applied;
    /// Does something from outside.
    async fn disturb(&self, disturbance: Disturbance);
    /// Lets the `nth` writing call from now on, counted from 1, fail once; `false`: this account has no such failure.
    async fn fail(&self, nth: usize, failure: Failure) -> bool;
    /// What exists of our deployment, found by other means than the account's own eyes: how many of each.
    async fn census(&self) -> BTreeMap<Address, usize>;
    /// How many things of others exist.
    async fn foreign(&self) -> usize;
}

/// One of each thing wanted.
fn one_of_each(wanted: &[Resource]) -> BTreeMap<Address, usize> {
    wanted.iter().map(|resource| (resource.address.clone(), 1)).collect()
}

/// A story under way.
struct Story(Vec<String>);

impl Story {
    fn tell(&mut self, line: impl Into<String>) {
        self.0.push(line.into());
    }

    fn expect(&mut self, holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
        if holds { Ok(()) } else { Err(format!("{}\n-> {}", self.0.join("\n"), otherwise())) }
    }

    async fn whole(&mut self, lab: &dyn Lab, wanted: &[Resource], line: &str) -> Result<Applied, String> {
        self.tell(line);
        let applied = lab.apply(wanted).await;
        self.expect(applied.not_done.is_empty(), || format!("not done: {}", applied.not_done.join("; ")))?;
        let there = lab.census().await;
        self.expect(there == one_of_each(wanted), || format!("what exists is {there:?}"))?;
        Ok(applied)
    }

    async fn no_changes(&mut self, lab: &dyn Lab, wanted: &[Resource]) -> Result<(), String> {
        let again = self.whole(lab, wanted, "plan again").await?;
        self.expect(again.steps.is_empty(), || {
            format!("it is not \"no changes\": {}", again.steps.join(", "))
        })
    }
}

/// Everything is made, nothing is left to do, and removing leaves nothing.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn from_nothing_to_nothing(lab: &dyn Lab) -> Result<(), String> {
    let mut story = Story(Vec::new());
    lab.reset().await;
    let stack = lab.stack();
    let made = story.whole(lab, &stack, "create everything in an empty account").await?;
    story.expect(made.steps.len() == stack.len(), || format!("{} steps", made.steps.len()))?;
    story.no_changes(lab, &stack).await?;
    story.whole(lab, &[], "remove everything").await?;
    story.no_changes(lab, &[]).await
}

/// What somebody changed or removed is seen and mended.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn drift_is_mended(lab: &dyn Lab) -> Result<(), String> {
    let mut story = Story(Vec::new());
    lab.reset().await;
    let stack = lab.stack();
    story.whole(lab, &stack, "create everything").await?;
    let (removed, changed) = lab.fragile();
    story.tell(format!("somebody changes {changed}"));
    lab.disturb(Disturbance::Changed(changed.clone())).await;
    let mended = story.whole(lab, &stack, "apply").await?;
    let expected = format!("change {changed}");
    story.expect(mended.steps == [expected], || format!("the plan was {}", mended.steps.join(", ")))?;
    story.no_changes(lab, &stack).await?;
    story.tell(format!("somebody removes {removed}"));
    lab.disturb(Disturbance::Removed(removed.clone())).await;
    let mended = story.whole(lab, &stack, "apply").await?;
    let expected = format!("create {removed}");
    story.expect(mended.steps.contains(&expected), || format!("the plan was {}", mended.steps.join(", ")))?;
    story.no_changes(lab, &stack).await
}

/// What others have is neither changed nor removed, however much it resembles ours.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn others_are_left_alone(lab: &dyn Lab) -> Result<(), String> {
    let mut story = Story(Vec::new());
    lab.reset().await;
    let stack = lab.stack();
    story.tell("somebody makes things that resemble ours");
    lab.disturb(Disturbance::Foreign).await;
    let before = lab.foreign().await;
    story.expect(before > 0, || "nothing of others is there".to_owned())?;
    story.whole(lab, &stack, "create everything").await?;
    story.whole(lab, &[], "remove everything").await?;
    let after = lab.foreign().await;
    story.expect(after == before, || format!("others had {before} things and have {after}"))
}

/// Whichever call fails once, and however, the world ends up the same. Looks at every `stride`-th call.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn each_call_may_fail_once(lab: &dyn Lab, stride: usize) -> Result<(), String> {
    let stack = lab.stack();
    for failure in Failure::ALL {
        for nth in (1..=stack.len()).step_by(stride.max(1)) {
            let mut story = Story(Vec::new());
            lab.reset().await;
            story.tell(format!("call {nth} will fail once: {failure:?}"));
            if !lab.fail(nth, failure).await {
                continue;
            }
            story.whole(lab, &stack, "create everything").await?;
            if lab.fail(nth, failure).await {
                story.whole(lab, &[], "remove everything").await?;
            }
        }
    }
    Ok(())
}
