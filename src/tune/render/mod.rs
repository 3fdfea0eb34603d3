//! A profile as files, for machines that nobody has looked at: first starts, images, containers. Nothing there is known to be
//! lower than it is wanted, so what a fresh machine has more of by itself is left out. Pure.

mod compose;
mod container;
mod fresh;
mod script;

pub use container::{Container, container};
pub use fresh::{FileText, Fresh};

use serde_json::json;

use super::profile::Profile;

/// A form that a profile can be rendered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A file for sysctl.d.
    Sysctl,
    /// A file for limits.d.
    Limits,
    /// Defaults of systemd for every service.
    Systemd,
    /// cloud-init's configuration.
    CloudInit,
    /// A fragment for Docker Compose: only what a container may have of its own.
    Compose,
    /// A script that raises what is lower on the machine that it runs on.
    Script,
}

/// The profile in a form. `fresh` says what is known of the machines.
pub fn render(profile: &Profile, form: Form, fresh: &Fresh) -> String {
    match form {
        Form::Sysctl => fresh::sysctl(profile, fresh).text,
        Form::Limits => fresh::limits(profile, fresh).text,
        Form::Systemd => fresh::systemd(profile, fresh).text,
        Form::CloudInit => cloud_init(profile, fresh),
        Form::Compose => compose::compose(profile),
        Form::Script => script::script(profile),
    }
}

/// cloud-init's configuration, as JSON below the line that it asks for: JSON is YAML, and nothing in it is ever taken for
/// anything but text.
pub fn cloud_init(profile: &Profile, fresh: &Fresh) -> String {
    let all = [
        (fresh::sysctl(profile, fresh), Some(vec!["sysctl", "--system"])),
        (fresh::limits(profile, fresh), None),
        (fresh::systemd(profile, fresh), Some(vec!["systemctl", "daemon-reexec"])),
        (fresh::huge_pages(profile), Some(vec!["systemd-tmpfiles", "--create", super::paths::HUGE_PAGES])),
    ];
    let wanted = all.into_iter().filter(|(file, _)| !file.is_empty);
    let (files, commands): (Vec<_>, Vec<_>) = wanted
        .map(|(file, command)| {
            let file = json!({ "path": file.path, "permissions": "0644", "owner": "root:root", "content": file.text });
            (file, command)
        })
        .unzip();
    let commands: Vec<Vec<&str>> = commands.into_iter().flatten().collect();
    if files.is_empty() {
        return "#cloud-config\n{}\n".to_owned();
    }
    format!("#cloud-config\n{}\n", json!({ "write_files": files, "runcmd": commands }))
}

#[cfg(test)]
mod tests;
