//! What a machine does at its first start, so that it is born tuned: cloud-init's configuration, without any secret.

use crate::sizing::Requirements;
use crate::spec::Spec;
use crate::tune::profile::Profile;
use crate::tune::render::{Fresh, cloud_init};

/// The configuration for machines with so much memory, if that is known.
///
/// # Errors
/// With a sentence for each entry of `tune` in the spec that is no setting.
pub(super) fn first_start(
    spec: &Spec,
    requirements: &Requirements,
    memory_gib: Option<f64>,
) -> Result<String, Vec<String>> {
    let profile = Profile::of(spec, requirements, None)?;
    Ok(cloud_init(&profile, &Fresh { memory_gib }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::sizing::{Effort, Model};
    use crate::spec::{Vocabulary, read};

    fn started(tune: &str) -> Value {
        let load =
            "version: 1\nname: x\nload: { users: 10 }\nrequests: [{ name: page, share: 100 %, cpu: 2 ms }]";
        let vocabulary = Vocabulary { clouds: Vec::new() };
        let spec = read("x.yaml", format!("{load}\n{tune}").as_bytes(), &vocabulary, &[]).unwrap();
        let requirements = Model::new(&spec, &Effort::quick()).requirements();
        let text = first_start(&spec, &requirements, Some(4.0)).unwrap();
        serde_json::from_str(text.strip_prefix("#cloud-config\n").unwrap()).unwrap()
    }

    #[test]
    fn machines_are_born_with_the_settings_of_the_profile() {
        let text = started("")["write_files"][0]["content"].as_str().unwrap().to_owned();
        assert!(text.contains("net.core.somaxconn = 65535\n"), "{text}");
        assert!(text.contains("net.ipv4.ip_local_reserved_ports = 8000\n"), "{text}");
    }

    #[test]
    fn settings_are_added_and_forbidden_by_the_spec() {
        let tune = "tune: { sysctl: { vm.swappiness: 10 }, never: [net.ipv4.tcp_tw_reuse] }";
        let text = started(tune)["write_files"][0]["content"].as_str().unwrap().to_owned();
        assert!(text.contains("vm.swappiness = 10\n") && !text.contains("tcp_tw_reuse"), "{text}");
        assert_eq!(started("tune: { profile: none }"), json!({}));
    }
}
