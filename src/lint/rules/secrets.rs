//! Passwords in files. They are found by the names of their settings, and no value is ever repeated.

use super::super::facts::Stack;
use super::super::facts::service::{Service, Variable};
use super::super::known::{Figure, Place};
use super::super::parse::compose::is_open;
use super::super::units::switch;
use super::{Hit, Rule, Severity, hit};

/// What stands in place of a secret.
const HIDDEN: &str = "(not shown)";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "password-in-plain-text",
        severity: Severity::Warning,
        title: "files hold no passwords",
        failure: "everybody who can read the file, its history or docker inspect has the password",
        source: "docs.docker.com, Compose secrets",
        check: plain,
    },
    Rule {
        id: "database-without-password",
        severity: Severity::Warning,
        title: "databases have a password",
        failure: "whoever reaches the port is administrator",
        source: "hub.docker.com, mysql and mariadb images: MYSQL_ALLOW_EMPTY_PASSWORD",
        check: without,
    },
];

/// Whether a name is that of a secret: by its last words, so that a path, a lifetime or a count of tokens is none.
fn is_secret(name: &str) -> bool {
    const ENDS: [&str; 8] =
        ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "ACCESS_KEY", "PRIVATE_KEY", "SECRET_KEY"];
    // Switches that are about passwords.
    const SWITCHES: [&str; 3] = ["ALLOW", "RANDOM", "VALIDATE"];
    let name = name.to_ascii_uppercase();
    ENDS.iter().any(|end| name.ends_with(end)) && !SWITCHES.iter().any(|word| name.contains(word))
}

/// Whether what was written is the secret itself: no variable from elsewhere, no file, no switch.
fn is_written(raw: &str) -> bool {
    !raw.is_empty() && !is_variable(raw) && !raw.starts_with("/run/secrets/") && switch(raw).is_none()
}

/// `${NAME}`, `${NAME:?...}` or `$NAME`, without a default of its own.
fn is_variable(raw: &str) -> bool {
    let Some(rest) = raw.strip_prefix('$') else { return false };
    let inside = rest.strip_prefix('{').unwrap_or(rest);
    let rule = inside.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let default = rule.strip_prefix(":-").or_else(|| rule.strip_prefix('-'));
    !rest.starts_with('$') && default.is_none_or(|text| text.is_empty() || text.starts_with(['}', '$']))
}

/// The password of a URL such as `mysql://user:password@host/`.
fn password_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let (user, _) = rest.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!password.is_empty()).then_some(password)
}

fn secret(name: &str, variable: &Variable) -> bool {
    // What comes from an environment file is kept apart from the Compose file already.
    let raw = variable.raw.as_str();
    (is_secret(name) && is_written(raw)) || password_of(raw).is_some_and(is_written)
}

fn in_command(service: &Service) -> Vec<(String, Place)> {
    let mut found = Vec::new();
    for (at, word) in service.words.iter().enumerate() {
        let (name, value) = match word.value.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word.value.as_str(), service.words.get(at + 1).map(|word| word.value.as_str())),
        };
        let option =
            name.starts_with("--") && (is_secret(&name.replace('-', "_")) || name == "--requirepass");
        let written =
            value.is_some_and(|value| !is_open(value) && is_written(value) && !value.starts_with("--"));
        let url = password_of(&word.value).is_some_and(|it| !is_open(it) && is_written(it));
        if let (true, Some(place)) = ((option && written) || url, word.place()) {
            let what = if option { name.to_owned() } else { "a URL".to_owned() };
            found.push((format!("{}: {what}", service.name), place.clone()));
        }
    }
    found
}

fn plain(stack: &Stack) -> Vec<Hit> {
    let mut found: Vec<(String, Place)> = Vec::new();
    for service in &stack.services {
        for (name, variable) in &service.environment {
            if let (true, Some(place)) = (secret(name, variable), variable.word.place()) {
                found.push((format!("{}: {name}", service.name), place.clone()));
            }
        }
        found.extend(in_command(service));
    }
    for entry in &stack.options {
        let value = entry.value.as_ref().filter(|value| !value.value.is_empty());
        if let (true, Some(place)) = (is_secret(&entry.name), value.and_then(|value| value.place())) {
            found.push((format!("[{}] {}", entry.group, entry.name), place.clone()));
        }
    }
    for line in &stack.lines {
        let secret = matches!(line.name.as_str(), "requirepass" | "masterauth" | "tls-key-file-pass");
        let value = line.args.first().filter(|word| secret && !word.value.is_empty());
        found.extend(value.and_then(|word| word.place()).map(|place| (line.name.clone(), place.clone())));
    }
    found.sort();
    found.dedup();
    found
        .into_iter()
        .map(|(name, place)| {
            hit(format!("{name} holds a password."), vec![Figure::at(&name, HIDDEN, &place)])
                .agree(name, "a variable from outside (${NAME:?}), or a file under secrets")
        })
        .collect()
}

fn without(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for service in &stack.services {
        for name in
            ["MYSQL_ALLOW_EMPTY_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "ALLOW_EMPTY_PASSWORD"]
        {
            let Some((name, word)) = service.variable(&[name]) else { continue };
            // The images take any text for yes; only these words mean no.
            if matches!(word.value.to_ascii_lowercase().as_str(), "no" | "false" | "0") {
                continue;
            }
            let sentence = format!("{} lets administrators in without a password.", service.name);
            hits.push(
                hit(sentence, vec![word.figure(format!("{}: {name}", service.name))])
                    .agree(name, "remove it"),
            );
        }
    }
    hits
}
