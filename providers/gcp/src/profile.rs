//! What Google Cloud is: regions, zones, what it cannot do. Facts only.

use loadline_contract::{JournalStore, Pricing, Profile, Region};

use crate::kinds;

/// Google Cloud; the first region is the default.
pub(crate) static PROFILE: Profile = Profile {
    name: "gcp",
    title: "Google Cloud",
    best_for: "data and machine learning, and discounts that need no commitment",
    // Compute Engine takes 1500 mutating calls a minute and project (Compute Engine docs, "Rate quotas").
    calls_per_s: 20,
    regions: REGIONS,
    inabilities: &[],
    // Where credentials are, and which project is meant; the client library finds the credentials themselves.
    credential_variables: &[
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_CLOUD_PROJECT",
        "CLOUDSDK_CORE_PROJECT",
        "CLOUDSDK_CONFIG",
        "HOME",
    ],
    journal_store: Some(JournalStore { scheme: "gs", variables: "GOOGLE_" }),
    stages: kinds::STAGES,
};

const REGIONS: &[Region] = &[
    Region {
        name: "us-central1",
        zones: &["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"],
        priced: Pricing::Covered,
    },
    Region {
        name: "europe-west1",
        zones: &["europe-west1-b", "europe-west1-c", "europe-west1-d"],
        priced: Pricing::Covered,
    },
    Region {
        name: "us-east1",
        zones: &["us-east1-b", "us-east1-c", "us-east1-d"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "us-east4",
        zones: &["us-east4-a", "us-east4-b", "us-east4-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "us-west1",
        zones: &["us-west1-a", "us-west1-b", "us-west1-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "us-west2",
        zones: &["us-west2-a", "us-west2-b", "us-west2-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "northamerica-northeast1",
        zones: &["northamerica-northeast1-a", "northamerica-northeast1-b", "northamerica-northeast1-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "southamerica-east1",
        zones: &["southamerica-east1-a", "southamerica-east1-b", "southamerica-east1-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "europe-west2",
        zones: &["europe-west2-a", "europe-west2-b", "europe-west2-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "europe-west3",
        zones: &["europe-west3-a", "europe-west3-b", "europe-west3-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "europe-west4",
        zones: &["europe-west4-a", "europe-west4-b", "europe-west4-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "europe-north1",
        zones: &["europe-north1-a", "europe-north1-b", "europe-north1-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "asia-south1",
        zones: &["asia-south1-a", "asia-south1-b", "asia-south1-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "asia-southeast1",
        zones: &["asia-southeast1-a", "asia-southeast1-b", "asia-southeast1-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "asia-east1",
        zones: &["asia-east1-a", "asia-east1-b", "asia-east1-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "asia-northeast1",
        zones: &["asia-northeast1-a", "asia-northeast1-b", "asia-northeast1-c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "australia-southeast1",
        zones: &["australia-southeast1-a", "australia-southeast1-b", "australia-southeast1-c"],
        priced: Pricing::NotCovered,
    },
];
