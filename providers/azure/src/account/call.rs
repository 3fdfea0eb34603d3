//! One call: by a generated client where one serves it, else as a request of ours through the same pipeline.

use azure_core::headers::{AUTHORIZATION, CONTENT_TYPE, IF_MATCH};
use azure_core::{Context, Method, Request};
use loadline_contract::deploy::{CloudError, ErrorClass};
use serde_json::Value as Json;
use url::Url;

use super::client::{Answer, Client, doing};
use super::sdk::SCOPE;
use super::wire::{HOME, VAULTS};
use super::{errors, ids, versions};

/// What a token for vaults is asked for.
const VAULT_SCOPE: &str = "https://vault.azure.net/.default";

impl Client {
    pub(super) async fn call(
        &self,
        what: &str,
        method: Method,
        path: &str,
        body: &Json,
        etag: Option<&str>,
    ) -> Result<Answer, CloudError> {
        let doing = doing(what, method, path);
        let failed = |error| errors::of(&doing, error);
        let mine = |mut error: CloudError| {
            error.doing = doing.clone();
            error
        };
        let generated = match etag {
            None if path.starts_with('/') && !path.contains('?') => {
                self.sdk.call(method, path, body).map_err(mine)?
            }
            _ => None,
        };
        let answer = match generated {
            Some(call) => call.await.map_err(failed)?,
            None => {
                let mut request = self.request(method, path, body).await.map_err(failed)?;
                if let Some(etag) = etag {
                    request.insert_header(IF_MATCH, etag.to_owned());
                }
                self.pipeline.send(&Context::new(), &mut request).await.map_err(failed)?
            }
        };
        let (status, headers, body) = answer.deconstruct();
        let status = status.into();
        let body = body.collect().await.map_err(failed)?;
        if body.is_empty() {
            return Ok(Answer { status, headers, body: Json::Null });
        }
        let body = serde_json::from_slice(&body).map_err(|error| {
            let said = format!(
                "the answer is of an unknown form at line {}, column {}",
                error.line(),
                error.column()
            );
            mine(CloudError::new(ErrorClass::Unexpected, "", said))
        })?;
        Ok(Answer { status, headers, body })
    }

    /// A request of ours: a path, or a link as the cloud gave it.
    async fn request(&self, method: Method, path: &str, body: &Json) -> azure_core::Result<Request> {
        let mut url =
            if path.starts_with('/') { Url::parse(&format!("{HOME}{path}"))? } else { Url::parse(path)? };
        let vault = url.host_str().is_some_and(|host| host.ends_with(VAULTS));
        let version = if vault { Some(versions::SECRETS) } else { versions::version(&ids::kind(path)) };
        // A link says it already.
        if let (Some(version), false) = (version, url.query_pairs().any(|(name, _)| name == "api-version")) {
            url.query_pairs_mut().append_pair("api-version", version);
        }
        let scope = if vault { VAULT_SCOPE } else { SCOPE };
        let token = self.credential.get_token(&[scope]).await?;
        let mut request = Request::new(url, method);
        request.insert_header(AUTHORIZATION, format!("Bearer {}", token.token.secret()));
        if !body.is_null() {
            request.insert_header(CONTENT_TYPE, "application/json");
            request.set_json(body)?;
        }
        Ok(request)
    }
}
