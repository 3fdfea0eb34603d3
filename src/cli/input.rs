//! Reading what commands share: the spec, overrides, the price books, today's date.

use std::fs::Permissions;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::exit::Failure;
use super::screen::Screen;
use crate::report::Colour;
use crate::spec::{self, Paint, Spec};

/// The spec and what changes it for one run.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct SpecArgs {
    /// The spec file; `-` reads standard input
    #[arg(value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    pub(super) spec: PathBuf,
    /// Change a value for this run only, such as `--set load.users=2500`
    #[arg(long, value_name = "PATH=VALUE", value_parser = assignment)]
    pub(super) set: Vec<(String, String)>,
}

pub(super) fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() => {
            Ok((path.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as PATH=VALUE, such as load.users=2500".to_owned()),
    }
}

impl SpecArgs {
    /// Reads the spec; every complaint about it goes to stderr at once.
    pub(super) fn read(&self, screen: &Screen) -> Result<Spec, Failure> {
        let name = self.name();
        let text = self.text()?;
        let vocabulary = crate::clouds::vocabulary();
        spec::read(&name, &text, &vocabulary, &self.set).map_err(|diagnostics| {
            screen.note(spec::render(&diagnostics, paint(screen)).trim_end());
            let count = diagnostics.len();
            let plural = if count == 1 { "error" } else { "errors" };
            Failure::usage(format!("{name}: {count} {plural} in the spec; nothing was computed"))
                .hint("loadline schema, or docs/spec.md, for every key with its unit and default")
        })
    }

    /// Whether it comes from standard input.
    pub(super) fn is_stdin(&self) -> bool {
        self.spec == Path::new("-")
    }

    /// Its name in messages.
    pub(super) fn name(&self) -> String {
        if self.is_stdin() { "<stdin>".to_owned() } else { self.spec.display().to_string() }
    }

    /// What it holds.
    pub(super) fn text(&self) -> Result<Vec<u8>, Failure> {
        let name = self.name();
        let mut text = Vec::new();
        let read = |reader: &mut dyn std::io::Read, text: &mut Vec<u8>| {
            // One byte more than the reader takes, so that it sees that there is more.
            reader.take(spec::LARGEST_BYTES as u64 + 1).read_to_end(text)
        };
        let outcome = if self.is_stdin() {
            read(&mut std::io::stdin().lock(), &mut text)
        } else {
            std::fs::File::open(&self.spec).and_then(|mut file| read(&mut file, &mut text))
        };
        outcome.map_err(|error| {
            Failure::failed(format!("reading the spec {name}: {error}"))
                .hint("loadline init writes a commented spec to start from")
        })?;
        Ok(text)
    }
}

/// A time of the command line: a number and `s`, `m` or `h`.
pub(super) fn time(text: &str) -> Result<std::time::Duration, String> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let seconds: u64 =
        number.parse().map_err(|_| "write it as a number and s, m or h, such as 30s".to_owned())?;
    let each = match unit {
        "s" | "" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(format!("`{unit}` is no unit of time here: s, m or h")),
    };
    Ok(std::time::Duration::from_secs(seconds.saturating_mul(each)))
}

/// Today, `YYYY-MM-DD`: lifecycle facts are judged at this date. LOADLINE_TODAY fixes it for reproducible runs.
pub(super) fn today() -> Result<String, Failure> {
    match std::env::var("LOADLINE_TODAY") {
        Err(_) => Ok(jiff::ZonedDateTime::now().date().to_string()),
        Ok(text) => match text.parse::<jiff::civil::Date>() {
            Ok(date) => Ok(date.to_string()),
            Err(error) => Err(Failure::usage(format!("LOADLINE_TODAY={text} is no date: {error}"))
                .hint("write it as YYYY-MM-DD, or unset it")),
        },
    }
}

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// The new one takes its place.
    Replace,
    /// It stays, and nothing is written.
    Keep,
}

/// Writes a file that the user named, whole or not at all. A link stays a link; a device or a pipe is written to, never replaced.
pub(super) fn write_file(path: &Path, text: &str, existing: Existing) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::failed(format!("writing {}: {error}; nothing was changed", path.display()))
    };
    let (target, before) = match std::fs::canonicalize(path) {
        Ok(target) => {
            let before = std::fs::metadata(&target).map_err(failed)?;
            (target, Some(before))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => (path.to_owned(), None),
        Err(error) => return Err(failed(error)),
    };
    match before {
        Some(before) if !before.is_file() => std::fs::write(&target, text).map_err(failed),
        before => replace(&target, text, existing, before.map(|before| before.permissions())).map_err(failed),
    }
}

/// Writes an answer to a file that the user named for it, and says so.
pub(super) fn write_answer(path: &Path, text: &str, screen: &Screen) -> Result<(), Failure> {
    write_file(path, text, Existing::Replace)?;
    screen.note(&format!("wrote {}", path.display()));
    Ok(())
}

/// The folder that a file stands in, or is going to.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes beside the target and renames, so that whoever reads it sees the old file or the new one.
fn replace(
    target: &Path,
    text: &str,
    existing: Existing,
    permissions: Option<Permissions>,
) -> std::io::Result<()> {
    let folder = folder_of(target);
    if !folder.is_dir() {
        let sentence = format!("there is no folder {}", folder.display());
        return Err(std::io::Error::new(ErrorKind::NotFound, sentence));
    }
    // What a new file gets from an editor: the umask takes from it.
    let new = Permissions::from_mode(0o666);
    let plain = |error: std::io::Error| std::io::Error::from(error.kind());
    let mut file = tempfile::Builder::new().permissions(new).tempfile_in(folder).map_err(plain)?;
    file.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    match existing {
        Existing::Replace => file.persist(target),
        Existing::Keep => file.persist_noclobber(target),
    }
    .map_err(|error| error.error)?;
    Ok(())
}

fn paint(screen: &Screen) -> Paint {
    match screen.error_colour() {
        Colour::On => Paint::Colour,
        Colour::Off => Paint::Plain,
    }
}
