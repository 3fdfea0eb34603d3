//! Azure Monitor: what scales a group, alarms, and who is told.

use std::collections::BTreeMap;

use loadline_contract::by_kind::Making;
use loadline_contract::deploy::{CloudError, ErrorClass, Value};
use serde_json::{Value as Json, json};

use super::ids;
use super::json::{count, id, rows, said, settings, text};
use super::plain::Plain;

pub(super) const ACTION_GROUP: Plain = Plain {
    global: true,
    ..Plain::new("action-group", "Microsoft.Insights/actionGroups", action_group, read_action_group)
};
pub(super) const AUTOSCALE: Plain =
    Plain::new("autoscale", "Microsoft.Insights/autoscaleSettings", autoscale, read_autoscale);
pub(super) const ALARM: Plain =
    Plain { global: true, ..Plain::new("alarm", "Microsoft.Insights/metricAlerts", alarm, read_alarm) };

fn action_group(making: &Making<'_>) -> Result<Json, CloudError> {
    Ok(json!({
        "properties": {
            // What a short message is signed with.
            "groupShortName": "loadline",
            "enabled": true,
            "emailReceivers": [{
                "name": "mail", "emailAddress": making.settings.text("email")?, "useCommonAlertSchema": true,
            }],
        },
    }))
}

fn read_action_group(row: &Json) -> BTreeMap<String, Value> {
    let mails = rows(row, "/properties/emailReceivers").iter();
    let mails: Vec<&str> = mails.filter_map(|mail| text(mail, "/emailAddress")).collect();
    settings([("email", Some(mails.join(", ").into()))])
}

/// A duration as the interface writes it.
fn minutes(minutes: i32) -> String {
    format!("PT{minutes}M")
}

/// Such a duration in minutes; hours are written as such.
fn in_minutes(row: &Json, pointer: &str) -> Option<Value> {
    let text = text(row, pointer)?.strip_prefix("PT")?;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let factor = match unit {
        "M" => 1,
        "H" => 60,
        _ => return None,
    };
    Some(Value::Count(number.parse::<i64>().ok()? * factor))
}

fn autoscale(making: &Making<'_>) -> Result<Json, CloudError> {
    let wanted = &making.settings;
    let (group, window) = (wanted.text("group")?, minutes(wanted.count("window_min")?));
    let rule = |operator: &str, limit: i32, direction: &str| {
        Ok::<Json, CloudError>(json!({
            "metricTrigger": {
                "metricName": wanted.text("metric")?,
                "metricResourceUri": group,
                "timeGrain": "PT1M",
                "statistic": "Average",
                "timeWindow": window,
                "timeAggregation": "Average",
                "operator": operator,
                "threshold": limit,
            },
            "scaleAction": {
                "direction": direction,
                "type": "ChangeCount",
                "value": "1",
                "cooldown": minutes(wanted.count("cooldown_min")?),
            },
        }))
    };
    Ok(json!({
        "properties": {
            "enabled": true,
            "targetResourceUri": group,
            "profiles": [{
                "name": "load",
                "capacity": {
                    "minimum": wanted.count("least")?.to_string(),
                    "maximum": wanted.count("most")?.to_string(),
                    "default": wanted.count("default")?.to_string(),
                },
                "rules": [
                    rule("GreaterThan", wanted.count("out_above")?, "Increase")?,
                    rule("LessThan", wanted.count("in_below")?, "Decrease")?,
                ],
            }],
        },
    }))
}

fn read_autoscale(row: &Json) -> BTreeMap<String, Value> {
    let profile = "/properties/profiles/0";
    let number = |name: &str| {
        let number = text(row, &format!("{profile}/capacity/{name}"))?.parse().ok()?;
        Some(Value::Count(number))
    };
    let rules = rows(row, &format!("{profile}/rules"));
    let limit = |direction: &str| {
        let rule = rules.iter().find(|rule| text(rule, "/scaleAction/direction") == Some(direction))?;
        count(rule, "/metricTrigger/threshold")
    };
    let first = |pointer: &str| format!("{profile}/rules/0{pointer}");
    // One that was switched off does nothing, whatever it says.
    let on = row.pointer("/properties/enabled") != Some(&json!(false));
    settings([
        ("group", id(row, "/properties/targetResourceUri")),
        ("least", number("minimum").filter(|_| on)),
        ("most", number("maximum")),
        ("default", number("default")),
        ("metric", said(row, &first("/metricTrigger/metricName"))),
        ("out_above", limit("Increase")),
        ("in_below", limit("Decrease")),
        ("window_min", in_minutes(row, &first("/metricTrigger/timeWindow"))),
        ("cooldown_min", in_minutes(row, &first("/scaleAction/cooldown"))),
    ])
}

fn alarm(making: &Making<'_>) -> Result<Json, CloudError> {
    let wanted = &making.settings;
    let limit = wanted.text("limit")?;
    let threshold: f64 = limit.parse().map_err(|_| {
        let said = format!("`{limit}` is no number");
        CloudError::new(ErrorClass::Unexpected, format!("working on {}", making.address), said)
    })?;
    Ok(json!({
        "properties": {
            "enabled": true,
            "severity": wanted.count("severity")?,
            "scopes": [wanted.text("target")?],
            "evaluationFrequency": minutes(wanted.count("every_min")?),
            "windowSize": minutes(wanted.count("window_min")?),
            "autoMitigate": true,
            "criteria": {
                "odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
                "allOf": [{
                    "name": "limit",
                    "criterionType": "StaticThresholdCriterion",
                    "metricNamespace": wanted.text("namespace")?,
                    "metricName": wanted.text("metric")?,
                    "timeAggregation": wanted.text("aggregation")?,
                    "operator": wanted.text("operator")?,
                    "threshold": threshold,
                }],
            },
            "actions": [{ "actionGroupId": wanted.text("action")? }],
        },
    }))
}

fn read_alarm(row: &Json) -> BTreeMap<String, Value> {
    let of = |name: &str| format!("/properties/criteria/allOf/0/{name}");
    let limit = row.pointer(&of("threshold")).and_then(Json::as_f64);
    // One that was switched off tells nobody.
    let on = row.pointer("/properties/enabled") != Some(&json!(false));
    settings([
        ("target", id(row, "/properties/scopes/0")),
        ("namespace", said(row, &of("metricNamespace"))),
        ("metric", said(row, &of("metricName"))),
        ("aggregation", said(row, &of("timeAggregation"))),
        ("operator", said(row, &of("operator"))),
        ("limit", limit.map(|limit| limit.to_string().into())),
        ("window_min", in_minutes(row, "/properties/windowSize")),
        ("every_min", in_minutes(row, "/properties/evaluationFrequency")),
        ("severity", count(row, "/properties/severity")),
        (
            "action",
            text(row, "/properties/actions/0/actionGroupId")
                .filter(|_| on)
                .map(|it| ids::canonical(it).into()),
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_they_are_written() {
        let read = |text: &str| in_minutes(&json!({ "a": text }), "/a");
        assert_eq!(read(&minutes(5)), Some(Value::Count(5)));
        assert_eq!(read("PT1H"), Some(Value::Count(60)));
        for odd in ["", "PT", "P1D", "5", "PTxM", "PT5é"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
