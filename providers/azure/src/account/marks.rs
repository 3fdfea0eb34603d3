//! Whose a thing is: two exact tags. What takes no tags is known by its exact name inside of what carries them.

use loadline_contract::by_kind::Making;
use loadline_contract::deploy::{Address, Deployment, State};
use serde_json::{Map, Value as Json, json};

use super::json::text;
use crate::names;

pub(super) const DEPLOYMENT: &str = "loadline-deployment";
pub(super) const ADDRESS: &str = "loadline-address";

/// The tags of a thing.
pub(super) fn tags(deployment: &Deployment, address: &Address) -> Json {
    json!({ DEPLOYMENT: deployment.as_str(), ADDRESS: address.to_string() })
}

/// The tags of a thing, and more of ours: what the cloud does not tell again by itself.
pub(super) fn tags_and<const N: usize>(making: &Making<'_>, more: [(&str, &str); N]) -> Json {
    let mut tags = tags(making.deployment, making.address);
    for (name, value) in more {
        tags[format!("loadline-{name}")] = json!(value);
    }
    tags
}

/// One of those.
pub(super) fn noted<'a>(thing: &'a Json, name: &str) -> Option<&'a str> {
    thing.get("tags")?.get(format!("loadline-{name}"))?.as_str()
}

/// The deployment that a thing belongs to.
pub(super) fn whose(thing: &Json) -> Option<Deployment> {
    tag(thing, DEPLOYMENT)?.parse().ok()
}

/// The address of a thing, if it is of that deployment and kind.
pub(super) fn address(thing: &Json, deployment: &Deployment, kind: &str) -> Option<Address> {
    if tag(thing, DEPLOYMENT) != Some(deployment.as_str()) {
        return None;
    }
    tag(thing, ADDRESS)?.parse().ok().filter(|address: &Address| address.kind() == kind)
}

/// By the exact name of the tag: the cloud takes names in other letters for the same when asked, and tells them as they were given.
fn tag<'a>(thing: &'a Json, name: &str) -> Option<&'a str> {
    thing.get("tags").and_then(Json::as_object).and_then(|tags: &Map<String, Json>| tags.get(name))?.as_str()
}

/// The address of a thing without tags, if its name is exactly that of one of the addresses that a deployment may have.
pub(super) fn named(
    name: &str,
    deployment: &Deployment,
    among: impl IntoIterator<Item = Address>,
) -> Option<Address> {
    among.into_iter().find(|address| names::name(deployment, address, "") == name)
}

/// How a thing is doing, by its provisioning state (Azure docs, "Asynchronous operations"): what is neither done nor given up
/// is under way.
pub(super) fn state(thing: &Json) -> State {
    match text(thing, "/properties/provisioningState").unwrap_or("Succeeded") {
        "Succeeded" => State::Ready,
        "Deleting" => State::Leaving,
        "Failed" | "Canceled" => State::Failed("the cloud gave up on it".to_owned()),
        _ => State::Changing,
    }
}
