//! Whether the region sells the database server as it is wanted: size, version, standby.

use loadline_contract::deploy::{CloudError, Obstacle, Resource};
use serde_json::Value as Json;

use super::super::client::Client;
use super::super::json::{rows, text};
use super::machines::way;
use super::nearest::nearest;

pub(super) async fn obstacles(it: &Client, servers: &[&Resource]) -> Result<Vec<Obstacle>, CloudError> {
    let path = it.whole(&format!("/providers/Microsoft.DBforMySQL/locations/{}/capabilities", it.region));
    let zones = it.list("looking which databases are sold", &path).await?;
    Ok(servers.iter().filter_map(|server| missing(server, &zones, &it.region)).collect())
}

/// What of a server is not sold; capabilities come zone by zone, and what one zone has is enough here: the zone is a wish only.
fn missing(server: &Resource, zones: &[Json], region: &str) -> Option<Obstacle> {
    let setting = |name| server.text(name).unwrap_or_default();
    let (sku, tier, version) = (setting("sku"), setting("tier"), setting("version"));
    let editions: Vec<&Json> =
        zones.iter().flat_map(|zone| rows(zone, "/supportedFlexibleServerEditions")).collect();
    let versions: Vec<&Json> = editions
        .iter()
        .filter(|edition| text(edition, "/name") == Some(tier))
        .flat_map(|edition| rows(edition, "/supportedServerVersions"))
        .collect();
    // A replica is of the version of its source.
    let of_version: Vec<&Json> = versions
        .iter()
        .copied()
        .filter(|it| version.is_empty() || text(it, "/name") == Some(version))
        .collect();
    if of_version.is_empty() && !versions.is_empty() {
        let mut sold: Vec<&str> = versions.iter().filter_map(|it| text(it, "/name")).collect();
        sold.sort_unstable();
        sold.dedup();
        let sentence = format!("MySQL {version} is not sold in {region}; there are {}", sold.join(", "));
        return Some(Obstacle::at(&server.address, sentence, "set database.version to one of these"));
    }
    let sold: Vec<&str> = of_version
        .iter()
        .flat_map(|version| rows(version, "/supportedSkus"))
        .filter_map(|sku| text(sku, "/name"))
        .collect();
    if !sold.iter().any(|it| it.eq_ignore_ascii_case(sku)) {
        let near = nearest(sku, sold);
        let sentence =
            format!("the database size {sku} is not sold to the subscription in {region} just now");
        return Some(Obstacle::at(&server.address, sentence, way("database", &near)));
    }
    let mode = setting("high_availability");
    let modes = zones.iter().flat_map(|zone| rows(zone, "/supportedHAMode")).filter_map(Json::as_str);
    if !matches!(mode, "" | "Disabled") && !modes.into_iter().any(|it| it == mode) {
        let sentence = format!("a standby as wanted ({mode}) is not sold in {region}");
        let hint = "set resilience.database_standby to false, or choose another region (--region)".to_owned();
        return Some(Obstacle::at(&server.address, sentence, hint));
    }
    None
}

#[cfg(test)]
mod tests {
    use loadline_contract::deploy::Address;
    use serde_json::json;

    use super::*;

    fn said(sku: &str, version: &str, mode: &str) -> String {
        let zones = [json!({
            "zone": "1", "supportedHAMode": ["SameZone"],
            "supportedFlexibleServerEditions": [{
                "name": "GeneralPurpose",
                "supportedServerVersions": [{ "name": "8.0.21", "supportedSkus": [{ "name": "Standard_D4ds_v4" }] }],
            }],
        })];
        let settings = [
            ("sku", sku.into()),
            ("tier", "GeneralPurpose".into()),
            ("version", version.into()),
            ("high_availability", mode.into()),
        ];
        let server = Resource::new(Address::new("database", "main"), settings);
        missing(&server, &zones, "eastus")
            .map(|it| format!("{}: {}", it.sentence, it.hint))
            .unwrap_or_default()
    }

    #[test]
    fn what_is_not_sold_is_named_with_what_is() {
        assert_eq!(said("Standard_D4ds_v4", "8.0.21", "SameZone"), "");
        assert!(
            said("Standard_D8ds_v4", "8.0.21", "Disabled").contains("pin.azure.database: Standard_D4ds_v4")
        );
        assert!(said("Standard_D4ds_v4", "8.4", "Disabled").contains("there are 8.0.21"));
        assert!(said("Standard_D4ds_v4", "8.0.21", "ZoneRedundant").contains("(ZoneRedundant) is not sold"));
    }
}
