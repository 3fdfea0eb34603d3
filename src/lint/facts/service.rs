//! A service of a Compose file: what its container is given.

use std::collections::BTreeMap;

use super::super::known::{Known, Place, Word};
use super::super::parse::command;
use super::super::parse::compose::{Entry, Node, Variables};
use super::super::read;
use super::super::units::{compose_bytes, count, seconds};

/// An image.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    /// As written.
    pub(crate) word: Word,
    /// Its last part without the tag: `mysql`.
    pub(crate) name: String,
    /// Tag; `None`: not written.
    pub(crate) tag: Option<String>,
    /// Whether its contents are named by a digest.
    pub(crate) digest: bool,
}

/// A variable of the environment.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    /// Value with its place.
    pub(crate) word: Word,
    /// As it was written, with variables in it; empty: it comes from an environment file.
    pub(crate) raw: String,
}

/// A port that is published on the host.
#[derive(Debug, Clone)]
pub(crate) struct Port {
    /// As written.
    pub(crate) word: Word,
    /// Address of the host; empty: all.
    pub(crate) address: String,
    /// Port of the host; `None`: any free one, or a range.
    pub(crate) host: Option<u64>,
}

/// The limit of open files.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    /// What holds.
    pub(crate) soft: Known<u64>,
    /// Up to which a process may raise it.
    pub(crate) hard: Known<u64>,
}

/// A service.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    /// Name.
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) place: Place,
    /// Image; `None`: it is built here.
    pub(crate) image: Option<Image>,
    /// Entry point and command.
    pub(crate) words: Vec<Word>,
    /// Environment, by name.
    pub(crate) environment: BTreeMap<String, Variable>,
    /// Published ports.
    pub(crate) ports: Vec<Port>,
    /// Containers.
    pub(crate) replicas: Known<u64>,
    /// Open files, if set.
    pub(crate) files: Option<Files>,
    /// Kernel settings.
    pub(crate) sysctls: Vec<(Place, String, Word)>,
    /// Memory limit, bytes.
    pub(crate) memory: Option<Known<u64>>,
    /// CPU limit, cores.
    pub(crate) cpus: Option<Known<f64>>,
    /// Time between the signal to stop and the kill, s.
    pub(crate) grace: Known<f64>,
    /// Everything else that is written.
    pub(crate) node: Node,
}

impl Service {
    /// Reads a service; `env`: what its environment files hold.
    pub(super) fn of(entry: &Entry, env: &[(String, Variables)]) -> Self {
        let node = &entry.node;
        let words = ["entrypoint", "command"]
            .iter()
            .flat_map(|key| node.get(key).map(Node::command).unwrap_or_default())
            .collect();
        let text = |keys: &[&str]| node.at(keys).and_then(Node::word);
        let replicas =
            Known::or(text(&["scale"]).or_else(|| text(&["deploy", "replicas"])).as_ref(), count, || {
                Known::default(1, "1", "compose-spec, deploy.replicas")
            });
        let memory = node
            .read(&["mem_limit"], compose_bytes)
            .or_else(|| node.read(&["deploy", "resources", "limits", "memory"], compose_bytes));
        let decimal = |text: &str| text.parse::<f64>().ok().filter(|cpus| cpus.is_finite() && *cpus > 0.0);
        let cpus = node
            .read(&["cpus"], decimal)
            .or_else(|| node.read(&["deploy", "resources", "limits", "cpus"], decimal));
        let grace = Known::or(text(&["stop_grace_period"]).as_ref(), seconds, || {
            Known::default(10.0, "10 s", "compose-spec, stop_grace_period")
        });
        Self {
            name: entry.key.clone(),
            place: entry.place.clone(),
            image: node.get("image").and_then(image),
            words: command::opened(words),
            environment: environment(node, env),
            ports: node.get("ports").map(ports).unwrap_or_default(),
            replicas,
            files: node.at(&["ulimits", "nofile"]).and_then(files),
            sysctls: node
                .get("sysctls")
                .map(Node::entries)
                .unwrap_or_default()
                .iter()
                .filter_map(|it| Some((it.place.clone(), it.key.clone(), it.node.word()?)))
                .collect(),
            memory,
            cpus,
            grace,
            node: node.clone(),
        }
    }

    /// The first of these variables that is set, with the name that it goes by.
    pub(crate) fn variable(&self, names: &[&'static str]) -> Option<(&'static str, &Word)> {
        names.iter().find_map(|name| {
            let word = &self.environment.get(*name)?.word;
            (!word.value.is_empty()).then_some((*name, word))
        })
    }

    /// A kernel setting that is a number.
    pub(crate) fn sysctl(&self, name: &str) -> Option<Known<u64>> {
        let (_, _, word) = self.sysctls.iter().find(|(_, key, _)| key == name)?;
        Some(Known::of(word, |text| count(text.trim())))
    }

    /// Whether the image is one of these.
    pub(crate) fn is_image(&self, names: &[&str]) -> bool {
        self.image.as_ref().is_some_and(|image| names.contains(&image.name.as_str()))
    }

    /// The first numbers of the image's tag: `8.4` of `8.4.2-oracle`.
    pub(crate) fn version(&self) -> Option<Vec<u64>> {
        let tag = self.image.as_ref()?.tag.as_deref()?;
        let numbers: Vec<u64> =
            tag.split(['.', '-']).map_while(|part| part.trim_start_matches('v').parse().ok()).collect();
        (!numbers.is_empty()).then_some(numbers)
    }

    /// Whether it uses the host's network.
    pub(crate) fn host_network(&self) -> Option<Word> {
        self.node.get("network_mode")?.word().filter(|word| word.value == "host")
    }

    /// Whether a file is mounted into it.
    pub(crate) fn mounts(&self, file: &str) -> bool {
        let file = file.trim_start_matches("./");
        let sources = self.node.get("volumes").map(Node::items).unwrap_or_default().iter();
        sources
            .filter_map(|item| match item.word() {
                Some(word) => word.value.split(':').next().map(str::to_owned),
                None => item.get("source")?.word().map(|word| word.value),
            })
            // Anything else is the name of a volume.
            .filter(|source| source.starts_with(['.', '/']))
            .map(|source| source.trim_start_matches("./").trim_matches('/').to_owned())
            .any(|source| !source.is_empty() && format!("/{file}/").contains(&format!("/{source}/")))
    }
}

fn image(node: &Node) -> Option<Image> {
    let word = node.word()?;
    let (path, digest) = match word.value.split_once('@') {
        Some((path, _)) => (path, true),
        None => (word.value.as_str(), false),
    };
    let last = path.rsplit('/').next().unwrap_or(path);
    let (name, tag) = match last.split_once(':') {
        Some((name, tag)) => (name, Some(tag.to_owned())),
        None => (last, None),
    };
    Some(Image { name: name.to_ascii_lowercase(), tag, digest, word: word.clone() })
}

fn environment(node: &Node, env: &[(String, Variables)]) -> BTreeMap<String, Variable> {
    let mut variables = BTreeMap::new();
    for file in read::env_files(node) {
        for (_, known) in env.iter().filter(|(name, _)| *name == file.value) {
            let read = known
                .iter()
                .map(|(name, word)| (name.clone(), Variable { word: word.clone(), raw: String::new() }));
            variables.extend(read);
        }
    }
    for entry in node.get("environment").map(Node::entries).unwrap_or_default() {
        if let (Some(word), Some(raw)) = (entry.node.word(), entry.node.raw()) {
            variables.insert(entry.key.clone(), Variable { word, raw: raw.to_owned() });
        }
    }
    variables
}

fn files(node: &Node) -> Option<Files> {
    if let Some(both) = node.word().and_then(|word| word.read(|text| count(text))) {
        return Some(Files { soft: both.clone(), hard: both });
    }
    let hard = node.read(&["hard"], count);
    let soft = node.read(&["soft"], count).or_else(|| hard.clone())?;
    Some(Files { hard: hard.unwrap_or_else(|| soft.clone()), soft })
}

fn ports(node: &Node) -> Vec<Port> {
    node.items()
        .iter()
        .filter_map(|item| match item.word() {
            Some(word) => short_port(word),
            None => {
                let published = item.get("published")?.word()?;
                let address =
                    item.get("host_ip").and_then(Node::word).map_or_else(String::new, |it| it.value);
                Some(Port { address, host: count(&published.value), word: published })
            }
        })
        .collect()
}

/// `[address:]host:container[/protocol]`; a container port alone is published on any free port.
fn short_port(word: Word) -> Option<Port> {
    let text = word.value.split('/').next().unwrap_or_default().to_owned();
    let (front, _) = text.rsplit_once(':')?;
    let (address, host) = match front.rsplit_once(':') {
        Some((address, host)) => (address.to_owned(), host),
        None if front.contains('.') => (front.to_owned(), ""),
        None => (String::new(), front),
    };
    Some(Port { address, host: count(host), word })
}
