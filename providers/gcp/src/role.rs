//! The role that allows a plan, in the form of `gcloud iam roles create NAME --file FILE --project PROJECT`. Pure.

use loadline_contract::deploy::Deployment;
use serde_json::{Value, json};

/// The document of a custom role. Of JSON every word is YAML too, which is what gcloud reads. A role of a project holds there
/// alone; which things it may be used on, only a binding's condition can say, and Compute Engine's networks know none.
pub(crate) fn role(permissions: &[String], deployment: &Deployment) -> Value {
    let mut included: Vec<&str> = permissions.iter().map(String::as_str).collect();
    included.sort_unstable();
    included.dedup();
    json!({
        "title": format!("Loadline {deployment}"),
        "description": format!("What loadline needs to carry out its plan for {deployment}."),
        "stage": "GA",
        "includedPermissions": included,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_holds_each_permission_once_in_order() {
        let permissions = ["b.c.d", "a.b.c", "b.c.d"].map(str::to_owned);
        let role = role(&permissions, &"shop".parse().unwrap());
        assert_eq!(role["includedPermissions"], json!(["a.b.c", "b.c.d"]));
        assert_eq!((role["stage"].as_str(), role["title"].as_str()), (Some("GA"), Some("Loadline shop")));
    }
}
