//! A script for a machine that the program does not reach: it raises what is lower there, and lowers nothing.

use super::Fresh;
use super::fresh;
use crate::hosts::quoted;
use crate::tune::judge::needs_a_look;
use crate::tune::paths;
use crate::tune::profile::{Direction, Profile, Subject};

const BODY: &str = include_str!("script.sh");

/// The script: POSIX shell, to be run as root on each machine.
pub(super) fn script(profile: &Profile) -> String {
    let mut calls = String::new();
    for setting in profile.settings.iter().filter(|it| profile.forbids(&it.subject).is_none()) {
        let wanted = quoted(&setting.wanted);
        match &setting.subject {
            Subject::Kernel(key) if needs_a_look(setting, key) => {}
            Subject::Kernel(key) => {
                let verb = match setting.direction {
                    Direction::AtLeast => "at_least",
                    Direction::AtMost => "at_most",
                    Direction::Exactly => "exactly",
                    Direction::Widen => "widen",
                    Direction::Include => "include",
                };
                calls.push_str(&format!("{verb} {} {wanted}\n", quoted(key.path())));
            }
            Subject::Limit(item) => calls.push_str(&format!("limit {} {wanted}\n", quoted(item))),
            Subject::HugePages => calls.push_str(&format!("huge_pages {wanted}\n")),
        }
    }
    let systemd = fresh::systemd(profile, &Fresh::default());
    if !systemd.is_empty {
        calls.push_str(&format!("services {} {}\n", quoted(systemd.path), quoted(&systemd.text)));
    }
    format!(
        "#!/bin/sh\n# Raises what is lower than {} needs; made by `loadline tune render`.\n{{\nsysctl_file={}\nlimits_file={}\n\
         pages_file={}\npages_switch={}\n{BODY}\n{calls}done_with\n}} </dev/null\n",
        profile.name,
        quoted(paths::SYSCTL),
        quoted(paths::LIMITS),
        quoted(paths::HUGE_PAGES),
        quoted(paths::HUGE_PAGES_SWITCH)
    )
}
