//! Which version of its interface each service is spoken to in.

/// By the beginning of the type; the longest that fits decides. Those that a generated client speaks are that client's, so that a
/// thing reads the same whichever way it is asked for.
const VERSIONS: &[(&str, &str)] = &[
    ("Microsoft.Authorization/locks", "2020-05-01"),
    ("Microsoft.Authorization/roleAssignments", "2022-04-01"),
    // Newer than the generated client's, whose clusters have no `publicNetworkAccess`.
    ("Microsoft.Cache/redisEnterprise", "2025-07-01"),
    ("Microsoft.Compute", "2024-07-01"),
    ("Microsoft.Compute/skus", "2021-07-01"),
    // Answered by the network's service, in no newer version.
    ("Microsoft.Compute/virtualMachineScaleSets/networkInterfaces", "2018-10-01"),
    ("Microsoft.DBforMySQL", "2023-12-30"),
    ("Microsoft.Insights/actionGroups", "2023-01-01"),
    ("Microsoft.Insights/autoscaleSettings", "2022-10-01"),
    ("Microsoft.Insights/metricAlerts", "2018-03-01"),
    ("Microsoft.KeyVault", "2024-11-01"),
    ("Microsoft.ManagedIdentity", "2024-11-30"),
    ("Microsoft.Network", "2024-03-01"),
    ("Microsoft.Network/privateDnsZones", "2024-06-01"),
    ("Microsoft.Resources", "2021-04-01"),
    ("Microsoft.Resources/subscriptions", "2022-12-01"),
];
/// Of what a vault answers itself.
pub(super) const SECRETS: &str = "7.5";

/// The version for a type; `None`: no kind has it.
pub(super) fn version(kind: &str) -> Option<&'static str> {
    let fits = VERSIONS.iter().filter(|(beginning, _)| kind.starts_with(beginning));
    fits.max_by_key(|(beginning, _)| beginning.len()).map(|(_, version)| *version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_decides() {
        assert_eq!(version("Microsoft.Network/virtualNetworks/subnets"), Some("2024-03-01"));
        assert_eq!(version("Microsoft.Network/privateDnsZones/virtualNetworkLinks"), Some("2024-06-01"));
        assert_eq!(version("Microsoft.Resources/resourceGroups"), Some("2021-04-01"));
        assert_eq!(version("Microsoft.Nothing/x"), None);
    }
}
