//! Files of known hosts: which keys they hold for a name, and how a new one is written. Decides nothing about trust.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use russh::keys::{PublicKey, parse_public_key_base64};
use sha1::Sha1;

use crate::hosts::{HostError, HostErrorClass, pattern};

/// What a line says about its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is the host's.
    Host,
    /// `@cert-authority`: it vouches for the host's.
    Authority,
    /// `@revoked`: it is nobody's any more.
    Revoked,
}

/// A key that a file holds for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownKey {
    pub(super) mark: Mark,
    pub(super) key: PublicKey,
    pub(super) file: PathBuf,
    /// From 1.
    pub(super) line: usize,
}

/// The keys that the files hold for a name (`[name]:port` where the port is not 22), in their order. Lines that cannot be read are
/// passed over, as OpenSSH does.
///
/// # Errors
/// If a file is there and cannot be read.
pub(super) fn look_up(files: &[PathBuf], name: &str) -> Result<Vec<KnownKey>, HostError> {
    let mut found = Vec::new();
    for file in files {
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(failed("read", file, &error)),
        };
        let text = String::from_utf8_lossy(&bytes);
        for (index, line) in text.lines().enumerate() {
            let known = |(mark, key)| KnownKey { mark, key, file: file.clone(), line: index + 1 };
            found.extend(read(line, name).map(known));
        }
    }
    Ok(found)
}

fn read(line: &str, name: &str) -> Option<(Mark, PublicKey)> {
    let mut words = line.split_ascii_whitespace();
    let first = words.next().filter(|word| !word.starts_with('#'))?;
    let (mark, names) = match first {
        "@cert-authority" => (Mark::Authority, words.next()?),
        "@revoked" => (Mark::Revoked, words.next()?),
        other if other.starts_with('@') => return None,
        names => (Mark::Host, names),
    };
    if !is_for(names, name) {
        return None;
    }
    let _kind = words.next()?;
    parse_public_key_base64(words.next()?).ok().map(|key| (mark, key))
}

fn is_for(names: &str, name: &str) -> bool {
    match names.strip_prefix("|1|") {
        Some(hashed) => hashed
            .split_once('|')
            .and_then(|(salt, hash)| {
                Some((BASE64.decode(salt.as_bytes()).ok()?, BASE64.decode(hash.as_bytes()).ok()?))
            })
            .is_some_and(|(salt, hash)| hash_of(&salt, name) == hash),
        None => pattern::any_matches(names.split(','), name),
    }
}

fn hash_of(salt: &[u8], name: &str) -> Vec<u8> {
    Hmac::<Sha1>::new_from_slice(salt)
        .map(|hmac| hmac.chain_update(name.as_bytes()).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    Plain,
    /// With a salt, so that the file does not tell which hosts its owner knows.
    Hashed([u8; 20]),
}

/// Many hosts of one run write into one file.
static WRITING: Mutex<()> = Mutex::new(());

/// Adds a line for a key. The mode of a file that is there stays; a new one is its owner's alone.
///
/// # Errors
/// If the file could not be written; it is then as it was, or ends in a part of the line.
pub(super) fn add(file: &Path, name: &str, key: &PublicKey, naming: Naming) -> Result<(), HostError> {
    let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let written = match naming {
        Naming::Plain => name.to_owned(),
        Naming::Hashed(salt) => {
            format!("|1|{}|{}", BASE64.encode(&salt), BASE64.encode(&hash_of(&salt, name)))
        }
    };
    let bare = PublicKey::new(key.key_data().clone(), "");
    let openssh = bare.to_openssh().map_err(|error| failed("write", file, &error))?;
    let mut line = format!("{written} {}\n", openssh.trim());
    let ends_open = fs::read(file).is_ok_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
    if ends_open {
        line.insert(0, '\n');
    }
    let write = || {
        if let Some(folder) = file.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let mut open = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
        open.write_all(line.as_bytes())
    };
    write().map_err(|error: std::io::Error| failed("write", file, &error))
}

fn failed(verb: &str, file: &Path, error: &dyn std::fmt::Display) -> HostError {
    let doing = format!("{verb} the known hosts in {}", file.display());
    HostError::new(HostErrorClass::Unexpected, doing, error.to_string())
        .with_hint("nothing was changed on the host; look at the file's owner and mode and run again")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const ONE: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
    const TWO: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIA6rWI3G1sz07DnfFlrouTcysQlj2P+jpNSOEWD9OJ3X";

    fn found(text: &str, name: &str) -> Vec<(Mark, usize)> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known_hosts");
        fs::write(&file, text).unwrap();
        let known = look_up(&[folder.path().join("absent"), file], name).unwrap();
        known.into_iter().map(|known| (known.mark, known.line)).collect()
    }

    #[test]
    fn a_name_is_found_alone_in_a_list_by_pattern_and_hashed() {
        // The hash was made with `ssh-keygen -H` from `example.com`.
        let text = format!(
            "# web ssh-ed25519 {ONE}\nweb,10.0.0.1 ssh-ed25519 {ONE} jo@home\n*.example.org,!bad.example.org ssh-ed25519 {ONE}\n\
             [web]:2222 ssh-ed25519 {TWO}\n|1|O33ESRMWPVkMYIwJ1Uw+n877jTo=|nuuC5vEqXlEZ/8BXQR7m619W6Ak= ssh-ed25519 {TWO}\n\
             @revoked web ssh-ed25519 {TWO}\n@cert-authority *.example.org ssh-ed25519 {TWO}\n"
        );
        assert_eq!(found(&text, "web"), [(Mark::Host, 2), (Mark::Revoked, 6)]);
        assert_eq!(found(&text, "10.0.0.1"), [(Mark::Host, 2)]);
        assert_eq!(found(&text, "[web]:2222"), [(Mark::Host, 4)]);
        assert_eq!(found(&text, "a.example.org"), [(Mark::Host, 3), (Mark::Authority, 7)]);
        assert_eq!(found(&text, "bad.example.org"), [(Mark::Authority, 7)]);
        assert_eq!(found(&text, "example.com"), [(Mark::Host, 5)]);
        assert_eq!(found(&text, "example.net"), []);
    }

    #[test]
    fn lines_that_nobody_can_read_are_passed_over() {
        let text = format!(
            "web\nweb ssh-ed25519\nweb ssh-ed25519 ???\n@new web ssh-ed25519 {ONE}\n|1|x|y ssh-ed25519 {ONE}\n|1|\n@revoked\n\
             \u{0}\u{1}\n\nweb ssh-ed25519 AAAA\n@cert-authority web\nweb ssh-ed25519 {ONE}"
        );
        assert_eq!(found(&text, "web"), [(Mark::Host, 12)]);
    }

    #[test]
    fn a_key_that_was_added_is_found_again_and_the_file_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/known_hosts");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let key = parse_public_key_base64(ONE).unwrap();
        add(&file, "web", &key, Naming::Plain).unwrap();
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
        fs::write(&file, fs::read_to_string(&file).unwrap().trim_end()).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        add(&file, "[db]:2222", &key, Naming::Hashed([7; 20])).unwrap();
        assert_eq!(mode(&file), 0o644);
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!((text.lines().count(), text.contains("db")), (2, false));
        for name in ["web", "[db]:2222"] {
            assert_eq!(look_up(std::slice::from_ref(&file), name).unwrap()[0].key, key, "{name}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_and_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(look_up(&[folder.path().to_owned()], "web").is_err());
    }
}
