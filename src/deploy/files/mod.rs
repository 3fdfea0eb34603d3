//! A [`Stack`] as files: Compose, proxy, environment, database, cache and queue. Pure.
//!
//! The same text serves three times: whole, for a person who reads it or starts it by hand; and on a host in two projects, the
//! ground that stays (proxy and data) and a release that is replaced by the next.

mod compose;
mod environment;
mod servers;
mod watch;

pub(crate) use compose::PROXY_IMAGE;
pub use watch::watch;

use crate::deploy::stack::Stack;

/// Which part of a stack a Compose file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// All of it, as one project.
    Whole,
    /// What stays over releases: proxy, database, cache, queue.
    Ground,
    /// The containers of the release with this id.
    Release(&'a str),
}

/// A file with its place below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileText {
    /// Path from the folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

fn file(path: &str, text: String) -> FileText {
    FileText { path: path.to_owned(), text }
}

/// Services of the project that stays; the others are a release's.
pub const GROUND_SERVICES: [&str; 4] = ["proxy", "database", "cache", "queue"];

/// Name of the project that stays.
pub fn ground_project(stack: &Stack) -> String {
    format!("{}-ground", stack.name)
}

/// Name of the project of a release.
pub fn release_project(stack: &Stack, id: &str) -> String {
    format!("{}-{id}", stack.name)
}

/// Every file of a stack, for a person.
pub fn whole(stack: &Stack) -> Vec<FileText> {
    let mut files = vec![file("docker-compose.production.yml", compose::compose(stack, Part::Whole))];
    files.extend(servers::all(stack));
    files.push(file("nginx/upstream.conf", servers::upstream(stack, "whole", &["app".to_owned()])));
    files.extend(environment::all(stack));
    files.push(file("env/secrets.env.example", environment::example(stack)));
    files
}

/// The files of what stays on a host; the upstream is not among them, since it belongs to the release that has the traffic.
pub fn ground(stack: &Stack) -> Vec<FileText> {
    let mut files = vec![file("compose.yml", compose::compose(stack, Part::Ground))];
    files.extend(servers::all(stack));
    files
}

/// The files of a release on a host.
pub fn release(stack: &Stack, id: &str) -> Vec<FileText> {
    let mut files = vec![
        file("compose.yml", compose::compose(stack, Part::Release(id))),
        file("upstream.conf", servers::upstream(stack, id, &instances(stack, id))),
    ];
    files.extend(environment::all(stack));
    files
}

/// Names of the web containers of a release, as Compose forms them.
fn instances(stack: &Stack, id: &str) -> Vec<String> {
    let project = release_project(stack, id);
    (1..=stack.web.instances).map(|number| format!("{project}-app-{number}")).collect()
}

/// Secrets that are brought along, as the file that containers read. Values are in double quotes, where Compose gives `\`, `"`
/// and `$` a meaning of their own (compose-spec, env_file).
///
/// # Errors
/// With the name of a variable whose value has a line break or a NUL byte, which no such file can hold.
pub fn secrets_file<'a>(values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<String, String> {
    let mut text = String::new();
    for (name, value) in values {
        if value.contains(['\n', '\r', '\0']) {
            return Err(name.to_owned());
        }
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
        text.push_str(&format!("{name}=\"{value}\"\n"));
    }
    Ok(text)
}
