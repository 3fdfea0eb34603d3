//! What a container can have of a profile: kernel settings of its own network namespace, and limits.

use crate::tune::facts::Most;
use crate::tune::profile::{Direction, Profile, Subject};

/// Settings of a container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Container {
    /// Kernel settings that belong to the container's own network namespace.
    pub sysctls: Vec<(String, String)>,
    /// Limits, soft and hard alike.
    pub ulimits: Vec<(String, u64)>,
    /// Settings that only the host can have.
    pub foreign: Vec<String>,
}

impl Container {
    /// The longest accept queue that the kernel grants in it; `None`: the profile leaves it as it is.
    pub fn accept_queue(&self) -> Option<u32> {
        let (_, value) = self.sysctls.iter().find(|(key, _)| key == "net.core.somaxconn")?;
        value.parse().ok()
    }

    /// Open files; `None`: the profile leaves them as they are.
    pub fn open_files(&self) -> Option<u32> {
        let (_, most) = self.ulimits.iter().find(|(item, _)| item == "nofile")?;
        u32::try_from(*most).ok()
    }
}

/// What a container can have of a profile.
pub fn container(profile: &Profile) -> Container {
    let mut container = Container::default();
    for setting in profile.settings.iter().filter(|it| profile.forbids(&it.subject).is_none()) {
        match &setting.subject {
            // Inside a container only its own service listens: nothing has to be reserved.
            Subject::Kernel(_) if setting.direction == Direction::Include => {}
            Subject::Kernel(key) if key.is_namespaced() => {
                container.sysctls.push((key.to_string(), setting.wanted.clone()));
            }
            Subject::Kernel(key) => container.foreign.push(key.to_string()),
            Subject::Limit(item) => {
                if let Some(Most::Of(most)) = Most::read(&setting.wanted) {
                    container.ulimits.push((item.clone(), most));
                }
            }
            Subject::HugePages => container.foreign.push(setting.subject.to_string()),
        }
    }
    container
}
