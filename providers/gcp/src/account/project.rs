//! Which project is meant.

use std::path::PathBuf;

use loadline_contract::deploy::{Access, CloudError, ErrorClass};
use serde_json::Value as Json;

use super::form::text;

/// Names the file of a service account's key, or of another set of credentials.
pub(super) const KEY_FILE: &str = "GOOGLE_APPLICATION_CREDENTIALS";
/// Variables that name the project, as Google's own tools know them.
const NAMES: [&str; 2] = ["GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"];

/// Where `gcloud auth application-default login` keeps what it got: relative to the folder of gcloud's settings.
const DEFAULT_FILE: &str = "application_default_credentials.json";

/// The project that `--credentials` names, or the environment, or the credentials themselves.
pub(super) fn named(access: &Access) -> Result<String, CloudError> {
    let set = |name: &str| access.variables.get(name).map(|it| it.trim()).filter(|it| !it.is_empty());
    if let Some(named) = access.credentials.as_deref().or_else(|| NAMES.into_iter().find_map(set)) {
        return checked(named);
    }
    let gcloud = set("CLOUDSDK_CONFIG").map(PathBuf::from);
    let gcloud = gcloud.or_else(|| Some(PathBuf::from(set("HOME")?).join(".config/gcloud")));
    let file = set(KEY_FILE).map(PathBuf::from).or_else(|| Some(gcloud?.join(DEFAULT_FILE)));
    // What cannot be read is told by whoever needs the credentials.
    let said = file.and_then(|file| std::fs::read(file).ok());
    let said: Json = said.and_then(|said| serde_json::from_slice(&said).ok()).unwrap_or_default();
    // A key names its project, a person's credentials the one that is billed for calls.
    let found = ["project_id", "quota_project_id"].into_iter().map(|name| text(&said, name));
    match found.into_iter().find(|it| !it.is_empty()) {
        Some(found) => checked(found),
        None => {
            let said = format!(
                "no project is named: none of {} is set, and the credentials name none",
                NAMES.join(", ")
            );
            let doing = "looking for the project on Google Cloud";
            Err(CloudError::new(ErrorClass::NotAuthenticated, doing, said)
                .hint("name it with --credentials PROJECT, or set GOOGLE_CLOUD_PROJECT"))
        }
    }
}

/// A project's name is put into paths: anything else is no project.
fn checked(named: &str) -> Result<String, CloudError> {
    // Older projects have a domain before their name: `example.com:shop`.
    let fits = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || b"-:.".contains(&it);
    if !named.is_empty() && named.bytes().all(fits) && !named.contains("..") {
        return Ok(named.to_owned());
    }
    let said = format!("`{named}` is no id of a project: it has lower-case letters, digits and hyphens");
    Err(CloudError::new(ErrorClass::NotAuthenticated, "looking for the project on Google Cloud", said)
        .hint("`gcloud projects list` shows the ids"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(credentials: Option<&str>, variables: &[(&str, &str)]) -> Access {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Access { credentials: credentials.map(str::to_owned), variables, ..Access::default() }
    }

    #[test]
    fn the_flag_comes_before_the_environment() {
        let set = [("CLOUDSDK_CORE_PROJECT", "third"), ("GOOGLE_CLOUD_PROJECT", "second")];
        assert_eq!(named(&access(Some("first"), &set)).unwrap(), "first");
        assert_eq!(named(&access(None, &set)).unwrap(), "second");
        assert_eq!(named(&access(None, &set[..1])).unwrap(), "third");
    }

    #[test]
    fn without_any_it_says_how_to_name_one_and_a_path_is_none() {
        let failed = named(&access(None, &[("GOOGLE_CLOUD_PROJECT", " ")])).unwrap_err();
        assert!(failed.hint.unwrap().contains("--credentials PROJECT"));
        for odd in ["../x", "a/b", "A", "", "a..b"] {
            assert!(named(&access(Some(odd), &[])).is_err(), "{odd}");
        }
        assert_eq!(named(&access(Some("example.com:shop"), &[])).unwrap(), "example.com:shop");
    }
}
