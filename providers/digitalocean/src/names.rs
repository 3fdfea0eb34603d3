//! Names and tags: made from deployment and address, so that the same thing has the same in every run. What takes no tags is known as
//! ours by its exact name alone.

use loadline_contract::deploy::{Address, Deployment, distinct_name};

/// The longest name that every kind takes: that of a database cluster and of a host in the DNS.
const LONGEST: usize = 63;

/// The name of a thing: readable at the front, distinct by the hash at the end, of lower-case letters, digits and single hyphens,
/// beginning with a letter (as those of volumes and clusters must).
#[must_use]
pub fn name(deployment: &Deployment, address: &Address) -> String {
    let readable = format!("ll-{deployment}-{}-{}", address.kind(), address.name());
    distinct_name(&readable, &format!("{deployment}/{address}"), LONGEST)
}

/// The tag of every machine of a part of the stack: by it balancer, firewalls and databases find them. Colons are in no deployment's
/// name, so that one deployment's tag is never the beginning of another's.
pub(crate) fn tag(deployment: &Deployment, part: &str) -> String {
    format!("loadline:{deployment}:{part}")
}

/// The tag of one thing: whose it is, and what. Of four parts, where that of a part of the stack has three.
pub(crate) fn mark(deployment: &Deployment, address: &Address) -> String {
    format!("loadline:{deployment}:{}:{}", address.kind(), address.name())
}

/// The tag that notes the storage that was asked for, GiB. No kind is called `storage`.
pub(crate) fn storage_mark(deployment: &Deployment, storage_gib: i64) -> String {
    format!("loadline:{deployment}:storage:{storage_gib}")
}

/// A tag or text of ours in its parts: whose it is, and what stands behind.
fn parts(text: &str) -> Option<(Deployment, Vec<&str>)> {
    let mut parts = text.split(':');
    let ours = parts.next() == Some("loadline");
    let deployment = parts.next()?.parse().ok()?;
    let rest: Vec<&str> = parts.collect();
    ours.then_some((deployment, rest))
}

/// Whose a tag or text is: of a part of the stack, or of one thing. `None`: nobody's, however much it begins like ours.
pub(crate) fn whose(text: &str) -> Option<Deployment> {
    parts(text).filter(|(_, rest)| matches!(rest.len(), 1 | 2)).map(|(deployment, _)| deployment)
}

/// Whose the mark of a thing of that kind is; `None`: it is none.
pub(crate) fn whose_mark(text: &str, kind: &str) -> Option<Deployment> {
    parts(text).filter(|(_, rest)| rest.len() == 2 && rest[0] == kind).map(|(deployment, _)| deployment)
}

/// The thing of that kind that one of the tags says it is.
pub(crate) fn marked<'a>(
    deployment: &Deployment,
    kind: &str,
    tags: impl IntoIterator<Item = &'a String>,
) -> Option<Address> {
    tags.into_iter().find_map(|tag| match parts(tag) {
        Some((whose, rest)) if whose == *deployment => match rest[..] {
            [of, name] if of == kind => format!("{of}/{name}").parse().ok(),
            _ => None,
        },
        _ => None,
    })
}

/// Of these tags those that stand for a part of the stack.
pub(crate) fn of_parts<'a>(
    deployment: &Deployment,
    tags: impl IntoIterator<Item = &'a String>,
) -> impl Iterator<Item = &'a str> {
    tags.into_iter()
        .filter(|tag| parts(tag).is_some_and(|(whose, rest)| whose == *deployment && rest.len() == 1))
        .map(String::as_str)
}

/// The most storage that was ever asked for, GiB, as the tags note it: it only grows.
pub(crate) fn storage_gib<'a>(
    deployment: &Deployment,
    tags: impl IntoIterator<Item = &'a String>,
) -> Option<i64> {
    tags.into_iter()
        .filter_map(|tag| match parts(tag) {
            Some((whose, rest)) if whose == *deployment => match rest[..] {
                ["storage", gib] => gib.parse().ok(),
                _ => None,
            },
            _ => None,
        })
        .max()
}

/// Whose name it is, of a thing of that address: made again and compared. `None`: nobody's, or one too long to read it from.
pub(crate) fn owner(text: &str, address: &Address) -> Option<Deployment> {
    let readable = text.strip_prefix("ll-")?;
    let end = format!("-{}-{}", address.kind(), address.name());
    let hash = readable.rfind('-')?;
    let deployment: Deployment = readable[..hash].strip_suffix(&end)?.parse().ok()?;
    (name(&deployment, address) == text).then_some(deployment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_a_tag_says_whose_it_is_only_if_it_is_exactly_ours() {
        let shop: Deployment = "shop".parse().unwrap();
        let key = Address::new("key", "operators");
        let ours = name(&shop, &key);
        assert_eq!(owner(&ours, &key), Some(shop.clone()));
        for foreign in
            [format!("{ours}0"), ours.replace("shop", "shopping"), "ll-shop-key-operators".to_owned()]
        {
            assert_eq!(owner(&foreign, &key), None, "{foreign}");
        }
        let tags = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let mine = tags(&["web", "loadline:shop:app", "loadline:shop:app:1", "loadline:shop:storage:20"]);
        assert_eq!(marked(&shop, "app", &mine), Some(Address::new("app", "1")));
        assert_eq!(of_parts(&shop, &mine).collect::<Vec<_>>(), ["loadline:shop:app"]);
        assert_eq!(storage_gib(&shop, &mine), Some(20));
        let others =
            tags(&["loadline:shop-2:app:1", "xloadline:shop:app:1", "loadline:shop:app:1:2", "shop:app:1"]);
        assert_eq!(marked(&shop, "app", &others), None);
        assert_eq!(storage_gib(&shop, &others), None);
        assert_eq!(whose("loadline:shop:app:1"), Some(shop.clone()));
        assert_eq!(whose("loadline:shop:app:1:2"), None);
        assert_eq!(whose("loadline:shop"), None);
        assert_eq!(whose_mark("loadline:shop:alarm:app-cpu", "alarm"), Some(shop));
        for none in ["loadline:shop:alarm", "loadline:shop:app:1", "loadline:shop:alarm:app-cpu:mine"] {
            assert_eq!(whose_mark(none, "alarm"), None, "{none}");
        }
    }

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
