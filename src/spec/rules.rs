//! What depends on more than one key: shares that add up, names that differ, tiers that must be there; and computed defaults.
//!
//! Each rule looks only at what was read soundly, so that it works beside other complaints.

use std::collections::HashMap;

use super::complaints::{Complaints, Fault, quoted};
use super::keys::{self, Kind, Presence};
use super::model::Quantity;
use super::units::Dimension;
use super::value::Value;
use super::values::Values;

/// Part of the data that is taken to be in use all the time.
const WORKING_SHARE: f64 = 0.2;
/// How far the shares may be from 100 %, for thirds written as `33.33 %`; they are then scaled to add up exactly.
const SHARE_TOLERANCE: f64 = 1e-3;
/// The source of a value that follows from what was written.
const ARITHMETIC: &str = "arithmetic";

/// Applies all rules.
pub(super) fn apply(values: &mut Values, complaints: &mut Complaints<'_>) {
    shares(values, complaints);
    database_defaults(values);
    target_below_limit(values);
    unique_names(values, "requests", complaints);
    unique_names(values, "tasks", complaints);
    queries(values, complaints);
    parts(values, complaints);
    resilience(values, complaints);
    missing_tiers(values, complaints);
    release(values, complaints);
}

fn computed(values: &mut Values, path: &str, quantity: Quantity, source: &str) {
    let Some(key) = keys::find(path) else { return };
    if let (Presence::Computed { value, reason }, Kind::Quantity(dimension, ..)) = (key.presence, key.kind) {
        let shown = format!("{} ({value})", dimension.shown(quantity.mid));
        values.fill(path, Value::Quantity(quantity), &shown, reason, source);
    }
}

fn shares(values: &mut Values, complaints: &mut Complaints<'_>) {
    let Some(count) = values.count("requests") else { return };
    let paths: Vec<String> = (0..count).map(|index| format!("requests[{index}].share")).collect();
    let (written, open): (Vec<_>, Vec<_>) = paths.iter().partition(|path| values.has(path));
    let mut sum = 0.0;
    for path in &written {
        match values.number(path) {
            Some(share) => sum += share,
            None => return,
        }
    }
    let place = written.last().and_then(|path| values.place(path)).or_else(|| values.place("requests"));
    let Some(place) = place else { return };
    let fault = |help: String| {
        let message = format!("the shares of the requests add up to {} %", percent(sum));
        Fault::new("shares", message, help)
    };
    if open.is_empty() {
        if count > 0 && (sum - 1.0).abs() > SHARE_TOLERANCE {
            complaints.add(place, fault("they must add up to 100 %".to_owned()));
        } else {
            written.iter().for_each(|path| values.rescale(path, 1.0 / sum));
        }
        return;
    }
    if sum > 1.0 - 1e-9 {
        return complaints
            .add(place, fault(format!("nothing is left for the {} without a share", open.len())));
    }
    // At most 1000 entries.
    #[allow(clippy::cast_precision_loss)]
    let each = (1.0 - sum) / open.len() as f64;
    let open: Vec<String> = open.into_iter().cloned().collect();
    for path in open {
        computed(values, &path, Quantity::certain(each), ARITHMETIC);
    }
}

/// A share as percent with at most two decimals.
fn percent(share: f64) -> f64 {
    (share * 1e4).round() / 100.0
}

fn database_defaults(values: &mut Values) {
    if !values.has("database") {
        return;
    }
    if !values.has("database.working_set")
        && let Some(data) = values.quantity("database.data")
    {
        computed(values, "database.working_set", scaled(data, WORKING_SHARE), keys::ASSUMPTION);
    }
    if !values.has("database.growth")
        && let Some(growth) = values.quantity("load.growth")
    {
        computed(values, "database.growth", growth, keys::ASSUMPTION);
    }
}

/// A limit below the usual target lowers the target that nobody wrote.
fn target_below_limit(values: &mut Values) {
    let path = "objectives.target_cpu";
    let (Some(limit), Some(usual)) = (values.quantity("objectives.cpu"), values.number(path)) else { return };
    if values.place(path).is_none() && limit.mid < usual {
        let shown = format!("{} (as objectives.cpu)", Dimension::Share.shown(limit.mid));
        let reason = "the usual target is above the limit of this spec";
        values.fill(path, Value::Quantity(limit), &shown, reason, ARITHMETIC);
    }
}

/// A quantity times a factor, its interval as well.
pub(super) fn scaled(quantity: Quantity, factor: f64) -> Quantity {
    let range = quantity.range.map(|range| super::model::Range {
        low: range.low * factor,
        high: range.high * factor,
        confidence: range.confidence,
    });
    Quantity { mid: quantity.mid * factor, range }
}

fn unique_names(values: &Values, list: &str, complaints: &mut Complaints<'_>) {
    let mut seen = HashMap::new();
    for index in 0..values.count(list).unwrap_or(0) {
        let path = format!("{list}[{index}].name");
        let (Some(name), Some(place)) = (values.text(&path), values.place(&path)) else { continue };
        if let Some(first) = seen.insert(name, place) {
            let message =
                format!("two {list} are named {}; the first is at line {}", quoted(name), first.line);
            complaints.add(place, Fault::new("duplicate-name", message, "give each a name of its own"));
        }
    }
}

fn queries(values: &Values, complaints: &mut Complaints<'_>) {
    for index in 0..values.count("requests").unwrap_or(0) {
        let path = |key: &str| format!("requests[{index}].{key}");
        let Some(queries) = values.number(&path("queries")) else { continue };
        if queries > 0.0 && !values.has("database") {
            let place = values.place(&path("queries"));
            let fault = Fault::new(
                "missing-tier",
                "a request has queries, but the spec has no `database`",
                "add `database:` with at least `data`, or set `queries: 0`",
            );
            if let Some(place) = place {
                complaints.add(place, fault);
            }
        }
        if let (Some(writes), Some(place)) = (values.number(&path("writes")), values.place(&path("writes")))
            && writes > queries
        {
            let message = format!("`writes` is {writes}, but the request has {queries} queries");
            complaints
                .add(place, Fault::new("contradiction", message, "writes are counted among the queries"));
        }
    }
}

/// A part may not be larger than its whole.
fn parts(values: &Values, complaints: &mut Complaints<'_>) {
    for (part, whole, help) in [
        ("database.working_set", "database.data", "the working set is part of the data"),
        ("objectives.target_cpu", "objectives.cpu", "size for no more than the limit"),
        ("objectives.p95", "objectives.p99", "99 % of the requests take at least as long as 95 % of them"),
    ] {
        let (Some(small), Some(large)) = (values.number(part), values.number(whole)) else { continue };
        // Either may be the one that was written.
        let Some(place) = values.place(part).or_else(|| values.place(whole)) else { continue };
        if small > large {
            let message = format!("`{part}` is larger than `{whole}`");
            complaints.add(place, Fault::new("contradiction", message, help));
        }
    }
}

fn resilience(values: &Values, complaints: &mut Complaints<'_>) {
    let place = values.place("resilience.survive");
    if let (Some("zone"), Some(place), Some(1)) =
        (values.text("resilience.survive"), place, values.count("resilience.zones"))
    {
        let message = "`survive: zone` with only one zone";
        complaints.add(place, Fault::new("contradiction", message, "write `zones: 2` or more"));
    }
    let restore = values.flag("resilience.backups.point_in_time");
    if let (Some(true), Some(place), Some(keep)) =
        (restore, values.place("resilience.backups.point_in_time"), values.number("resilience.backups.keep"))
        && keep == 0.0
    {
        let message = "`point_in_time` without backups";
        complaints.add(place, Fault::new("contradiction", message, "write `keep: 7 days`"));
    }
}

/// Something is wanted of a tier that is not there.
fn missing_tiers(values: &Values, complaints: &mut Complaints<'_>) {
    for (tier, wish) in [("database", "database_standby"), ("cache", "cache_replica")] {
        if values.has(tier) {
            continue;
        }
        let mut paths = vec![format!("resilience.{wish}")];
        for cloud in values.texts("pin") {
            paths.extend([format!("pin.{cloud}.{tier}"), format!("pin.{cloud}.{wish}")]);
        }
        for path in paths {
            if let (Some(place), false) = (values.place(&path), values.flag(&path) == Some(false)) {
                let message = format!("`{path}` is set, but the spec has no `{tier}`");
                complaints
                    .add(place, Fault::new("missing-tier", message, format!("add `{tier}:` or remove it")));
            }
        }
    }
}

/// A certificate needs its key; a secret has no value in the spec; what runs on the host is described.
fn release(values: &Values, complaints: &mut Complaints<'_>) {
    let halves = ["deploy.certificate", "deploy.certificate_key"];
    for (one, other) in [(halves[0], halves[1]), (halves[1], halves[0])] {
        if let (Some(place), false) = (values.place(one), values.has(other)) {
            let message = format!("`{one}` is set without `{other}`");
            complaints.add(place, Fault::new("half-a-certificate", message, format!("add `{other}`")));
        }
    }
    let stated = values.table("deploy.env");
    let secrets = values.texts("deploy.secrets");
    if let (Some(twice), Some(place)) =
        (secrets.iter().find(|name| stated.contains_key(*name)), values.place("deploy.secrets"))
    {
        let message = format!("`{twice}` is a secret and has a value in `deploy.env`");
        complaints.add(place, Fault::new("secret-in-spec", message, "take it out of one of them".to_owned()));
    }
    for tier in ["database", "cache"] {
        let path = format!("deploy.{tier}");
        if let (Some(place), false, Some("here")) =
            (values.place(&path), values.has(tier), values.text(&path))
        {
            let message = format!("`{path}` is set, but the spec has no `{tier}`");
            complaints.add(place, Fault::new("missing-tier", message, format!("add `{tier}:` or remove it")));
        }
    }
}
