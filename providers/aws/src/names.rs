//! Names where the cloud wants one of its own: made from deployment and address, so that the same thing has the same name in every
//! run, and short enough for the kind.

use loadline_contract::deploy::{Address, Deployment, distinct_name};

/// The longest name that every kind takes: load balancers and target groups allow 32 characters (Elastic Load Balancing API
/// reference, CreateLoadBalancer).
const LONGEST: usize = 32;

/// The name of a thing: readable at the front, distinct by the hash at the end, of letters, digits and single hyphens, beginning
/// with a letter (as database identifiers must).
pub(crate) fn name(deployment: &Deployment, address: &Address) -> String {
    let readable = format!("ll-{deployment}-{}-{}", address.kind(), address.name());
    distinct_name(&readable, &format!("{deployment}/{address}"), LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

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
