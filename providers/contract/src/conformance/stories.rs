//! The stories that every account has to bear out.

use super::story::{Story, Told};
use super::{Disturbance, Failure, Goal, Lab};

/// Everything is made, nothing is left to do, and removing leaves nothing.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn from_nothing_to_nothing(lab: &dyn Lab) -> Result<Told, String> {
    let mut story = Story::default();
    lab.reset().await;
    there_and_back(&mut story, lab).await?;
    Ok(story.end())
}

async fn there_and_back(story: &mut Story, lab: &dyn Lab) -> Result<(), String> {
    let count = lab.everything().len();
    let made = story.whole(lab, Goal::Everything, "create everything in an empty account").await?;
    story.expect(made.steps.len() == count, || format!("{} steps for {count} things", made.steps.len()))?;
    story.no_changes(lab, Goal::Everything).await?;
    story.whole(lab, Goal::Nothing, "remove everything").await?;
    story.no_changes(lab, Goal::Nothing).await
}

/// What somebody changed or removed is seen and mended, and nothing else is touched by a change.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn drift_is_mended(lab: &dyn Lab) -> Result<Told, String> {
    let mut story = Story::default();
    lab.reset().await;
    story.whole(lab, Goal::Everything, "create everything").await?;
    let (removable, changeable) = (lab.removable(), lab.changeable());
    story.expect(!removable.is_empty() && !changeable.is_empty(), || {
        "an account in which nothing can be disturbed proves nothing".to_owned()
    })?;
    for address in changeable {
        story.tell(format!("somebody changes {address}"));
        if let Err(unable) = lab.disturb(&Disturbance::Changed(address.clone())).await {
            story.skip(&format!("changing {address}"), &unable);
            continue;
        }
        let expected = format!("change {address}");
        let mended = story.mended(lab, &expected).await?;
        story.expect(mended.steps == [expected], || format!("the plan was {}", mended.steps.join(", ")))?;
    }
    for address in removable {
        story.tell(format!("somebody removes {address}"));
        match lab.disturb(&Disturbance::Removed(address.clone())).await {
            Ok(()) => drop(story.mended(lab, &format!("create {address}")).await?),
            Err(unable) => story.skip(&format!("removing {address}"), &unable),
        }
    }
    story.whole(lab, Goal::Nothing, "remove everything").await?;
    Ok(story.end())
}

/// A second thing of the same address goes, and the first one stays.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn a_second_one_goes(lab: &dyn Lab) -> Result<Told, String> {
    let mut story = Story::default();
    lab.reset().await;
    story.whole(lab, Goal::Everything, "create everything").await?;
    for address in lab.doublable() {
        story.tell(format!("there is a second {address}"));
        match lab.disturb(&Disturbance::Doubled(address.clone())).await {
            Ok(()) => drop(story.mended(lab, &format!("remove {address}")).await?),
            Err(unable) => story.skip(&format!("a second {address}"), &unable),
        }
    }
    story.whole(lab, Goal::Nothing, "remove everything").await?;
    Ok(story.end())
}

/// What others have is neither changed nor removed, however much it resembles ours.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn others_are_left_alone(lab: &dyn Lab) -> Result<Told, String> {
    let mut story = Story::default();
    lab.reset().await;
    let bare = lab.foreign().await.len();
    story.tell("somebody makes things that resemble ours");
    if let Err(unable) = lab.disturb(&Disturbance::Foreign).await {
        story.skip("things of others", &unable);
        return Ok(story.end());
    }
    let before = lab.foreign().await;
    story.expect(before.len() > bare, || "nothing of others is there".to_owned())?;
    story.tell(format!("{} things of others are there", before.len()));
    there_and_back(&mut story, lab).await?;
    let after = lab.foreign().await;
    let touched: Vec<&String> =
        before.iter().filter(|(id, thing)| after.get(*id) != Some(thing)).map(|(id, _)| id).collect();
    story.expect(touched.is_empty(), || format!("of others, these were touched: {touched:?}"))?;
    let more: Vec<&String> = after.keys().filter(|id| !before.contains_key(*id)).collect();
    story.expect(more.is_empty(), || format!("this was left behind without a tag: {more:?}"))?;
    Ok(story.end())
}

/// Lists that come in pages of one hide nothing.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn short_pages_hide_nothing(lab: &dyn Lab) -> Result<Told, String> {
    let mut story = Story::default();
    lab.reset().await;
    story.tell("every page holds one thing");
    if let Err(unable) = lab.shorten_pages(1).await {
        story.skip("short pages", &unable);
        return Ok(story.end());
    }
    there_and_back(&mut story, lab).await?;
    Ok(story.end())
}

/// What no list shows yet is not made twice: not by the same run, not by the next, and not after an answer that was lost.
/// Loses the answer of every `stride`-th call.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn late_lists_double_nothing(lab: &dyn Lab, stride: usize) -> Result<Told, String> {
    let mut story = Story::default();
    lab.reset().await;
    story.tell("lists lag behind");
    if let Err(unable) = lab.delay_lists().await {
        story.skip("lists that lag", &unable);
        return Ok(story.end());
    }
    there_and_back(&mut story, lab).await?;
    let mut nth = 1;
    loop {
        lab.reset().await;
        let mut story = Story::default();
        story.tell(format!("lists lag, and the answer to call {nth} is lost"));
        // It could a moment ago.
        if lab.delay_lists().await.is_err() || lab.fail(nth, Failure::AnsweredButLost).await.is_err() {
            return Err("an account that could be delayed cannot be any more".to_owned());
        }
        story.whole(lab, Goal::Everything, "create everything").await?;
        if lab.struck().await == 0 {
            break;
        }
        story.no_changes(lab, Goal::Everything).await?;
        nth += stride.max(1);
    }
    story.expect(nth > 1, || "no call lost its answer".to_owned())?;
    story.tell(format!(
        "lists lagged, and one answer was lost, of each call up to {nth} in steps of {stride}"
    ));
    Ok(story.end())
}

/// Whichever call fails once, and however, the world ends up the same: while everything is made, and while everything is
/// removed. Tries every `stride`-th call, another set of them for each way to fail.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn each_call_may_fail_once(lab: &dyn Lab, stride: usize) -> Result<Told, String> {
    let mut all = Story::default();
    let stride = stride.max(1);
    for (turn, failure) in Failure::ALL.into_iter().enumerate() {
        lab.reset().await;
        if let Err(unable) = lab.fail(1, failure).await {
            all.skip(&format!("calls that end as {failure:?}"), &unable);
            continue;
        }
        let mut nth = 1 + turn * stride / Failure::ALL.len();
        let mut struck = 0;
        loop {
            let now = fails_once(lab, nth, failure).await?;
            if now == 0 {
                break;
            }
            struck += now;
            nth += stride;
        }
        all.expect(struck > 0, || format!("no call ended as {failure:?}"))?;
        all.tell(format!("{struck} calls ended once as {failure:?}: one in {stride}, of each up to {nth}"));
    }
    Ok(all.end())
}

/// Makes and removes everything, and lets the same call of each fail; answers how many did.
async fn fails_once(lab: &dyn Lab, nth: usize, failure: Failure) -> Result<u64, String> {
    let mut story = Story::default();
    lab.reset().await;
    let mut struck = 0;
    for (goal, line) in [(Goal::Everything, "create everything"), (Goal::Nothing, "remove everything")] {
        story.tell(format!("call {nth} from now will fail once: {failure:?}"));
        // That it can was asked before.
        let _ = lab.fail(nth, failure).await;
        story.whole(lab, goal, line).await?;
        struck += lab.struck().await;
    }
    Ok(struck)
}

/// The call that mends a change may fail once: it is mended all the same. The ways to fail take turns over what can be changed.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn each_change_may_fail_once(lab: &dyn Lab) -> Result<Told, String> {
    let mut story = Story::default();
    lab.reset().await;
    story.whole(lab, Goal::Everything, "create everything").await?;
    for (address, failure) in lab.changeable().iter().flat_map(|it| Failure::ALL.map(|failure| (it, failure)))
    {
        story.tell(format!("somebody changes {address}, and the next call will fail once: {failure:?}"));
        if let Err(unable) = lab.disturb(&Disturbance::Changed(address.clone())).await {
            story.skip(&format!("changing {address}"), &unable);
            continue;
        }
        if let Err(unable) = lab.fail(1, failure).await {
            story.skip(&format!("calls that end as {failure:?}"), &unable);
        } else {
            story.mended(lab, &format!("change {address}")).await?;
            let struck = lab.struck().await;
            story.expect(struck > 0, || "no call failed while it was mended".to_owned())?;
        }
    }
    Ok(story.end())
}
