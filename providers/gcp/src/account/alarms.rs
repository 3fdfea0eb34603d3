//! The mail channel and the alert policies of Cloud Monitoring. The service gives the names; ours are known by their labels.

use google_cloud_gax::paginator::ItemPaginator as _;
use google_cloud_monitoring_v3::model::{self, AlertPolicy, NotificationChannel};
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, State, Value};
use serde_json::{Value as Json, json};

use super::clients::{Clients, patient};
use super::compute;
use super::errors::failed;
use super::form::{self, Field, Form, text, word};
use super::marks::{self, Owned};

const CHANNEL: &[Field] = &[
    ("type", "type", Form::Text),
    ("email_address", "labels.email_address", Form::Text),
    ("enabled", "enabled", Form::Flag),
];
const CONDITION: &str = "conditions.0.conditionThreshold";
const ALERT: &[Field] = &[
    (
        "per_series_aligner",
        "conditions.0.conditionThreshold.aggregations.0.perSeriesAligner",
        word!(model::aggregation::Aligner),
    ),
    (
        "cross_series_reducer",
        "conditions.0.conditionThreshold.aggregations.0.crossSeriesReducer",
        word!(model::aggregation::Reducer),
    ),
    ("alignment_period_sec", "conditions.0.conditionThreshold.aggregations.0.alignmentPeriod", Form::Seconds),
    ("comparison", "conditions.0.conditionThreshold.comparison", word!(model::ComparisonType)),
    ("threshold_value", "conditions.0.conditionThreshold.thresholdValue", Form::Decimal),
    ("duration_sec", "conditions.0.conditionThreshold.duration", Form::Seconds),
    ("combiner", "combiner", word!(model::alert_policy::ConditionCombinerType)),
    ("enabled", "enabled", Form::Flag),
    ("notification_channels", "notificationChannels", Form::Each(&Form::Text)),
];

fn project(it: &Clients) -> String {
    format!("projects/{}", it.project)
}

pub(super) async fn channels(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let mut all = Vec::new();
    let mut items = patient(it.channels.list_notification_channels().set_name(project(it))).by_item();
    while let Some(item) = items.next().await {
        let channel =
            item.map_err(failed("looking for notification channels (notificationChannels.list)"))?;
        let Some((deployment, address)) = marks::owner("notification-channel", &channel.user_labels) else {
            continue;
        };
        let mut found = Found::new(address, Some(&channel.name), State::Ready, []);
        found.settings = form::read(CHANNEL, &compute::json(&channel)?);
        all.push((deployment, found));
    }
    Ok(all)
}

fn channel(making: &Making<'_>) -> Result<NotificationChannel, CloudError> {
    let mut body = json!({ "displayName": title(making), "userLabels": marks::labels(making) });
    making.settings.iter().for_each(|(setting, value)| form::write(CHANNEL, setting, value, &mut body));
    compute::model(body)
}

/// What people see.
fn title(making: &Making<'_>) -> String {
    format!("{} {}", making.deployment, making.address.name())
}

pub(super) async fn create_channel(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let asked = it.channels.create_notification_channel().set_name(project(it));
    let asked = asked.set_notification_channel(channel(making)?).send().await;
    asked.map(drop).map_err(failed(format!("creating {} (notificationChannels.create)", making.address)))
}

pub(super) async fn change_channel(it: &Clients, making: &Making<'_>, id: &str) -> Result<(), CloudError> {
    let asked = it.channels.update_notification_channel();
    let asked = asked.set_notification_channel(channel(making)?.set_name(id)).send().await;
    asked.map(drop).map_err(failed(format!("changing {} (notificationChannels.patch)", making.address)))
}

pub(super) async fn remove_channel(it: &Clients, found: &Found) -> Result<(), CloudError> {
    let asked = it.channels.delete_notification_channel().set_name(&found.id).send().await;
    asked.map(drop).map_err(failed(format!("removing {} (notificationChannels.delete)", found.address)))
}

pub(super) async fn alerts(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let mut all = Vec::new();
    let mut items = patient(it.alerts.list_alert_policies().set_name(project(it))).by_item();
    while let Some(item) = items.next().await {
        let policy = item.map_err(failed("looking for alert policies (alertPolicies.list)"))?;
        let Some((deployment, address)) = marks::owner("alert", &policy.user_labels) else { continue };
        let json = compute::json(&policy)?;
        let mut found = Found::new(address, Some(&policy.name), State::Ready, []);
        found.settings = form::read(ALERT, &json);
        let filter = form::at(&json, CONDITION).map(|it| text(it, "filter")).unwrap_or_default();
        for (setting, value) in watched(filter).into_iter().flatten() {
            found.set(setting, value);
        }
        all.push((deployment, found));
    }
    Ok(all)
}

/// What a policy watches, in the words of Cloud Monitoring: a metric, a type of thing, labels.
fn filter(making: &Making<'_>) -> Result<String, CloudError> {
    let settings = &making.settings;
    let mut parts = vec![
        format!("metric.type=\"{}\"", settings.text("metric")?),
        format!("resource.type=\"{}\"", settings.text("resource_type")?),
    ];
    parts.extend(settings.map("labels")?.iter().map(|(label, value)| format!("{label}=\"{value}\"")));
    Ok(parts.join(" AND "))
}

/// The settings that a filter was made from; `None`: somebody wrote another one.
fn watched(filter: &str) -> Option<[(&'static str, Value); 3]> {
    let mut parts = filter.split(" AND ").map(|part| part.strip_suffix('"')?.rsplit_once("=\""));
    let mut next =
        |name: &str| parts.next()?.filter(|(of, _)| *of == name).map(|(_, value)| Value::from(value));
    let (metric, resource_type) = (next("metric.type")?, next("resource.type")?);
    let labels: Option<_> =
        parts.map(|part| part.map(|(label, value)| (label.to_owned(), value.into()))).collect();
    Some([("metric", metric), ("resource_type", resource_type), ("labels", Value::Map(labels?))])
}

fn policy(making: &Making<'_>) -> Result<AlertPolicy, CloudError> {
    let mut body = json!({ "displayName": title(making), "userLabels": marks::labels(making) });
    making.settings.iter().for_each(|(setting, value)| form::write(ALERT, setting, value, &mut body));
    form::put(&mut body, "conditions.0.displayName", Json::from(making.address.name()));
    form::put(&mut body, &format!("{CONDITION}.filter"), filter(making)?.into());
    compute::model(body)
}

pub(super) async fn create_alert(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let asked =
        it.alerts.create_alert_policy().set_name(project(it)).set_alert_policy(policy(making)?).send().await;
    asked.map(drop).map_err(failed(format!("creating {} (alertPolicies.create)", making.address)))
}

pub(super) async fn change_alert(it: &Clients, making: &Making<'_>, id: &str) -> Result<(), CloudError> {
    let asked = it.alerts.update_alert_policy().set_alert_policy(policy(making)?.set_name(id)).send().await;
    asked.map(drop).map_err(failed(format!("changing {} (alertPolicies.patch)", making.address)))
}

pub(super) async fn remove_alert(it: &Clients, found: &Found) -> Result<(), CloudError> {
    let asked = it.alerts.delete_alert_policy().set_name(&found.id).send().await;
    asked.map(drop).map_err(failed(format!("removing {} (alertPolicies.delete)", found.address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_says_what_is_watched_and_any_other_says_nothing() {
        let label = "metadata.user_labels.\"loadline-deployment\"";
        let filter = format!("metric.type=\"a/b\" AND resource.type=\"gce_instance\" AND {label}=\"shop\"");
        let [metric, resource_type, labels] = watched(&filter).unwrap();
        assert_eq!((metric.1, resource_type.1), ("a/b".into(), "gce_instance".into()));
        assert_eq!(labels.1, Value::map([(label, "shop".into())]));
        for other in
            ["", "metric.type=\"a\"", "resource.type=\"a\" AND metric.type=\"b\"", "metric.type=\"a\" AND x"]
        {
            assert!(watched(other).is_none(), "{other}");
        }
    }
}
