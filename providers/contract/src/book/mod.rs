//! The price book: the project's own compact text form of prices, and its compiled binary form.
//!
//! A book is one or more text files. A file declares regions, sources and notes once and then holds tables: families of sizes,
//! charges, surcharges. In: the text of the files. Out: [`crate::RegionOffers`] for a region. It decides nothing about what to buy.
//!
//! ```text
//! regions us-east-1 eu-west-1
//! source K 2026-07-20 the price list, with its commit
//! source U 2026-11-23 looked for in the price list; no row
//! note up all upfront
//!
//! family c6i compute sku=c6i.{} arch=x86 cores=half disk=0 transfer=0
//!   about two hardware threads share a core
//!   columns         us-east-1@K  us-east-1/3y@K:up  eu-west-1@K
//!   size large 2 4  | 0.085      0.03257            ?@U
//! ```
//!
//! - A column is `REGION[,REGION|*][/1y|/3y][/standby][@SOURCE][:NOTE]`; without a term it is on demand, without `standby` one node.
//! - A cell is an amount (`0.085`, `91/8760`, `0.0413*0.75`), `?` (charged, price unknown), `-` (not sold so), `=` (from the `rate`
//!   lines: `rate vcpu`, `rate gib`), or `x2` (twice the single-node price of the same region and term), each with its own
//!   `@SOURCE` and `:NOTE` if they differ from the column's. Every amount and every `?` has a source: a book without is not read.
//! - `range 11 35` makes one size for each GiB. `in REGIONS` lists sizes that have no price. `lifecycle` says until when.
//! - `sustained-use=0.8` on a family: what is paid on demand after the automatic discount for a full month.
//! - `charge` has steps (`from 0 | ...`) by a rule of [`crate::Meter`]; `surcharge` has one line `per-vcpu-hour | ...`.

mod cell;
mod compiled;
mod expand;
mod family;
mod meter;
mod parse;
mod scope;
mod shelf;
mod table;
mod traits;
mod wire;
mod words;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::{PriceBookError, RegionOffers};

pub use shelf::{Shelf, ShelfBook, ShelfError};

/// A cloud's price book: its files, read and checked.
#[derive(Debug)]
pub struct Book {
    files: Vec<parse::BookFile>,
    regions: Vec<String>,
}

impl Book {
    /// Reads the files of a book, each given as file name and text.
    ///
    /// # Errors
    /// The first line that makes no sense, or that sells the same thing in the same region a second time, with its file and number.
    pub fn parse<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Self, PriceBookError> {
        let mut book = Self { files: Vec::with_capacity(files.len()), regions: Vec::new() };
        for (name, text) in files {
            let file = parse::parse(name.as_ref(), text.as_ref())?;
            for region in &file.names.regions {
                if !book.regions.contains(region) {
                    book.regions.push(region.clone());
                }
            }
            book.files.push(file);
        }
        book.check_once(files)?;
        Ok(book)
    }

    /// Fails at the first offer that a region has already.
    fn check_once<N: AsRef<str>, T>(&self, files: &[(N, T)]) -> Result<(), PriceBookError> {
        let mut seen = HashSet::new();
        for (file, (name, _)) in self.files.iter().zip(files) {
            for family in &file.families {
                for row in &family.rows {
                    let identity = expand::identity(family.kind, &family.sku_of(row), &family.engines);
                    let regions: HashSet<u16> = family.regions_of(row).collect();
                    for region in regions {
                        let region = &file.names.regions[usize::from(region)];
                        let at = self.regions.iter().position(|known| known == region);
                        if !seen.insert((identity.clone(), at)) {
                            let problem = format!("{} is sold in {region} twice", family.sku_of(row));
                            return Err(PriceBookError {
                                book: name.as_ref().to_owned(),
                                line: row.line,
                                problem,
                            });
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Regions that the book speaks of, in the order of its files.
    pub fn regions(&self) -> &[String] {
        &self.regions
    }

    /// Everything the book knows of a region, in the order of its files; empty for a region that it does not speak of.
    pub fn offers(&self, region: &str) -> RegionOffers {
        let mut all = RegionOffers::default();
        for file in &self.files {
            file.add_to(region, &mut all);
        }
        all
    }

    /// Number of prices in the tables, unknown ones included.
    pub fn price_count(&self) -> usize {
        self.files.iter().map(expand::price_count).sum()
    }
}
