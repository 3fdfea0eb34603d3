//! The kinds that tell somebody: notification channel and alert policies.

use loadline_contract::deploy::{Billed, Contents, KindRule, fixed};

use super::API;

pub(super) const NOTIFICATION_CHANNEL: KindRule = KindRule {
    kind: "notification-channel",
    title: "notification channel",
    settings: &[fixed("type")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.1, 0.1, 0.1],
    permissions: [
        &["monitoring.notificationChannels.list"],
        &[API, "monitoring.notificationChannels.create"],
        &["monitoring.notificationChannels.update"],
        &["monitoring.notificationChannels.delete"],
    ],
};

pub(super) const ALERT: KindRule = KindRule {
    kind: "alert",
    title: "alert policy",
    settings: &[],
    contents: Contents::Nothing,
    billed: Billed::Alarm,
    minutes: [0.1, 0.1, 0.1],
    permissions: [
        &["monitoring.alertPolicies.list"],
        &[API, "monitoring.alertPolicies.create"],
        &["monitoring.alertPolicies.update"],
        &["monitoring.alertPolicies.delete"],
    ],
};
