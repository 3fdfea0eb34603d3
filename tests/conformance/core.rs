//! One whole run of the core on an account: hold, look, plan, carry out, let go.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use loadline::apply::journal::{CallResult, Holder, Line, Opening, Shelf, Wanted, open};
use loadline::apply::{Ending, Means, Pace, Stop, run, settled};
use loadline::plan::{Consent, Costs, Plan, Wish, make};
use loadline_contract::Provider;
use loadline_contract::conformance::Applied;
use loadline_contract::deploy::{Account, Action, Deployment, Resource, Step};
use tokio::sync::{mpsc, watch};

/// What a run works on.
pub(crate) struct Site<'a> {
    pub(crate) cloud: &'a dyn Provider,
    pub(crate) deployment: &'a Deployment,
    pub(crate) account: Arc<dyn Account>,
    /// Folder of the journal.
    pub(crate) journal: &'a Path,
    /// How many times faster than on the wall the cloud's time passes.
    pub(crate) speed: f64,
}

/// Plans towards these resources and carries it out.
pub(crate) async fn apply(site: Site<'_>, wanted: &[Resource]) -> Applied {
    let shelf = Shelf::folder(site.journal).unwrap();
    let by = Holder::this("me".to_owned());
    let opening = Opening { by, why: "apply".to_owned(), tool: "0".to_owned(), wait: Duration::ZERO };
    let (journal, history) = open(&shelf, &opening).await.unwrap();
    let so_far = history.so_far;
    let looked = settled(site.account.as_ref(), site.deployment, (&so_far, site.speed), &mut |_| ()).await;
    let observed = match looked {
        Ok(observed) => observed,
        Err(error) => {
            journal.close(0).await.unwrap();
            return Applied { steps: Vec::new(), not_done: vec![error.to_string()] };
        }
    };
    let (profile, costs) = (site.cloud.profile(), Costs::default());
    let wish = Wish {
        deployment: site.deployment,
        cloud: profile.name,
        region: "anywhere",
        resources: wanted,
        costs: &costs,
    };
    let all = observed.iter().map(|thing| &thing.address).chain(wanted.iter().map(|it| &it.address));
    let consent = Consent(all.cloned().collect());
    let plan = make(profile.stages, wish, &observed, &costs, &consent).unwrap();
    let written = Wanted {
        cloud: profile.name.to_owned(),
        region: "anywhere".to_owned(),
        spec: String::new(),
        resources: wanted.to_vec(),
        costs: Costs::default(),
    };
    let looked_for = so_far.open.keys().map(|token| Line::Outcome {
        token: token.clone(),
        result: CallResult::Refused("looked for by a later run".to_owned()),
    });
    journal.keep(std::iter::once(Line::Wanted(Box::new(written))).chain(looked_for).collect()).await.unwrap();
    let (events, _unheard) = mpsc::unbounded_channel();
    let (_never, stop) = watch::channel(Stop::No);
    let journal = Arc::new(journal);
    // A machine that stalls for a moment of the wall must not look like a cloud that does for hours.
    let patient = Duration::from_secs(1_000_000);
    let pace = Pace { patience: patient, longest: patient, ..Pace::rehearsed(1000.0, site.speed) };
    let means = Means { account: site.account, journal: journal.clone(), so_far, pace, stop, events };
    let ending = run(&plan, means).await;
    Arc::into_inner(journal).unwrap().close(ending.remaining()).await.unwrap();
    worded(&plan, &ending)
}

fn worded(plan: &Plan, ending: &Ending) -> Applied {
    let step = |number: usize| doing(&plan.steps[number]);
    let failed = ending.failed.iter().map(|(number, error)| format!("{}: {error}", step(*number)));
    let skipped = ending.skipped.iter().map(|(number, _)| format!("{}: skipped", step(*number)));
    let left = ending.left.iter().map(|number| format!("{}: left", step(*number)));
    let lost = ending.lost.iter().map(ToString::to_string);
    Applied {
        steps: plan.steps.iter().map(doing).collect(),
        not_done: failed.chain(skipped).chain(left).chain(lost).collect(),
    }
}

fn doing(step: &Step) -> String {
    let verb = match step.action {
        Action::Create => "create",
        Action::Update => "change",
        Action::Delete => "remove",
        Action::Await => "wait for",
    };
    format!("{verb} {}", step.address)
}
