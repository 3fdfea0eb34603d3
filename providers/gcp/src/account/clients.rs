//! The clients of the services: one endpoint, one project, retries left to the core but for looks.

use std::fmt;
use std::time::Duration;

use google_cloud_auth::credentials::{self, Credentials, anonymous};
use google_cloud_compute_v1::client as compute;
use google_cloud_gax::error::Error;
use google_cloud_gax::exponential_backoff::{ExponentialBackoff, ExponentialBackoffBuilder};
use google_cloud_gax::options::RequestOptionsBuilder;
use google_cloud_gax::retry_policy::{NeverRetry, RetryPolicy};
use google_cloud_gax::retry_result::RetryResult;
use google_cloud_gax::retry_state::RetryState;
use google_cloud_memorystore_v1::client::Memorystore;
use google_cloud_monitoring_v3::client::{AlertPolicyService, NotificationChannelService};
use google_cloud_networkconnectivity_v1::client::CrossNetworkAutomationService;
use google_cloud_redis_v1::client::CloudRedis;
use google_cloud_secretmanager_v1::client::SecretManagerService;
use google_cloud_sql_v1::client::{SqlInstancesService, SqlOperationsService, SqlUsersService};
use loadline_contract::deploy::{Access, CloudError, ErrorClass};

use super::errors::{self, SIGN_IN};
use super::project;
use super::rest::Rest;

/// The slowest answers that were seen take a few seconds; who waits longer than this waits for nothing.
pub(super) const TIMEOUT: Duration = Duration::from_secs(60);
/// Attempts at one call of a look: with a fifth of all calls throttled, one look in ten thousand fails.
pub(super) const ATTEMPTS: u32 = 8;

/// One client for each service, or for each kind of Compute Engine.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) project: String,
    pub(super) region: String,
    pub(super) rest: Rest,
    pub(super) addresses: compute::GlobalAddresses,
    pub(super) autoscalers: compute::RegionAutoscalers,
    pub(super) backends: compute::BackendServices,
    pub(super) certificates: compute::SslCertificates,
    pub(super) firewalls: compute::Firewalls,
    pub(super) forwarding: compute::GlobalForwardingRules,
    pub(super) global_operations: compute::GlobalOperations,
    pub(super) groups: compute::RegionInstanceGroupManagers,
    pub(super) group_members: compute::RegionInstanceGroups,
    pub(super) health_checks: compute::HealthChecks,
    pub(super) http_proxies: compute::TargetHttpProxies,
    pub(super) https_proxies: compute::TargetHttpsProxies,
    pub(super) images: compute::Images,
    pub(super) instances: compute::Instances,
    pub(super) machine_types: compute::MachineTypes,
    pub(super) networks: compute::Networks,
    pub(super) projects: compute::Projects,
    pub(super) region_operations: compute::RegionOperations,
    pub(super) regions: compute::Regions,
    pub(super) routers: compute::Routers,
    pub(super) ssl_policies: compute::SslPolicies,
    pub(super) subnets: compute::Subnetworks,
    pub(super) templates: compute::InstanceTemplates,
    pub(super) url_maps: compute::UrlMaps,
    pub(super) sql: SqlInstancesService,
    pub(super) sql_operations: SqlOperationsService,
    pub(super) sql_users: SqlUsersService,
    pub(super) redis: CloudRedis,
    pub(super) memorystore: Memorystore,
    pub(super) secrets: SecretManagerService,
    pub(super) connectivity: CrossNetworkAutomationService,
    pub(super) alerts: AlertPolicyService,
    pub(super) channels: NotificationChannelService,
}

/// Where the services are.
#[derive(Debug, Clone)]
pub(super) enum Home {
    /// Where Google has them, each under its own name.
    Google,
    /// Google's private ways (`restricted.googleapis.com`): one address for all, which tells them apart by the name in the call.
    Private(String),
    /// One address for all, which tells them apart by the first part of the path: a client library names no service in its call
    /// to an address that is not Google's.
    Other(String),
}

impl Home {
    fn of(access: &Access) -> Self {
        let Some(endpoint) = access.endpoint.as_deref().map(|it| it.trim_end_matches('/')) else {
            return Self::Google;
        };
        let host = endpoint.split("//").last().and_then(|rest| rest.split(['/', ':']).next());
        if host.is_some_and(|host| host.ends_with(".googleapis.com")) {
            Self::Private(endpoint.to_owned())
        } else {
            Self::Other(endpoint.to_owned())
        }
    }

    /// What calls to a service go to.
    pub(super) fn endpoint(&self, service: &str) -> String {
        match self {
            Self::Google => format!("https://{service}"),
            Self::Private(endpoint) => endpoint.clone(),
            Self::Other(endpoint) => format!("{endpoint}/{service}"),
        }
    }
}

/// Credentials as Google's own tools find them. A client library reads the environment for them by itself (where a key file is,
/// where gcloud keeps its own); which project and endpoint are meant is never read from it here. A token of Google's goes to no
/// other address than Google's, unless a key was named for it.
fn credentials(access: &Access, home: &Home) -> Result<Credentials, CloudError> {
    if matches!(home, Home::Other(_)) && !access.variables.contains_key(project::KEY_FILE) {
        return Ok(anonymous::Builder::new().build());
    }
    let scopes = ["https://www.googleapis.com/auth/cloud-platform"];
    let built = credentials::Builder::default().with_scopes(scopes).build();
    built.map_err(|error| {
        let doing = "looking for credentials of Google Cloud";
        CloudError::new(ErrorClass::NotAuthenticated, doing, error.to_string()).hint(SIGN_IN)
    })
}

/// Tries a look again while the cloud is busy or does not answer.
#[derive(Debug)]
struct Patience;

impl RetryPolicy for Patience {
    fn on_error(&self, state: &RetryState, error: Error) -> RetryResult {
        let passing = match errors::said(&error) {
            Some(said) => errors::refused("", &said).class.is_passing(),
            None => error.is_io() || error.is_connect() || error.is_timeout() || error.is_transport(),
        };
        match passing {
            false => RetryResult::Permanent(error),
            true if state.attempt_count >= ATTEMPTS => RetryResult::Exhausted(error),
            true => RetryResult::Continue(error),
        }
    }
}

fn pauses() -> ExponentialBackoff {
    let pauses = ExponentialBackoffBuilder::new().with_initial_delay(Duration::from_millis(200));
    pauses.with_maximum_delay(Duration::from_secs(5)).with_scaling(1.7).clamp()
}

/// A look is many calls, and each is tried again by itself; changes are each the core's to decide.
pub(super) fn patient<B: RequestOptionsBuilder>(call: B) -> B {
    call.with_retry_policy(Patience).with_backoff_policy(pauses()).with_idempotency(true)
}

/// Never a retry, never an answer that is waited for too long.
macro_rules! client {
    ($client:ty, $service:literal, $home:expr, $credentials:expr) => {{
        let builder = <$client>::builder()
            .with_credentials($credentials.clone())
            .with_retry_policy(NeverRetry)
            .with_attempt_timeout(TIMEOUT);
        let service = concat!($service, ".googleapis.com");
        let builder = match &$home {
            Home::Google => builder,
            _ => builder.with_endpoint($home.endpoint(service)),
        };
        builder.build().await.map_err(|error| unbuilt(service, &error))?
    }};
}

fn unbuilt(service: &str, error: &dyn fmt::Display) -> CloudError {
    CloudError::new(ErrorClass::Unexpected, format!("connecting to {service}"), error.to_string())
        .hint("check LOADLINE_GCP_ENDPOINT, if it is set")
}

impl Clients {
    /// Finds credentials and project; nothing is asked yet.
    pub(super) async fn new(access: &Access) -> Result<Self, CloudError> {
        // Whoever installed one before had the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let home = Home::of(access);
        let project = project::named(access)?;
        let c = credentials(access, &home)?;
        let rest = Rest::new(home.clone(), c.clone())?;
        Ok(Self {
            project,
            region: access.region.clone(),
            rest,
            addresses: client!(compute::GlobalAddresses, "compute", home, c),
            autoscalers: client!(compute::RegionAutoscalers, "compute", home, c),
            backends: client!(compute::BackendServices, "compute", home, c),
            certificates: client!(compute::SslCertificates, "compute", home, c),
            firewalls: client!(compute::Firewalls, "compute", home, c),
            forwarding: client!(compute::GlobalForwardingRules, "compute", home, c),
            global_operations: client!(compute::GlobalOperations, "compute", home, c),
            groups: client!(compute::RegionInstanceGroupManagers, "compute", home, c),
            group_members: client!(compute::RegionInstanceGroups, "compute", home, c),
            health_checks: client!(compute::HealthChecks, "compute", home, c),
            http_proxies: client!(compute::TargetHttpProxies, "compute", home, c),
            https_proxies: client!(compute::TargetHttpsProxies, "compute", home, c),
            images: client!(compute::Images, "compute", home, c),
            instances: client!(compute::Instances, "compute", home, c),
            machine_types: client!(compute::MachineTypes, "compute", home, c),
            networks: client!(compute::Networks, "compute", home, c),
            projects: client!(compute::Projects, "compute", home, c),
            region_operations: client!(compute::RegionOperations, "compute", home, c),
            regions: client!(compute::Regions, "compute", home, c),
            routers: client!(compute::Routers, "compute", home, c),
            ssl_policies: client!(compute::SslPolicies, "compute", home, c),
            subnets: client!(compute::Subnetworks, "compute", home, c),
            templates: client!(compute::InstanceTemplates, "compute", home, c),
            url_maps: client!(compute::UrlMaps, "compute", home, c),
            sql: client!(SqlInstancesService, "sqladmin", home, c),
            sql_operations: client!(SqlOperationsService, "sqladmin", home, c),
            sql_users: client!(SqlUsersService, "sqladmin", home, c),
            redis: client!(CloudRedis, "redis", home, c),
            memorystore: client!(Memorystore, "memorystore", home, c),
            secrets: client!(SecretManagerService, "secretmanager", home, c),
            connectivity: client!(CrossNetworkAutomationService, "networkconnectivity", home, c),
            alerts: client!(AlertPolicyService, "monitoring", home, c),
            channels: client!(NotificationChannelService, "monitoring", home, c),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(endpoint: &str) -> Access {
        Access { endpoint: Some(endpoint.to_owned()), ..Access::default() }
    }

    #[test]
    fn an_endpoint_that_is_not_googles_tells_services_apart_by_the_path() {
        let home = Home::of(&access("http://127.0.0.1:4711/"));
        assert_eq!(home.endpoint("redis.googleapis.com"), "http://127.0.0.1:4711/redis.googleapis.com");
        let home = Home::of(&access("https://restricted.googleapis.com"));
        assert_eq!(home.endpoint("redis.googleapis.com"), "https://restricted.googleapis.com");
        assert_eq!(
            Home::of(&Access::default()).endpoint("redis.googleapis.com"),
            "https://redis.googleapis.com"
        );
        assert!(matches!(Home::of(&access("https://googleapis.com.example.org")), Home::Other(_)));
    }

    #[test]
    fn a_token_of_googles_goes_nowhere_else_unasked() {
        let home = Home::of(&access("http://127.0.0.1:4711"));
        let none = credentials(&access("http://127.0.0.1:4711"), &home).unwrap();
        assert!(format!("{none:?}").contains("nonymous"), "{none:?}");
    }
}
