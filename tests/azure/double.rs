//! The double of Azure.

use std::ops::Deref;

use crate::program::{Cloud, Program};

/// A stack with everything: standby, replicas, alarms, and machines that may become more.
pub(crate) const GROWING: &str = "\
version: 1
name: teachers
load: { users: 500, think: 1 s }
requests: [{ name: page, share: 100 %, cpu: 2 ms, queries: 3, query_cpu: 0.4 ms, download: 8 KiB }]
tasks: [{ name: mail, rate: 1/s, time: 1 s }]
database: { engine: mysql, version: \"8.0\", data: 20 GiB, read_replicas: 1 }
cache: { engine: redis }
objectives: { mean: 300 ms, p95: 500 ms }
resilience: { zones: 2, survive: zone, database_standby: true, cache_replica: true, autoscale: { max: 2x } }
access: { ssh: { user: ubuntu, key: ops.pub, from: [203.0.113.0/24] } }
alarms: { email: ops@example.org }
";

/// The same with machines of a fixed number.
pub(crate) fn fixed() -> String {
    GROWING.replace(", autoscale: { max: 2x }", "")
}

/// The one that the double has.
pub(crate) const SUBSCRIPTION: &str = "11111111-1111-4111-8111-111111111111";

static CLOUD: Cloud =
    Cloud { name: "azure", credentials: &[("AZURE_SUBSCRIPTION_ID", SUBSCRIPTION)], secret: None };

/// The program on a double of its own.
pub(crate) struct Double(Program);

impl Double {
    pub(crate) fn start(spec: &str) -> Self {
        Self(Program::start(&CLOUD, spec, |command| {
            command.env("PYTHONDONTWRITEBYTECODE", "1");
        }))
    }
}

impl Deref for Double {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.0
    }
}
