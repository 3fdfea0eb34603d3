//! What a machine does at its first start, so that it is born tuned: cloud-init's configuration, without any secret.

use std::collections::BTreeMap;

use serde_json::json;

use crate::spec::Spec;

/// Kernel settings of the `web` profile that raise what current Ubuntu images come with. From the plan for 2000 users; its
/// `fs.file-max` is left out: 64-bit systems with systemd set it to 2^63 - 1 (systemd NEWS, 240), and it would be lowered.
const WEB: &[(&str, &str)] = &[
    ("net.core.somaxconn", "65535"),
    ("net.ipv4.ip_local_port_range", "10000 65535"),
    ("net.ipv4.tcp_fin_timeout", "15"),
    ("net.ipv4.tcp_max_syn_backlog", "8192"),
    ("net.ipv4.tcp_tw_reuse", "1"),
];

/// Limits of the same plan. Services do not read `limits.conf`: systemd's default is set as well.
const LIMITS: &[(&str, &str)] = &[("nofile", "100000"), ("nproc", "65535")];

/// The configuration, as JSON below the line that cloud-init asks for: JSON is YAML, and nothing in it is ever taken for
/// anything but text.
pub(super) fn first_start(spec: &Spec) -> String {
    let web = spec.tune.profile == "web";
    let of = |defaults: &[(&str, &str)], added: &BTreeMap<String, String>| {
        let defaults =
            defaults.iter().filter(|_| web).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut all: BTreeMap<String, String> = defaults.collect();
        all.extend(added.clone());
        all.retain(|name, _| !spec.tune.never.contains(name));
        all
    };
    let mut sysctl = of(WEB, &spec.tune.sysctl);
    // A port inside the range of outgoing connections could be taken before the application takes it.
    if sysctl.contains_key("net.ipv4.ip_local_port_range") {
        sysctl.entry("net.ipv4.ip_local_reserved_ports".to_owned()).or_insert(spec.app.port.to_string());
    }
    let limits = of(LIMITS, &spec.tune.limits);
    let lines =
        |text: &mut dyn Iterator<Item = String>| text.map(|line| one_line(&line) + "\n").collect::<String>();
    let mut files = Vec::new();
    let mut commands: Vec<Vec<&str>> = Vec::new();
    if !sysctl.is_empty() {
        let text = lines(&mut sysctl.iter().map(|(name, value)| format!("{name} = {value}")));
        files.push(file("/etc/sysctl.d/99-zz-loadline.conf", &text));
        commands.push(vec!["sysctl", "--system"]);
    }
    if !limits.is_empty() {
        let both = |(name, value): (&String, &String)| {
            ["soft", "hard"].map(|kind| format!("* {kind} {name} {value}"))
        };
        files
            .push(file("/etc/security/limits.d/99-loadline.conf", &lines(&mut limits.iter().flat_map(both))));
        let systemd =
            limits.iter().map(|(name, value)| format!("DefaultLimit{}={value}", name.to_uppercase()));
        let text = lines(&mut std::iter::once("[Manager]".to_owned()).chain(systemd));
        files.push(file("/etc/systemd/system.conf.d/99-loadline.conf", &text));
        commands.push(vec!["systemctl", "daemon-reexec"]);
    }
    if files.is_empty() {
        return "#cloud-config\n{}\n".to_owned();
    }
    format!("#cloud-config\n{}\n", json!({ "write_files": files, "runcmd": commands }))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn file(path: &str, content: &str) -> serde_json::Value {
    json!({ "path": path, "permissions": "0644", "owner": "root:root", "content": content })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::spec::{Vocabulary, read};

    fn started(tune: &str) -> Value {
        let load =
            "version: 1\nname: x\nload: { users: 10 }\nrequests: [{ name: page, share: 100 %, cpu: 2 ms }]";
        let vocabulary = Vocabulary { clouds: Vec::new() };
        let spec = read("x.yaml", format!("{load}\n{tune}").as_bytes(), &vocabulary, &[]).unwrap();
        let text = first_start(&spec);
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
