//! Scripts of the steps of a release, and how long each may take.

use std::time::Duration;

use crate::deploy::files::{FileText, PROXY_IMAGE, ground, release};
use crate::deploy::host::{Folder, Script};
use crate::deploy::stack::Stack;

/// Longest time that images may take to arrive on a host, s: two gigabytes over ten megabits a second.
const PULL_S: u32 = 1800;
/// Longest time that what stays may take to become healthy, s: a database that makes its first files.
const GROUND_S: u32 = 300;
/// Room for the script around what is waited for, s.
const ROOM_S: u32 = 60;

/// How long the steps of a stack take at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) pull: Duration,
    pub(super) lay: Duration,
    pub(super) migrate: Duration,
    pub(super) start: Duration,
    pub(super) quick: Duration,
    pub(super) stop: Duration,
    /// How long a lock holds without being renewed: longer than any step.
    pub(super) lease_s: u32,
}

impl Times {
    pub(super) fn of(stack: &Stack, quick: Duration) -> Self {
        let seconds = |number: u32| Duration::from_secs(u64::from(number));
        let stop = stack.web.stop_s.max(stack.tasks.as_ref().map_or(0, |tasks| tasks.stop_s)) + ROOM_S;
        let start = stack.health_timeout_s + ROOM_S;
        Self {
            pull: seconds(PULL_S),
            lay: seconds(GROUND_S + ROOM_S),
            migrate: seconds(PULL_S),
            start: seconds(start),
            quick,
            stop: seconds(stop),
            lease_s: PULL_S.max(stop).max(start).max(stack.drain_s) + 2 * ROOM_S,
        }
    }
}

/// Every image that a host needs.
pub(super) fn images(stack: &Stack) -> Vec<&str> {
    let mut images = vec![stack.image.as_str(), PROXY_IMAGE];
    images.extend(stack.database.as_ref().map(|it| it.image.as_str()));
    images.extend(stack.cache.as_ref().map(|it| it.image.as_str()));
    images.extend(stack.queue.as_ref().map(|it| it.image.as_str()));
    images.dedup();
    images
}

/// Others may read these: servers in containers are not root. Their folder is closed to everybody.
fn mode(path: &str) -> &'static str {
    if path.starts_with("env/") || path.ends_with("compose.yml") { "0600" } else { "0644" }
}

fn put(script: Script, folder: Folder<'_>, files: &[FileText]) -> Script {
    files.iter().fold(script, |script, file| script.file(folder, &file.path, &file.text, mode(&file.path)))
}

/// Puts the files of what stays and of the release in their places, and starts what stays.
pub(super) fn lay(script: Script, stack: &Stack, id: &str, about: &str, secrets: &str) -> Script {
    let mut script = put(script, Folder::Ground, &ground(stack));
    script = put(script, Folder::Release(id), &release(stack, id));
    if stack.database.is_some() {
        script = script.call("passwords", &[]);
    }
    script = script.call("lay_ground", &[&GROUND_S.to_string()]);
    let word = |there: bool| if there { "here" } else { "" };
    let schema = if stack.database.is_some() { stack.schema() } else { String::new() };
    script = script
        .call("secrets", &[id, secrets, &schema, word(stack.cache.is_some()), word(stack.queue.is_some())]);
    // How it is asked for its health is the release's own: a later spec may say something else.
    script = script.file(Folder::Release(id), "health", &stack.web.health, "0600");
    // Written last: a release without it is none.
    script.file(Folder::Release(id), "about", about, "0600")
}
