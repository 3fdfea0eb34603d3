//! The address of each thing that others refer to: its one home.

use loadline_contract::deploy::Address;

/// The network.
pub(crate) fn network() -> Address {
    Address::new("network", "main")
}

/// The subnet of the app machines.
pub(crate) fn subnet() -> Address {
    Address::new("subnet", "app")
}

/// The range that managed services take their addresses from.
pub(crate) fn private_range() -> Address {
    Address::new("private-range", "services")
}

/// The way to services that live in Google's own network.
pub(crate) fn service_connection() -> Address {
    Address::new("service-connection", "services")
}

/// The permission to put endpoints of Memorystore for Valkey into the subnet.
pub(crate) fn connection_policy() -> Address {
    Address::new("connection-policy", "cache")
}

/// The health check of the app.
pub(crate) fn health_check() -> Address {
    Address::new("health-check", "app")
}

/// The group of app machines. Its zones are part of its name: a group cannot change them, and one under another name is
/// made, and taken by the balancer, before the old one goes.
pub(crate) fn group(zones: &[String]) -> Address {
    let letters = zones.iter().map(|zone| zone.rsplit('-').next().unwrap_or(zone));
    let name: Vec<&str> = std::iter::once("app").chain(letters).collect();
    Address::new("group", &name.join("-"))
}

/// The secret with the database's password.
pub(crate) fn password() -> Address {
    Address::new("password", "database")
}

/// The database.
pub(crate) fn database() -> Address {
    Address::new("database", "main")
}

/// A copy of the database that answers reads.
pub(crate) fn read_replica(number: u32) -> Address {
    Address::new("read-replica", &number.to_string())
}

/// The cache.
pub(crate) fn cache() -> Address {
    Address::new("cache", "main")
}

/// What the balancer sends requests to.
pub(crate) fn backend() -> Address {
    Address::new("backend", "app")
}

/// Whom alarms reach.
pub(crate) fn notification_channel() -> Address {
    Address::new("notification-channel", "operators")
}
