//! `apply`: carries out the plan from what is there to what the spec asks for.

use clap::Args as ClapArgs;
use loadline_contract::deploy::{Address, Step};

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::place::{Place, refused, unusable};
use super::planned::{compare, look, obstacles};
use super::saved::{self, Saved};
use super::wanted::Wanted;
use super::{RunArgs, StackArgs, follow, wait_for};
use crate::apply::journal;
use crate::plan::{Consent, Plan};
use crate::report::{self, PlanView, RunView};

/// Arguments of `apply`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    stack: StackArgs,
    #[command(flatten)]
    run: RunArgs,
    /// Let this data store be replaced or removed (may be given more than once)
    #[arg(long, value_name = "ADDRESS")]
    consent: Vec<Address>,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let mut stack = args.stack.clone();
    let mut consent = args.consent.clone();
    let saved = saved::read(&stack.spec.spec)?;
    if let Some(Saved { made_with, .. }) = &saved {
        if !stack.spec.set.is_empty()
            || stack.cloud.is_some()
            || stack.region.is_some()
            || !consent.is_empty()
        {
            return Err(Failure::usage(
                "a kept plan is carried out as it was made: --set, --cloud, --region and --consent \
                 have no place here; nothing was changed",
            )
            .hint("make another plan with loadline plan --out"));
        }
        stack.spec.spec.clone_from(&made_with.spec);
        stack.spec.set.clone_from(&made_with.set);
        stack.cloud = Some(made_with.cloud.clone());
        stack.region = Some(made_with.region.clone());
        stack.place.rehearse |= made_with.rehearse;
        consent.clone_from(&made_with.consent);
    }
    let wanted = stack.wanted(stack.named(screen)?, (stack.place.rehearse, screen))?;
    let consent = Consent(consent.into_iter().collect());
    let task = Task { args: &args.run, stack: &stack, consent, screen, destroys: false };
    wait_for(async { task.carry_out(wanted, saved.map(|saved| saved.plan)).await })
}

/// What a run sets out to do: everything that is wanted, or nothing left.
pub(super) struct Task<'a> {
    pub(super) args: &'a RunArgs,
    pub(super) stack: &'a StackArgs,
    pub(super) consent: Consent,
    pub(super) screen: &'a Screen,
    pub(super) destroys: bool,
}

impl Task<'_> {
    /// Plans, asks, holds the deployment, plans again, carries out, looks again.
    pub(super) async fn carry_out(&self, mut wanted: Wanted, kept: Option<Plan>) -> Result<Exit, Failure> {
        let profile = wanted.cloud.profile();
        let place = self.stack.place.open(wanted.cloud, &wanted.region).await.map_err(|it| refused(&it))?;
        let history = self.stack.place.history(profile.name, &wanted.deployment).await?;
        let shown = self.plan(&place, &wanted, &history.so_far).await?;
        if let Some(kept) = &kept {
            let different = saved::differences(kept, &shown);
            if !different.is_empty() {
                return Err(Failure::failed(format!(
                    "the kept plan no longer holds; nothing was changed:\n       {}",
                    different.join("\n       ")
                ))
                .hint("look at the plan of today with loadline plan --out"));
            }
        }
        let obstacles = obstacles(&place, &shown).await?;
        let notes = std::mem::take(&mut wanted.notes);
        if !self.args.json {
            let title = profile.title;
            let view = PlanView {
                what: if self.destroys { "Removal of" } else { "Plan for" },
                plan: &shown,
                title,
                against: place.shown,
                obstacles: &obstacles,
                notes: &notes,
            };
            self.screen.answer(&report::plan_text(view, &self.screen.look()))?;
        }
        if let Some(first) = obstacles.first() {
            return Err(Failure::no(format!("{}: {}; nothing was changed", first.address, first.sentence))
                .hint(first.hint.clone()));
        }
        if shown.is_empty()
            && history.so_far.wanted.as_ref().is_none_or(|it| it.resources == wanted.resources)
        {
            return self.nothing_to_do(&wanted, &shown);
        }
        self.ask(&shown, &place)?;
        let shelf = self.stack.place.shelf(profile.name, &wanted.deployment).map_err(|it| unusable(&it))?;
        let why = if self.destroys { "destroy" } else { "apply" };
        let (journal, so_far) = follow::hold(&shelf, why, self.args).await?;
        // What was waited for a moment ago is not waited for again.
        let mut unseen = so_far.clone();
        unseen.open.retain(|token, _| !history.so_far.open.contains_key(token));
        let checked = self.plan(&place, &wanted, &unseen).await.and_then(|plan| {
            let different = saved::surprises(&shown, &plan);
            if different.is_empty() {
                return Ok(plan);
            }
            Err(Failure::failed(format!(
                "something changed since the plan was shown; nothing was changed by this run:\n       {}",
                different.join("\n       ")
            ))
            .hint("look at the plan again"))
        });
        let plan = match checked {
            Ok(plan) => plan,
            Err(failure) => {
                // Nothing was begun: whether the release is written does not matter to this run.
                let _ = journal.close(0).await;
                return Err(failure);
            }
        };
        self.run(&place, &wanted, plan, (journal, so_far)).await
    }

    /// Prints what carrying it out has to be allowed; changes nothing.
    pub(super) async fn permissions(&self, wanted: &Wanted) -> Result<Exit, Failure> {
        let place = self.stack.place.open(wanted.cloud, &wanted.region).await.map_err(|it| refused(&it))?;
        let history = self.stack.place.history(wanted.cloud.profile().name, &wanted.deployment).await?;
        let plan = self.plan(&place, wanted, &history.so_far).await?;
        self.screen.answer_json(&wanted.cloud.policy(&plan.permissions, &plan.deployment, &plan.region))
    }

    async fn plan(&self, place: &Place, wanted: &Wanted, so_far: &journal::SoFar) -> Result<Plan, Failure> {
        let observed = look(place, wanted, so_far, self.screen).await?;
        let mut consent = self.consent.clone();
        if self.destroys {
            // Whoever names a deployment to destroy has named its data.
            consent.0.extend(observed.iter().map(|thing| thing.address.clone()));
        }
        compare(wanted, &observed, so_far, (&consent, self.screen))
    }

    fn nothing_to_do(&self, wanted: &Wanted, plan: &Plan) -> Result<Exit, Failure> {
        if self.args.json {
            let (ending, timeline) = Default::default();
            let view = RunView { plan, ending: &ending, timeline: &timeline, after: Some(&[]), notes: &[] };
            self.screen.answer(&report::ending_json(view).to_string())?;
        } else if self.destroys {
            self.screen.note(&format!("nothing of {} is there; nothing was changed", wanted.deployment));
        }
        Ok(Exit::Done)
    }

    fn ask(&self, plan: &Plan, place: &Place) -> Result<(), Failure> {
        if self.args.yes {
            return Ok(());
        }
        if !Screen::can_ask() {
            return Err(Failure::usage("nobody can be asked, as this is no terminal; nothing was changed")
                .hint("look at the plan above, then run again with --yes"));
        }
        let name = plan.deployment.as_str();
        let question = if self.destroys {
            format!("Type the name of the deployment to remove it from {}", place.shown)
        } else {
            format!("Carry out {} steps on {}? (yes or no)", plan.steps.len(), place.shown)
        };
        let answer = Screen::ask(&question)?;
        let agreed = if self.destroys { answer == name } else { matches!(answer.as_str(), "yes" | "y") };
        if agreed { Ok(()) } else { Err(Failure::failed("not agreed; nothing was changed")) }
    }

    async fn run(
        &self,
        place: &Place,
        wanted: &Wanted,
        plan: Plan,
        (journal, so_far): (journal::Journal, journal::SoFar),
    ) -> Result<Exit, Failure> {
        let profile = wanted.cloud.profile();
        let written = journal::Wanted {
            cloud: profile.name.to_owned(),
            region: wanted.region.clone(),
            spec: wanted.spec_hash.clone(),
            resources: wanted.resources.clone(),
            costs: wanted.costs.clone(),
        };
        follow::announce(&journal, written, &so_far).await?;
        let bears = f64::from(profile.calls_per_s);
        let pace = self.stack.place.pace(place.speed, self.args.parallel, self.args.calls_per_second, bears);
        let journal = std::sync::Arc::new(journal);
        let shown = (self.args.json, self.screen);
        let followed = follow::follow(&plan, (place, pace), (journal.clone(), so_far.clone()), shown).await?;
        if followed.abandoned {
            return Err(Failure::part_way(
                "stopped at once: calls were in flight, and whether they were carried out is not known",
            )
            .hint("run the same command again: it looks at what is there and goes on from it"));
        }
        let ending = followed.ending;
        let (after, mut notes) = self.look_again(place, wanted, &so_far).await;
        if let Some(journal) = std::sync::Arc::into_inner(journal)
            && let Err(error) = journal.close(ending.remaining()).await
        {
            notes.push(format!("{error}: others wait up to a minute for this run's hold to end"));
        }
        if !ending.is_whole() {
            notes.push(
                "Run the same command again: it looks at what is there and goes on from it.".to_owned(),
            );
        }
        if self.destroys && ending.is_whole() {
            notes.extend(report::survivors_text(&plan.survives));
        }
        let view = RunView {
            plan: &plan,
            ending: &ending,
            timeline: &followed.timeline,
            after: after.as_deref(),
            notes: &notes,
        };
        follow::conclude(view, shown)
    }

    /// What a plan made now would still have to do.
    async fn look_again(
        &self,
        place: &Place,
        wanted: &Wanted,
        so_far: &journal::SoFar,
    ) -> (Option<Vec<Step>>, Vec<String>) {
        let nothing_open = journal::SoFar { open: Default::default(), ..so_far.clone() };
        match self.plan(place, wanted, &nothing_open).await {
            Ok(plan) => (Some(plan.steps), Vec::new()),
            Err(_) => (None, vec!["Whether everything is as wanted could not be seen.".to_owned()]),
        }
    }
}
