//! The double of AWS.

use std::ops::Deref;

use crate::program::{Cloud, Program};

pub(crate) use crate::program::python;

const SPEC: &str = "\
version: 1
name: teachers
load: { users: 500, think: 1 s }
requests: [{ name: page, share: 100 %, cpu: 2 ms, queries: 3, query_cpu: 0.4 ms, download: 8 KiB }]
tasks: [{ name: mail, rate: 1/s, time: 1 s }]
database: { engine: mysql, data: 20 GiB, read_replicas: 1 }
cache: { engine: valkey }
objectives: { mean: 300 ms, p95: 500 ms }
resilience: { zones: 2, survive: zone, database_standby: true, cache_replica: true, autoscale: { max: 2x } }
access: { ssh: { user: ubuntu, key: ops.pub, from: [203.0.113.0/24] } }
alarms: { email: ops@example.org }
";

static CLOUD: Cloud = Cloud {
    name: "aws",
    credentials: &[
        ("AWS_ACCESS_KEY_ID", "double"),
        ("AWS_SECRET_ACCESS_KEY", "double"),
        // Nobody is asked whose machine this is.
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ],
    secret: None,
};

/// The program on a double of its own.
pub(crate) struct Double(Program);

impl Double {
    pub(crate) fn start() -> Self {
        Self(Program::start(&CLOUD, SPEC, |_| ()))
    }
}

impl Deref for Double {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.0
    }
}
