//! Faults by script: which call goes wrong, and how.

use std::time::Duration;

use loadline_contract::deploy::{Action, Address, CloudError, ErrorClass};
use serde::Deserialize;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Trouble {
    /// Too many calls; nothing is done.
    Throttle,
    /// An answer of the class 500; nothing is done.
    ServerError,
    /// No answer; nothing is done.
    DropBefore,
    /// It is done, but the answer never arrives.
    LostAnswer,
    /// The credentials may not do it.
    Deny,
    /// The credentials have expired.
    Expired,
    /// The account may have no more of it.
    OverQuota,
    /// The cloud has none left.
    OutOfCapacity,
    /// The cloud does not take the request.
    Reject,
    /// It is accepted, and fails afterwards.
    FailLater,
    /// It takes so many minutes longer.
    Slow(f64),
    /// Lists show it only so many minutes later.
    Hidden(f64),
    /// The process ends before it is done, as if killed.
    KillBefore,
    /// The process ends when it is done and not yet answered, as if killed.
    KillAfter,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Kind (`database`) or address (`database/main`); `None`: any.
    #[serde(default)]
    pub on: Option<String>,
    /// Action; `None`: any call, looking included.
    #[serde(default)]
    pub action: Option<Action>,
    /// From the which matching call on, counted from 1.
    #[serde(default = "one")]
    pub from: u64,
    /// How many of the matching calls; `None`: all that follow.
    #[serde(default)]
    pub times: Option<u64>,
    /// Share of those that it strikes, percent.
    #[serde(default = "hundred")]
    pub percent: u64,
    /// What goes wrong.
    pub trouble: Trouble,
}

fn one() -> u64 {
    1
}

fn hundred() -> u64 {
    100
}

/// Faults, and what they have seen so far.
#[derive(Debug, Default)]
pub struct Script {
    faults: Vec<(Fault, u64)>,
    seed: u64,
    struck: u64,
}

impl Script {
    /// Rules; the first that matches a call strikes. The same seed strikes the same calls.
    pub fn new(faults: Vec<Fault>, seed: u64) -> Self {
        Self { faults: faults.into_iter().map(|fault| (fault, 0)).collect(), seed, struck: 0 }
    }

    /// Reads rules from JSON: a list of faults.
    ///
    /// # Errors
    /// Where the text is not such a list.
    pub fn parse(text: &str, seed: u64) -> Result<Self, String> {
        serde_json::from_str(text).map(|faults| Self::new(faults, seed)).map_err(|error| error.to_string())
    }

    /// What happens to a call; `None`: it goes well.
    pub(crate) fn strike(&mut self, action: Option<Action>, address: Option<&Address>) -> Option<Trouble> {
        let seed = self.seed;
        let mut struck = None;
        for (index, (fault, seen)) in self.faults.iter_mut().enumerate() {
            let here = match (&fault.on, address) {
                (None, _) => true,
                (Some(on), Some(address)) => on == address.kind() || *on == address.to_string(),
                (Some(_), None) => false,
            };
            if !here || fault.action.is_some_and(|wanted| action != Some(wanted)) {
                continue;
            }
            *seen += 1;
            let reached = *seen >= fault.from && fault.times.is_none_or(|times| *seen < fault.from + times);
            if reached && draw(seed, index as u64, *seen) < fault.percent && struck.is_none() {
                struck = Some(fault.trouble);
            }
        }
        self.struck += u64::from(struck.is_some());
        struck
    }

    /// How many calls it has struck so far.
    pub(crate) fn struck(&self) -> u64 {
        self.struck
    }
}

/// A number below 100 that depends only on these.
fn draw(seed: u64, rule: u64, call: u64) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in [seed, rule, call] {
        hasher.update(&part.to_le_bytes());
    }
    u64::from(hasher.finalize().as_bytes()[0]) * 100 / 256
}

impl Trouble {
    /// The answer in place of the work; `None`: the work is done first, or later goes wrong.
    pub(crate) fn refusal(self, doing: &str) -> Option<CloudError> {
        let (class, said) = match self {
            Self::Throttle => {
                let after = Some(Duration::from_secs(1));
                (ErrorClass::RateLimited { after }, "Throttling: rate exceeded")
            }
            Self::ServerError => (ErrorClass::Unavailable, "InternalError: an internal error has occurred"),
            Self::DropBefore => (ErrorClass::Unavailable, "the connection was reset before any answer"),
            Self::Deny => (
                ErrorClass::NotAllowed { permission: None },
                "AccessDenied: not authorised to perform this operation",
            ),
            Self::Expired => (ErrorClass::NotAuthenticated, "ExpiredToken: the security token has expired"),
            Self::OverQuota => (ErrorClass::OverQuota, "LimitExceeded: the account has no more of these"),
            Self::OutOfCapacity => (ErrorClass::OutOfCapacity, "InsufficientCapacity: none left here"),
            Self::Reject => (ErrorClass::Rejected { field: None }, "InvalidParameter: not a valid value"),
            Self::LostAnswer
            | Self::FailLater
            | Self::Slow(_)
            | Self::Hidden(_)
            | Self::KillBefore
            | Self::KillAfter => return None,
        };
        Some(CloudError::new(class, doing, said))
    }
}
