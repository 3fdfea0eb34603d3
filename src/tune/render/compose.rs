//! A fragment for Docker Compose: kernel settings of the container's own network namespace, and limits.

use crate::tune::facts::Most;
use crate::tune::profile::{Direction, Profile, Subject};

/// The fragment. Settings of the whole machine are named in comments: only the host can have them.
pub(super) fn compose(profile: &Profile) -> String {
    let (mut own, mut foreign, mut limits) = (Vec::new(), Vec::new(), Vec::new());
    for setting in profile.settings.iter().filter(|it| profile.forbids(&it.subject).is_none()) {
        match &setting.subject {
            // Inside a container only its own service listens: nothing has to be reserved.
            Subject::Kernel(_) if setting.direction == Direction::Include => {}
            Subject::Kernel(key) if key.is_namespaced() => {
                own.push(format!("      {key}: \"{}\"\n", setting.wanted));
            }
            Subject::Kernel(key) => foreign.push(key.to_string()),
            Subject::Limit(item) if matches!(Most::read(&setting.wanted), Some(Most::Of(_))) => {
                let most = &setting.wanted;
                limits.push(format!("      {item}:\n        soft: {most}\n        hard: {most}\n"));
            }
            Subject::Limit(_) => {}
            Subject::HugePages => foreign.push(setting.subject.to_string()),
        }
    }
    let mut text = "# Made by `loadline tune render`.\n\
        # `sysctls` is not allowed with `network_mode: host`: there the host's own values hold.\n"
        .to_owned();
    if !foreign.is_empty() {
        text.push_str(&format!("# Only the host can have: {}.\n", foreign.join(", ")));
    }
    text.push_str("services:\n  app:\n");
    for (name, lines) in [("sysctls", own), ("ulimits", limits)] {
        if !lines.is_empty() {
            text.push_str(&format!("    {name}:\n{}", lines.concat()));
        }
    }
    text
}
