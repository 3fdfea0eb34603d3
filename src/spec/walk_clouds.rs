//! The maps by cloud: `clouds` and `pin`.

use super::complaints::{Fault, quoted};
use super::keys::{self, Clouds, Presence};
use super::tree::{Content, Label, Node};
use super::value::{self, Value};
use super::vocabulary::CloudWords;
use super::walk::{At, Walk};

/// No `clouds` was written: all of them.
pub(super) fn all_clouds(walk: &mut Walk<'_, '_>) {
    let vocabulary = walk.vocabulary;
    let names: Vec<String> = vocabulary.clouds.iter().map(|cloud| cloud.name.clone()).collect();
    let shown = names.join(", ");
    let reason = reason("clouds");
    walk.values.fill("clouds", Value::Texts(names), &shown, reason, "nothing was asked for");
    for cloud in &vocabulary.clouds {
        default_region(walk, cloud);
    }
}

fn reason(path: &str) -> &'static str {
    match keys::find(path).map(|key| key.presence) {
        Some(Presence::Computed { reason, .. }) => reason,
        _ => "not written",
    }
}

fn default_region(walk: &mut Walk<'_, '_>, cloud: &CloudWords) {
    let path = format!("clouds.{}.region", cloud.name);
    let value = Value::Text(cloud.default_region.clone());
    let reason = reason("clouds.*.region");
    walk.values.fill(&path, value, &cloud.default_region, reason, "the cloud's price book");
}

/// A map by cloud, as written.
pub(super) fn by_cloud(
    walk: &mut Walk<'_, '_>,
    which: Clouds,
    at: At<'_>,
    entries: &[(Label, Node)],
    label: &Label,
) {
    if entries.is_empty() && which == Clouds::Considered {
        let fault = Fault::new("missing-key", "`clouds` names no cloud", "remove it to consider all of them");
        walk.complaints.add(label.place, fault);
    }
    let mut names = Vec::new();
    let table = format!("{}.*", at.table);
    for (name, node) in entries {
        let vocabulary = walk.vocabulary;
        let Some(cloud) = vocabulary.clouds.iter().find(|cloud| cloud.name == name.text) else {
            let valid = vocabulary.clouds.iter().map(|cloud| cloud.name.as_str());
            let mut fault = value::unknown(at.path, &name.text, valid);
            fault.code = "unknown-cloud";
            fault.message = format!("{} is not a cloud that is known here", quoted(&name.text));
            walk.complaints.add(name.place, fault);
            continue;
        };
        names.push(name.text.clone());
        let path = format!("{}.{}", at.path, name.text);
        let below = At { table: &table, path: &path };
        walk.values.locate(&path, name.place);
        match &node.content {
            Content::Map(entries) => walk.map(below, entries, name.place),
            Content::Null => walk.map(below, &[], name.place),
            _ => {
                let message = format!("`{}` is {}, not a map", name.text, node.what());
                let help = if which == Clouds::Considered {
                    "write `{ region: … }`"
                } else {
                    "write `{ app: … }`"
                };
                walk.complaints.add(node.place, Fault::new("wrong-type", message, help));
                continue;
            }
        }
        if which == Clouds::Considered {
            region(walk, cloud, &path);
        }
    }
    walk.values.put(at.path, Value::Texts(names), label.place);
}

fn region(walk: &mut Walk<'_, '_>, cloud: &CloudWords, path: &str) {
    let path = format!("{path}.region");
    let Some(place) = walk.values.place(&path) else {
        return default_region(walk, cloud);
    };
    let Some(region) = walk.values.text(&path).map(str::to_owned) else { return };
    if !cloud.regions.contains(&region) {
        let mut fault = value::unknown("region", &region, cloud.regions.iter().map(String::as_str));
        fault.code = "unknown-region";
        fault.message = format!("{} is not a region of `{}`", quoted(&region), cloud.name);
        walk.complaints.add(place, fault);
    }
}
