//! What Amazon Web Services is: regions, zones, what it cannot do. Facts only. Zone names are those of a new account; which letters an account sees may differ.

use loadline_contract::{JournalStore, Pricing, Profile, Region};

/// Amazon Web Services; the first region is the default.
pub(crate) static PROFILE: Profile = Profile {
    name: "aws",
    title: "Amazon Web Services",
    best_for: "the widest choice of services and regions",
    // EC2 refills its buckets for mutating calls with 5 a second for each kind of call (Amazon EC2 API, "Request throttling"); a plan mixes kinds.
    calls_per_s: 10,
    regions: REGIONS,
    inabilities: &[],
    credential_variables: &[],
    journal_store: Some(JournalStore { scheme: "s3", variables: "AWS_" }),
    stages: crate::kinds::STAGES,
};

const REGIONS: &[Region] = &[
    Region {
        name: "us-east-1",
        zones: &["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1e", "us-east-1f"],
        priced: Pricing::Covered,
    },
    Region {
        name: "eu-west-1",
        zones: &["eu-west-1a", "eu-west-1b", "eu-west-1c"],
        priced: Pricing::Covered,
    },
    Region {
        name: "us-east-2",
        zones: &["us-east-2a", "us-east-2b", "us-east-2c"],
        priced: Pricing::NotCovered,
    },
    Region { name: "us-west-1", zones: &["us-west-1a", "us-west-1b"], priced: Pricing::NotCovered },
    Region {
        name: "us-west-2",
        zones: &["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "ca-central-1",
        zones: &["ca-central-1a", "ca-central-1b", "ca-central-1d"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "sa-east-1",
        zones: &["sa-east-1a", "sa-east-1b", "sa-east-1c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "eu-central-1",
        zones: &["eu-central-1a", "eu-central-1b", "eu-central-1c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "eu-west-2",
        zones: &["eu-west-2a", "eu-west-2b", "eu-west-2c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "eu-west-3",
        zones: &["eu-west-3a", "eu-west-3b", "eu-west-3c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "eu-north-1",
        zones: &["eu-north-1a", "eu-north-1b", "eu-north-1c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "eu-south-1",
        zones: &["eu-south-1a", "eu-south-1b", "eu-south-1c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "ap-south-1",
        zones: &["ap-south-1a", "ap-south-1b", "ap-south-1c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "ap-southeast-1",
        zones: &["ap-southeast-1a", "ap-southeast-1b", "ap-southeast-1c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "ap-southeast-2",
        zones: &["ap-southeast-2a", "ap-southeast-2b", "ap-southeast-2c"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "ap-northeast-1",
        zones: &["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"],
        priced: Pricing::NotCovered,
    },
    Region {
        name: "ap-northeast-2",
        zones: &["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c", "ap-northeast-2d"],
        priced: Pricing::NotCovered,
    },
];
