//! The least role that allows a plan: a custom role with nothing but the actions that its steps and its looks need. Pure.
//!
//! A role holds what may be done; on what, its assignment says. It is printed for the subscription, because names are looked up and
//! groups are made there; whoever has a group of their own for the deployment may assign it there.

use std::collections::BTreeSet;

use loadline_contract::deploy::Deployment;
use serde_json::{Value, json};

/// What stands for the subscription, which only the account knows.
const SUBSCRIPTION: &str = "/subscriptions/SUBSCRIPTION-ID";

/// The role, as `az role definition create --role-definition @FILE` takes it.
pub(crate) fn policy(permissions: &[String], deployment: &Deployment, region: &str) -> Value {
    let wanted: BTreeSet<&str> = permissions.iter().map(String::as_str).collect();
    let (data, control): (Vec<&str>, Vec<&str>) = wanted.into_iter().partition(|action| is_data(action));
    json!({
        "Name": format!("loadline {deployment}"),
        "IsCustom": true,
        "Description": format!("What loadline needs for the deployment {deployment} in {region}"),
        "Actions": control,
        "NotActions": [],
        "DataActions": data,
        "NotDataActions": [],
        "AssignableScopes": [SUBSCRIPTION],
    })
}

/// Whether an action is about the values of secrets: those are granted apart (Azure docs, "Azure permissions for Security",
/// Microsoft.KeyVault).
fn is_data(action: &str) -> bool {
    let secret = action.strip_prefix("Microsoft.KeyVault/vaults/secrets/");
    secret.is_some_and(|rest| !matches!(rest, "read" | "write"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::STAGES;

    fn of(actions: &[usize]) -> Value {
        let rules = STAGES.iter().copied().flatten();
        let all: BTreeSet<&str> =
            rules.flat_map(|rule| actions.iter().flat_map(|it| rule.permissions[*it])).copied().collect();
        let all: Vec<String> = all.into_iter().map(str::to_owned).collect();
        policy(&all, &"teachers".parse().unwrap(), "eastus")
    }

    fn texts(role: &Value, list: &str) -> Vec<String> {
        role[list].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn every_action_is_spelled_as_the_cloud_does() {
        let role = of(&[0, 1, 2, 3]);
        for action in texts(&role, "Actions").into_iter().chain(texts(&role, "DataActions")) {
            let ends = ["/read", "/write", "/delete", "/action"].iter().any(|end| action.ends_with(end));
            assert!(action.starts_with("Microsoft.") && ends && !action.contains('*'), "{action}");
        }
    }

    #[test]
    fn what_is_about_values_of_secrets_is_granted_apart() {
        let role = of(&[0, 1, 2, 3]);
        let data = texts(&role, "DataActions");
        assert!(data.contains(&"Microsoft.KeyVault/vaults/secrets/getSecret/action".to_owned()), "{data:?}");
        assert!(
            data.iter().all(|action| action.starts_with("Microsoft.KeyVault/vaults/secrets/")),
            "{data:?}"
        );
        assert!(texts(&role, "Actions").contains(&"Microsoft.KeyVault/vaults/secrets/read".to_owned()));
    }

    #[test]
    fn looking_alone_changes_nothing() {
        let role = of(&[0]);
        let ends = |end: &'static str| move |action: &String| action.ends_with(end);
        assert!(texts(&role, "Actions").iter().all(ends("/read")), "{role:#}");
        assert_eq!(texts(&role, "DataActions"), ["Microsoft.KeyVault/vaults/secrets/readMetadata/action"]);
    }

    #[test]
    fn a_plan_that_only_removes_may_make_nothing_but_a_last_backup() {
        let writes: Vec<String> =
            texts(&of(&[0, 3]), "Actions").into_iter().filter(|action| action.ends_with("/write")).collect();
        assert_eq!(writes, ["Microsoft.DBforMySQL/flexibleServers/backups/write"]);
    }
}
