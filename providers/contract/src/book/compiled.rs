//! The compiled form of a book: one file, indexed by region, so that reading a region touches only its part.
//!
//! Layout: `LLPRICE` and the format's number (8 bytes), BLAKE3 of the texts it was made from (32), length of the index (4,
//! little-endian), BLAKE3 of the index (32), the index (for each region: name, place, length, BLAKE3), the regions.
//! A file that was cut, changed or made from other texts is never read as if it were whole.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::Book;
use super::wire::{FORMAT, decode, encode};
use crate::RegionOffers;

const MAGIC: &[u8; 7] = b"LLPRICE";
const HEAD: usize = 8 + 32 + 4 + 32;

/// Why a compiled file cannot be used; it is then made anew.
#[derive(Debug)]
pub(super) enum Unusable {
    /// It is not there.
    Absent,
    /// It could not be read.
    Unreadable,
    /// It is not what was written: cut, changed, of another format or from other texts.
    Damaged,
}

/// A compiled book that is open, with its index read and checked.
#[derive(Debug)]
pub(super) struct Compiled {
    file: File,
    index: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    region: String,
    at: u64,
    length: usize,
    hash: [u8; 32],
}

impl Compiled {
    /// Opens a file made from texts of that hash.
    pub(super) fn open(path: &Path, texts: &blake3::Hash) -> Result<Self, Unusable> {
        let mut file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Unusable::Absent,
            _ => Unusable::Unreadable,
        })?;
        let whole = file.metadata().map_err(|_| Unusable::Unreadable)?.len();
        let mut head = [0; HEAD];
        file.read_exact(&mut head).map_err(|_| Unusable::Damaged)?;
        let (mark, rest) = head.split_at(8);
        let (made_from, rest) = rest.split_at(32);
        let (length, hash) = rest.split_at(4);
        if mark[..7] != *MAGIC || mark[7] != FORMAT || made_from != texts.as_bytes() {
            return Err(Unusable::Damaged);
        }
        let length = u32::from_le_bytes(length.try_into().map_err(|_| Unusable::Damaged)?);
        if u64::from(length) > whole {
            return Err(Unusable::Damaged);
        }
        let mut index = vec![0; usize::try_from(length).map_err(|_| Unusable::Damaged)?];
        file.read_exact(&mut index).map_err(|_| Unusable::Damaged)?;
        if blake3::hash(&index).as_bytes() != hash {
            return Err(Unusable::Damaged);
        }
        let index = entries(&index).ok_or(Unusable::Damaged)?;
        let ends = index.last().map_or(whole, |last| last.at.saturating_add(last.length as u64));
        if ends != whole {
            return Err(Unusable::Damaged);
        }
        Ok(Self { file, index })
    }

    /// Regions of the book, in its order.
    pub(super) fn regions(&self) -> impl Iterator<Item = &str> {
        self.index.iter().map(|entry| entry.region.as_str())
    }

    /// The part of one region; empty for a region that the book does not speak of.
    pub(super) fn offers(&self, region: &str) -> Result<RegionOffers, Unusable> {
        let Some(entry) = self.index.iter().find(|entry| entry.region == region) else {
            return Ok(RegionOffers::default());
        };
        let mut bytes = vec![0; entry.length];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(entry.at)).map_err(|_| Unusable::Unreadable)?;
        file.read_exact(&mut bytes).map_err(|_| Unusable::Damaged)?;
        if *blake3::hash(&bytes).as_bytes() != entry.hash {
            return Err(Unusable::Damaged);
        }
        decode(&bytes).ok_or(Unusable::Damaged)
    }
}

/// Writes the compiled form of a book whose texts have that hash: whole or not at all, readable by its owner only. Two writers
/// at once write the same bytes, and either may win.
pub(super) fn write(book: &Book, texts: &blake3::Hash, path: &Path) -> io::Result<()> {
    let parts: Vec<Vec<u8>> = book.regions().iter().map(|region| encode(&book.offers(region))).collect();
    let index_length: usize = book.regions().iter().map(|region| 4 + region.len() + 8 + 8 + 32).sum();
    let mut at = (HEAD + index_length) as u64;
    let mut index = Vec::with_capacity(index_length);
    for (region, part) in book.regions().iter().zip(&parts) {
        index.extend_from_slice(&four_bytes(region.len())?);
        index.extend_from_slice(region.as_bytes());
        index.extend_from_slice(&at.to_le_bytes());
        index.extend_from_slice(&(part.len() as u64).to_le_bytes());
        index.extend_from_slice(blake3::hash(part).as_bytes());
        at += part.len() as u64;
    }
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    // A temporary file is made with mode 0600 and, on any failure, removed.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    {
        let mut to = io::BufWriter::new(&mut file);
        to.write_all(MAGIC)?;
        to.write_all(&[FORMAT])?;
        to.write_all(texts.as_bytes())?;
        to.write_all(&four_bytes(index.len())?)?;
        to.write_all(blake3::hash(&index).as_bytes())?;
        to.write_all(&index)?;
        for part in &parts {
            to.write_all(part)?;
        }
        to.flush()?;
    }
    file.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// A length as four bytes.
fn four_bytes(length: usize) -> io::Result<[u8; 4]> {
    let too_long = |_| io::Error::new(io::ErrorKind::InvalidInput, "an index longer than 4 GiB");
    u32::try_from(length).map(u32::to_le_bytes).map_err(too_long)
}

/// The entries of an index.
fn entries(mut index: &[u8]) -> Option<Vec<Entry>> {
    let mut all = Vec::new();
    while !index.is_empty() {
        let length = u32::from_le_bytes(cut::<4>(&mut index)?);
        let (region, rest) = index.split_at_checked(usize::try_from(length).ok()?)?;
        index = rest;
        all.push(Entry {
            region: std::str::from_utf8(region).ok()?.to_owned(),
            at: u64::from_le_bytes(cut::<8>(&mut index)?),
            length: usize::try_from(u64::from_le_bytes(cut::<8>(&mut index)?)).ok()?,
            hash: cut::<32>(&mut index)?,
        });
    }
    Some(all)
}

/// The next `N` bytes.
fn cut<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_at_checked(N)?;
    *bytes = rest;
    taken.try_into().ok()
}
