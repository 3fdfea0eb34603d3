//! Price books in a directory: `DIR/<cloud>/*.book`, read as text, or through their compiled form when a cache directory is given.
//!
//! The cache is only ever an accelerator: its files are named after the texts they were made from, are checked before use, and are
//! made anew when they are missing, damaged or of another format. Files made from earlier texts stay until somebody removes them.

use std::io;
use std::path::{Path, PathBuf};

use super::Book;
use super::compiled::{Compiled, write};
use super::wire::FORMAT;
use crate::{PriceBookError, RegionOffers};

/// A directory of books, one folder for each cloud.
#[derive(Debug, Clone)]
pub struct Shelf {
    directory: PathBuf,
    cache: Option<PathBuf>,
}

/// One cloud's book on a shelf, open for reading.
#[derive(Debug)]
pub struct ShelfBook {
    folder: PathBuf,
    form: Form,
    cache_problem: Option<String>,
}

#[derive(Debug)]
enum Form {
    Text(Book),
    /// The open file, and where it is.
    Compiled(Compiled, PathBuf),
}

/// A book of a shelf could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The directory or a file in it.
    #[error(
        "reading the price books in {path}: {problem}; give a directory with one folder of *.book files for each cloud"
    )]
    Files {
        /// What was being read.
        path: PathBuf,
        /// What the system said.
        problem: String,
    },
    /// A line of a book.
    #[error(transparent)]
    Book(#[from] PriceBookError),
}

impl Shelf {
    /// A shelf at `directory`; with `cache`, books are compiled into it once and read from there.
    pub fn new(directory: impl Into<PathBuf>, cache: Option<&Path>) -> Self {
        Self { directory: directory.into(), cache: cache.map(Path::to_owned) }
    }

    /// Names of the clouds that have a folder, in order.
    ///
    /// # Errors
    /// The directory cannot be listed.
    pub fn clouds(&self) -> Result<Vec<String>, ShelfError> {
        let fail = |error| files(&self.directory, &error);
        let mut clouds = Vec::new();
        for entry in std::fs::read_dir(&self.directory).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            if entry.path().is_dir() {
                clouds.extend(entry.file_name().into_string());
            }
        }
        clouds.sort_unstable();
        Ok(clouds)
    }

    /// Opens a cloud's book: its compiled form if the cache holds it whole, else its text, which is then compiled into the cache.
    ///
    /// # Errors
    /// A file cannot be read, there is none, or a line makes no sense. A cache that cannot be written is no error: see
    /// [`ShelfBook::cache_problem`].
    pub fn open(&self, cloud: &str) -> Result<ShelfBook, ShelfError> {
        let folder = self.directory.join(cloud);
        let texts = read_texts(&folder)?;
        let Some(cache) = &self.cache else {
            return Ok(ShelfBook { form: Form::Text(parse(&texts)?), folder, cache_problem: None });
        };
        let hash = hash_of(&texts);
        let path = cache.join(format!("{cloud}-{hash}-v{FORMAT}.prices"));
        if let Ok(compiled) = Compiled::open(&path, &hash) {
            return Ok(ShelfBook { form: Form::Compiled(compiled, path), folder, cache_problem: None });
        }
        let book = parse(&texts)?;
        let cache_problem =
            write(&book, &hash, &path).err().map(|error| format!("{}: {error}", path.display()));
        Ok(ShelfBook { form: Form::Text(book), folder, cache_problem })
    }
}

impl ShelfBook {
    /// Regions that the book speaks of, in its order.
    pub fn regions(&self) -> Vec<String> {
        match &self.form {
            Form::Text(book) => book.regions().to_vec(),
            Form::Compiled(compiled, _) => compiled.regions().map(str::to_owned).collect(),
        }
    }

    /// Everything the book knows of a region; empty for a region that it does not speak of. A part of the compiled form that turns
    /// out to be damaged is read from the text instead, and the file is removed or replaced.
    ///
    /// # Errors
    /// The text had to be read again and could not be.
    pub fn offers(&self, region: &str) -> Result<RegionOffers, ShelfError> {
        match &self.form {
            Form::Text(book) => Ok(book.offers(region)),
            Form::Compiled(compiled, path) => match compiled.offers(region) {
                Ok(offers) => Ok(offers),
                Err(_) => self.mend(path).map(|book| book.offers(region)),
            },
        }
    }

    /// The book from its text, after its compiled form turned out to be damaged; the damaged file gives way to a whole one.
    fn mend(&self, path: &Path) -> Result<Book, ShelfError> {
        let texts = read_texts(&self.folder)?;
        let book = parse(&texts)?;
        // The texts may have changed since: then the file under the old name only goes.
        let hash = hash_of(&texts);
        let current = path.file_name().is_some_and(|name| name.to_string_lossy().contains(&hash.to_string()));
        let mended = current && write(&book, &hash, path).is_ok();
        if !mended {
            // Best effort: a file that cannot be removed is found damaged again.
            let _ = std::fs::remove_file(path);
        }
        Ok(book)
    }

    /// Whether it is read from its compiled form.
    pub fn is_compiled(&self) -> bool {
        matches!(self.form, Form::Compiled(..))
    }

    /// Why the compiled form could not be written; `None` when it was written, was there, or was not asked for.
    pub fn cache_problem(&self) -> Option<&str> {
        self.cache_problem.as_deref()
    }
}

/// The files of a cloud's folder in the order of their names.
fn read_texts(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, ShelfError> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| files(folder, &error))? {
        let path = entry.map_err(|error| files(folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "book") {
            paths.push(path);
        }
    }
    paths.sort_unstable();
    if paths.is_empty() {
        return Err(ShelfError::Files {
            path: folder.to_owned(),
            problem: "there is no *.book file".to_owned(),
        });
    }
    let read = |path: PathBuf| {
        let bytes = std::fs::read(&path).map_err(|error| files(&path, &error))?;
        Ok((path.display().to_string(), bytes))
    };
    paths.into_iter().map(read).collect()
}

/// BLAKE3 of names and contents, each with its length in front, so that no two sets of files share one.
fn hash_of(texts: &[(String, Vec<u8>)]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for (path, bytes) in texts {
        let name = Path::new(path).file_name().unwrap_or_default().as_encoded_bytes();
        for part in [name, bytes.as_slice()] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize()
}

/// The book of these files.
fn parse(texts: &[(String, Vec<u8>)]) -> Result<Book, PriceBookError> {
    let as_text = |(name, bytes): &(String, Vec<u8>)| match std::str::from_utf8(bytes) {
        Ok(text) => Ok((name.clone(), text.to_owned())),
        Err(error) => {
            let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            let problem = "bytes that are not UTF-8 text".to_owned();
            Err(PriceBookError { book: name.clone(), line, problem })
        }
    };
    Book::parse(&texts.iter().map(as_text).collect::<Result<Vec<_>, _>>()?)
}

fn files(path: &Path, error: &io::Error) -> ShelfError {
    ShelfError::Files { path: path.to_owned(), problem: error.to_string() }
}
