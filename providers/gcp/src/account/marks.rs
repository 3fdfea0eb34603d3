//! Whose a thing is that takes labels: all three of ours, exactly.

use std::collections::{BTreeMap, HashMap};

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, Deployment};

use crate::names;

/// A thing and whose it is.
pub(super) type Owned = (Deployment, Found);

/// The labels of a thing that is made.
pub(super) fn labels(making: &Making<'_>) -> BTreeMap<&'static str, String> {
    names::labels(making.deployment, making.address).into_iter().collect()
}

/// Whose a thing of a kind is by its labels; `None`: not ours.
pub(super) fn owner(kind: &str, labels: &HashMap<String, String>) -> Option<(Deployment, Address)> {
    let label = |name: &str| labels.get(name);
    let deployment: Deployment = label(names::DEPLOYMENT_LABEL)?.parse().ok()?;
    let of = label("loadline-kind").filter(|of| *of == kind)?;
    Some((deployment, format!("{of}/{}", label("loadline-name")?).parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_all_three_labels_make_a_thing_ours() {
        let all = [("loadline-deployment", "shop"), ("loadline-kind", "cache"), ("loadline-name", "main")];
        let (deployment, address) = owner("cache", &labels(&all)).unwrap();
        assert_eq!((deployment.as_str(), address.to_string().as_str()), ("shop", "cache/main"));
        assert!(owner("database", &labels(&all)).is_none());
        assert!(owner("cache", &labels(&all[..2])).is_none());
        assert!(owner("cache", &labels(&[all[0], all[1], ("loadline-name", "../x")])).is_none());
    }
}
