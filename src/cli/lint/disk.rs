//! Files that other files name, on this machine's disk.

use std::fs::File;
use std::io::{Error, ErrorKind, Read as _, Result};
use std::path::{Path, PathBuf};

use crate::lint::{Files, LARGEST_BYTES};

/// Folders that programs have inside of their containers or packages. A file that names one of them, and lies elsewhere itself, means the
/// folder that it lies in.
const HOMES: [&str; 7] = [
    "/etc/nginx/",
    "/usr/local/openresty/nginx/conf/",
    "/etc/mysql/",
    "/etc/redis/",
    "/usr/local/etc/redis/",
    "/etc/valkey/",
    "/usr/local/etc/valkey/",
];

/// The disk.
pub(super) struct Disk;

/// A file's bytes: one more than the reader takes where there are more, so that it sees so.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(Error::new(ErrorKind::IsADirectory, "this is a folder"));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Files for Disk {
    fn matching(&self, from: &str, pattern: &str) -> Result<Vec<(String, Vec<u8>)>> {
        let from = Path::new(from);
        let folder = from.parent().unwrap_or(Path::new(""));
        let home = HOMES.iter().find(|home| pattern.starts_with(**home) && !from.starts_with(home));
        let pattern = home.and_then(|home| pattern.strip_prefix(home)).unwrap_or(pattern);
        if Path::new(pattern).is_absolute() && !from.starts_with("/etc") {
            // A container's path, or somebody else's machine, is meant, not this one.
            return Ok(Vec::new());
        }
        if !pattern.contains(['*', '?', '[']) {
            return match named(&folder.join(pattern)) {
                Ok(found) => Ok(vec![found]),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
                Err(error) => Err(error),
            };
        }
        let folder = glob::Pattern::escape(&folder.to_string_lossy());
        let whole = Path::new(&folder).join(pattern);
        let invalid = |error: glob::PatternError| Error::new(ErrorKind::InvalidInput, error.to_string());
        let mut paths: Vec<PathBuf> = Vec::new();
        for path in glob::glob(&whole.to_string_lossy()).map_err(invalid)? {
            let path = path.map_err(|error| Error::from(error.error().kind()))?;
            if path.is_file() {
                paths.push(path);
            }
        }
        paths.sort();
        paths.iter().map(|path| named(path)).collect()
    }
}

fn named(path: &Path) -> Result<(String, Vec<u8>)> {
    let failed = |error: Error| Error::new(error.kind(), format!("{}: {error}", path.display()));
    Ok((path.display().to_string(), bytes(path).map_err(failed)?))
}
