//! Names, since everything on this cloud is identified by one: made from deployment and address, so that the same thing has the same
//! name in every run, and short enough for its kind.

use loadline_contract::deploy::{Address, Deployment, distinct_name};

/// The longest name that every kind but a vault takes: that of a Managed Redis cluster (Azure docs, "Naming rules and restrictions for
/// Azure resources").
const LONGEST: usize = 60;
/// The longest name of a Key Vault (same source).
const LONGEST_VAULT: usize = 24;

/// The name of a thing: readable at the front, distinct by the hash at the end, of lower-case letters, digits and single hyphens,
/// beginning with a letter. `among` is what the name has to be told apart in beside the deployment: nothing for a name inside the
/// deployment's resource group; the subscription for one that the whole cloud shares (vaults, MySQL servers, Managed Redis), because
/// somebody else may have a deployment of the same name.
pub(crate) fn name(deployment: &Deployment, address: &Address, among: &str) -> String {
    let longest = if address.kind() == "vault" { LONGEST_VAULT } else { LONGEST };
    let readable = format!("ll-{deployment}-{}-{}", address.kind(), address.name());
    distinct_name(&readable, &format!("{among}/{deployment}/{address}"), longest)
}

/// A name that has to be a number of 128 bits, as those of role assignments (GUIDs): the same for the same things.
pub(crate) fn number(deployment: &Deployment, address: &Address, among: &str) -> String {
    let part = |part: u32| distinct_name("number", &format!("{part}/{among}/{deployment}/{address}"), 60);
    let hex: String = (0..4).map(|at| part(at).rsplit('-').next().unwrap_or_default().to_owned()).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(deployment: &str, address: &str, among: &str) -> String {
        name(&deployment.parse().unwrap(), &address.parse().unwrap(), among)
    }

    #[test]
    fn names_fit_every_kind() {
        let long = "a-deployment-with-a-very-long-name--that-goes-on-and-on-and-on";
        for address in ["vault/main", "database/main", "subnet/app-1", "cache/main-"] {
            let name = of(long, address, "");
            let longest = if address.starts_with("vault") { 24 } else { 60 };
            assert!(name.len() <= longest && !name.contains("--") && !name.ends_with('-'), "{name}");
            assert!(name.starts_with(|letter: char| letter.is_ascii_lowercase()));
        }
    }

    #[test]
    fn a_number_is_a_guid_of_its_own() {
        let of = |among: &str| number(&"shop".parse().unwrap(), &"role/certificate".parse().unwrap(), among);
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
        let lengths: Vec<usize> = of("a").split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
    }

    #[test]
    fn names_differ_where_deployment_address_or_subscription_do() {
        // `a` + `b-c/d` and `a-b` + `c/d` read alike.
        assert_ne!(of("a", "b-c/d", ""), of("a-b", "c/d", ""));
        assert_ne!(of("shop", "vault/main", "one"), of("shop", "vault/main", "other"));
        assert_eq!(of("shop", "vault/main", "one"), of("shop", "vault/main", "one"));
    }
}
