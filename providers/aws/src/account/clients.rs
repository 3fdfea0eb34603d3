//! The clients of the services, with retries left to the core.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use loadline_contract::deploy::{Access, CloudError};

use super::errors::failed;

/// One client for each service.
#[derive(Debug, Clone)]
pub(crate) struct Clients {
    pub(crate) region: String,
    pub(crate) ec2: aws_sdk_ec2::Client,
    pub(crate) rds: aws_sdk_rds::Client,
    pub(crate) elasticache: aws_sdk_elasticache::Client,
    pub(crate) elb: aws_sdk_elasticloadbalancingv2::Client,
    pub(crate) scaling: aws_sdk_autoscaling::Client,
    pub(crate) watch: aws_sdk_cloudwatch::Client,
    pub(crate) sns: aws_sdk_sns::Client,
    pub(crate) ssm: aws_sdk_ssm::Client,
    pub(crate) quotas: aws_sdk_servicequotas::Client,
    pub(crate) tagging: aws_sdk_resourcegroupstagging::Client,
}

impl Clients {
    /// Finds credentials as the cloud's own tools do, and proves them. The first is for looking: a look is many calls, and the SDK
    /// tries each again by itself. The second is for changing: there each attempt is the core's to decide and to write down.
    pub(crate) async fn connect(access: &Access) -> Result<(Self, Self), CloudError> {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(10))
            .operation_timeout(Duration::from_secs(60))
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(access.region.clone()))
            .http_client(http)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::disabled());
        if let Some(profile) = &access.credentials {
            loader = loader.profile_name(profile);
        }
        if let Some(endpoint) = &access.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        let config = loader.load().await;
        let who = aws_sdk_sts::Client::new(&config);
        who.get_caller_identity().send().await.map_err(failed("signing in (GetCallerIdentity)"))?;
        let patient =
            RetryConfig::standard().with_max_attempts(8).with_initial_backoff(Duration::from_millis(200));
        let looking = config.clone().into_builder().retry_config(patient).build();
        Ok((Self::of(&looking, access), Self::of(&config, access)))
    }

    fn of(config: &aws_config::SdkConfig, access: &Access) -> Self {
        Self {
            region: access.region.clone(),
            ec2: aws_sdk_ec2::Client::new(config),
            rds: aws_sdk_rds::Client::new(config),
            elasticache: aws_sdk_elasticache::Client::new(config),
            elb: aws_sdk_elasticloadbalancingv2::Client::new(config),
            scaling: aws_sdk_autoscaling::Client::new(config),
            watch: aws_sdk_cloudwatch::Client::new(config),
            sns: aws_sdk_sns::Client::new(config),
            ssm: aws_sdk_ssm::Client::new(config),
            quotas: aws_sdk_servicequotas::Client::new(config),
            tagging: aws_sdk_resourcegroupstagging::Client::new(config),
        }
    }
}
