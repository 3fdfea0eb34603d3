//! The double of DigitalOcean.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Cloud, Program};

pub(crate) use crate::program::KEY;

/// A stack with everything: standby, replicas, alarms, and machines that may become more.
pub(crate) const GROWING: &str = "\
version: 1
name: teachers
load: { users: 500, think: 1 s }
requests: [{ name: page, share: 100 %, cpu: 2 ms, queries: 3, query_cpu: 0.4 ms, download: 8 KiB }]
tasks: [{ name: mail, rate: 1/s, time: 1 s }]
app: { disk: 25 GiB }
database: { engine: mysql, version: \"8.0\", data: 20 GiB, read_replicas: 1 }
cache: { engine: valkey }
objectives: { mean: 300 ms, p95: 500 ms }
resilience: { zones: 1, survive: instance, database_standby: true, cache_replica: true, backups: { keep: 7 days, point_in_time: true }, autoscale: { max: 2x } }
access: { ssh: { user: ubuntu, key: ops.pub, from: [203.0.113.0/24] } }
alarms: { email: ops@example.org }
";

/// The same with machines of a fixed number, whose disks are too small by themselves.
pub(crate) fn fixed() -> String {
    GROWING.replace(", autoscale: { max: 2x }", "").replace("disk: 25 GiB", "disk: 60 GiB")
}

/// Names the description's path, in the environment of the tests and in that of the double.
const DESCRIPTION: &str = "LOADLINE_DIGITALOCEAN_OPENAPI";

static CLOUD: Cloud =
    Cloud { name: "digitalocean", credentials: &[("DIGITALOCEAN_ACCESS_TOKEN", TOKEN)], secret: Some(TOKEN) };

/// No real one; what must not be shown.
const TOKEN: &str = "dop_v1_of_the_double";

/// The program on a double of its own.
pub(crate) struct Double(Program);

/// Where the description is: it is not part of the project.
fn description() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/apis/digitalocean-openapi.yaml");
    let path = std::env::var_os(DESCRIPTION).map_or(beside, PathBuf::from);
    path.is_file().then_some(path)
}

impl Double {
    pub(crate) fn start(spec: &str) -> Self {
        let program = Program::start(&CLOUD, spec, |command| {
            command.env("PYTHONDONTWRITEBYTECODE", "1");
            match description() {
                Some(path) => command.env(DESCRIPTION, path),
                None => command.env_remove(DESCRIPTION),
            };
        });
        if program.greeting["description"].is_null() {
            eprintln!("requests are held against {}", program.greeting["checks"]);
        }
        Self(program)
    }

    /// What somebody else does in the same account; the cloud's answer.
    pub(crate) fn somebody(&self, method: &str, path: &str, body: &Value) -> Value {
        self.exchange(method, path, body)
    }
}

impl Deref for Double {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.0
    }
}
