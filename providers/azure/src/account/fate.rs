//! What became of what was only promised: a call that the cloud took on is not done yet, and may still fail.

use azure_core::headers::HeaderName;
use loadline_contract::by_kind::Found;
use loadline_contract::deploy::{Address, CloudError, ErrorClass, State};
use serde_json::Value as Json;

use super::client::{Answer, Client};
use super::errors;
use super::json::text;

/// A call that was taken on.
#[derive(Debug, Clone)]
pub(super) struct Promise {
    address: Address,
    /// Where to ask.
    link: String,
    removal: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// Nothing is known of it: it is done, or another run asked for it.
    Unknown,
    Underway,
    Failed(CloudError),
}

impl Client {
    /// Keeps where to ask about a call that made or changed something.
    pub(super) fn keep(&self, address: &Address, id: &str, answer: &Answer) {
        self.keep_as(address, id, answer, false);
    }

    /// The same of a removal.
    pub(super) fn keep_removal(&self, address: &Address, id: &str, answer: &Answer) {
        self.keep_as(address, id, answer, true);
    }

    fn keep_as(&self, address: &Address, id: &str, answer: &Answer, removal: bool) {
        let link = |name: &'static str| answer.headers.get_optional_str(&HeaderName::from_static(name));
        self.broken().remove(id);
        match link("azure-asyncoperation").or_else(|| link("location")) {
            Some(link) => {
                let promise = Promise { address: address.clone(), link: link.to_owned(), removal };
                self.promised().insert(id.to_owned(), promise);
            }
            None => drop(self.promised().remove(id)),
        }
    }

    /// Asks what became of what was promised about a thing.
    pub(super) async fn fate(&self, id: &str) -> Result<Fate, CloudError> {
        let Some(promise) = self.promised().get(id).cloned() else { return Ok(Fate::Unknown) };
        let what = format!("looking what became of {}", promise.address);
        let answer = match self.follow(&what, &promise.link).await {
            // What leads to the thing itself says so until it is done.
            Ok(answer) if answer.status == 202 && text(&answer.body, "/status").is_none() => {
                return Ok(Fate::Underway);
            }
            Ok(answer) => answer.body,
            // Such links do not last.
            Err(error) if error.class == ErrorClass::NotFound => Json::Null,
            Err(error) if error.class.is_passing() || error.class == ErrorClass::NotAuthenticated => {
                return Err(error);
            }
            // The link answers as the operation did.
            Err(error) => return Ok(self.failed(id, error)),
        };
        match text(&answer, "/status") {
            Some("Failed" | "Canceled") => {
                let said = answer.get("error").cloned().unwrap_or_default();
                let said: errors::Said = serde_json::from_value(said).unwrap_or_default();
                Ok(self.failed(id, errors::failed_later(&said)))
            }
            None | Some("Succeeded") => {
                self.promised().remove(id);
                Ok(Fate::Unknown)
            }
            Some(_) => Ok(Fate::Underway),
        }
    }

    fn failed(&self, id: &str, error: CloudError) -> Fate {
        self.promised().remove(id);
        self.broken().insert(id.to_owned(), error.clone());
        Fate::Failed(error)
    }

    /// Says of things that failed what the cloud said of it, and adds those that failed before they were there at all.
    pub(super) async fn with_fates(
        &self,
        kind: &str,
        mut found: Vec<Found>,
    ) -> Result<Vec<Found>, CloudError> {
        for thing in &mut found {
            // What is done, or given up, may be told of before what was promised is over, or without why.
            let known = matches!(thing.state, State::Ready | State::Failed(_));
            match if known { self.fate(&thing.id).await? } else { Fate::Unknown } {
                Fate::Underway if thing.state == State::Ready => thing.state = State::Changing,
                Fate::Failed(error) => thing.state = State::Failed(error.said),
                Fate::Underway | Fate::Unknown => {}
            }
            if let (State::Failed(said), Some(error)) = (&mut thing.state, self.broken().get(&thing.id)) {
                said.clone_from(&error.said);
            }
        }
        let missing: Vec<(String, Address)> = self
            .promised()
            .iter()
            .filter(|(id, promise)| {
                promise.address.kind() == kind
                    && !promise.removal
                    && !found.iter().any(|thing| thing.id == **id)
            })
            .map(|(id, promise)| (id.clone(), promise.address.clone()))
            .collect();
        for (id, address) in missing {
            if let Fate::Failed(error) = self.fate(&id).await? {
                found.push(Found::new(address, Some(&id), State::Failed(error.said), []));
            }
        }
        Ok(found)
    }

    /// What the cloud said of a thing that failed, with its class.
    pub(super) fn said_of(&self, found: &Found) -> Option<CloudError> {
        self.broken().get(&found.id).cloned()
    }

    /// Asks for a removal, but not again while one is under way.
    pub(super) async fn remove(&self, found: &Found) -> Result<(), CloudError> {
        let removing = self.promised().get(&found.id).is_some_and(|promise| promise.removal);
        let what = format!("removing {}", found.address);
        if removing {
            match self.fate(&found.id).await? {
                Fate::Underway => return Ok(()),
                Fate::Failed(mut error) => {
                    error.doing = what;
                    return Err(error);
                }
                Fate::Unknown => {}
            }
        }
        let answer = self.delete(&what, &found.id).await?;
        self.keep_removal(&found.address, &found.id, &answer);
        Ok(())
    }
}
