//! Topics, who hears of them, and alarms.

use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, MetricAlarm, Statistic, Tag as AlarmTag};
use aws_sdk_sns::types::Tag as TopicTag;
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, ErrorClass, State, Value};

use super::errors::failed;
use super::{Clients, tags, text};
use crate::names::{may_be, name, prefix};

pub(crate) async fn topics(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.sns.list_topics().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for topics (ListTopics)"))?;
        for arn in page.topics().iter().filter_map(|topic| topic.topic_arn()) {
            if !may_be(deployment, "topic", arn.rsplit(':').next().unwrap_or_default()) {
                continue;
            }
            let tags = it.sns.list_tags_for_resource().resource_arn(arn).send().await;
            let tags = match tags.map_err(failed("looking whose topic this is (ListTagsForResource)")) {
                Ok(tags) => tags,
                // Removed since it was listed.
                Err(error) if error.class == ErrorClass::NotFound => continue,
                Err(error) => return Err(error),
            };
            let pairs = tags.tags().iter().map(|tag| (Some(tag.key()), Some(tag.value())));
            if let Some(address) = tags::address(deployment, pairs) {
                found.push(Found::new(address, Some(arn), State::Ready, []));
            }
        }
    }
    Ok(found)
}

fn incomplete(making: &Making<'_>, error: &dyn std::fmt::Display) -> CloudError {
    let class = ErrorClass::Rejected { field: None };
    CloudError::new(class, format!("putting together {}", making.address), error.to_string())
}

pub(crate) async fn create_topic(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let tags = tags::pairs(making).map(|(key, value)| TopicTag::builder().key(key).value(value).build());
    let tags = tags.into_iter().collect::<Result<Vec<_>, _>>().map_err(|error| incomplete(making, &error))?;
    let asked = it.sns.create_topic().name(name(making.deployment, making.address)).set_tags(Some(tags));
    let doing = format!("creating {} (CreateTopic)", making.address);
    asked.send().await.map(drop).map_err(failed(doing))
}

pub(crate) async fn delete_topic(it: &Clients, arn: &str) -> Result<(), CloudError> {
    let asked = it.sns.delete_topic().topic_arn(arn).send().await;
    asked.map(drop).map_err(failed("removing the topic (DeleteTopic)"))
}

/// What a subscription is called until its owner has confirmed it. It cannot be removed by itself: it goes with its topic (SNS API
/// reference, Unsubscribe).
pub(crate) const PENDING: &str = "PendingConfirmation";

pub(crate) async fn subscriptions(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    for topic in topics(it, deployment).await? {
        let mut pages = it.sns.list_subscriptions_by_topic().topic_arn(&topic.id).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page =
                page.map_err(failed(format!("looking at {} (ListSubscriptionsByTopic)", topic.address)))?;
            for subscription in page.subscriptions() {
                if subscription.protocol() != Some("email") {
                    continue;
                }
                let address = Address::new("subscription", topic.address.name());
                let settings =
                    [("topic", topic.id.as_str().into()), ("email", text(subscription.endpoint()))];
                let arn = subscription.subscription_arn().unwrap_or(PENDING);
                // A pending one has no id of its own.
                let id =
                    if arn.contains("ending") { format!("{}/{PENDING}", topic.id) } else { arn.to_owned() };
                found.push(Found::new(address, Some(&id), State::Ready, settings));
            }
        }
    }
    Ok(found)
}

pub(crate) async fn subscribe(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    it.sns
        .subscribe()
        .topic_arn(making.settings.text("topic")?)
        .protocol("email")
        .endpoint(making.settings.text("email")?)
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (Subscribe)", making.address)))
}

pub(crate) async fn unsubscribe(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.sns.unsubscribe().subscription_arn(id).send().await;
    asked.map(drop).map_err(failed("removing a subscription (Unsubscribe)"))
}

pub(crate) async fn alarms(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    // Every alarm of ours is called so; whose it is only its tags say.
    let asked = it.watch.describe_alarms().alarm_name_prefix(prefix(deployment, "alarm"));
    let mut pages = asked.into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for alarms (DescribeAlarms)"))?;
        for alarm in page.metric_alarms() {
            let Some(arn) = alarm.alarm_arn() else { continue };
            let tags = it.watch.list_tags_for_resource().resource_arn(arn).send().await;
            let tags = match tags.map_err(failed("looking whose alarm this is (ListTagsForResource)")) {
                Ok(tags) => tags,
                Err(error) if error.class == ErrorClass::NotFound => continue,
                Err(error) => return Err(error),
            };
            let pairs = tags.tags().iter().map(|tag| (tag.key(), tag.value()));
            if let Some(address) = tags::address(deployment, pairs) {
                found.push(read(address, alarm));
            }
        }
    }
    Ok(found)
}

fn read(address: Address, alarm: &MetricAlarm) -> Found {
    let dimensions = alarm.dimensions().iter();
    let dimensions = dimensions.filter_map(|it| Some((it.name()?.to_owned(), text(it.value())))).collect();
    let statistic = alarm.statistic().map(Statistic::as_str).or(alarm.extended_statistic());
    let number = |value: Option<i32>| Value::from(i64::from(value.unwrap_or_default()));
    let settings = [
        ("namespace", text(alarm.namespace())),
        ("metric", text(alarm.metric_name())),
        ("dimensions", Value::Map(dimensions)),
        ("statistic", text(statistic)),
        ("above", alarm.threshold().unwrap_or_default().to_string().into()),
        ("period_s", number(alarm.period())),
        ("periods", number(alarm.evaluation_periods())),
        ("when_silent", text(alarm.treat_missing_data())),
        ("topic", text(alarm.alarm_actions().first().map(String::as_str))),
    ];
    Found::new(address, alarm.alarm_name(), State::Ready, settings)
}

pub(crate) async fn put_alarm(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    let statistic = settings.text("statistic")?;
    let dimensions = settings.map("dimensions")?.iter();
    let dimensions =
        dimensions.map(|(name, value)| Dimension::builder().name(name).value(value.to_string()).build());
    let above = settings.text("above")?.parse::<f64>().map_err(|error| incomplete(making, &error))?;
    let mut asked = it
        .watch
        .put_metric_alarm()
        .alarm_name(name(making.deployment, making.address))
        .namespace(settings.text("namespace")?)
        .metric_name(settings.text("metric")?)
        .set_dimensions(Some(dimensions.collect()))
        .comparison_operator(ComparisonOperator::GreaterThanThreshold)
        .threshold(above)
        .period(settings.count("period_s")?)
        .evaluation_periods(settings.count("periods")?)
        .treat_missing_data(settings.text("when_silent")?)
        .alarm_actions(settings.text("topic")?);
    asked = if statistic.starts_with('p') {
        asked.extended_statistic(statistic)
    } else {
        asked.statistic(Statistic::from(statistic))
    };
    let tags =
        tags::pairs(making).into_iter().map(|(key, value)| AlarmTag::builder().key(key).value(value).build());
    let doing = format!("setting {} (PutMetricAlarm)", making.address);
    asked.set_tags(Some(tags.collect())).send().await.map(drop).map_err(failed(doing))
}

pub(crate) async fn delete_alarm(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.watch.delete_alarms().alarm_names(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteAlarms)")))
}
