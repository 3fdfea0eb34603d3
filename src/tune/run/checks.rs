//! Whether a host is worse off than it was: what ran and does not, what listened and does not.

use crate::tune::facts::{Activity, Facts};

/// What has become worse, a sentence each; empty: nothing has.
pub fn worse(before: &Facts, after: &Facts) -> Vec<String> {
    let mut worse = Vec::new();
    for service in &before.services.all {
        let runs = matches!(service.activity, Activity::Running(_));
        let now = after.services.all.iter().find(|it| it.name == service.name).map(|it| it.activity);
        if runs && !matches!(now, Some(Activity::Running(_))) {
            worse.push(format!("{} ran and does not any more", service.name));
        }
    }
    for listener in &before.sockets.listeners {
        let still =
            |it: &&crate::tune::facts::Listener| it.port == listener.port && it.protocol == listener.protocol;
        if after.sockets.listeners.iter().find(still).is_none() {
            let who = if listener.program.is_empty() { "something" } else { &listener.program };
            worse.push(format!("{who} listened on port {} and nothing does any more", listener.port));
        }
    }
    worse
}
