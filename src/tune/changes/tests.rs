//! From recorded hosts to what they have to do.

use super::*;
use crate::tune::facts::recorded::recorded;
use crate::tune::judge::judge;
use crate::tune::profile::{Place, test_profile};

fn work_of(host: &str, tune: &str, place: Place) -> Work {
    let profile = Profile { place, ..test_profile(tune).unwrap() };
    let facts = recorded(host);
    work(&profile, &facts, &judge(&profile, &facts), Restart::Services)
}

fn text(work: &Work, path: &str) -> String {
    let found = work.files.iter().find(|file| file.path == path);
    found.and_then(|file| file.after.clone()).unwrap_or_else(|| panic!("{path} is not written: {work:#?}"))
}

#[test]
fn a_host_gets_our_files_and_the_values_now() {
    let work = work_of("ubuntu-22.04", "", Place::OwnFiles);
    let sysctl = text(&work, "/etc/sysctl.d/99-zz-loadline.conf");
    assert!(sysctl.contains("\nnet.core.somaxconn = 65535\n"), "{sysctl}");
    assert!(!sysctl.contains("file-max"), "{sysctl}");
    let limits = text(&work, "/etc/security/limits.d/99-loadline.conf");
    assert!(limits.contains("\n* soft nofile 100000\n") && !limits.contains("hard nofile"), "{limits}");
    let unit = text(&work, "/etc/systemd/system/nginx.service.d/50-loadline.conf");
    assert!(
        unit.ends_with("\n[Service]\nLimitNOFILE=100000:524288\nLimitNPROC=65535\nTasksMax=65535\n"),
        "{unit}"
    );
    assert_eq!(work.restart, ["nginx.service"]);
    assert!(work.reload);
    assert!(
        work.values[0].path.ends_with("ip_local_reserved_ports"),
        "ports are reserved before the range grows"
    );
    let range = work.values.iter().find(|it| it.path.ends_with("port_range")).unwrap();
    assert_eq!((range.before.as_str(), range.after.as_str()), ("32768 60999", "10000 65535"));
}

#[test]
fn a_module_comes_first_where_its_settings_would_be_lost() {
    let tune = "tune: { sysctl: { net.netfilter.nf_conntrack_max: 1000000 } }";
    let modules = text(&work_of("ubuntu-22.04", tune, Place::OwnFiles), "/etc/modules-load.d/loadline.conf");
    assert!(modules.ends_with("\nnf_conntrack\n"), "{modules}");
}

#[test]
fn old_files_keep_what_others_wrote_around_our_block() {
    let work = work_of("rocky-9", "", Place::OldFiles);
    let sysctl = text(&work, "/etc/sysctl.conf");
    assert!(sysctl.starts_with("# sysctl settings are defined through files in /usr/lib/sysctl.d/\nnet.core.somaxconn = 128\n# BEGIN loadline"));
    assert!(
        sysctl.contains("\nnet.core.somaxconn = 65535\n") && sysctl.ends_with("# END loadline\n"),
        "{sysctl}"
    );
    assert!(work.files.iter().all(|file| !file.path.contains(".d/99-")), "{:?}", work.files);
}

#[test]
fn nothing_is_written_for_a_profile_of_nothing() {
    assert!(work_of("ubuntu-22.04", "tune: { profile: none }", Place::OwnFiles).is_empty());
}

#[test]
fn a_script_that_arrives_in_part_is_no_script() {
    let text = script(&work_of("ubuntu-22.04", "", Place::OwnFiles), None);
    assert!(text.starts_with("{\n") && text.ends_with("finish\n} </dev/null\n"));
}
