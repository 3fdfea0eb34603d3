//! A fragment for Docker Compose: kernel settings of the container's own network namespace, and limits.

use super::container;
use crate::tune::profile::Profile;

/// The fragment. Settings of the whole machine are named in comments: only the host can have them.
pub(super) fn compose(profile: &Profile) -> String {
    let container = container(profile);
    let own = container.sysctls.iter().map(|(key, value)| format!("      {key}: \"{value}\"\n"));
    let limits = container
        .ulimits
        .iter()
        .map(|(item, most)| format!("      {item}:\n        soft: {most}\n        hard: {most}\n"));
    let mut text = "# Made by `loadline tune render`.\n\
        # `sysctls` is not allowed with `network_mode: host`: there the host's own values hold.\n"
        .to_owned();
    if !container.foreign.is_empty() {
        text.push_str(&format!("# Only the host can have: {}.\n", container.foreign.join(", ")));
    }
    text.push_str("services:\n  app:\n");
    for (name, lines) in [("sysctls", own.collect::<String>()), ("ulimits", limits.collect())] {
        if !lines.is_empty() {
            text.push_str(&format!("    {name}:\n{lines}"));
        }
    }
    text
}
