//! Bodies as models of the generated clients: one that would lose something of a body is not used.

use loadline_contract::deploy::{CloudError, ErrorClass};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// A body as a model of the client.
pub(super) fn model<T: DeserializeOwned + Serialize>(body: &Json) -> Result<T, CloudError> {
    let failed =
        |said: String| CloudError::new(ErrorClass::Unexpected, "", format!("{said}: please report this"));
    let model: T = serde_json::from_value(body.clone()).map_err(|error| failed(error.to_string()))?;
    let kept = serde_json::to_value(&model).map_err(|error| failed(error.to_string()))?;
    match lost(body, &kept, "") {
        None => Ok(model),
        Some(place) => Err(failed(format!("the client library would leave out {place}"))),
    }
}

/// The first place of the body that did not get into the model. What is empty may be left out.
fn lost(body: &Json, kept: &Json, place: &str) -> Option<String> {
    match (body, kept) {
        (Json::Object(body), kept) if !body.is_empty() => {
            body.iter().find_map(|(name, value)| lost(value, &kept[name], &format!("{place}/{name}")))
        }
        (Json::Array(body), kept) if !body.is_empty() => {
            body.iter().enumerate().find_map(|(at, value)| lost(value, &kept[at], &format!("{place}/{at}")))
        }
        (Json::Object(_) | Json::Array(_) | Json::Null, _) => None,
        (body, kept) => (body != kept).then(|| place.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_model_that_would_lose_something_is_not_sent() {
        type Cluster = azure_mgmt_redisenterprise::models::Cluster;
        let body = json!({
            "location": "eastus", "sku": { "name": "Balanced_B10" }, "properties": { "publicNetworkAccess": "Disabled" },
        });
        let failed = model::<Cluster>(&body).unwrap_err();
        assert!(failed.said.contains("/properties/publicNetworkAccess"), "{failed:?}");
    }

    #[test]
    fn a_version_that_is_newer_than_the_client_is_kept_and_what_is_empty_may_be_left_out() {
        let body = json!({ "location": "eastus", "tags": {}, "properties": { "version": "8.4" } });
        let server = model::<azure_mgmt_mysql::models::Server>(&body).unwrap();
        assert_eq!(serde_json::to_value(server).unwrap()["properties"]["version"], "8.4");
    }
}
