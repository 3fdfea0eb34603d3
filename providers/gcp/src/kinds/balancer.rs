//! The kinds of the global external application load balancer, from its address to its backend.

use loadline_contract::deploy::{Billed, Contents, KindRule, fixed};

use super::QUOTAS;

const WAIT: &str = "compute.globalOperations.get";

pub(super) const PUBLIC_ADDRESS: KindRule = KindRule {
    kind: "public-address",
    title: "public address of the load balancer",
    settings: &[fixed("address_type"), fixed("ip_version"), fixed("network_tier")],
    contents: Contents::Nothing,
    billed: Billed::PublicAddress,
    minutes: [0.2, 0.1, 0.2],
    permissions: [
        &["compute.globalAddresses.list"],
        &["compute.globalAddresses.create", WAIT, QUOTAS],
        &[],
        &["compute.globalAddresses.delete", WAIT],
    ],
};

pub(super) const HEALTH_CHECK: KindRule = KindRule {
    kind: "health-check",
    title: "health check",
    settings: &[fixed("type")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.1, 0.1, 0.1],
    permissions: [
        &["compute.healthChecks.list"],
        &["compute.healthChecks.create", WAIT, QUOTAS],
        &["compute.healthChecks.update", WAIT],
        &["compute.healthChecks.delete", WAIT],
    ],
};

pub(super) const SSL_POLICY: KindRule = KindRule {
    kind: "ssl-policy",
    title: "TLS policy",
    settings: &[],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.1, 0.1, 0.1],
    permissions: [
        &["compute.sslPolicies.list"],
        &["compute.sslPolicies.create", WAIT],
        &["compute.sslPolicies.get", "compute.sslPolicies.update", WAIT],
        &["compute.sslPolicies.delete", WAIT],
    ],
};

pub(super) const BACKEND: KindRule = KindRule {
    kind: "backend",
    title: "backend service",
    settings: &[fixed("load_balancing_scheme")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.5, 0.3, 0.3],
    permissions: [
        &["compute.backendServices.list"],
        &[
            "compute.backendServices.create",
            "compute.healthChecks.useReadOnly",
            "compute.instanceGroups.use",
            WAIT,
            QUOTAS,
        ],
        &[
            "compute.backendServices.get",
            "compute.backendServices.update",
            "compute.healthChecks.useReadOnly",
            "compute.instanceGroups.use",
            WAIT,
        ],
        &["compute.backendServices.delete", WAIT],
    ],
};

pub(super) const URL_MAP: KindRule = KindRule {
    kind: "url-map",
    title: "URL map",
    settings: &[],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.2, 0.2, 0.2],
    permissions: [
        &["compute.urlMaps.list"],
        &["compute.urlMaps.create", "compute.backendServices.use", WAIT, QUOTAS],
        &["compute.urlMaps.get", "compute.urlMaps.update", "compute.backendServices.use", WAIT],
        &["compute.urlMaps.delete", WAIT],
    ],
};

pub(super) const HTTP_PROXY: KindRule = KindRule {
    kind: "http-proxy",
    title: "target HTTP proxy",
    settings: &[],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.2, 0.2, 0.2],
    permissions: [
        &["compute.targetHttpProxies.list"],
        &["compute.targetHttpProxies.create", "compute.urlMaps.use", WAIT, QUOTAS],
        &["compute.targetHttpProxies.setUrlMap", "compute.urlMaps.use", WAIT],
        &["compute.targetHttpProxies.delete", WAIT],
    ],
};

pub(super) const HTTPS_PROXY: KindRule = KindRule {
    kind: "https-proxy",
    title: "target HTTPS proxy",
    settings: &[],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.2, 0.2, 0.2],
    permissions: [
        &["compute.targetHttpsProxies.list"],
        &[
            "compute.targetHttpsProxies.create",
            "compute.sslCertificates.get",
            "compute.sslPolicies.use",
            "compute.urlMaps.use",
            "certificatemanager.certmaps.get",
            "certificatemanager.certmaps.use",
            WAIT,
            QUOTAS,
        ],
        &[
            "compute.targetHttpsProxies.setCertificateMap",
            "compute.targetHttpsProxies.setSslCertificates",
            "compute.targetHttpsProxies.setSslPolicy",
            "compute.targetHttpsProxies.setUrlMap",
            "compute.sslCertificates.get",
            "compute.sslPolicies.use",
            "compute.urlMaps.use",
            "certificatemanager.certmaps.get",
            "certificatemanager.certmaps.use",
            WAIT,
        ],
        &["compute.targetHttpsProxies.delete", WAIT],
    ],
};

/// A new one answers everywhere only after some minutes: the configuration spreads to Google's edge.
pub(super) const FORWARDING_RULE: KindRule = KindRule {
    kind: "forwarding-rule",
    title: "forwarding rule of the load balancer",
    settings: &[
        fixed("ip_address"),
        fixed("ip_protocol"),
        fixed("port_range"),
        fixed("load_balancing_scheme"),
        fixed("network_tier"),
    ],
    contents: Contents::Nothing,
    billed: Billed::Balancer,
    minutes: [3.0, 0.5, 0.3],
    permissions: [
        &["compute.globalForwardingRules.list", "compute.globalAddresses.list"],
        &[
            "compute.globalForwardingRules.create",
            "compute.globalAddresses.use",
            "compute.targetHttpProxies.use",
            "compute.targetHttpsProxies.use",
            WAIT,
            QUOTAS,
        ],
        &[
            "compute.globalForwardingRules.setTarget",
            "compute.targetHttpProxies.use",
            "compute.targetHttpsProxies.use",
            WAIT,
        ],
        &["compute.globalForwardingRules.delete", WAIT],
    ],
};
