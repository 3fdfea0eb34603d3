//! Database servers and Redis: their settings from files and from the command line.

use std::collections::BTreeMap;

use super::super::known::{Known, Place, Word};
use super::super::parse::cnf;
use super::super::parse::redis::Line;
use super::super::units::{count, mysql_bytes, redis_bytes, seconds, switch};
use super::service::Service;

/// Images that are a MySQL, or speak for one.
pub(crate) const MYSQL_IMAGES: &[&str] = &["mysql", "mysql-server", "percona", "percona-server"];
/// Images that are a MariaDB.
pub(crate) const MARIADB_IMAGES: &[&str] = &["mariadb", "mariadb-galera"];
/// Images that are a Redis.
pub(crate) const REDIS_IMAGES: &[&str] = &["redis", "valkey", "redis-stack-server", "keydb"];

/// A database server.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    /// Name for sentences: the service, or the file.
    pub(crate) name: String,
    /// Service; `None`: only an option file is there.
    pub(crate) service: Option<usize>,
    /// Whether it is a MariaDB.
    pub(crate) mariadb: bool,
    /// Its options, by normal name; those of the command line win.
    pub(crate) options: BTreeMap<String, Word>,
}

/// A Redis or Valkey.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    /// Name for sentences: the service, or the file.
    pub(crate) name: String,
    /// Service; `None`: only a file is there.
    pub(crate) service: Option<usize>,
    /// Its settings by name: the arguments.
    pub(crate) settings: BTreeMap<String, Vec<Word>>,
    /// Who uses it as a queue, with the place where that is written.
    pub(crate) queues: Vec<(String, Place)>,
    /// Who uses it as a cache, likewise.
    pub(crate) caches: Vec<(String, Place)>,
    /// Time after which a message that nobody acknowledged is given out again, s.
    pub(crate) visibility: Known<f64>,
}

impl Database {
    /// A server with these options.
    pub(super) fn new(name: &str, service: Option<(usize, &Service)>, entries: &[&cnf::Entry]) -> Self {
        let mariadb = service.is_some_and(|(_, it)| it.is_image(MARIADB_IMAGES));
        let mut options = BTreeMap::new();
        for entry in entries.iter().filter(|entry| is_server(&entry.group, mariadb)) {
            let word = entry.value.clone().unwrap_or_else(|| Word::written("", entry.place.clone()));
            options.insert(entry.name.clone(), word);
        }
        for word in service.map(|(_, it)| it.words.as_slice()).unwrap_or_default() {
            let Some(rest) = word.value.strip_prefix("--") else { continue };
            let (name, value) = rest.split_once('=').unwrap_or((rest, ""));
            let value = Word { value: value.to_owned(), text: value.to_owned(), from: word.from.clone() };
            options.insert(cnf::normal(name), value);
        }
        Self { name: name.to_owned(), service: service.map(|(index, _)| index), mariadb, options }
    }

    /// An option that counts something.
    pub(crate) fn number(&self, name: &str) -> Option<Known<u64>> {
        Some(Known::of(self.options.get(name)?, mysql_bytes))
    }

    /// An option that is a time in seconds.
    pub(crate) fn time(&self, name: &str) -> Option<Known<f64>> {
        Some(Known::of(self.options.get(name)?, seconds))
    }

    /// The connection limit; 151 where nothing is written.
    pub(crate) fn max_connections(&self) -> Known<u64> {
        self.number("max_connections")
            .unwrap_or_else(|| Known::default(151, "151", "MySQL 8.4 manual, max_connections"))
    }

    /// Whether the server sizes its own memory and logs by the machine.
    pub(crate) fn is_dedicated(&self) -> bool {
        let option = self.options.get("innodb_dedicated_server");
        option.is_some_and(|word| word.value.is_empty() || switch(&word.value) == Some(true))
    }

    /// The buffer pool, bytes; 128 MiB where nothing is written. `None`: sized by the server itself.
    pub(crate) fn buffer_pool(&self) -> Option<Known<u64>> {
        if self.is_dedicated() {
            return self.number("innodb_buffer_pool_size");
        }
        Some(self.number("innodb_buffer_pool_size").unwrap_or_else(|| {
            Known::default(128 << 20, "128M", "MySQL 8.4 manual, innodb_buffer_pool_size")
        }))
    }
}

fn is_server(group: &str, mariadb: bool) -> bool {
    let group = group.split('-').next().unwrap_or(group);
    matches!(group, "mysqld" | "server") || (mariadb && matches!(group, "mariadb" | "mariadbd"))
}

impl Cache {
    /// A server with these settings.
    pub(super) fn new(name: &str, service: Option<(usize, &Service)>, lines: &[&Line]) -> Self {
        let mut settings: BTreeMap<String, Vec<Word>> = BTreeMap::new();
        for line in lines {
            let args = if line.args.is_empty() {
                vec![Word::written("", line.place.clone())]
            } else {
                line.args.clone()
            };
            settings.insert(line.name.clone(), args);
        }
        let words = service.map(|(_, it)| it.words.as_slice()).unwrap_or_default();
        for (at, word) in words.iter().enumerate() {
            let Some(name) = word.value.strip_prefix("--") else { continue };
            let args: Vec<Word> =
                words[at + 1..].iter().take_while(|word| !word.value.starts_with("--")).cloned().collect();
            settings.insert(name.to_ascii_lowercase(), args);
        }
        Self {
            name: name.to_owned(),
            service: service.map(|(index, _)| index),
            settings,
            queues: Vec::new(),
            caches: Vec::new(),
            visibility: Known::default(3600.0, "3600 s", "docs.celeryq.dev, Redis: visibility timeout"),
        }
    }

    /// The first argument of a setting.
    pub(crate) fn word(&self, name: &str) -> Option<&Word> {
        self.settings.get(name)?.first()
    }

    /// A setting that counts bytes.
    pub(crate) fn bytes(&self, name: &str) -> Option<Known<u64>> {
        Some(Known::of(self.word(name)?, redis_bytes))
    }

    /// A setting that counts something.
    pub(crate) fn number(&self, name: &str) -> Option<Known<u64>> {
        Some(Known::of(self.word(name)?, count))
    }

    /// The memory bound, bytes; `None`: there is none.
    pub(crate) fn max_memory(&self) -> Option<Known<u64>> {
        self.bytes("maxmemory").filter(|known| known.value > 0)
    }

    /// What is done at the bound.
    pub(crate) fn policy(&self) -> Word {
        self.word("maxmemory-policy").cloned().unwrap_or_else(|| {
            Known::default("noeviction".to_owned(), "noeviction", "redis.conf, maxmemory-policy")
        })
    }

    /// Whether each write goes to a log on disk.
    pub(crate) fn append_only(&self) -> Known<bool> {
        Known::or(self.word("appendonly"), switch, || Known::default(false, "no", "redis.conf, appendonly"))
    }

    /// Whether snapshots are written: by itself they are, `save ""` stops them.
    pub(crate) fn snapshots(&self) -> bool {
        self.word("save").is_none_or(|word| !word.value.is_empty())
    }
}
