//! The double of Azure.

use std::ops::Deref;

use serde_json::{Value, json};

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

    /// What somebody else does in the same subscription; the cloud's answer.
    pub(crate) fn somebody(&self, method: &str, path: &str, body: &Value) -> Value {
        let asked = json!({ "method": method, "path": path, "body": body });
        self.ask("POST", "outside", &asked)
    }

    /// What is there by the cloud's eyes, type by type; types without anything are left out.
    pub(crate) fn world(&self) -> Value {
        let mut world = self.ask("GET", "world", &Value::Null);
        world
            .as_object_mut()
            .unwrap()
            .retain(|_, things| things.as_array().is_some_and(|them| !them.is_empty()));
        world
    }

    pub(crate) fn calls(&self) -> Vec<Value> {
        self.ask("GET", "calls", &Value::Null).as_array().unwrap().clone()
    }

    /// Every call was one that the cloud's description has, and so was every answer of the double.
    pub(crate) fn assert_described(&self) {
        let wrong = |call: &&Value| call["wrong_answer"].is_string() || call["not_described"] == json!(true);
        let calls = self.calls();
        assert!(!calls.is_empty());
        let refused: Vec<_> = calls.iter().filter(wrong).collect();
        assert!(refused.is_empty(), "{refused:#?}");
    }
}

impl Deref for Double {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.0
    }
}
