//! Values of secrets: from the environment or from a file, never from an argument or the spec.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use secrecy::SecretString;

use super::super::exit::Failure;
use super::super::screen::Screen;
use crate::deploy::files::secrets_file;

/// The text of the file that the containers read; every name that has no value is said at once.
pub(super) fn collected(
    names: &[String],
    file: Option<&Path>,
    screen: &Screen,
) -> Result<SecretString, Failure> {
    let stated = match file {
        Some(file) => Some(read(file, screen)?),
        None => None,
    };
    let value = |name: &String| match &stated {
        Some(stated) => stated.get(name).cloned(),
        None => std::env::var(name).ok(),
    };
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for name in names {
        match value(name) {
            Some(value) => found.push((name.as_str(), value)),
            None => missing.push(name.as_str()),
        }
    }
    if !missing.is_empty() {
        let place = file.map_or_else(|| "the environment".to_owned(), |file| file.display().to_string());
        let sentence = format!("{place} has no value for {}; nothing was changed", missing.join(", "));
        return Err(Failure::usage(sentence)
            .hint("set them in the environment of this command, or write NAME=VALUE into a file and name it with --secrets"));
    }
    secrets_file(found.iter().map(|(name, value)| (*name, value.as_str()))).map(SecretString::from).map_err(
        |name| {
            Failure::usage(format!("the value of {name} has a line break; nothing was changed"))
                .hint("encode it, such as in base64, and let the application decode it")
        },
    )
}

/// Lines of NAME=VALUE; a value may stand in quotes, which are taken off.
fn read(file: &Path, screen: &Screen) -> Result<BTreeMap<String, String>, Failure> {
    let shown = file.display();
    let failed =
        |said: String| Failure::usage(format!("reading secrets from {shown}: {said}; nothing was changed"));
    let text = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    if let Ok(about) = std::fs::metadata(file)
        && about.permissions().mode() & 0o077 != 0
    {
        screen.note(&format!("note: others can read {shown}: chmod 600 closes it"));
    }
    let mut values = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.strip_prefix("export ").unwrap_or(line).split_once('=') else {
            // The line itself may be a secret.
            return Err(failed(format!("line {} is not NAME=VALUE", number + 1)));
        };
        let value = value.trim();
        let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
        values.insert(name.trim().to_owned(), quoted.unwrap_or(value).to_owned());
    }
    Ok(values)
}
