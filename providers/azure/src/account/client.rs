//! Every call of the account: by a generated client where one serves it, else as a request through the same pipeline. One place for
//! addresses, versions, pages, and what became of calls that were taken on.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use azure_core::auth::TokenCredential;
use azure_core::headers::Headers;
use azure_core::{ClientOptions, Method, Pipeline, RetryOptions, TransportOptions};
use loadline_contract::deploy::{Access, Address, CloudError, Deployment, ErrorClass};
use serde_json::Value as Json;

use super::credential;
use super::errors;
use super::ids;
use super::json::{merge, rows, text};
use super::promises::Promise;
use super::sdk::Sdk;
use super::wire::Wire;
use crate::names;

/// What the cloud tells of things and takes from nobody: who refers to them. Sent back, some of it would ask for rights on others.
const TOLD_ONLY: &[&str] = &[
    "defaultSecurityRules",
    "ipConfiguration",
    "ipConfigurations",
    "ipConfigurationProfiles",
    "networkInterfaces",
    "privateEndpoints",
    "provisioningState",
    "resourceGuid",
    "resourceNavigationLinks",
    "serviceAssociationLinks",
];

/// A connection to one subscription, in one region.
pub(crate) struct Client {
    pub(super) subscription: String,
    pub(super) region: String,
    pub(super) sdk: Sdk,
    pub(super) credential: Arc<dyn TokenCredential>,
    pub(super) pipeline: Pipeline,
    /// What this process asked for and was only promised, by the token of the intent.
    promised: Mutex<BTreeMap<String, Promise>>,
    /// Whose things were looked at last.
    looked_at: Mutex<Option<Deployment>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Client");
        shown.field("subscription", &self.subscription).field("region", &self.region).finish_non_exhaustive()
    }
}

/// What the cloud answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Headers,
    pub(super) body: Json,
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was being done, with the call.
pub(super) fn doing(what: &str, method: Method, path: &str) -> String {
    format!("{what} ({method} {})", ids::kind(path))
}

impl Client {
    /// A connection; nothing is asked of the cloud yet.
    ///
    /// # Errors
    /// Without a subscription, or with an address that is none.
    pub(super) async fn new(access: &Access) -> Result<Self, CloudError> {
        let subscription = credential::subscription(access).await?;
        let wire = Wire::new(access.endpoint.as_deref())?;
        let credential = credential::credential(access);
        let sdk = Sdk::new(&subscription, &credential, &wire)
            .map_err(|error| errors::of("connecting to Microsoft Azure", error))?;
        let options = ClientOptions::new(TransportOptions::new(wire)).retry(RetryOptions::none());
        let (name, version) = (option_env!("CARGO_PKG_NAME"), option_env!("CARGO_PKG_VERSION"));
        let pipeline = Pipeline::new(name, version, options, Vec::new(), Vec::new());
        let (promised, looked_at) = (Mutex::default(), Mutex::default());
        let region = access.region.clone();
        Ok(Self { subscription, region, sdk, credential, pipeline, promised, looked_at })
    }

    /// The id of a deployment's resource group.
    pub(super) fn group(&self, deployment: &Deployment) -> String {
        let name = names::name(deployment, &Address::new("resource-group", "main"), "");
        format!("/subscriptions/{}/resourceGroups/{name}", self.subscription)
    }

    /// The id of a thing of that type in the deployment's group.
    pub(super) fn id(&self, deployment: &Deployment, kind: &str, name: &str) -> String {
        format!("{}/providers/{kind}/{name}", self.group(deployment))
    }

    /// A path of the whole subscription.
    pub(super) fn whole(&self, rest: &str) -> String {
        format!("/subscriptions/{}{rest}", self.subscription)
    }

    /// Reads one thing.
    pub(super) async fn get(&self, what: &str, path: &str) -> Result<Json, CloudError> {
        self.call(what, Method::Get, path, &Json::Null, None).await.map(|answer| answer.body)
    }

    /// Reads what a link leads to.
    pub(super) async fn follow(&self, what: &str, link: &str) -> Result<Answer, CloudError> {
        self.call(what, Method::Get, link, &Json::Null, None).await
    }

    /// Reads one thing that may not be there.
    pub(super) async fn maybe(&self, what: &str, path: &str) -> Result<Option<Json>, CloudError> {
        none_where_missing(self.get(what, path).await)
    }

    /// Reads a list to its last page; nothing is listed in what is not there.
    pub(super) async fn list(&self, what: &str, path: &str) -> Result<Vec<Json>, CloudError> {
        let (mut found, mut seen) = (Vec::new(), Vec::new());
        let mut next = path.to_owned();
        loop {
            let page = match none_where_missing(self.get(what, &next).await)? {
                Some(page) => page,
                None if seen.is_empty() => return Ok(found),
                // What is removed in between ends the list early: whoever asks looks again.
                None => {
                    let said = "the list ended at a page that is not there";
                    return Err(CloudError::new(
                        ErrorClass::Unavailable,
                        doing(what, Method::Get, path),
                        said,
                    ));
                }
            };
            found.extend(rows(&page, "/value").iter().cloned());
            seen.push(next);
            let Some(link) = text(&page, "/nextLink") else { return Ok(found) };
            if seen.iter().any(|page| page == link) {
                let said = format!("page {} leads to one that was read before", seen.len());
                return Err(CloudError::new(ErrorClass::Unexpected, doing(what, Method::Get, path), said));
            }
            next = link.to_owned();
        }
    }

    /// Makes a thing, or writes it anew.
    pub(super) async fn put(&self, what: &str, id: &str, body: &Json) -> Result<Answer, CloudError> {
        self.call(what, Method::Put, id, body, None).await
    }

    /// Writes ours over what is there, unless somebody else wrote in between.
    pub(super) async fn put_over(
        &self,
        what: &str,
        id: &str,
        mut there: Json,
        ours: &Json,
    ) -> Result<Answer, CloudError> {
        let etag = text(&there, "/etag").filter(|tag| *tag != "*").map(str::to_owned);
        if let Some(properties) = there.get_mut("properties").and_then(Json::as_object_mut) {
            properties.retain(|name, _| !TOLD_ONLY.contains(&name.as_str()));
        }
        merge(&mut there, ours);
        self.call(what, Method::Put, id, &there, etag.as_deref()).await
    }

    pub(super) async fn patch(&self, what: &str, id: &str, body: &Json) -> Result<Answer, CloudError> {
        self.call(what, Method::Patch, id, body, None).await
    }

    pub(super) async fn post(&self, what: &str, path: &str, body: &Json) -> Result<Answer, CloudError> {
        self.call(what, Method::Post, path, body, None).await
    }

    pub(super) async fn delete(&self, what: &str, id: &str) -> Result<Answer, CloudError> {
        self.call(what, Method::Delete, id, &Json::Null, None).await
    }

    /// Notes whose things are looked at.
    pub(super) fn looks_at(&self, deployment: &Deployment) {
        *locked(&self.looked_at) = Some(deployment.clone());
    }

    /// Whose things were looked at last: what is wanted does not say whose it is.
    pub(super) fn looked_at(&self) -> Option<Deployment> {
        locked(&self.looked_at).clone()
    }

    pub(super) fn promised(&self) -> MutexGuard<'_, BTreeMap<String, Promise>> {
        locked(&self.promised)
    }
}

fn none_where_missing(read: Result<Json, CloudError>) -> Result<Option<Json>, CloudError> {
    match read {
        Ok(json) => Ok(Some(json)),
        Err(error) if error.class == ErrorClass::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
