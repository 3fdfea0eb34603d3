//! The pool of database connections that each process of an application has.

use super::super::known::{Figure, Known};
use super::super::units::{seconds, switch};
use super::app::number;
use super::service::Service;

const ALCHEMY: &str = "docs.sqlalchemy.org, create_engine";
const POOL: &[&str] = &[
    "DB_POOL_SIZE",
    "DATABASE_POOL_SIZE",
    "SQLALCHEMY_POOL_SIZE",
    "SQLALCHEMY_ENGINE_POOL_SIZE",
    "MYSQL_POOL_SIZE",
    "POOL_SIZE",
];
const OVERFLOW: &[&str] = &[
    "DB_MAX_OVERFLOW",
    "DB_POOL_MAX_OVERFLOW",
    "DATABASE_MAX_OVERFLOW",
    "SQLALCHEMY_MAX_OVERFLOW",
    "MAX_OVERFLOW",
];
const RECYCLE: &[&str] =
    &["DB_POOL_RECYCLE", "DATABASE_POOL_RECYCLE", "SQLALCHEMY_POOL_RECYCLE", "POOL_RECYCLE"];
const PRE_PING: &[&str] = &["DB_POOL_PRE_PING", "SQLALCHEMY_POOL_PRE_PING", "POOL_PRE_PING"];
const DATABASE_URL: &[&str] =
    &["DATABASE_URL", "DB_URL", "SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_DATABASE_URL"];
const DATABASE_HOST: &[&str] = &["DB_HOST", "DATABASE_HOST", "MYSQL_HOST"];

/// The database connections of one process.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    /// Kept open.
    pub(crate) size: Known<u64>,
    /// Opened beyond that when needed.
    pub(crate) overflow: Known<u64>,
    /// Age at which a connection is replaced, s; `None`: not written.
    pub(crate) recycle: Option<Known<f64>>,
    /// Whether each connection is tried before use; `None`: not written.
    pub(crate) pre_ping: Option<bool>,
}

impl Pool {
    /// What a service is told about its pool; `None`: nothing.
    pub(super) fn of(service: &Service) -> Option<Self> {
        let (size, overflow) = (number(service, POOL), number(service, OVERFLOW));
        // A URL such as mysql+pymysql:// is SQLAlchemy's, so its defaults hold.
        let alchemy =
            service.variable(DATABASE_URL).is_some_and(|(_, word)| word.value.starts_with("mysql+"));
        if size.is_none() && overflow.is_none() && !alchemy {
            return None;
        }
        let recycle = service.variable(RECYCLE).map(|(_, word)| Known::of(word, seconds));
        Some(Self {
            size: size.unwrap_or_else(|| Known::default(5, "5", ALCHEMY)),
            overflow: overflow.unwrap_or_else(|| Known::default(10, "10", ALCHEMY)),
            recycle,
            pre_ping: service.variable(PRE_PING).and_then(|(_, word)| switch(&word.value)),
        })
    }

    /// Most connections of one process.
    pub(crate) fn most(&self) -> u64 {
        self.size.value.saturating_add(self.overflow.value)
    }

    /// Its numbers.
    pub(crate) fn figures(&self, service: &str) -> Vec<Figure> {
        vec![
            self.size.figure(format!("{service}: pool size")),
            self.overflow.figure(format!("{service}: pool overflow")),
        ]
    }
}

/// The host of the database that a service is told; `None`: none, or a variable.
pub(super) fn database_host(service: &Service) -> Option<String> {
    let host = service.variable(DATABASE_HOST).map(|(_, word)| word.value.clone());
    host.or_else(|| super::host_of(&service.variable(DATABASE_URL)?.1.value))
}
