//! Ids of the cloud: paths whose letters' case means nothing to it, and comes back as each service likes. Here they have one form.

use super::wire::VAULTS;

/// Words that ids are made of, as the documentation spells them.
const WORDS: &[&str] = &[
    "subscriptions",
    "resourceGroups",
    "providers",
    "locations",
    "default",
    "Microsoft.Authorization",
    "Microsoft.Cache",
    "Microsoft.Compute",
    "Microsoft.DBforMySQL",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "actionGroups",
    "applicationGateways",
    "autoscaleSettings",
    "backendAddressPools",
    "databases",
    "flexibleServers",
    "loadBalancers",
    "locks",
    "metricAlerts",
    "natGateways",
    "networkSecurityGroups",
    "privateDnsZones",
    "privateEndpoints",
    "probes",
    "publicIPAddresses",
    "redisEnterprise",
    "roleAssignments",
    "subnets",
    "userAssignedIdentities",
    "vaults",
    "virtualMachines",
    "virtualMachineScaleSets",
    "virtualNetworkLinks",
    "virtualNetworks",
];

/// The one form of an id: words as they are documented, names in small letters, as ours are.
pub(super) fn canonical(id: &str) -> String {
    let part = |part: &str| {
        let word = WORDS.iter().find(|word| word.eq_ignore_ascii_case(part));
        word.map_or_else(|| part.to_lowercase(), |word| (*word).to_owned())
    };
    id.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What a path is about, such as `Microsoft.Network/virtualNetworks/subnets`: what stands behind its last `providers`, without names.
pub(super) fn kind(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let path = match path.strip_prefix("https://").and_then(|link| link.split_once('/')) {
        Some((host, _)) if host.ends_with(VAULTS) => return "a vault's own interface".to_owned(),
        Some((host, _)) => &path["https://".len() + host.len()..],
        None => path,
    };
    let Some((before, inside)) = path.rsplit_once("/providers/") else {
        let words: Vec<&str> = path.split('/').skip(3).step_by(2).collect();
        let group = words.first().is_some_and(|word| word.eq_ignore_ascii_case("resourceGroups"));
        return match (group, words.last()) {
            (true, Some(last)) if words.len() > 1 => format!("Microsoft.Resources/{last}"),
            (true, _) => "Microsoft.Resources/resourceGroups".to_owned(),
            _ => "Microsoft.Resources/subscriptions".to_owned(),
        };
    };
    let mut parts = inside.split('/');
    let namespace = parts.next().unwrap_or_default();
    let types: Vec<&str> = parts.step_by(2).collect();
    if types.is_empty() && before.matches('/').count() == 2 {
        return "Microsoft.Resources/providers".to_owned();
    }
    [&[namespace], types.as_slice()].concat().join("/")
}

/// Whether a path names one thing, not a list of them or what is done to one.
pub(super) fn is_one(path: &str) -> bool {
    match path.rsplit_once("/providers/") {
        Some((_, inside)) => inside.matches('/').count().is_multiple_of(2),
        None => path.matches('/').count().is_multiple_of(2),
    }
}

/// The names in a path, from the outermost: of a subnet its network and its own.
pub(super) fn names(path: &str) -> Vec<String> {
    let inside = path.rsplit_once("/providers/").map_or("", |(_, inside)| inside);
    inside.split('/').skip(2).step_by(2).map(str::to_owned).collect()
}

/// What an id is inside of: of a subnet its network.
pub(super) fn parent(id: &str) -> &str {
    let mut parts = id.rsplitn(3, '/');
    parts.nth(2).unwrap_or_default()
}

/// An id without subscription and group: type and name, for people.
pub(super) fn short(id: &str) -> &str {
    id.rsplit_once("/providers/").map_or(id, |(_, inside)| inside)
}

/// The last name of an id.
pub(super) fn name(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBNET: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n/subnets/a";

    #[test]
    fn an_id_has_one_form_however_it_comes() {
        let odd = "/subscriptions/S/resourcegroups/G/providers/microsoft.network/VIRTUALNETWORKS/N/subnets/A";
        assert_eq!(canonical(odd), SUBNET);
        assert_eq!(canonical(SUBNET), SUBNET);
    }

    #[test]
    fn a_path_says_what_it_is_about() {
        for (path, expected) in [
            (SUBNET, "Microsoft.Network/virtualNetworks/subnets"),
            ("/subscriptions/s/resourceGroups/g", "Microsoft.Resources/resourceGroups"),
            ("/subscriptions/s/resourceGroups/g/resources", "Microsoft.Resources/resources"),
            ("/subscriptions/s/resourcegroups?$filter=x", "Microsoft.Resources/resourceGroups"),
            ("/subscriptions/s", "Microsoft.Resources/subscriptions"),
            (
                "https://management.azure.com/subscriptions/s/resourcegroups?x=y",
                "Microsoft.Resources/resourceGroups",
            ),
            ("https://v.vault.azure.net/secrets/x", "a vault's own interface"),
            ("/subscriptions/s/providers/Microsoft.Cache", "Microsoft.Resources/providers"),
            (
                "/subscriptions/s/providers/Microsoft.Compute/locations/l/usages",
                "Microsoft.Compute/locations/usages",
            ),
            (
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/d/restart",
                "Microsoft.DBforMySQL/flexibleServers/restart",
            ),
            (
                "/subscriptions/s/resourceGroups/g/providers/A.B/c/d/providers/Microsoft.Authorization/locks/l",
                "Microsoft.Authorization/locks",
            ),
        ] {
            assert_eq!(kind(path), expected, "{path}");
        }
    }

    #[test]
    fn a_list_is_not_a_thing() {
        let list = SUBNET.trim_end_matches("/a");
        assert!(is_one(SUBNET) && is_one("/subscriptions/s/resourceGroups/g") && !is_one(list));
        assert!(!is_one("/subscriptions/s/resourceGroups/g/resources"));
    }

    #[test]
    fn names_and_parents_are_read_from_an_id() {
        assert_eq!(names(SUBNET), ["n", "a"]);
        assert_eq!(parent(SUBNET), SUBNET.trim_end_matches("/subnets/a"));
        assert_eq!(name(SUBNET), "a");
    }
}
