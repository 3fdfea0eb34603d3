//! What holds inside of a block of nginx.conf: its own directives over those around it.

use std::collections::BTreeMap;

use super::super::known::{Known, Word};
use super::super::parse::nginx::Directive;
use super::super::units::{seconds, show_seconds};

/// What is looked for, and so what is carried from block to block.
const INHERITED: &[&str] = &[
    "worker_processes",
    "worker_connections",
    "worker_rlimit_nofile",
    "keepalive",
    "keepalive_timeout",
    "proxy_read_timeout",
    "fastcgi_read_timeout",
    "uwsgi_read_timeout",
    "scgi_read_timeout",
    "grpc_read_timeout",
    "proxy_http_version",
    "proxy_next_upstream",
];

/// Values that hold in a block, by name, and the header `Connection` that is sent on.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope<'a> {
    /// Directives by name.
    values: BTreeMap<&'static str, &'a Directive>,
    /// The header, if one is set.
    pub(super) connection: Option<&'a Directive>,
}

impl<'a> Scope<'a> {
    /// What holds inside of a block.
    pub(super) fn inside(&self, block: &'a [Directive]) -> Self {
        let mut scope = self.clone();
        let mut headers = block.iter().filter(|it| it.name == "proxy_set_header").peekable();
        if headers.peek().is_some() {
            // Headers are inherited only where a block sets none of its own.
            scope.connection = headers
                .find(|it| it.arg(0).is_some_and(|name| name.value.eq_ignore_ascii_case("connection")));
        }
        for directive in block.iter().filter(|it| it.block.is_none()) {
            if let Some(name) = INHERITED.iter().find(|name| **name == directive.name) {
                scope.values.insert(name, directive);
            }
        }
        scope
    }

    /// The first argument of a directive.
    pub(super) fn word(&self, name: &str) -> Option<&'a Word> {
        self.values.get(name)?.arg(0)
    }

    /// A time in seconds, else what the documentation says.
    pub(super) fn time(&self, name: &str, default: f64, source: &'static str) -> Known<f64> {
        Known::or(self.word(name), seconds, || Known::default(default, &show_seconds(default), source))
    }

    /// All arguments of a directive.
    pub(super) fn args(&self, name: &str) -> Vec<Word> {
        self.values.get(name).map_or_else(Vec::new, |it| it.args.clone())
    }
}
