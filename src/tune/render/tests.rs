//! Profiles as files.

use super::*;
use crate::tune::profile::test_profile;

fn rendered(tune: &str, form: Form) -> String {
    render(&test_profile(tune).unwrap(), form, &Fresh { memory_gib: Some(32.0) })
}

#[test]
fn a_fresh_machine_gets_what_it_lacks_and_no_line_that_would_lower_it() {
    let sysctl = rendered("", Form::Sysctl);
    assert!(sysctl.contains("net.core.somaxconn = 65535\n"), "{sysctl}");
    assert!(sysctl.contains("net.ipv4.ip_local_reserved_ports = 8000\n"), "{sysctl}");
    assert!(!sysctl.contains("file-max") && !sysctl.contains("conntrack"), "{sysctl}");
    let limits = rendered("", Form::Limits);
    assert!(limits.contains("* hard nofile 524288\n* soft nofile 100000\n"), "{limits}");
    assert!(!limits.contains("nproc"), "32 GiB give 131,072 processes by themselves: {limits}");
    assert!(rendered("", Form::Systemd).contains("DefaultLimitNOFILE=100000:524288\n"));
    let unknown = render(&test_profile("").unwrap(), Form::Limits, &Fresh::default());
    assert!(unknown.contains("lower machines with more than 16 GiB of memory"), "{unknown}");
}

#[test]
fn a_container_gets_only_what_may_be_its_own() {
    let compose = rendered("", Form::Compose);
    assert!(compose.contains("      net.core.somaxconn: \"65535\"\n"), "{compose}");
    assert!(compose.contains("      nofile:\n        soft: 100000\n        hard: 100000\n"), "{compose}");
    let body = compose.split_once("services:").unwrap().1;
    for foreign in ["fs.file-max", "netdev_max_backlog", "conntrack", "vm."] {
        assert!(!body.contains(foreign), "{foreign}: {compose}");
    }
}

#[test]
fn the_first_start_is_one_json_value_below_its_heading() {
    let text = rendered("tune: { profile: database }", Form::CloudInit);
    let value: serde_json::Value =
        serde_json::from_str(text.strip_prefix("#cloud-config\n").unwrap()).unwrap();
    let paths: Vec<&str> =
        value["write_files"].as_array().unwrap().iter().filter_map(|it| it["path"].as_str()).collect();
    assert!(paths.contains(&"/etc/tmpfiles.d/99-loadline.conf"), "{paths:?}");
    assert_eq!(rendered("tune: { profile: none }", Form::CloudInit), "#cloud-config\n{}\n");
}

#[test]
fn what_is_forbidden_is_in_no_form() {
    for form in [Form::Sysctl, Form::Compose, Form::CloudInit, Form::Script] {
        let text = rendered("tune: { never: [net.core.somaxconn] }", form);
        assert!(!text.contains("somaxconn"), "{form:?}: {text}");
    }
}
