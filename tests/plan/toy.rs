//! A small cloud made by hand: three stages, one kind that holds data.

use loadline_contract::deploy::*;

const SNAPSHOT: Survivor =
    Survivor { what: "final snapshot", storage_setting: Some("storage"), kept_days: None };

const LOOK: [&[&str]; 4] = [&["see"], &["make"], &["change"], &["remove"]];

const fn kind(
    kind: &'static str,
    settings: &'static [SettingRule],
    contents: Contents,
    billed: Billed,
) -> KindRule {
    KindRule { kind, title: kind, settings, contents, billed, minutes: [1.0, 0.5, 1.0], permissions: LOOK }
}

pub(crate) const STAGES: &[&[KindRule]] = &[
    &[kind("network", &[fixed("range")], Contents::Nothing, Billed::Free)],
    &[
        kind("subnet", &[fixed("network")], Contents::Nothing, Billed::Free),
        kind("firewall", &[], Contents::Nothing, Billed::Free),
    ],
    &[
        kind(
            "database",
            &[fixed("subnet"), growing("storage")],
            Contents::Data(Some(SNAPSHOT)),
            Billed::Database,
        ),
        kind("group", &[ignored("count")], Contents::Nothing, Billed::App),
    ],
];

pub(crate) fn address(text: &str) -> Address {
    text.parse().unwrap()
}

pub(crate) fn stack() -> Vec<Resource> {
    let (network, subnet) = (address("network/main"), address("subnet/a"));
    vec![
        Resource::new(network.clone(), [("range", "10.0.0.0/16".into())]),
        Resource::new(subnet.clone(), [("network", Value::of(&network)), ("range", "10.0.0.0/20".into())]),
        Resource::new(address("firewall/app"), [("network", Value::of(&network)), ("port", 8000_u32.into())]),
        Resource::new(
            address("database/main"),
            [("subnet", Value::of(&subnet)), ("storage", 100_u32.into()), ("size", "d.8".into())],
        ),
        Resource::new(
            address("group/app"),
            [("subnets", Value::List(vec![Value::of(&subnet)])), ("count", 2_u32.into())],
        ),
    ]
}
