//! What holds for one host, after defaults: the values of a configuration, understood.

use std::path::PathBuf;
use std::time::Duration;

use super::criteria::{Obtained, ProxyKeyword, Value};
use super::words::Tokens;
use super::{Habits, duration};
use crate::hosts::inventory::{check_name, check_user};
use crate::hosts::{HostError, Target};

/// Everything that is needed to connect to one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::hosts::ssh) struct Settings {
    /// Name or address that is connected to.
    pub(in crate::hosts::ssh) host: String,
    pub(in crate::hosts::ssh) port: u16,
    pub(in crate::hosts::ssh) user: String,
    /// The name by which files of known hosts know it.
    pub(in crate::hosts::ssh) key_name: String,
    pub(in crate::hosts::ssh) proxy: Proxy,
    /// Private keys in the order in which they are tried.
    pub(in crate::hosts::ssh) identities: Vec<PathBuf>,
    /// Only those keys, whatever else the agent holds.
    pub(in crate::hosts::ssh) identities_only: bool,
    pub(in crate::hosts::ssh) agent: Option<PathBuf>,
    pub(in crate::hosts::ssh) keys_allowed: bool,
    pub(in crate::hosts::ssh) passwords_allowed: bool,
    /// Files of known hosts; new keys go into the first.
    pub(in crate::hosts::ssh) user_known_hosts: Vec<PathBuf>,
    pub(in crate::hosts::ssh) global_known_hosts: Vec<PathBuf>,
    pub(in crate::hosts::ssh) hash_known_hosts: bool,
    pub(in crate::hosts::ssh) key_checking: KeyChecking,
    /// `None`: nobody says.
    pub(in crate::hosts::ssh) connect_timeout: Option<Duration>,
    /// `None`: nobody says; `Some(None)`: never.
    pub(in crate::hosts::ssh) alive_interval: Option<Option<Duration>>,
    pub(in crate::hosts::ssh) alive_count: usize,
    /// What the person should know about the configuration.
    pub(in crate::hosts::ssh) notes: Vec<String>,
}

/// By which way a host is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::hosts::ssh) enum Proxy {
    None,
    /// Through these hosts, the nearest first.
    Jumps(Vec<Target>),
    /// Through a command of the person, tokens replaced.
    Command(String),
}

/// What happens with the key of a host that no file knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::hosts::ssh) enum KeyChecking {
    Refuse,
    Ask,
    Accept,
}

/// Understands the values and fills in the defaults of OpenSSH.
///
/// # Errors
/// At the first value that cannot be understood, with its place.
pub(super) fn settle(habits: &Habits, target: &Target, obtained: &Obtained) -> Result<Settings, HostError> {
    let first = |keyword: &str| obtained.first.get(keyword);
    let read = |keyword: &str, default: &str| first(keyword).map_or(default, Value::text).to_lowercase();
    let yes = |keyword: &str, default: bool| match first(keyword) {
        None => Ok(default),
        Some(value) => match value.text().to_lowercase().as_str() {
            "yes" | "true" => Ok(true),
            "no" | "false" => Ok(false),
            other => Err(value.wrong(&format!("`{other}` is neither yes nor no"))),
        },
    };
    let seconds = |keyword: &str| match first(keyword) {
        None => Ok(None),
        Some(value) => duration(value.text()).map(Some).map_err(|said| value.wrong(&said)),
    };
    let port = match (target.port, first("port")) {
        (Some(port), _) => port,
        (None, Some(value)) => match value.text().parse() {
            Ok(0) | Err(_) => return Err(value.wrong("a port is a number between 1 and 65535")),
            Ok(port) => port,
        },
        (None, None) => 22,
    };
    let user = match (&target.user, first("user")) {
        (Some(user), _) => user.clone(),
        (None, Some(value)) => {
            check_user(value.text()).map_err(|said| value.wrong(said))?;
            value.text().to_owned()
        }
        (None, None) => habits.user.clone(),
    };
    let host = match first("hostname") {
        Some(value) => {
            let host = value.text().replace("%h", &target.name).replace("%%", "%");
            check_name(&host).map_err(|said| value.wrong(said))?;
            host
        }
        None => target.name.clone(),
    };
    let alias = first("hostkeyalias").map(|value| value.text().to_lowercase());
    let key_name = alias.unwrap_or_else(|| known_name(&host, port));
    let tokens = Tokens {
        host: &host,
        given: &target.name,
        port,
        user: &user,
        local_user: &habits.user,
        home: &habits.home,
        key_name: &key_name,
    };
    let path = |value: &Value, word: &str| tokens.path(word).map_err(|said| value.wrong(&said));
    let paths = |keyword: &str, default: &[&str]| -> Result<Vec<PathBuf>, HostError> {
        let Some(value) = first(keyword) else {
            return Ok(default.iter().map(|name| habits.home.join(name)).collect());
        };
        value
            .words
            .iter()
            .filter(|word| !word.eq_ignore_ascii_case("none"))
            .map(|word| path(value, word))
            .collect()
    };
    let mut identities = Vec::new();
    for value in &obtained.identities {
        let found = path(value, value.text())?;
        if !value.text().eq_ignore_ascii_case("none") && !identities.contains(&found) {
            identities.push(found);
        }
    }
    if obtained.identities.is_empty() {
        // In the order of ssh_config(5), without those that need a device; the agent offers these.
        identities =
            ["id_rsa", "id_ecdsa", "id_ed25519"].map(|it| habits.home.join(".ssh").join(it)).to_vec();
    }
    let agent = match first("identityagent") {
        None => habits.agent.clone(),
        Some(value) => match value.text() {
            "none" => None,
            "SSH_AUTH_SOCK" => habits.agent.clone(),
            variable if variable.starts_with('$') && !variable.starts_with("${") => {
                std::env::var_os(&variable[1..]).map(PathBuf::from)
            }
            word => Some(path(value, word)?),
        },
    };
    let proxy = proxy(obtained, tokens)?;
    let key_checking = match (first("stricthostkeychecking"), read("stricthostkeychecking", "ask").as_str()) {
        (_, "yes" | "true") => KeyChecking::Refuse,
        (_, "no" | "false" | "off" | "accept-new") => KeyChecking::Accept,
        (None, _) | (_, "ask") => KeyChecking::Ask,
        (Some(value), other) => {
            return Err(value.wrong(&format!("`{other}` is none of yes, no, ask, accept-new")));
        }
    };
    let alive_count = match first("serveralivecountmax") {
        None => 3,
        Some(value) => value.text().parse().map_err(|_| value.wrong("the count is no number"))?,
    };
    Ok(Settings {
        port,
        proxy,
        identities,
        agent,
        key_checking,
        alive_count,
        identities_only: yes("identitiesonly", false)?,
        keys_allowed: !matches!(read("pubkeyauthentication", "yes").as_str(), "no" | "false"),
        passwords_allowed: yes("passwordauthentication", true)? || yes("kbdinteractiveauthentication", true)?,
        user_known_hosts: paths("userknownhostsfile", &[".ssh/known_hosts", ".ssh/known_hosts2"])?,
        global_known_hosts: paths(
            "globalknownhostsfile",
            &["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"],
        )?,
        hash_known_hosts: yes("hashknownhosts", false)?,
        connect_timeout: seconds("connecttimeout")?.flatten(),
        alive_interval: seconds("serveraliveinterval")?,
        notes: obtained.notes.clone(),
        host,
        user,
        key_name,
    })
}

/// The name under which a host on a port is written into files of known hosts.
fn known_name(host: &str, port: u16) -> String {
    let host = host.to_lowercase();
    if port == 22 { host } else { format!("[{host}]:{port}") }
}

fn proxy(obtained: &Obtained, tokens: Tokens<'_>) -> Result<Proxy, HostError> {
    let Some((keyword, value)) = &obtained.proxy else { return Ok(Proxy::None) };
    if value.rest.eq_ignore_ascii_case("none") {
        return Ok(Proxy::None);
    }
    match keyword {
        ProxyKeyword::Command => {
            tokens.replace(&value.rest).map(Proxy::Command).map_err(|said| value.wrong(&said))
        }
        ProxyKeyword::Jump => {
            let list = tokens.replace(value.text()).map_err(|said| value.wrong(&said))?;
            let hop = |text: &str| {
                let text = text.trim();
                let text = text.strip_prefix("ssh://").map_or(text, |uri| uri.trim_end_matches('/'));
                Target::parse(text).map_err(|error| value.wrong(&error.to_string()))
            };
            list.split(',').map(hop).collect::<Result<_, _>>().map(Proxy::Jumps)
        }
    }
}
