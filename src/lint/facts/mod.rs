//! Trees to what the rules ask for: services, proxies, applications, task workers, databases, caches, and who talks to whom.

pub(super) mod app;
pub(super) mod load;
pub(super) mod pool;
pub(super) mod proxy;
mod queues;
mod scope;
pub(super) mod server;
pub(super) mod service;
mod unread;

pub(super) use unread::unread;

use super::known::Known;
use super::parse::cnf;
use super::parse::compose::{self, Node};
use super::parse::redis::Line;
use super::read::Sources;
use app::App;
use load::Load;
use proxy::Proxy;
use server::{Cache, Database, MARIADB_IMAGES, MYSQL_IMAGES, REDIS_IMAGES};
use service::Service;

/// Everything that the files say about one deployment.
#[derive(Debug)]
pub(super) struct Stack {
    /// Services of the Compose files.
    pub(super) services: Vec<Service>,
    /// `version:` of the Compose file.
    pub(super) compose_version: Option<Known<String>>,
    /// nginx.
    pub(super) proxies: Vec<Proxy>,
    /// Web servers and task workers.
    pub(super) apps: Vec<App>,
    /// Databases.
    pub(super) databases: Vec<Database>,
    /// Caches and queues.
    pub(super) caches: Vec<Cache>,
    /// What the load asks for.
    pub(super) load: Option<Load>,
    /// After how long the balancer before all of it gives up on an idle connection, s.
    pub(super) balancer_idle: Option<f64>,
    /// Options of all option files, for rules about the text itself.
    pub(super) options: Vec<cnf::Entry>,
    /// Lines of all redis.conf, likewise.
    pub(super) lines: Vec<Line>,
}

impl Stack {
    /// What the files say.
    pub(super) fn of(sources: &Sources, load: Option<Load>, balancer_idle: Option<f64>) -> Self {
        let root = sources.compose.as_ref();
        let entries = root.and_then(|root| root.get("services")).map(Node::entries).unwrap_or_default();
        let services: Vec<Service> =
            extended(entries).iter().map(|it| Service::of(it, &sources.env)).collect();
        let apps = services.iter().enumerate().filter_map(|(index, it)| App::of(index, it)).collect();
        let mut stack = Self {
            compose_version: root.and_then(|root| root.get("version")?.word()),
            proxies: proxies(sources, &services),
            databases: databases(sources, &services),
            caches: caches(sources, &services),
            services,
            apps,
            load,
            balancer_idle,
            options: sources.cnf.iter().flat_map(|(_, entries)| entries.clone()).collect(),
            lines: sources.redis.iter().flat_map(|(_, lines)| lines.clone()).collect(),
        };
        queues::assign(&mut stack);
        stack
    }

    /// A service by its index.
    pub(super) fn service(&self, index: Option<usize>) -> Option<&Service> {
        self.services.get(index?)
    }

    /// A service by a name that it can be reached under.
    pub(super) fn service_named(&self, host: &str) -> Option<usize> {
        self.services.iter().position(|service| service.name == host)
    }

    /// The web servers of a service.
    pub(super) fn web(&self, host: &str) -> Option<&App> {
        let index = self.service_named(host)?;
        self.apps.iter().find(|app| app.service == index && app.web.is_some())
    }

    /// The applications that use a database: those that name it, or all where there is only one.
    pub(super) fn users_of(&self, database: &Database) -> Vec<&App> {
        let named = |app: &&App| match (&app.database, self.service(database.service)) {
            // A name without dots that is no service may be an alias of it.
            (Some(host), Some(service)) => {
                *host == service.name || (!host.contains('.') && self.service_named(host).is_none())
            }
            _ => true,
        };
        let only = self.databases.len() == 1;
        self.apps
            .iter()
            .filter(|app| if only { named(app) } else { app.database.is_some() && named(app) })
            .collect()
    }
}

/// The services with what they extend of the same file laid under them (compose-spec 05, extends).
fn extended(entries: &[super::parse::compose::Entry]) -> Vec<super::parse::compose::Entry> {
    let base = |node: &Node| -> Option<Node> {
        let name = compose::extended(node)?;
        let base = entries.iter().find(|entry| entry.key == name.value)?;
        Some(base.node.clone())
    };
    entries
        .iter()
        .map(|entry| {
            let mut entry = entry.clone();
            if let Some(base) = base(&entry.node) {
                entry.node = base.merged(entry.node, "");
            }
            entry
        })
        .collect()
}

/// The service that a file belongs to: the one that mounts it, or the only one of its kind.
fn owner(file: &str, services: &[Service], images: &[&str]) -> Option<usize> {
    let of_kind: Vec<usize> = (0..services.len()).filter(|&index| services[index].is_image(images)).collect();
    let mounting = of_kind.iter().copied().find(|&index| services[index].mounts(file));
    mounting.or(if of_kind.len() == 1 { of_kind.first().copied() } else { None })
}

fn proxies(sources: &Sources, services: &[Service]) -> Vec<Proxy> {
    const IMAGES: &[&str] = &["nginx", "nginx-unprivileged", "openresty"];
    let whole = |directives: &[super::parse::nginx::Directive]| {
        directives.iter().any(|it| it.block.is_some() && matches!(it.name.as_str(), "events" | "http"))
    };
    let (mains, parts): (Vec<_>, Vec<_>) =
        sources.nginx.iter().partition(|(_, directives)| whole(directives));
    let mut found: Vec<Proxy> = Vec::new();
    for (file, directives) in &mains {
        let mut directives = directives.clone();
        // Parts belong into `http` of the one main file.
        if mains.len() == 1
            && let Some(http) = directives.iter_mut().find(|it| it.name == "http")
            && let Some(block) = &mut http.block
        {
            block.extend(parts.iter().flat_map(|(_, part)| part.clone()));
        }
        found.push(Proxy::of(file, &directives));
    }
    if mains.len() != 1 && !parts.is_empty() {
        let all: Vec<_> = parts.iter().flat_map(|(_, part)| part.clone()).collect();
        if let Some((file, _)) = parts.first() {
            found.push(Proxy::of(file, &all));
        }
    }
    for proxy in &mut found {
        proxy.service = owner(&proxy.file, services, IMAGES);
    }
    found
}

fn databases(sources: &Sources, services: &[Service]) -> Vec<Database> {
    let images: Vec<&str> = MYSQL_IMAGES.iter().chain(MARIADB_IMAGES).copied().collect();
    let owners: Vec<Option<usize>> =
        sources.cnf.iter().map(|(file, _)| owner(file, services, &images)).collect();
    let mut found = Vec::new();
    for (index, service) in services.iter().enumerate().filter(|(_, service)| service.is_image(&images)) {
        let own = sources.cnf.iter().zip(&owners).filter(|(_, owner)| **owner == Some(index));
        let entries: Vec<_> = own.flat_map(|((_, entries), _)| entries).collect();
        found.push(Database::new(&service.name, Some((index, service)), &entries));
    }
    // Files that no service takes are one server of their own, whose machine nobody describes here.
    let free = || sources.cnf.iter().zip(&owners).filter(|(_, owner)| owner.is_none()).map(|(file, _)| file);
    let entries: Vec<_> = free().flat_map(|(_, entries)| entries).collect();
    if let Some((file, _)) = free().next() {
        found.push(Database::new(file, None, &entries));
    }
    found
}

fn caches(sources: &Sources, services: &[Service]) -> Vec<Cache> {
    let owners: Vec<Option<usize>> =
        sources.redis.iter().map(|(file, _)| owner(file, services, REDIS_IMAGES)).collect();
    let mut found = Vec::new();
    for (index, service) in services.iter().enumerate().filter(|(_, service)| service.is_image(REDIS_IMAGES))
    {
        let own = sources.redis.iter().zip(&owners).filter(|(_, owner)| **owner == Some(index));
        let lines: Vec<_> = own.flat_map(|((_, lines), _)| lines).collect();
        found.push(Cache::new(&service.name, Some((index, service)), &lines));
    }
    for ((file, lines), _) in sources.redis.iter().zip(&owners).filter(|(_, owner)| owner.is_none()) {
        found.push(Cache::new(file, None, &lines.iter().collect::<Vec<_>>()));
    }
    found
}

/// The host of a URL; `None`: it has none, or it is a variable.
pub(super) fn host_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    // A password that is a variable may hold signs that end a host.
    let address = rest.rsplit_once('@').map_or(rest, |(_, address)| address);
    let host = address.split(['/', '?', '#', ',']).next()?;
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    (!host.is_empty() && !host.contains('$')).then(|| host.to_owned())
}
