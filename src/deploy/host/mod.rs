//! Scripts for one host, and what they say. Every value that comes from a spec or a person is one quoted word in them.

mod said;

pub use said::Holder;
pub(crate) use said::holder;
pub(crate) use said::{Answer, Mark, heard};

use crate::hosts::quoted;

/// What every script consists of.
const LIBRARY: &str = include_str!("host.sh");

/// A script about one deployment. Each call can be made again after being cut off anywhere.
#[derive(Debug, Clone)]
pub(crate) struct Script(String);

impl Script {
    /// An empty one.
    pub(crate) fn about(deployment: &str) -> Self {
        Self(format!("deployment {}\n", quoted(deployment)))
    }

    /// With one more call.
    #[must_use]
    pub(crate) fn call(mut self, name: &'static str, words: &[&str]) -> Self {
        self.0.push_str(name);
        for word in words {
            self.0.push(' ');
            self.0.push_str(&quoted(word));
        }
        self.0.push('\n');
        self
    }

    /// With a file below the deployment's folder.
    #[must_use]
    pub(crate) fn file(mut self, folder: Folder<'_>, path: &str, text: &str, mode: &'static str) -> Self {
        let base = match folder {
            Folder::Ground => "\"$ground\"/".to_owned(),
            Folder::Release(id) => format!("\"$releases\"/{}/", quoted(id)),
        };
        self.0.push_str(&format!("put {base}{} {} {mode}\n", quoted(path), quoted(text)));
        self
    }

    /// The whole text. In braces: a shell reads them to their end before it begins, so a script that arrives in part does
    /// nothing at all, and nothing in it can read the rest of it from standard input.
    pub(crate) fn text(&self) -> String {
        format!("{{\n{LIBRARY}\n{}finish\n}} </dev/null\n", self.0)
    }
}

/// Where a file of a deployment lies on its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folder<'a> {
    /// With what stays over releases.
    Ground,
    /// With the release of this id.
    Release(&'a str),
}
