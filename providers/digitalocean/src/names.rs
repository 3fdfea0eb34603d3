//! Names and tags: made from deployment and address, so that the same thing has the same in every run. What takes no tags is known as
//! ours by its exact name alone.

use loadline_contract::deploy::{Address, Deployment, distinct_name};

/// The longest name that every kind takes: that of a database cluster and of a host in the DNS.
const LONGEST: usize = 63;

/// The name of a thing: readable at the front, distinct by the hash at the end, of lower-case letters, digits and single hyphens,
/// beginning with a letter (as those of volumes and clusters must).
pub(crate) fn name(deployment: &Deployment, address: &Address) -> String {
    let readable = format!("ll-{deployment}-{}-{}", address.kind(), address.name());
    distinct_name(&readable, &format!("{deployment}/{address}"), LONGEST)
}

/// The tag of every machine of a part of the stack: by it balancer, firewalls and databases find them. Colons are in no deployment's
/// name, so that one deployment's tag is never the beginning of another's.
pub(crate) fn tag(deployment: &Deployment, part: &str) -> String {
    format!("loadline:{deployment}:{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_every_kind_and_differ_where_deployment_or_address_do() {
        let deployment: Deployment =
            "a-deployment-with-a-very-long-name--that-goes-on-and-on-and-on".parse().unwrap();
        let of = |address: &str| name(&deployment, &address.parse().unwrap());
        assert_ne!(of("app/1"), of("app/10"));
        for name in [of("database/main"), of("volume/app-1"), of("cache/main-")] {
            assert!(name.len() <= LONGEST && !name.contains("--") && !name.ends_with('-'), "{name}");
            assert!(name.starts_with(|letter: char| letter.is_ascii_lowercase()));
        }
        // `a` + `b-c/d` and `a-b` + `c/d` read alike.
        let left = name(&"a".parse().unwrap(), &"b-c/d".parse().unwrap());
        let right = name(&"a-b".parse().unwrap(), &"c/d".parse().unwrap());
        assert_ne!(left, right);
    }

    #[test]
    fn no_tag_is_another_deployments() {
        let of = |deployment: &str| tag(&deployment.parse().unwrap(), "app");
        assert_eq!(of("shop"), "loadline:shop:app");
        assert!(!of("shop-app").starts_with(&of("shop")) && !of("shop").starts_with(&of("shop-app")));
    }
}
