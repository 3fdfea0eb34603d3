//! Where the settings of each kind of Compute Engine stand in its API.

use super::form::{Field, Form};

/// A value that every thing of a kind has and no setting names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given {
    Text(&'static str),
    Flag(bool),
}

const TEXTS: Form = Form::Each(&Form::Text);
const LINKS: Form = Form::Each(&Form::Link);

const NETWORK: &[Field] = &[
    ("auto_create_subnetworks", "autoCreateSubnetworks", Form::Flag),
    ("routing_mode", "routingConfig.routingMode", Form::Text),
];

const SUBNET: &[Field] = &[
    ("network", "network", Form::Link),
    ("ip_cidr_range", "ipCidrRange", Form::Text),
    ("stack_type", "stackType", Form::Text),
    ("private_ip_google_access", "privateIpGoogleAccess", Form::Flag),
];

const ALLOWED: &[Field] = &[("ip_protocol", "IPProtocol", Form::Text), ("ports", "ports", TEXTS)];

const FIREWALL: &[Field] = &[
    ("network", "network", Form::Link),
    ("direction", "direction", Form::Text),
    ("priority", "priority", Form::Natural),
    ("source_ranges", "sourceRanges", TEXTS),
    ("target_tags", "targetTags", TEXTS),
    ("allowed", "allowed", Form::Each(&Form::Fields(ALLOWED))),
];

const NAT: &[Field] = &[
    ("nat_ip_allocate_option", "natIpAllocateOption", Form::Text),
    ("source_subnetwork_ip_ranges_to_nat", "sourceSubnetworkIpRangesToNat", Form::Text),
    ("enable_dynamic_port_allocation", "enableDynamicPortAllocation", Form::Flag),
    ("min_ports_per_vm", "minPortsPerVm", Form::Count),
    ("max_ports_per_vm", "maxPortsPerVm", Form::Count),
];

const ROUTER: &[Field] = &[("network", "network", Form::Link), ("nat", "nats.0", Form::Fields(NAT))];

const PRIVATE_RANGE: &[Field] = &[
    ("network", "network", Form::Link),
    ("address", "address", Form::Text),
    ("prefix_length", "prefixLength", Form::Count),
    ("purpose", "purpose", Form::Text),
];

const PUBLIC_ADDRESS: &[Field] = &[
    ("address_type", "addressType", Form::Text),
    ("ip_version", "ipVersion", Form::Text),
    ("network_tier", "networkTier", Form::Text),
];

const DISK: &[Field] = &[
    ("disk_type", "initializeParams.diskType", Form::Text),
    ("disk_size_gb", "initializeParams.diskSizeGb", Form::Count),
    ("source_image", "initializeParams.sourceImage", Form::Link),
    ("auto_delete", "autoDelete", Form::Flag),
];

const INTERFACE: &[Field] = &[
    ("subnetwork", "subnetwork", Form::Link),
    ("access_configs", "accessConfigs", Form::Each(&Form::Any)),
    ("nic_type", "nicType", Form::Text),
];

const SHIELDED: &[Field] = &[
    ("enable_secure_boot", "enableSecureBoot", Form::Flag),
    ("enable_vtpm", "enableVtpm", Form::Flag),
    ("enable_integrity_monitoring", "enableIntegrityMonitoring", Form::Flag),
];

const SCHEDULING: &[Field] = &[
    ("automatic_restart", "automaticRestart", Form::Flag),
    ("on_host_maintenance", "onHostMaintenance", Form::Text),
];

const TEMPLATE: &[Field] = &[
    ("machine_type", "properties.machineType", Form::Text),
    ("disk", "properties.disks.0", Form::Fields(DISK)),
    ("network_interface", "properties.networkInterfaces.0", Form::Fields(INTERFACE)),
    ("tags", "properties.tags.items", TEXTS),
    ("labels", "properties.labels", Form::Entries),
    ("metadata", "properties.metadata.items", Form::Pairs("key")),
    ("shielded_instance", "properties.shieldedInstanceConfig", Form::Fields(SHIELDED)),
    ("scheduling", "properties.scheduling", Form::Fields(SCHEDULING)),
    ("service_accounts", "properties.serviceAccounts", Form::Each(&Form::Any)),
];

const PORT: &[Field] = &[("name", "name", Form::Text), ("port", "port", Form::Count)];

const UPDATE_POLICY: &[Field] = &[
    ("type", "type", Form::Text),
    ("minimal_action", "minimalAction", Form::Text),
    ("replacement_method", "replacementMethod", Form::Text),
    ("instance_redistribution_type", "instanceRedistributionType", Form::Text),
    ("max_surge", "maxSurge.fixed", Form::Natural),
    ("max_unavailable", "maxUnavailable.fixed", Form::Natural),
];

const HEALING: &[Field] =
    &[("health_check", "healthCheck", Form::Link), ("initial_delay_sec", "initialDelaySec", Form::Natural)];

const LIFECYCLE: &[Field] = &[
    ("default_action_on_failure", "defaultActionOnFailure", Form::Text),
    ("on_failed_health_check", "onFailedHealthCheck", Form::Text),
];

const GROUP: &[Field] = &[
    // Overrides the field `instanceTemplate` beside it (Compute Engine API, `versions`).
    ("instance_template", "versions.0.instanceTemplate", Form::Link),
    ("zones", "distributionPolicy.zones", Form::EachIn("zone", &Form::Name("zones/"))),
    ("target_shape", "distributionPolicy.targetShape", Form::Text),
    ("base_instance_name", "baseInstanceName", Form::Text),
    ("named_ports", "namedPorts", Form::Each(&Form::Fields(PORT))),
    ("update_policy", "updatePolicy", Form::Fields(UPDATE_POLICY)),
    ("auto_healing", "autoHealingPolicies.0", Form::Fields(HEALING)),
    ("instance_lifecycle", "instanceLifecyclePolicy", Form::Fields(LIFECYCLE)),
    ("target_size", "targetSize", Form::Natural),
    ("initial_size", "targetSize", Form::Natural),
];

const AUTOSCALER: &[Field] = &[
    ("target", "target", Form::Link),
    ("mode", "autoscalingPolicy.mode", Form::Text),
    ("min_num_replicas", "autoscalingPolicy.minNumReplicas", Form::Natural),
    ("max_num_replicas", "autoscalingPolicy.maxNumReplicas", Form::Natural),
    ("cool_down_period_sec", "autoscalingPolicy.coolDownPeriodSec", Form::Natural),
    ("cpu_utilization_target_percent", "autoscalingPolicy.cpuUtilization.utilizationTarget", Form::Percent),
];

const HEALTH_CHECK: &[Field] = &[
    ("type", "type", Form::Text),
    ("port_specification", "httpHealthCheck.portSpecification", Form::Text),
    ("port", "httpHealthCheck.port", Form::Count),
    ("request_path", "httpHealthCheck.requestPath", Form::Text),
    ("check_interval_sec", "checkIntervalSec", Form::Count),
    ("timeout_sec", "timeoutSec", Form::Count),
    ("healthy_threshold", "healthyThreshold", Form::Count),
    ("unhealthy_threshold", "unhealthyThreshold", Form::Count),
];

const SSL_POLICY: &[Field] =
    &[("min_tls_version", "minTlsVersion", Form::Text), ("profile", "profile", Form::Text)];

const BACKEND_GROUP: &[Field] =
    &[("group", "group", Form::Link), ("balancing_mode", "balancingMode", Form::Text)];

const BACKEND: &[Field] = &[
    ("load_balancing_scheme", "loadBalancingScheme", Form::Text),
    ("protocol", "protocol", Form::Text),
    ("port_name", "portName", Form::Text),
    ("timeout_sec", "timeoutSec", Form::Count),
    ("connection_draining_timeout_sec", "connectionDraining.drainingTimeoutSec", Form::Natural),
    ("locality_lb_policy", "localityLbPolicy", Form::Text),
    ("session_affinity", "sessionAffinity", Form::Text),
    ("health_checks", "healthChecks", LINKS),
    ("backends", "backends", Form::Each(&Form::Fields(BACKEND_GROUP))),
];

const REDIRECT: &[Field] = &[
    ("https_redirect", "httpsRedirect", Form::Flag),
    ("redirect_response_code", "redirectResponseCode", Form::Text),
    ("strip_query", "stripQuery", Form::Flag),
];

const URL_MAP: &[Field] = &[
    ("default_service", "defaultService", Form::Link),
    ("default_url_redirect", "defaultUrlRedirect", Form::Fields(REDIRECT)),
];

const HTTP_PROXY: &[Field] = &[("url_map", "urlMap", Form::Link)];

const HTTPS_PROXY: &[Field] = &[
    ("url_map", "urlMap", Form::Link),
    ("ssl_policy", "sslPolicy", Form::Link),
    ("ssl_certificates", "sslCertificates", LINKS),
    ("certificate_map", "certificateMap", Form::Text),
];

const FORWARDING_RULE: &[Field] = &[
    ("ip_address", "IPAddress", Form::Link),
    ("ip_protocol", "IPProtocol", Form::Text),
    ("port_range", "portRange", Form::Text),
    ("target", "target", Form::Link),
    ("load_balancing_scheme", "loadBalancingScheme", Form::Text),
    ("network_tier", "networkTier", Form::Text),
];

/// The settings of a kind.
pub(super) fn table(kind: &str) -> &'static [Field] {
    match kind {
        "network" => NETWORK,
        "subnet" => SUBNET,
        "firewall" => FIREWALL,
        "router" => ROUTER,
        "private-range" => PRIVATE_RANGE,
        "public-address" => PUBLIC_ADDRESS,
        "template" => TEMPLATE,
        "group" => GROUP,
        "autoscaler" => AUTOSCALER,
        "health-check" => HEALTH_CHECK,
        "ssl-policy" => SSL_POLICY,
        "backend" => BACKEND,
        "url-map" => URL_MAP,
        "http-proxy" => HTTP_PROXY,
        "https-proxy" => HTTPS_PROXY,
        "forwarding-rule" => FORWARDING_RULE,
        _ => &[],
    }
}

/// What is given beside the settings.
pub(super) fn given(kind: &str) -> &'static [(&'static str, Given)] {
    match kind {
        "router" => &[("nats.0.name", Given::Text("nat"))],
        // Without a scope it would be an address of the internet.
        "private-range" => &[("addressType", Given::Text("INTERNAL"))],
        "template" => &[("properties.disks.0.boot", Given::Flag(true))],
        _ => &[],
    }
}

/// Whether a change has to name the state that it was decided on.
pub(super) fn is_guarded(kind: &str) -> bool {
    ["group", "ssl-policy", "backend", "url-map"].contains(&kind)
}
