//! The generated clients: one row for each call that they serve well. What has no row goes as a request of ours (`call.rs`):
//!
//! * lists: the clients only offer them as streams of their models, which lose what a model lacks;
//! * changes of network things: the clients take no ETag, and whoever wrote in between would be overwritten;
//! * clusters of Managed Redis: their model has no `publicNetworkAccess`;
//! * private DNS, Key Vault, identities, roles, locks: not in these clients; Azure Monitor's does not compile.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use azure_core::auth::TokenCredential;
use azure_core::{Method, Response, RetryOptions, TransportOptions};
use loadline_contract::deploy::CloudError;
use serde_json::Value as Json;

use super::ids;
use super::model::model;
use super::wire::{HOME, Wire};

type Sent = Pin<Box<dyn Future<Output = azure_core::Result<Response>> + Send>>;
type Call = Result<Option<Sent>, CloudError>;

/// One client for each service.
pub(super) struct Sdk {
    subscription: String,
    compute: azure_mgmt_compute::Client,
    mysql: azure_mgmt_mysql::Client,
    network: azure_mgmt_network::Client,
    redis: azure_mgmt_redisenterprise::Client,
    resources: azure_mgmt_resources::Client,
}

/// What a token is asked for.
pub(super) const SCOPE: &str = "https://management.azure.com/.default";

macro_rules! client {
    ($service:ident, $credential:expr, $wire:expr) => {
        $service::Client::builder(Arc::clone($credential))
            .endpoint(url::Url::parse(HOME)?)
            .scopes(&[SCOPE])
            .retry(RetryOptions::none())
            .transport(TransportOptions::new(Arc::<Wire>::clone($wire)))
            .build()?
    };
}

macro_rules! sent {
    ($request:expr) => {{
        let request = $request;
        let sent: Sent = Box::pin(async move { Ok(request.send().await?.into()) });
        Ok(Some(sent))
    }};
}

/// The calls for one type: by name in a group, where the subscription comes last.
macro_rules! kept {
    ($call:ident, $kind:literal, $client:expr, $model:ty, [$($name:expr),*]) => {
        if $call.kind == $kind {
            let (client, group, last) = ($client, $call.group.clone(), $call.subscription.clone());
            return match $call.method {
                Method::Get => sent!(client.get(group, $($call.name($name),)* last)),
                Method::Put => {
                    sent!(client.create_or_update(group, $($call.name($name),)* model::<$model>($call.body)?, last))
                }
                Method::Delete => sent!(client.delete(group, $($call.name($name),)* last)),
                _ => Ok(None),
            };
        }
    };
}

impl Sdk {
    pub(super) fn new(
        subscription: &str,
        credential: &Arc<dyn TokenCredential>,
        wire: &Arc<Wire>,
    ) -> azure_core::Result<Self> {
        Ok(Self {
            subscription: subscription.to_owned(),
            compute: client!(azure_mgmt_compute, credential, wire),
            mysql: client!(azure_mgmt_mysql, credential, wire),
            network: client!(azure_mgmt_network, credential, wire),
            redis: client!(azure_mgmt_redisenterprise, credential, wire),
            resources: client!(azure_mgmt_resources, credential, wire),
        })
    }

    /// The call by a generated client; `None`: none serves it. Fails if a model loses something of the body.
    pub(super) fn call(&self, method: Method, path: &str, body: &Json) -> Call {
        if method == Method::Get && !ids::is_one(path) {
            return Ok(None);
        }
        let asked = Asked {
            method,
            kind: ids::kind(path),
            group: path.split('/').nth(4).unwrap_or_default().to_owned(),
            names: ids::names(path),
            subscription: self.subscription.clone(),
            body,
        };
        if asked.kind.starts_with("Microsoft.Network/") {
            return self.network(&asked);
        }
        if asked.kind.starts_with("Microsoft.DBforMySQL/") {
            return self.mysql(&asked);
        }
        self.others(&asked)
    }

    fn network(&self, it: &Asked<'_>) -> Call {
        use azure_mgmt_network::models as of;
        let n = &self.network;
        kept!(it, "Microsoft.Network/virtualNetworks", n.virtual_networks_client(), of::VirtualNetwork, [0]);
        kept!(it, "Microsoft.Network/virtualNetworks/subnets", n.subnets_client(), of::Subnet, [0, 1]);
        kept!(
            it,
            "Microsoft.Network/networkSecurityGroups",
            n.network_security_groups_client(),
            of::NetworkSecurityGroup,
            [0]
        );
        kept!(
            it,
            "Microsoft.Network/publicIPAddresses",
            n.public_ip_addresses_client(),
            of::PublicIpAddress,
            [0]
        );
        kept!(it, "Microsoft.Network/natGateways", n.nat_gateways_client(), of::NatGateway, [0]);
        kept!(it, "Microsoft.Network/loadBalancers", n.load_balancers_client(), of::LoadBalancer, [0]);
        kept!(
            it,
            "Microsoft.Network/applicationGateways",
            n.application_gateways_client(),
            of::ApplicationGateway,
            [0]
        );
        kept!(
            it,
            "Microsoft.Network/privateEndpoints",
            n.private_endpoints_client(),
            of::PrivateEndpoint,
            [0]
        );
        kept!(
            it,
            "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
            n.private_dns_zone_groups_client(),
            of::PrivateDnsZoneGroup,
            [0, 1]
        );
        Ok(None)
    }

    fn mysql(&self, it: &Asked<'_>) -> Call {
        use azure_mgmt_mysql::models as of;
        let m = &self.mysql;
        let (first, group, name) = (it.subscription.clone(), it.group.clone(), it.name(0));
        match (it.method, it.kind.trim_start_matches("Microsoft.DBforMySQL/flexibleServers")) {
            (Method::Get, "") => sent!(m.servers_client().get(first, group, name)),
            (Method::Put, "") => {
                sent!(m.servers_client().create(first, group, name, model::<of::Server>(it.body)?))
            }
            (Method::Patch, "") => {
                sent!(m.servers_client().update(first, group, name, model::<of::ServerForUpdate>(it.body)?))
            }
            (Method::Delete, "") => sent!(m.servers_client().delete(first, group, name)),
            (Method::Post, "/restart") => {
                let how = model::<of::ServerRestartParameter>(it.body)?;
                sent!(m.servers_client().restart(first, group, name, how))
            }
            (Method::Post, "/updateConfigurations") => {
                let wanted = model::<of::ConfigurationListForBatchUpdate>(it.body)?;
                sent!(m.configurations_client().batch_update(first, group, name, wanted))
            }
            (Method::Put, "/backups") => sent!(m.backups_client().put(first, group, name, it.name(1))),
            _ => Ok(None),
        }
    }

    fn others(&self, it: &Asked<'_>) -> Call {
        use azure_mgmt_compute::models as machines;
        use azure_mgmt_redisenterprise::models as caches;
        use azure_mgmt_resources::models as groups;
        let (group, name, last) = (it.group.clone(), it.name(0), it.subscription.clone());
        let (sets, databases) =
            (self.compute.virtual_machine_scale_sets_client(), self.redis.databases_client());
        kept!(
            it,
            "Microsoft.Resources/resourceGroups",
            self.resources.resource_groups_client(),
            groups::ResourceGroup,
            []
        );
        match (it.method, it.kind.as_str()) {
            (Method::Get, "Microsoft.Compute/virtualMachineScaleSets") => sent!(sets.get(group, name, last)),
            (Method::Put, "Microsoft.Compute/virtualMachineScaleSets") => {
                let wanted = model::<machines::VirtualMachineScaleSet>(it.body)?;
                sent!(sets.create_or_update(group, name, wanted, last))
            }
            (Method::Patch, "Microsoft.Compute/virtualMachineScaleSets") => {
                let wanted = model::<machines::VirtualMachineScaleSetUpdate>(it.body)?;
                sent!(sets.update(group, name, wanted, last))
            }
            (Method::Delete, "Microsoft.Compute/virtualMachineScaleSets") => {
                sent!(sets.delete(group, name, last))
            }
            (Method::Post, "Microsoft.Compute/virtualMachineScaleSets/delete") => {
                let which = model::<machines::VirtualMachineScaleSetVmInstanceRequiredIDs>(it.body)?;
                sent!(sets.delete_instances(group, name, which, last))
            }
            (Method::Put, "Microsoft.Cache/redisEnterprise/databases") => {
                sent!(databases.create(group, name, it.name(1), model::<caches::Database>(it.body)?, last))
            }
            (Method::Patch, "Microsoft.Cache/redisEnterprise/databases") => {
                sent!(databases.update(
                    group,
                    name,
                    it.name(1),
                    model::<caches::DatabaseUpdate>(it.body)?,
                    last
                ))
            }
            (Method::Delete, "Microsoft.Cache/redisEnterprise/databases") => {
                sent!(databases.delete(group, name, it.name(1), last))
            }
            (Method::Delete, "Microsoft.Cache/redisEnterprise") => {
                sent!(self.redis.redis_enterprise_client().delete(group, name, last))
            }
            _ => Ok(None),
        }
    }
}

/// What is asked of a client.
struct Asked<'a> {
    method: Method,
    kind: String,
    group: String,
    names: Vec<String>,
    subscription: String,
    body: &'a Json,
}

impl Asked<'_> {
    fn name(&self, at: usize) -> String {
        self.names.get(at).cloned().unwrap_or_default()
    }
}
