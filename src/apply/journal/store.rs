//! Where entries are kept: a folder or an object store, by one code path. An entry is made only if its number is free.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};

use super::{Entry, JournalError, SCHEMA};

/// A place for a journal.
#[derive(Debug, Clone)]
pub struct Shelf {
    store: Arc<dyn ObjectStore>,
    prefix: Key,
    shown: String,
}

/// Whether an entry found its number free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placed {
    /// It is kept.
    Kept,
    /// Another entry has that number.
    Taken,
}

impl Shelf {
    /// A folder: made if it is missing, for its owner alone.
    ///
    /// # Errors
    /// If it cannot be made or opened.
    pub fn folder(path: &Path) -> Result<Self, JournalError> {
        let shown = path.display().to_string();
        let failed = |problem: String| JournalError::Unreachable { place: shown.clone(), problem };
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(|error| failed(error.to_string()))?;
        let path: PathBuf = path.canonicalize().map_err(|error| failed(error.to_string()))?;
        let store = object_store::local::LocalFileSystem::new_with_prefix(path)
            .map_err(|error| failed(error.to_string()))?
            .with_fsync(true);
        Ok(Self { store: Arc::new(store), prefix: Key::default(), shown })
    }

    /// An object store by its address, such as `s3://bucket/prefix`; `settings` name its endpoint and credentials as the
    /// variables of the environment do.
    ///
    /// # Errors
    /// If the address is none, something is missing, or this build knows no object stores.
    pub fn bucket(place: &str, below: &str, settings: Vec<(String, String)>) -> Result<Self, JournalError> {
        let failed = |problem: String| JournalError::Unreachable { place: place.to_owned(), problem };
        let url = url::Url::parse(place).map_err(|error| failed(error.to_string()))?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(failed("it names no bucket".to_owned()));
        }
        #[cfg(feature = "connect")]
        // Whoever installed one before had the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (store, prefix) =
            object_store::parse_url_opts(&url, settings).map_err(|error| failed(told(&error)))?;
        let prefix = below.split('/').fold(prefix, |key, part| key.join(part));
        let shown = format!("{}/{below}", place.trim_end_matches('/'));
        Ok(Self { store: Arc::from(store), prefix, shown })
    }

    /// For a person.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    fn key(&self, number: u64) -> Key {
        self.prefix.clone().join(format!("{number:06}.json"))
    }

    /// The numbers that are taken, in order.
    pub(super) async fn numbers(&self) -> Result<Vec<u64>, JournalError> {
        let listed: Vec<_> = self
            .store
            .list(Some(&self.prefix))
            .map_ok(|object| object.location)
            .try_collect()
            .await
            .map_err(|error| self.unreachable(&error))?;
        let mut numbers: Vec<u64> =
            listed.iter().filter_map(|key| key.filename()?.strip_suffix(".json")?.parse().ok()).collect();
        numbers.sort_unstable();
        let expected = numbers.first().copied().unwrap_or(1)..;
        if let Some((_, missing)) =
            numbers.iter().zip(expected).find(|(number, expected)| *number != expected)
        {
            return Err(JournalError::Damaged {
                entry: format!("{}/{missing:06}.json", self.shown),
                problem: "it is missing, though later ones are there".to_owned(),
            });
        }
        Ok(numbers)
    }

    /// The entries of these numbers, in order.
    pub(super) async fn read(&self, numbers: &[u64]) -> Result<Vec<Entry>, JournalError> {
        // 32 at once: one round trip for most journals of an object store.
        let one = |number: u64| {
            let shelf = self.clone();
            async move { shelf.one(number).await }
        };
        let numbers = numbers.to_vec();
        futures_util::stream::iter(numbers).map(one).buffered(32).try_collect().await
    }

    async fn one(&self, number: u64) -> Result<Entry, JournalError> {
        let found = self.store.get(&self.key(number)).await.map_err(|error| self.unreachable(&error))?;
        let bytes = found.bytes().await.map_err(|error| self.unreachable(&error))?;
        let name = || format!("{}/{number:06}.json", self.shown);
        let entry: Entry = serde_json::from_slice(&bytes)
            .map_err(|error| JournalError::Damaged { entry: name(), problem: error.to_string() })?;
        if entry.schema != SCHEMA || entry.number != number {
            let problem = format!("it says schema {}, number {}", entry.schema, entry.number);
            return Err(JournalError::Damaged { entry: name(), problem });
        }
        Ok(entry)
    }

    /// Keeps an entry if its number is free.
    pub(super) async fn place(&self, entry: &Entry) -> Result<Placed, JournalError> {
        let text = serde_json::to_vec(entry).map_err(|error| self.unreachable(&error))?;
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let payload = PutPayload::from(text);
        match self.store.put_opts(&self.key(entry.number), payload, options).await {
            Ok(_) => Ok(Placed::Kept),
            Err(object_store::Error::AlreadyExists { .. }) => {
                // A store's own second attempt after a lost answer meets its first.
                let there = self.one(entry.number).await?;
                Ok(if there == *entry { Placed::Kept } else { Placed::Taken })
            }
            Err(error) => Err(self.unreachable(&error)),
        }
    }

    fn unreachable(&self, error: &dyn std::error::Error) -> JournalError {
        JournalError::Unreachable { place: self.shown.clone(), problem: told(error) }
    }
}

/// An error with its causes, each but once.
fn told(error: &dyn std::error::Error) -> String {
    let mut problem = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !problem.contains(&text) {
            problem = format!("{problem}: {text}");
        }
        cause = next.source();
    }
    problem
}
