//! What became of what was only promised: a call that the cloud took on is not done yet, and may still fail. Then the thing itself
//! may never show, or look as it did before.

use std::time::Duration;

use azure_core::headers::HeaderName;
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, ErrorClass};
use serde_json::Value as Json;

use super::client::{Answer, Client};
use super::errors;
use super::json::text;

/// Waits between questions: short ones first, for most operations take seconds; a database takes minutes.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// A call that was taken on.
#[derive(Debug, Clone)]
pub(super) struct Promise {
    /// What was being done, for a person.
    what: String,
    /// Where to ask.
    link: String,
    wait: Duration,
}

impl Client {
    /// Keeps where to ask about what was done for an intent.
    pub(super) fn keep(&self, token: &str, what: &str, answer: &Answer) {
        let link = |name: &'static str| answer.headers.get_optional_str(&HeaderName::from_static(name));
        // A link to where the thing is stands beside answers that promise nothing, too.
        let location = || link("location").filter(|_| matches!(answer.status, 201 | 202));
        if let Some(link) = link("azure-asyncoperation").or_else(location) {
            let promise = Promise { what: what.to_owned(), link: link.to_owned(), wait: FIRST_WAIT };
            self.promised().insert(token.to_owned(), promise);
        }
    }

    /// The same of a thing that is made or changed.
    pub(super) fn kept(&self, making: &Making<'_>, what: &str, answer: &Answer) {
        self.keep(making.token, what, answer);
    }

    /// How long to wait for what was promised under that token; `None`: it is done.
    ///
    /// # Errors
    /// What the cloud said when it gave it up.
    pub(super) async fn promise(&self, token: &str) -> Result<Option<Duration>, CloudError> {
        let Some(promise) = self.promised().get(token).cloned() else { return Ok(None) };
        let asked = self.follow(&promise.what, &promise.link).await;
        let (status, answer) = match asked {
            Ok(answer) => (answer.status, answer.body),
            // Such links do not last: what is there tells the rest.
            Err(error) if error.class == ErrorClass::NotFound => (200, Json::Null),
            Err(error) if error.class.is_passing() || error.class == ErrorClass::NotAuthenticated => {
                // A link that answers as the operation did says so with a status of its own.
                if error.class != ErrorClass::Conflict {
                    return Err(error);
                }
                return Err(self.given_up(token, error));
            }
            Err(error) => return Err(self.given_up(token, error)),
        };
        let wait = match (text(&answer, "/status"), status) {
            (Some("Failed" | "Canceled"), _) => {
                let said = answer.get("error").cloned().unwrap_or_default();
                let said: errors::Said = serde_json::from_value(said).unwrap_or_default();
                let failed = CloudError { doing: promise.what.clone(), ..errors::failed_later(&said) };
                return Err(self.given_up(token, failed));
            }
            (None, 202) => true,
            (None | Some("Succeeded"), _) => false,
            (Some(_), _) => true,
        };
        let mut promised = self.promised();
        if !wait {
            promised.remove(token);
            return Ok(None);
        }
        let wait = (promise.wait * 2).min(LONGEST_WAIT);
        promised.insert(token.to_owned(), Promise { wait, ..promise });
        Ok(Some(wait))
    }

    fn given_up(&self, token: &str, error: CloudError) -> CloudError {
        self.promised().remove(token);
        error
    }

    /// Asks for a removal.
    pub(super) async fn remove(&self, found: &Found, token: &str) -> Result<(), CloudError> {
        let what = format!("removing {}", found.address);
        let answer = self.delete(&what, &found.id).await?;
        self.keep(token, &what, &answer);
        Ok(())
    }
}
