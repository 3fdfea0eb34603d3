//! What a cloud does: one look, one touch. The only thing that ever needs faking.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use super::{Address, CloudError, Deployment, ErrorClass, Observed, Resource, SettingChange, Step, Value};

/// How far a step is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Carried out, usable by those that need it, and seen as it is by the next look.
    Done,
    /// Begun: ask again by performing the same step.
    Underway {
        /// When.
        ask_again_in: Duration,
        /// What the cloud is doing, for a person.
        doing: String,
    },
}

/// Where and as whom to connect.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// Region.
    pub region: String,
    /// Named set of credentials (an AWS profile, a Google Cloud project, an Azure subscription); `None`: the default.
    pub credentials: Option<String>,
    /// Address of the API instead of the cloud's own: test doubles and private endpoints.
    pub endpoint: Option<String>,
    /// What the environment says under the names of [`crate::Profile::credential_variables`]: secrets among it.
    pub variables: BTreeMap<String, String>,
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { region, credentials, endpoint, variables } = self;
        let names: Vec<&String> = variables.keys().collect();
        let mut shown = formatter.debug_struct("Access");
        shown.field("region", region).field("credentials", credentials).field("endpoint", endpoint);
        shown.field("variables", &names).finish()
    }
}

impl CloudError {
    /// What a build without a cloud's SDK answers.
    #[must_use]
    pub fn not_built_in(title: &str) -> Self {
        let said = format!("this build of loadline cannot talk to {title}");
        Self::new(ErrorClass::Unexpected, format!("connecting to {title}"), said)
            .hint("use --rehearse, which needs no account, or a build with the feature `connect`")
    }
}

impl CloudError {
    /// What is said of a kind that a provider has no calls for.
    #[must_use]
    pub fn unknown_kind(kind: &str) -> Self {
        let doing = format!("working on a `{kind}`");
        Self::new(ErrorClass::Unexpected, doing, "this version knows no such kind")
    }
}

/// Something that would stop a plan half-way, found before anything is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// What could not be made.
    pub address: Address,
    /// What is in the way: what was needed and what there is.
    pub sentence: String,
    /// What to change; with the nearest that would do.
    pub hint: String,
}

impl Obstacle {
    /// One that stands in the way of the thing of that address.
    #[must_use]
    pub fn at(address: &Address, sentence: String, hint: impl Into<String>) -> Self {
        Self { address: address.clone(), sentence, hint: hint.into() }
    }
}

/// A thing that a plan changes in place.
#[derive(Debug, Clone, PartialEq)]
pub struct InPlace {
    /// What it should be, whole.
    pub resource: Resource,
    /// What changes.
    pub changes: Vec<SettingChange>,
}

impl InPlace {
    /// Whether one of these settings changes, or something inside of it.
    #[must_use]
    pub fn touches(&self, settings: &[&str]) -> bool {
        let is = |change: &SettingChange, name: &str| {
            change.setting == name
                || change.setting.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
        };
        self.changes.iter().any(|change| settings.iter().any(|name| is(change, name)))
    }

    /// By how much a count grows; 0 where it does not.
    #[must_use]
    pub fn more(&self, setting: &str) -> i64 {
        let count = |value: &Option<Value>| match value {
            Some(Value::Count(count)) => *count,
            _ => 0,
        };
        let change = self.changes.iter().find(|change| change.setting == setting);
        change.map_or(0, |change| (count(&change.to) - count(&change.from)).max(0))
    }
}

/// A machine of the application, as somebody logs in to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Machine {
    /// The cloud's id of it.
    pub id: String,
    /// Address by which it is reached from outside; `None`: it has none.
    pub public: Option<String>,
    /// Address inside its network; `None`: the cloud does not say.
    pub private: Option<String>,
}

/// An account at a cloud, with credentials.
///
/// It never sleeps, retries, prints, reads the environment or chooses.
#[async_trait]
pub trait Account: Send + Sync {
    /// Everything that carries the deployment's exact tag.
    ///
    /// # Errors
    /// Failing to read is an error, never "nothing is there".
    async fn observe(&self, deployment: &Deployment) -> Result<Vec<Observed>, CloudError>;

    /// Every deployment that something in the account's region carries the tag of.
    ///
    /// # Errors
    /// Failing to read is an error, never "there is none".
    async fn deployments(&self) -> Result<Vec<Deployment>, CloudError>;

    /// The application's machines that run, those of a group among them, in the order of their ids.
    ///
    /// # Errors
    /// Failing to read is an error, never "there is none".
    async fn machines(&self, deployment: &Deployment) -> Result<Vec<Machine>, CloudError>;

    /// Carries out a step, or looks how far it is. Performing a step again that was carried out already changes
    /// nothing: a create finds what carries its address and tag before it makes anything, a delete of what is gone is
    /// done. `token` is the same for each attempt at one intent, and different for different intents: what the cloud
    /// takes as idempotency token, at most 64 characters of `[a-z0-9-]`.
    ///
    /// # Errors
    /// What the cloud said, with its class and whether something changed.
    async fn perform(
        &self,
        deployment: &Deployment,
        step: &Step,
        token: &str,
    ) -> Result<Progress, CloudError>;

    /// What would stop these from being made, and those from being changed: quotas, products not sold in a zone, images that do not
    /// exist, networks that overlap. Read-only.
    ///
    /// # Errors
    /// What the cloud said; failing to look is not "nothing in the way".
    async fn preflight(&self, made: &[Resource], changed: &[InPlace]) -> Result<Vec<Obstacle>, CloudError>;
}
