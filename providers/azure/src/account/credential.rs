//! Who calls, and in which subscription: as the cloud's own tools would have it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::auth::{AccessToken, TokenCredential};
use azure_core::date::parse_rfc3339;
use azure_core::error::{Error, ErrorKind};
use azure_identity::{
    AppServiceManagedIdentityCredential, AzureCliCredential, EnvironmentCredential, TokenCredentialOptions,
    VirtualMachineManagedIdentityCredential,
};
use loadline_contract::deploy::{Access, CloudError, ErrorClass};
use tokio::time::timeout;

use super::errors::SIGN_IN;

/// Variables with credentials; where none is set, an endpoint on this machine is taken for a double.
const CREDENTIALS: &[&str] =
    &["AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_FEDERATED_TOKEN"];
const SUBSCRIPTION: &str = "AZURE_SUBSCRIPTION_ID";
/// The service that gives machines of the cloud their token answers at once where there is one, and nobody does elsewhere.
const MACHINE_TIMEOUT: Duration = Duration::from_secs(2);
/// `az` starts slowly, and may have to renew what it knows.
const TOOL_TIMEOUT: Duration = Duration::from_secs(30);

/// Sources of a token, the first that gives one.
struct Chain(Vec<(&'static str, Duration, Arc<dyn TokenCredential>)>);

/// The order is that of the cloud's own libraries, but the tool a person signs in with comes before the machine's identity: most
/// machines are none of the cloud's, and asking costs seconds there.
pub(super) fn credential(access: &Access) -> Arc<dyn TokenCredential> {
    let configured = CREDENTIALS.iter().any(|name| access.variables.contains_key(*name));
    if access.endpoint.as_deref().is_some_and(is_here) && !configured {
        return Arc::new(ForDouble);
    }
    let mut sources: Vec<(&'static str, Duration, Arc<dyn TokenCredential>)> = Vec::new();
    let options = TokenCredentialOptions::default();
    // An application that is named is meant: nobody else acts instead of it.
    if let Ok(named) = EnvironmentCredential::create(options.clone()) {
        sources.push(("the environment", TOOL_TIMEOUT, Arc::new(named)));
        return Arc::new(Chain(sources));
    }
    if let Ok(service) = AppServiceManagedIdentityCredential::create(options.clone()) {
        sources.push(("the managed identity of the service", TOOL_TIMEOUT, Arc::new(service)));
    }
    sources.push(("Azure CLI", TOOL_TIMEOUT, Arc::new(AzureCliCredential::new())));
    let machine = VirtualMachineManagedIdentityCredential::new(options);
    sources.push(("the managed identity of the machine", MACHINE_TIMEOUT, Arc::new(machine)));
    Arc::new(Chain(sources))
}

fn is_here(endpoint: &str) -> bool {
    let host = url::Url::parse(endpoint).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| ["127.0.0.1", "localhost", "[::1]"].contains(&host.as_str()))
}

/// The subscription that is meant.
///
/// # Errors
/// `NotAuthenticated` where nobody names one.
pub(super) async fn subscription(access: &Access) -> Result<String, CloudError> {
    let named = access.credentials.as_ref().or_else(|| access.variables.get(SUBSCRIPTION));
    if let Some(named) = named.map(|named| named.trim()).filter(|named| !named.is_empty()) {
        return if named.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') && named.len() == 36 {
            Ok(named.to_lowercase())
        } else {
            let said = format!("`{named}` is not the id of a subscription");
            Err(without_subscription(said))
        };
    }
    if access.endpoint.is_none()
        && let Ok(Ok(current)) = timeout(TOOL_TIMEOUT, AzureCliCredential::get_subscription()).await
    {
        return Ok(current.to_lowercase());
    }
    let said =
        format!("no subscription is named: {SUBSCRIPTION} is not set, and Azure CLI has none selected");
    Err(without_subscription(said))
}

fn without_subscription(said: String) -> CloudError {
    let hint = format!(
        "name it with --credentials ID or {SUBSCRIPTION}, or select it with `az account set`; `az account list` shows the ids"
    );
    CloudError::new(ErrorClass::NotAuthenticated, "connecting to Microsoft Azure", said).hint(hint)
}

impl fmt::Debug for Chain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|(name, ..)| *name).collect();
        formatter.debug_tuple("Chain").field(&names).finish()
    }
}

#[async_trait]
impl TokenCredential for Chain {
    async fn get_token(&self, scopes: &[&str]) -> azure_core::Result<AccessToken> {
        let mut said = Vec::new();
        for (name, patience, source) in &self.0 {
            match timeout(*patience, source.get_token(scopes)).await {
                Ok(Ok(token)) => return Ok(token),
                // What the libraries put into their errors besides is the answer of the sign-in service: no secret, and
                // of many lines.
                Ok(Err(error)) => said.push(format!("{name}: {}", first_line(&error))),
                Err(_) => said.push(format!("{name}: no answer in {} s", patience.as_secs())),
            }
        }
        let said = format!("nobody is signed in ({})", said.join("; "));
        let failed = CloudError::new(ErrorClass::NotAuthenticated, "", said).hint(SIGN_IN);
        Err(Error::new(ErrorKind::Credential, failed))
    }

    async fn clear_cache(&self) -> azure_core::Result<()> {
        for (.., source) in &self.0 {
            source.clear_cache().await?;
        }
        Ok(())
    }
}

fn first_line(error: &azure_core::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().chars().take(200).collect()
}

/// What a double on this machine takes.
#[derive(Debug)]
struct ForDouble;

#[async_trait]
impl TokenCredential for ForDouble {
    async fn get_token(&self, _scopes: &[&str]) -> azure_core::Result<AccessToken> {
        Ok(AccessToken::new("loadline-double", parse_rfc3339("2199-01-01T00:00:00Z")?))
    }

    async fn clear_cache(&self) -> azure_core::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(credentials: Option<&str>, variable: Option<&str>) -> Access {
        let variables = variable.map(|value| (SUBSCRIPTION.to_owned(), value.to_owned()));
        Access {
            credentials: credentials.map(str::to_owned),
            endpoint: Some("http://127.0.0.1:9".to_owned()),
            variables: variables.into_iter().collect(),
            ..Access::default()
        }
    }

    const ONE: &str = "5f0a3c1e-0000-4000-8000-00000000d0b1";
    const OTHER: &str = "6F0A3C1E-0000-4000-8000-00000000D0B1";

    #[tokio::test]
    async fn the_subscription_that_is_named_comes_first_and_none_is_an_error_that_says_how_to_name_it() {
        assert_eq!(subscription(&access(Some(OTHER), Some(ONE))).await.unwrap(), OTHER.to_lowercase());
        assert_eq!(subscription(&access(None, Some(ONE))).await.unwrap(), ONE);
        for (credentials, variable) in [(None, None), (Some("prod"), None), (None, Some(" "))] {
            let failed = subscription(&access(credentials, variable)).await.unwrap_err();
            assert_eq!(failed.class, ErrorClass::NotAuthenticated);
            assert!(failed.hint.unwrap().contains("--credentials"), "{credentials:?}");
        }
    }

    #[tokio::test]
    async fn a_made_up_token_goes_to_this_machine_only_and_never_instead_of_credentials() {
        let token = |access: &Access| format!("{:?}", credential(access));
        assert_eq!(token(&access(None, None)), "ForDouble");
        let elsewhere =
            Access { endpoint: Some("https://127.0.0.1.example".to_owned()), ..access(None, None) };
        assert!(token(&elsewhere).starts_with("Chain"), "{}", token(&elsewhere));
        let mut configured = access(None, None);
        configured.variables.insert("AZURE_CLIENT_ID".to_owned(), "x".to_owned());
        assert!(token(&configured).starts_with("Chain"));
    }
}
