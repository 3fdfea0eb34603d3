//! The numbers of a release: processes, pools, timeouts and memory, each following from the spec, the sizing and one another.
//! Pure. What cannot be made to agree is a refusal, what was given way to is a remark.

mod database;
mod memory;
mod pools;
mod tasks;
mod web;

pub use database::Database;
pub use memory::{Cache, Queue};
pub use pools::Pool;
pub use tasks::Tasks;
pub use web::{Proxy, Web};

use crate::sizing::{Effort, Sizing, size};
use crate::spec::{Placement, Spec};
use crate::tune::profile::Profile;
use crate::tune::render::{Container, container};

/// Who connects to the proxies of the hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Front {
    /// The people themselves, on the usual ports.
    People,
    /// A balancer, on the port of the application.
    Balancer,
}

/// Where it is released to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// Hosts that share the load.
    pub hosts: u32,
    /// Who connects to them.
    pub front: Front,
}

impl Site {
    /// The hosts that a spec names; one where it names none.
    pub fn of(spec: &Spec) -> Self {
        Self { hosts: u32::try_from(spec.hosts.len()).unwrap_or(u32::MAX).max(1), front: Front::People }
    }

    /// Where a tier of data runs, unless the spec says so.
    fn place(self, wish: Option<Placement>) -> Placement {
        let alone = self.hosts == 1 && self.front == Front::People;
        wish.unwrap_or(if alone { Placement::Here } else { Placement::Elsewhere })
    }
}

/// Everything that runs on each of the hosts.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// Name of the deployment.
    pub name: String,
    /// Image of the application.
    pub image: String,
    /// Who connects to the proxy.
    pub front: Front,
    /// The reverse proxy.
    pub proxy: Proxy,
    /// The web servers.
    pub web: Web,
    /// The task workers; `None`: the spec has no tasks.
    pub tasks: Option<Tasks>,
    /// The database in a container; `None`: there is none, or it is elsewhere.
    pub database: Option<Database>,
    /// The cache in a container; `None`: there is none, or it is elsewhere.
    pub cache: Option<Cache>,
    /// The queue in a container; `None`: there are no tasks, or it is elsewhere.
    pub queue: Option<Queue>,
    /// Command that is run once before a release takes traffic.
    pub migrate: Option<Vec<String>>,
    /// Variables of the spec.
    pub env: Vec<(String, String)>,
    /// Names of variables whose values have to be brought along, sorted.
    pub secrets: Vec<String>,
    /// Kernel settings and limits that containers have of their own.
    pub container: Container,
    /// Longest time until new containers are healthy, s.
    pub health_timeout_s: u32,
    /// Time between the move of the traffic and the stop of the old containers, s.
    pub drain_s: u32,
    /// Older releases that are kept.
    pub keep_releases: u32,
    /// What the numbers had to give way to, one sentence each.
    pub remarks: Vec<String>,
}

/// Why nothing can be released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is the matter, with the numbers.
    pub sentence: String,
    /// What to change.
    pub hint: String,
}

impl Refusal {
    fn new(sentence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), hint: hint.into() }
    }
}

/// Words of a command; a text of the spec has no quotes.
fn words(command: &str) -> Vec<String> {
    command.split_whitespace().map(str::to_owned).collect()
}

/// The name of a program without its folder.
fn program(words: &[String]) -> &str {
    words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word))
}

/// Whole seconds, rounded up.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn seconds(time_s: f64) -> u32 {
    time_s.ceil().clamp(0.0, 1e9) as u32
}

/// Whole MiB of GiB, rounded up.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn mebibytes(gib: f64) -> u32 {
    (gib * 1024.0).ceil().clamp(1.0, 1e9) as u32
}

impl Stack {
    /// Name of the database: the deployment's, in letters that need no quotes.
    pub fn schema(&self) -> String {
        self.name.replace('-', "_")
    }

    /// What a spec runs on each host of a site.
    ///
    /// # Errors
    /// With every reason why it cannot be released.
    pub fn of(spec: &Spec, site: Site) -> Result<Self, Vec<Refusal>> {
        let Sizing { requirements, prediction, .. } = size(spec, &Effort::quick(), &|_| {});
        let mut refusals = Vec::new();
        let mut remarks = Vec::new();
        let image = spec.app.image.clone().unwrap_or_else(|| {
            refusals.push(Refusal::new(
                "the spec names no image of the application",
                "state it as app.image, or with --image",
            ));
            String::new()
        });
        let profile = Profile::of(spec, &requirements, Some("web")).unwrap_or_else(|wrong| {
            refusals.extend(wrong.into_iter().map(|it| Refusal::new(it, "correct tune in the spec")));
            Profile::default()
        });
        let container = container(&profile);
        let tasks = match Tasks::of(spec, requirements.tasks.as_ref(), site) {
            Ok(tasks) => tasks,
            Err(refusal) => {
                refusals.push(refusal);
                None
            }
        };
        let mut web = Web::of(spec, &requirements.app, prediction.in_flight, site);
        let slots = tasks.as_ref().map_or(0, |tasks| tasks.connections_of_all(site));
        let mut limit = 0;
        if let Some(database) = &requirements.database {
            match pools::of(spec, database, web.processes_of_all(site), slots, &mut remarks) {
                Ok(shares) => {
                    web.pool = Some(shares.pool);
                    limit = shares.limit;
                }
                Err(refusal) => refusals.push(refusal),
            }
        }
        let place = |wish| site.place(wish) == Placement::Here;
        let database = requirements
            .database
            .as_ref()
            .filter(|_| place(spec.deploy.database))
            .map(|need| Database::of(need, limit, &container));
        let derived = requirements.database.as_ref().map_or(limit, |need| need.max_connections);
        if database.is_none() && limit > derived {
            remarks.push(format!(
                "the database has to accept {limit} connections while a release is under way; {derived} follow from the load \
                 alone: state database.max_connections: {limit}"
            ));
        }
        let here = place(spec.deploy.cache);
        let cache = requirements.cache.as_ref().filter(|_| here).map(Cache::of);
        let queue = (tasks.is_some() && here).then(|| Queue::of(spec, requirements.cache.as_ref()));
        if site.hosts > 1 && (database.is_some() || cache.is_some() || queue.is_some()) {
            refusals.push(Refusal::new(
                format!("the data would be on each of the {} hosts, each with its own", site.hosts),
                "say `elsewhere` at deploy.database and deploy.cache, or name one host",
            ));
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let mut secrets = spec.deploy.secrets.clone();
        let mut needs = |wanted: bool, name: &str| {
            if wanted && !spec.deploy.env.contains_key(name) {
                secrets.push(name.to_owned());
            }
        };
        needs(spec.database.is_some() && database.is_none(), "DATABASE_URL");
        needs(spec.cache.is_some() && cache.is_none(), "CACHE_URL");
        needs(tasks.is_some() && queue.is_none(), "CELERY_BROKER_URL");
        secrets.sort();
        secrets.dedup();
        Ok(Self {
            name: spec.name.clone(),
            image,
            front: site.front,
            proxy: Proxy::of(spec, site, &container),
            web,
            tasks,
            database,
            cache,
            queue,
            migrate: spec.deploy.migrate.as_deref().map(words),
            env: spec.deploy.env.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            secrets,
            container,
            health_timeout_s: seconds(spec.deploy.health_timeout_s),
            drain_s: seconds(spec.deploy.drain_s),
            keep_releases: spec.deploy.keep_releases,
            remarks,
        })
    }
}
