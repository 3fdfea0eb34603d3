//! Profiles of whole specs.

use super::*;
use crate::sizing::{Effort, Model};
use crate::spec::{Vocabulary, read};

pub(crate) fn profile(more: &str) -> Result<Profile, Vec<String>> {
    let load = "version: 1\nname: shop\nload: { users: 2000, think: 160 ms }\n\
                requests: [{ name: page, share: 100 %, cpu: 2 ms, wait: 231 ms }]";
    let spec = read("x.yaml", format!("{load}\n{more}").as_bytes(), &Vocabulary { clouds: Vec::new() }, &[]);
    let spec = spec.unwrap();
    let requirements = Model::new(&spec, &Effort::quick()).requirements();
    Profile::of(&spec, &requirements, None)
}

fn wanted(profile: &Profile, name: &str) -> Option<String> {
    let found = profile.settings.iter().find(|it| it.subject.to_string() == name);
    found.map(|it| it.wanted.clone())
}

#[test]
fn the_web_profile_has_every_setting_of_the_plan() {
    let web = profile("").unwrap();
    for (name, value) in [
        ("net.core.somaxconn", "65535"),
        ("net.ipv4.tcp_max_syn_backlog", "8192"),
        ("net.ipv4.ip_local_port_range", "10000 65535"),
        ("net.ipv4.tcp_tw_reuse", "1"),
        ("net.ipv4.tcp_fin_timeout", "15"),
        ("fs.file-max", "500000"),
        ("nofile", "100000"),
        ("nproc", "65535"),
    ] {
        assert_eq!(wanted(&web, name).as_deref(), Some(value), "{name}");
    }
}

#[test]
fn every_setting_says_why_how_much_what_it_risks_and_from_where() {
    for name in ["web", "database", "cache"] {
        for setting in profile(&format!("tune: {{ profile: {name} }}")).unwrap().settings {
            let said = [&setting.why, &setting.arithmetic, &setting.risk, &setting.source];
            assert!(said.iter().all(|text| !text.is_empty()), "{name}: {setting:?}");
        }
    }
}

#[test]
fn a_load_that_needs_more_than_the_plan_raises_it_with_the_arithmetic() {
    let load = Load {
        users: 200_000,
        new_connections_per_s: 5_000.0,
        active_connections: 200_000,
        max_connections: None,
        port: 8000,
    };
    let settings = web::settings(&load);
    let of = |name: &str| settings.iter().find(|it| it.subject.to_string() == name).unwrap();
    assert_eq!(of("net.core.somaxconn").wanted, "200000");
    // 200,000 x 2 x 2.
    assert_eq!((of("nofile").wanted.as_str(), of("nofile").basis), ("800000", Basis::Load));
    // 5,000/s x 120 s + 200,000 open.
    assert_eq!(of("net.netfilter.nf_conntrack_max").wanted, "800000");
    let range = &of("net.ipv4.ip_local_port_range").arithmetic;
    assert!(
        range.starts_with("5,000 new connections/s x 60 s of TIME_WAIT = 300,000 ports; even"),
        "{range}"
    );
}

#[test]
fn a_spec_adds_overrides_and_forbids() {
    let tune = "tune: { sysctl: { net.core.somaxconn: 70000, kernel.panic: 10 }, limits: { nofile: 200000 }, \
                never: [net.ipv4.tcp_*] }";
    let own = profile(tune).unwrap();
    assert_eq!(wanted(&own, "net.core.somaxconn").as_deref(), Some("70000"));
    assert_eq!(own.of_key(&Key::read("kernel.panic").unwrap()).unwrap().direction, Direction::Exactly);
    assert_eq!(wanted(&own, "nofile").as_deref(), Some("200000"));
    let subject = |name: &str| Subject::Kernel(Key::read(name).unwrap());
    assert_eq!(own.forbids(&subject("net.ipv4.tcp_tw_reuse")), Some("net.ipv4.tcp_*"));
    assert_eq!(own.forbids(&subject("net.core.somaxconn")), None);
}

#[test]
fn entries_that_are_no_settings_are_all_named_at_once() {
    let tune = "tune: { sysctl: { net/../../etc/passwd: 1, net.ipv4.conf.*.rp_filter: 1 }, limits: { many: 1, nofile: few } }";
    let wrong = profile(tune).unwrap_err();
    assert_eq!(wrong.len(), 4, "{wrong:?}");
}
