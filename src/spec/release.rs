//! How the application is released, as the user wrote it.

use std::collections::BTreeMap;

/// Where a tier of data runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// In a container on the host.
    Here,
    /// Somewhere that the application is told.
    Elsewhere,
}

/// How the application is released.
#[derive(Debug, Clone, PartialEq)]
pub struct Deploy {
    /// Command of the web server; `None`: the image's own.
    pub command: Option<String>,
    /// Command of the task workers; `None`: tasks cannot be released.
    pub task_command: Option<String>,
    /// Command that is run once before a release takes traffic; `None`: nothing is run.
    pub migrate: Option<String>,
    /// Variables for the containers.
    pub env: BTreeMap<String, String>,
    /// Variables whose values are secret and stand nowhere in the spec.
    pub secrets: Vec<String>,
    /// Where the database runs; `None`: by the number of hosts.
    pub database: Option<Placement>,
    /// Where cache and queue run; `None`: by the number of hosts.
    pub cache: Option<Placement>,
    /// Longest time that the application works on a request, s.
    pub request_timeout_s: f64,
    /// Longest time that a task may take, s; `None`: derived from the longest task.
    pub task_timeout_s: Option<f64>,
    /// Longest time that new containers may take to become healthy, s.
    pub health_timeout_s: f64,
    /// Time between the move of the traffic and the stop of the old containers, s.
    pub drain_s: f64,
    /// Older releases that each host keeps.
    pub keep_releases: u32,
    /// Certificate chain on the hosts; `None`: plain HTTP.
    pub certificate: Option<String>,
    /// Private key on the hosts; `None`: plain HTTP.
    pub certificate_key: Option<String>,
}

impl Default for Deploy {
    /// What a spec without a word about it has.
    fn default() -> Self {
        Self {
            command: None,
            task_command: Some("celery -A app.tasks worker".to_owned()),
            migrate: None,
            env: BTreeMap::new(),
            secrets: Vec::new(),
            database: None,
            cache: None,
            request_timeout_s: 50.0,
            task_timeout_s: None,
            health_timeout_s: 120.0,
            drain_s: 30.0,
            keep_releases: 2,
            certificate: None,
            certificate_key: None,
        }
    }
}
