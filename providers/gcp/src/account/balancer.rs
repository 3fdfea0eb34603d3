//! What of the balancer is not like every other kind: proxies whose settings have a call each, and rules that show their address as
//! a number.

use std::collections::BTreeMap;

use google_cloud_compute_v1::model::{
    SslPolicyReference, TargetHttpsProxiesSetCertificateMapRequest,
    TargetHttpsProxiesSetSslCertificatesRequest, TargetReference, UrlMapReference,
};
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::CloudError;
use serde_json::Value as Json;

use super::clients::Clients;
use super::compute;
use super::errors::failed;
use super::form::{last, path, text};
use super::marks::Owned;
use super::operation::{Operation, of_compute};
use super::orders::Orders;

/// Rules with the id of the address in place of its number.
pub(super) async fn rules(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let rules = compute::ours(it, "forwarding-rule").await?;
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let addresses = compute::all(it, "public-address").await?;
    let ids: BTreeMap<&str, &str> =
        addresses.iter().map(|json: &Json| (text(json, "address"), path(text(json, "selfLink")))).collect();
    let rules = rules.into_iter().map(|(deployment, mut found, json)| {
        let number = text(&json, "IPAddress");
        if let Some(id) = ids.get(number) {
            found.set("ip_address", (*id).into());
        }
        (deployment, found.output("address", Some(number)))
    });
    Ok(rules.collect())
}

/// Addresses, with their number.
pub(super) async fn addresses(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let ours = compute::ours(it, "public-address").await?.into_iter();
    Ok(ours
        .map(|(deployment, found, json)| (deployment, found.output("address", json["address"].as_str())))
        .collect())
}

/// Backends, with the name that Cloud Monitoring knows them by.
pub(super) async fn backends(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let ours = compute::ours(it, "backend").await?.into_iter();
    Ok(ours
        .map(|(deployment, found, json)| (deployment, found.output("monitored_id", json["name"].as_str())))
        .collect())
}

/// Sends what comes in to another proxy.
pub(super) async fn change_rule(
    it: &Clients,
    making: &Making<'_>,
    found: &Found,
    id: String,
) -> Result<Option<Operation>, CloudError> {
    let target = TargetReference::new().set_target(making.settings.text("target")?);
    let asked = it.forwarding.set_target().set_project(&it.project).set_forwarding_rule(last(&found.id));
    let asked = asked.set_request_id(id).set_body(target).send().await;
    let doing = format!("changing {} (globalForwardingRules.setTarget)", making.address);
    asked.map(|it| of_compute(&it)).map_err(failed(doing))
}

/// Gives a proxy another map.
pub(super) async fn change_http(
    it: &Clients,
    making: &Making<'_>,
    found: &Found,
    id: String,
) -> Result<Option<Operation>, CloudError> {
    let map = UrlMapReference::new().set_url_map(making.settings.text("url_map")?);
    let asked = it.http_proxies.set_url_map().set_project(&it.project).set_target_http_proxy(last(&found.id));
    let asked = asked.set_request_id(id).set_body(map).send().await;
    let doing = format!("changing {} (targetHttpProxies.setUrlMap)", making.address);
    asked.map(|it| of_compute(&it)).map_err(failed(doing))
}

/// The settings of an HTTPS proxy; each has a call of its own.
const OF_HTTPS: [&str; 4] = ["url_map", "ssl_policy", "ssl_certificates", "certificate_map"];

/// What is still to be changed, and has not been asked for under this intent.
fn remaining(orders: &Orders, making: &Making<'_>, found: &Found) -> Option<usize> {
    let differs = |part: &usize| making.settings.differs(OF_HTTPS[*part], &found.settings);
    (0..OF_HTTPS.len()).filter(differs).find(|part| !orders.has_done(making.token, *part))
}

pub(super) fn goes_on(orders: &Orders, making: &Making<'_>, found: &Found) -> bool {
    remaining(orders, making, found).is_some()
}

/// Changes one setting that differs; the next look goes on with the others.
pub(super) async fn change_https(
    it: &Clients,
    orders: &Orders,
    making: &Making<'_>,
    found: &Found,
) -> Result<Option<Operation>, CloudError> {
    let Some(part) = remaining(orders, making, found) else { return Ok(None) };
    let (settings, proxy, id) = (&making.settings, last(&found.id), orders.request_id(making.token, part));
    let doing = |call: &str| format!("changing {} (targetHttpsProxies.{call})", making.address);
    macro_rules! set {
        ($call:ident, $named:literal, $body:expr) => {{
            let asked = it.https_proxies.$call().set_project(&it.project).set_target_https_proxy(proxy);
            asked.set_request_id(id).set_body($body).send().await.map_err(failed(doing($named)))?
        }};
    }
    let operation = match OF_HTTPS[part] {
        "url_map" => {
            set!(set_url_map, "setUrlMap", UrlMapReference::new().set_url_map(settings.text("url_map")?))
        }
        "ssl_policy" => {
            let policy = SslPolicyReference::new().set_ssl_policy(settings.text("ssl_policy")?);
            set!(set_ssl_policy, "setSslPolicy", policy)
        }
        "ssl_certificates" => {
            let certificates = settings.texts("ssl_certificates")?;
            let body = TargetHttpsProxiesSetSslCertificatesRequest::new().set_ssl_certificates(certificates);
            set!(set_ssl_certificates, "setSslCertificates", body)
        }
        _ => {
            let map = settings.text("certificate_map")?;
            let body = TargetHttpsProxiesSetCertificateMapRequest::new().set_certificate_map(map);
            set!(set_certificate_map, "setCertificateMap", body)
        }
    };
    orders.did(making.token, part);
    Ok(of_compute(&operation))
}
