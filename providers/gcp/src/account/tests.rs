//! That what the translation writes survives the models of the client library.

use std::collections::BTreeMap;

use google_cloud_compute_v1::model;
use loadline_contract::deploy::{Reference, Resource, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::form;
use super::tables::table;
use crate::translate::{tests::blueprint, translate};

/// What the cloud would have in place of a reference.
fn with_ids(value: &Value) -> Value {
    match value {
        Value::Of(Reference { of, output }) => {
            format!("projects/p/global/{}/{}-{output}", of.kind(), of.name()).into()
        }
        Value::List(values) => Value::List(values.iter().map(with_ids).collect()),
        Value::Map(values) => {
            Value::Map(values.iter().map(|(name, it)| (name.clone(), with_ids(it))).collect())
        }
        other => other.clone(),
    }
}

fn through<T: DeserializeOwned + Serialize>(json: &Json) -> Json {
    serde_json::to_value(serde_json::from_value::<T>(json.clone()).unwrap()).unwrap()
}

/// The JSON that a model makes of a body; `None`: another service's.
fn modelled(kind: &str, body: &Json) -> Option<Json> {
    Some(match kind {
        "network" => through::<model::Network>(body),
        "subnet" => through::<model::Subnetwork>(body),
        "firewall" => through::<model::Firewall>(body),
        "router" => through::<model::Router>(body),
        "private-range" | "public-address" => through::<model::Address>(body),
        "template" => through::<model::InstanceTemplate>(body),
        "group" => through::<model::InstanceGroupManager>(body),
        "autoscaler" => through::<model::Autoscaler>(body),
        "health-check" => through::<model::HealthCheck>(body),
        "ssl-policy" => through::<model::SslPolicy>(body),
        "backend" => through::<model::BackendService>(body),
        "url-map" => through::<model::UrlMap>(body),
        "http-proxy" => through::<model::TargetHttpProxy>(body),
        "https-proxy" => through::<model::TargetHttpsProxy>(body),
        "forwarding-rule" => through::<model::ForwardingRule>(body),
        _ => return None,
    })
}

fn survives(resource: &Resource) -> bool {
    let kind = resource.address.kind();
    let settings: BTreeMap<&String, Value> =
        resource.settings.iter().map(|(name, value)| (name, with_ids(value))).collect();
    let mut body = json!({});
    settings.iter().for_each(|(setting, value)| form::write(table(kind), setting, value, &mut body));
    let Some(json) = modelled(kind, &body) else { return false };
    let read = form::read(table(kind), &json);
    for (setting, value) in settings {
        assert_eq!(read.get(setting), Some(&value), "{} {setting}: {json:#}", resource.address);
    }
    true
}

#[test]
fn every_setting_of_compute_engine_is_read_back_as_it_was_written() {
    let mut secure = blueprint();
    secure.balancer.certificate = Some("projects/p/global/sslCertificates/shop".to_owned());
    let mut mapped = blueprint();
    mapped.balancer.certificate = Some("projects/p/locations/global/certificateMaps/shop".to_owned());
    mapped.app.most = mapped.app.count;
    let all = [blueprint(), secure, mapped].map(|blueprint| translate(&blueprint).unwrap()).concat();
    let kinds: BTreeMap<&str, bool> = all.iter().map(|it| (it.address.kind(), survives(it))).collect();
    assert_eq!(kinds.values().filter(|of_compute| **of_compute).count(), 16, "{kinds:?}");
}
