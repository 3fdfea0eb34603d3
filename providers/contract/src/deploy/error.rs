//! What any cloud could say. The core reacts to the class, never to the text; the text is shown to the person.

use std::time::Duration;

/// What went wrong, as far as it matters for what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorClass {
    /// There is no such thing.
    NotFound,
    /// A thing of that name is there already.
    AlreadyExists,
    /// Something else uses or changes it just now: asking again later may help.
    Conflict,
    /// The cloud has none left of it in that place.
    OutOfCapacity,
    /// The account may have no more of it.
    OverQuota,
    /// The credentials may not do it; the permission that is missing, where the cloud says so.
    NotAllowed {
        /// Permission, as the cloud spells it.
        permission: Option<String>,
    },
    /// No credentials, or expired ones.
    NotAuthenticated,
    /// Too many calls; when to ask again, where the cloud says so.
    RateLimited {
        /// Time to wait.
        after: Option<Duration>,
    },
    /// The cloud did not answer, or answered that it cannot just now. The call may have been carried out.
    Unavailable,
    /// The cloud does not take the request: which field, where it says so.
    Rejected {
        /// Field.
        field: Option<String>,
    },
    /// Anything else: a person must look.
    Unexpected,
}

impl ErrorClass {
    /// Whether asking again, unchanged, can help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Conflict | Self::RateLimited { .. } | Self::Unavailable)
    }
}

/// Whether the call that failed changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Certainly not.
    Nothing,
    /// Nobody knows: look before asking again.
    Unknown,
}

/// A call to a cloud that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{doing}: {said}")]
pub struct CloudError {
    /// What it means for what to do next.
    pub class: ErrorClass,
    /// What was being done, to what: `creating database/main (CreateDBInstance)`.
    pub doing: String,
    /// What the cloud said, in its own words, without secrets.
    pub said: String,
    /// Whether something changed.
    pub changed: Changed,
    /// What to run or change next; `None`: the class says it.
    pub hint: Option<String>,
}

impl CloudError {
    /// An error that certainly changed nothing.
    #[must_use]
    pub fn new(class: ErrorClass, doing: impl Into<String>, said: impl Into<String>) -> Self {
        let changed = if class == ErrorClass::Unavailable { Changed::Unknown } else { Changed::Nothing };
        Self { class, doing: doing.into(), said: said.into(), changed, hint: None }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
