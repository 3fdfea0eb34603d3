//! What our things are called on Google Cloud, and how they are known again.
//!
//! A name is derived from deployment and address alone and ends in a hash of both, so that two things never share one,
//! however much of it had to be cut off; only a database's is one of its own for each intent, for it cannot be had again. What
//! takes labels from the call that makes it carries [`labels`]; what takes none, or only by a second call that may never come,
//! carries [`description`] and is ours only if its name is exactly the one that belongs to what the description says.

use loadline_contract::deploy::{Address, Deployment};

/// Compute Engine, Cloud SQL, Memorystore for Valkey and Secret Manager take as much or more (RFC 1035 label).
const LONGEST: usize = 63;
/// Memorystore for Redis takes no more (Redis API, projects.locations.instances.create: "between 1-40 characters").
const LONGEST_CACHE: usize = 40;
/// A group appends a hyphen and four characters (Compute Engine API, `baseInstanceName`: at most 58 characters).
const LONGEST_MACHINE_PREFIX: usize = 58;
/// Hexadecimal digits of the hash: 32 bits.
const HASH: usize = 8;

/// The name of a thing in a project: lower-case letters, digits and hyphens, first a letter, last no hyphen, at most as
/// long as its kind allows.
#[must_use]
pub fn name(deployment: &Deployment, address: &Address) -> String {
    hashed(deployment, address, &format!("{deployment}/{address}"))
}

/// A name for one attempt to have the thing, the same for each call of it: where the name of one that was removed cannot be had
/// again for some time. Whose it is says no name of this sort, only labels.
#[must_use]
pub fn of_intent(deployment: &Deployment, address: &Address, token: &str) -> String {
    hashed(deployment, address, &format!("{deployment}/{address}/{token}"))
}

fn hashed(deployment: &Deployment, address: &Address, of: &str) -> String {
    let longest = if address.kind() == "cache" { LONGEST_CACHE } else { LONGEST };
    let hash = blake3::hash(of.as_bytes()).to_hex();
    let whole = lettered(format!("{deployment}-{}-{}", address.kind(), address.name()));
    format!("{}-{}", cut(&whole, longest - HASH - 1), &hash[..HASH])
}

/// What the names of the app machines begin with.
#[must_use]
pub fn machine_prefix(deployment: &Deployment) -> String {
    let whole = lettered(format!("{deployment}-app"));
    if whole.len() <= LONGEST_MACHINE_PREFIX {
        return whole;
    }
    let hash = blake3::hash(deployment.as_str().as_bytes()).to_hex();
    format!("{}-{}", cut(&whole, LONGEST_MACHINE_PREFIX - HASH - 1), &hash[..HASH])
}

/// The labels of what takes labels. An address has a slash, which no label may have: kind and name are apart.
#[must_use]
pub fn labels(deployment: &Deployment, address: &Address) -> [(&'static str, String); 3] {
    [
        (DEPLOYMENT_LABEL, deployment.to_string()),
        ("loadline-kind", address.kind().to_owned()),
        ("loadline-name", address.name().to_owned()),
    ]
}

/// The label that says which deployment a thing belongs to.
pub const DEPLOYMENT_LABEL: &str = "loadline-deployment";

/// The description of what takes no labels.
#[must_use]
pub fn description(deployment: &Deployment, address: &Address) -> String {
    format!("loadline {deployment} {address}")
}

/// Whose a thing is that takes no labels, by its name and description; `None`: not ours.
#[must_use]
pub fn owner(found_name: &str, found_description: &str) -> Option<(Deployment, Address)> {
    let (deployment, address) = found_description.strip_prefix("loadline ")?.split_once(' ')?;
    let deployment: Deployment = deployment.parse().ok()?;
    let address: Address = address.parse().ok()?;
    (name(&deployment, &address) == found_name).then_some((deployment, address))
}

/// Names begin with a letter; deployments need not.
fn lettered(text: String) -> String {
    if text.starts_with(|first: char| first.is_ascii_lowercase()) { text } else { format!("x{text}") }
}

fn cut(text: &str, longest: usize) -> &str {
    text[..text.len().min(longest)].trim_end_matches('-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(deployment: &str, address: &str) -> String {
        name(&deployment.parse().unwrap(), &address.parse().unwrap())
    }

    #[test]
    fn a_name_can_be_read() {
        assert!(named("shop", "subnet/app").starts_with("shop-subnet-app-"));
        assert!(named("2000-users", "subnet/app").starts_with("x2000-users-subnet-app-"));
        assert_eq!(machine_prefix(&"shop".parse().unwrap()), "shop-app");
    }

    #[test]
    fn a_name_of_an_intent_is_the_same_for_each_of_its_calls_only() {
        let of = |token: &str| of_intent(&"shop".parse().unwrap(), &"database/main".parse().unwrap(), token);
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
        assert_ne!(of("a"), named("shop", "database/main"));
        assert!(of("a").starts_with("shop-database-main-"));
    }

    #[test]
    fn names_that_would_run_into_each_other_stay_apart() {
        assert_ne!(named("shop", "url-map/app"), named("shop-url", "map/app"));
        assert_ne!(named("x2", "subnet/app"), named("2", "subnet/app"));
    }

    #[test]
    fn a_name_that_merely_contains_ours_is_never_ours() {
        let (deployment, address) = ("shop".parse().unwrap(), "network/main".parse().unwrap());
        let (ours, text) = (name(&deployment, &address), description(&deployment, &address));
        assert_eq!(owner(&ours, &text), Some((deployment, address)));
        assert_eq!(owner(&format!("{ours}-2"), &text), None);
        assert_eq!(owner(&ours, "loadline shop subnet/main"), None);
        assert_eq!(owner(&ours, "the network of the shop"), None);
    }

    fn fits(text: &str, longest: usize) -> bool {
        text.len() <= longest
            && text.starts_with(|it: char| it.is_ascii_lowercase())
            && !text.ends_with('-')
            && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
    }

    proptest! {
        #[test]
        fn every_name_is_one_that_google_takes(deployment in "[a-z0-9-]{1,63}", kind in "[a-z0-9-]{1,63}", rest in "[a-z0-9-]{1,63}") {
            let deployment: Deployment = deployment.parse().unwrap();
            let found = name(&deployment, &Address::new(&kind, &rest));
            prop_assert!(fits(&found, 63), "{found}");
            let found = name(&deployment, &Address::new("cache", &rest));
            prop_assert!(fits(&found, 40), "{found}");
            let found = machine_prefix(&deployment);
            prop_assert!(fits(&found, 58), "{found}");
        }

        #[test]
        fn different_things_have_different_names(one in "[a-c-]{1,6}", other in "[a-c-]{1,6}", name in "[a-c-]{1,6}") {
            prop_assume!(one != other);
            prop_assert_ne!(named(&one, &format!("network/{name}")), named(&other, &format!("network/{name}")));
        }
    }
}
