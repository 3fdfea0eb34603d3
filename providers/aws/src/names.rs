//! Names where the cloud wants one of its own: made from deployment and address, so that the same thing has the same name in every
//! run, and short enough for the kind.

use loadline_contract::deploy::{Address, Deployment, distinct_name};

/// The longest name that every kind takes: load balancers and target groups allow 32 characters (Elastic Load Balancing API
/// reference, CreateLoadBalancer).
const LONGEST: usize = 32;

/// The pattern, with a `*` at its end, of the names of all things of a kind: what a policy can hold them by.
pub(crate) fn pattern(deployment: &Deployment, kind: &str) -> String {
    format!("{}*", prefix(deployment, kind))
}

/// Whether a name can be that of a thing of a kind. Whose it is only its tags say, and asking for them takes a call for each
/// thing: nobody asks of what is certainly not ours.
pub(crate) fn may_be(deployment: &Deployment, kind: &str, name: &str) -> bool {
    name.starts_with(prefix(deployment, kind).as_str())
}

/// What the names of all things of a kind begin with.
pub(crate) fn prefix(deployment: &Deployment, kind: &str) -> String {
    // Of a readable text that is long enough to be cut, all that is left is this.
    let name = distinct_name(&format!("ll-{deployment}-{kind}"), "", LONGEST);
    let front = name.rsplit_once('-').map_or(name.as_str(), |(front, _)| front);
    format!("{front}-")
}

/// The name of a thing: readable at the front, distinct by the hash at the end, of letters, digits and single hyphens, beginning
/// with a letter (as database identifiers must).
pub(crate) fn name(deployment: &Deployment, address: &Address) -> String {
    let readable = format!("ll-{deployment}-{}-{}", address.kind(), address.name());
    distinct_name(&readable, &format!("{deployment}/{address}"), LONGEST)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_pattern_of_a_kind_holds_every_name_of_it(
            deployment in "[a-z0-9][a-z0-9-]{0,62}", kind in "[a-z]{2,9}(-[a-z]{2,9})?", thing in "[a-z0-9-]{1,20}",
        ) {
            let deployment: Deployment = deployment.parse().unwrap();
            let (name, pattern) = (name(&deployment, &Address::new(&kind, &thing)), pattern(&deployment, &kind));
            prop_assert!(name.starts_with(pattern.trim_end_matches('*')), "{name} is not {pattern}");
            prop_assert!(name.len() <= LONGEST && !name.contains("--") && !name.ends_with('-'));
        }
    }

    #[test]
    fn the_pattern_of_a_kind_names_deployment_and_kind_as_far_as_names_do() {
        assert_eq!(pattern(&"teachers".parse().unwrap(), "database"), "ll-teachers-database-*");
        assert_eq!(pattern(&"teachers".parse().unwrap(), "target-group"), "ll-teachers-target-grou-*");
    }

    #[test]
    fn names_fit_every_kind_and_differ_where_deployment_or_address_do() {
        let deployment: Deployment = "a-deployment-with-a-very-long-name--x".parse().unwrap();
        let of = |address: &str| name(&deployment, &address.parse().unwrap());
        let (one, other) = (of("target-group/app"), of("target-group/api"));
        assert_ne!(one, other);
        for name in [&one, &other, &of("database/main-")] {
            assert!(name.len() <= LONGEST && !name.contains("--") && !name.ends_with('-'), "{name}");
            assert!(name.chars().next().unwrap().is_ascii_alphabetic());
        }
        // `a` + `b-c/d` and `a-b` + `c/d` read alike.
        let left = name(&"a".parse().unwrap(), &"b-c/d".parse().unwrap());
        let right = name(&"a-b".parse().unwrap(), &"c/d".parse().unwrap());
        assert_ne!(left, right);
    }
}
