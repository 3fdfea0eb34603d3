//! A small cloud made by hand: three stages, one kind that holds data.

use loadline_contract::deploy::*;

const LOOK: [&[&str]; 4] = [&["see"], &["make"], &["change"], &["remove"]];

const fn kind(
    kind: &'static str,
    settings: &'static [SettingRule],
    contents: Contents,
    billed: Billed,
) -> KindRule {
    KindRule { kind, title: kind, settings, contents, billed, minutes: [1.0, 0.5, 1.0], permissions: LOOK }
}

const fn on(setting: &'static str, on_change: OnChange) -> SettingRule {
    SettingRule { setting, on_change }
}

pub(crate) const STAGES: &[&[KindRule]] = &[
    &[kind("network", &[on("range", OnChange::Replace)], Contents::Nothing, Billed::Free)],
    &[
        kind("subnet", &[on("network", OnChange::Replace)], Contents::Nothing, Billed::Free),
        kind("firewall", &[], Contents::Nothing, Billed::Free),
    ],
    &[
        kind(
            "database",
            &[on("subnet", OnChange::Replace), on("storage", OnChange::RaiseOnly)],
            Contents::Data,
            Billed::Database,
        ),
        kind("group", &[on("count", OnChange::Ignore)], Contents::Nothing, Billed::App),
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
