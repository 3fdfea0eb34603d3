//! Whose SSH habits hold: which files, keys and agent.

use std::path::PathBuf;

use crate::hosts::{HostError, HostErrorClass};

/// The person's habits: whose configuration, keys and agent are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habits {
    /// Home of the person, where `~` leads.
    pub home: PathBuf,
    /// Who runs this program: logs in where nobody says who.
    pub user: String,
    /// Configuration files in the order in which they count; one that is absent counts as empty.
    pub files: Vec<PathBuf>,
    /// Socket of the person's agent.
    pub agent: Option<PathBuf>,
}

impl Habits {
    /// Those of whoever runs this program: `~/.ssh/config`, then `/etc/ssh/ssh_config`, and the agent of `SSH_AUTH_SOCK`.
    ///
    /// # Errors
    /// If this machine does not say who runs the program, or where the home is.
    pub fn of_this_person() -> Result<Self, HostError> {
        let doing = "look up who connects";
        let missing = |said: &str| {
            HostError::new(HostErrorClass::Unexpected, doing, said)
                .with_hint("nothing was changed; set HOME and USER and run again")
        };
        let home = std::env::home_dir()
            .filter(|home| home.is_absolute())
            .ok_or_else(|| missing("there is no home"))?;
        let named = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let user =
            named("USER").or_else(|| named("LOGNAME")).or_else(own_name).ok_or_else(|| missing("no name"))?;
        let files = vec![home.join(".ssh/config"), PathBuf::from("/etc/ssh/ssh_config")];
        let agent = named("SSH_AUTH_SOCK").map(PathBuf::from);
        Ok(Self { home, user, files, agent })
    }
}

fn own_name() -> Option<String> {
    let output =
        std::process::Command::new("id").arg("-un").output().ok().filter(|it| it.status.success())?;
    String::from_utf8(output.stdout).ok().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}
