//! What the hosts of a spec should be set to, and why: profile, load, and what the spec adds or forbids. Pure.

mod added;
mod cache;
mod database;
mod load;
mod setting;
mod web;

pub use load::Load;
pub use setting::{Basis, Direction, Setting, Subject, Unset};

use super::facts::Questions;
use super::key::Key;
use crate::sizing::Requirements;
use crate::spec::Spec;

/// Which files carry the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// Files of our own in sysctl.d and limits.d.
    #[default]
    OwnFiles,
    /// Marked blocks in `/etc/sysctl.conf` and `/etc/security/limits.conf`.
    OldFiles,
}

/// Everything that a host should be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// `web`, `database`, `cache` or `none`.
    pub name: String,
    /// What should be set, in the order in which it is shown.
    pub settings: Vec<Setting>,
    /// Names and patterns of what must not be touched.
    pub never: Vec<String>,
    /// Units of services that may be there.
    pub units: Vec<String>,
    /// Where settings go.
    pub place: Place,
}

/// Services that limits are raised for where they exist.
const UNITS: &[&str] = &[
    "nginx.service",
    "docker.service",
    "containerd.service",
    "mariadb.service",
    "mysql.service",
    "mysqld.service",
    "redis.service",
    "redis-server.service",
    "valkey.service",
    "valkey-server.service",
];

impl Profile {
    /// The profile that a spec asks for, by the name in it or by another.
    ///
    /// # Errors
    /// With a sentence for each entry of `tune` that is no setting.
    pub fn of(spec: &Spec, requirements: &Requirements, name: Option<&str>) -> Result<Self, Vec<String>> {
        let name = name.unwrap_or(&spec.tune.profile);
        let load = Load::of(spec, requirements);
        let settings = match name {
            "web" => web::settings(&load),
            "database" => database::settings(&load),
            "cache" => cache::settings(&load),
            "none" => Vec::new(),
            other => {
                return Err(vec![format!("there is no profile `{other}`: web, database, cache or none")]);
            }
        };
        let settings = added::add(settings, &spec.tune)?;
        let mut units: Vec<String> = UNITS.iter().map(|unit| (*unit).to_owned()).collect();
        units.push(format!("{}.service", spec.name));
        Ok(Self {
            name: name.to_owned(),
            settings,
            never: spec.tune.never.clone(),
            units,
            place: Place::default(),
        })
    }

    /// What the facts must hold to be judged by this profile.
    pub fn questions(&self) -> Questions {
        let kernel = |setting: &Setting| match &setting.subject {
            Subject::Kernel(key) if !key.is_pattern() => Some(key.clone()),
            _ => None,
        };
        Questions { keys: self.settings.iter().filter_map(kernel).collect(), units: self.units.clone() }
    }

    /// The entry of `tune.never` that forbids a subject, if one does.
    pub fn forbids(&self, subject: &Subject) -> Option<&str> {
        let by = |entry: &&String| match subject {
            Subject::Kernel(key) => Key::read(entry).is_some_and(|pattern| key.is_meant_by(&pattern)),
            other => other.to_string() == entry.as_str(),
        };
        self.never.iter().find(by).map(String::as_str)
    }

    /// The setting of a kernel key, if the profile has one.
    pub fn of_key(&self, key: &Key) -> Option<&Setting> {
        self.settings.iter().find(|it| matches!(&it.subject, Subject::Kernel(own) if own == key))
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::profile as test_profile;
