//! What Microsoft Azure is: regions, zones, what it cannot do. Facts only. Zones are numbered per subscription.

use loadline_contract::{Inability, JournalStore, Pricing, Profile, Region};

/// Microsoft Azure; the first region is the default.
pub(crate) static PROFILE: Profile = Profile {
    name: "azure",
    title: "Microsoft Azure",
    best_for: "what belongs to a Microsoft estate",
    // Resource Manager refills 10 writes a second and subscription (Azure docs, "Request limits and throttling", 2024).
    calls_per_s: 10,
    regions: REGIONS,
    inabilities: INABILITIES,
    credential_variables: &[
        "AZURE_SUBSCRIPTION_ID",
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_FEDERATED_TOKEN",
    ],
    journal_store: Some(JournalStore { scheme: "az", variables: "AZURE_" }),
    stages: crate::kinds::STAGES,
};

const REGIONS: &[Region] = &[
    Region { name: "eastus", zones: &["1", "2", "3"], priced: Pricing::Covered },
    Region { name: "westeurope", zones: &["1", "2", "3"], priced: Pricing::Covered },
    Region { name: "eastus2", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "centralus", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "southcentralus", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "westus", zones: &[], priced: Pricing::NotCovered },
    Region { name: "westus2", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "westus3", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "canadacentral", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "brazilsouth", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "northeurope", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "uksouth", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "francecentral", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "germanywestcentral", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "swedencentral", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "centralindia", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "southeastasia", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "eastasia", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "japaneast", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
    Region { name: "australiaeast", zones: &["1", "2", "3"], priced: Pricing::NotCovered },
];

const INABILITIES: &[Inability] = &[
    Inability { what: "valkey", why: "Azure sells no managed Valkey" },
    Inability {
        what: "response_time_alarms",
        why: "Azure Monitor has no percentiles and a Standard Load Balancer sees no responses: only an Application Gateway \
              gives an alarm on the mean response time (Azure docs, metrics of Microsoft.Network/applicationGateways)",
    },
    Inability {
        what: "cache_backups",
        why: "Azure Managed Redis keeps its newest snapshot to start again from, not one for each day (Azure docs, \
              \"Data persistence\")",
    },
];
