//! What DigitalOcean is: regions, zones, what it cannot do. Facts only. Prices are the same in every region.

use loadline_contract::{Inability, Pricing, Profile, Region};

/// DigitalOcean; the first region is the default.
pub(crate) static PROFILE: Profile = Profile {
    name: "digitalocean",
    title: "DigitalOcean",
    best_for: "small teams: flat prices, much traffic included",
    // 250 calls a minute (API reference, "Rate Limit").
    calls_per_s: 4,
    regions: REGIONS,
    inabilities: INABILITIES,
    // The names that the cloud's own tools read, the first that is set (doctl, and terraform-provider-digitalocean).
    credential_variables: &["DIGITALOCEAN_ACCESS_TOKEN", "DIGITALOCEAN_TOKEN"],
    // Its object storage speaks the protocol of `s3://`.
    journal_store: None,
    stages: crate::kinds::STAGES,
};

const REGIONS: &[Region] = &[
    Region { name: "nyc3", zones: &[], priced: Pricing::Covered },
    Region { name: "nyc1", zones: &[], priced: Pricing::Covered },
    Region { name: "nyc2", zones: &[], priced: Pricing::Covered },
    Region { name: "sfo2", zones: &[], priced: Pricing::Covered },
    Region { name: "sfo3", zones: &[], priced: Pricing::Covered },
    Region { name: "ams3", zones: &[], priced: Pricing::Covered },
    Region { name: "sgp1", zones: &[], priced: Pricing::Covered },
    Region { name: "lon1", zones: &[], priced: Pricing::Covered },
    Region { name: "fra1", zones: &[], priced: Pricing::Covered },
    Region { name: "tor1", zones: &[], priced: Pricing::Covered },
    Region { name: "blr1", zones: &[], priced: Pricing::Covered },
    Region { name: "syd1", zones: &[], priced: Pricing::Covered },
    Region { name: "atl1", zones: &[], priced: Pricing::Covered },
    Region { name: "ric1", zones: &[], priced: Pricing::Covered },
];

const INABILITIES: &[Inability] = &[
    Inability {
        what: "zones",
        why: "a DigitalOcean region is one data centre without availability zones, so no design there survives its loss",
    },
    Inability {
        what: "connections",
        why: "max_connections of Managed MySQL cannot be set: mysql_advanced_config of digitalocean/openapi has no such field",
    },
    Inability {
        what: "buffer_pool",
        why: "the buffer pool of Managed MySQL cannot be set: mysql_advanced_config of digitalocean/openapi has no such field",
    },
    Inability {
        what: "connection_alarms",
        why: "DigitalOcean has no alert on the connections of a database (API description, alert_policy_request)",
    },
    Inability {
        what: "cache_backups",
        why: "Managed Valkey has no backups (API description, Databases): it keeps one snapshot to start again from",
    },
    Inability { what: "reserved", why: "DigitalOcean sells no reservations: every term is billed on demand" },
    Inability {
        what: "redis",
        why: "Managed Redis was retired on 2025-06-30; Managed Valkey speaks the same protocol \
              (terraform-provider-digitalocean docs database_redis_config.md@401992a1)",
    },
];
