//! One file of a book, line by line: which line may stand where. What a line says is read by the block that it belongs to.

use std::borrow::Cow;

use super::cell::Column;
use super::family::Family;
use super::scope::Names;
use super::table::{ChargeTable, SurchargeTable};
use super::words::{Problem, shown, words};
use crate::PriceBookError;

/// One file.
#[derive(Debug, Default)]
pub(super) struct BookFile {
    pub names: Names,
    pub families: Vec<Family>,
    pub charges: Vec<ChargeTable>,
    pub surcharges: Vec<SurchargeTable>,
}

/// The block that the lines belong to.
#[derive(Debug, Clone, Copy)]
enum Block {
    None,
    Family,
    Charge,
    Surcharge,
}

const TOP: &str = "`regions`, `source`, `note`, `family`, `charge`, `surcharge`";

/// Reads a file.
///
/// # Errors
/// The first line that makes no sense, with its number.
pub(super) fn parse(book: &str, text: &str) -> Result<BookFile, PriceBookError> {
    let mut file = BookFile::default();
    let mut block = Block::None;
    for (at, line) in text.lines().enumerate() {
        let fail = |problem| PriceBookError { book: book.to_owned(), line: at + 1, problem };
        block = file.take(at + 1, line, block).map_err(fail)?;
    }
    Ok(file)
}

impl BookFile {
    /// Takes one line and says which block the next one belongs to.
    fn take(&mut self, number: usize, line: &str, block: Block) -> Result<Block, Problem> {
        let line = line.trim();
        let (key, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if key.is_empty() || key.starts_with('#') {
            return Ok(block);
        }
        let next = match key {
            "regions" => self.names.add_regions(rest).map(|()| Block::None)?,
            "source" => self.names.add_source(rest).map(|()| block)?,
            "note" => self.names.add_note(rest).map(|()| block)?,
            "family" => {
                self.families.push(Family::read(&words(rest)?)?);
                Block::Family
            }
            "charge" => {
                self.charges.push(ChargeTable::read(&words(rest)?)?);
                Block::Charge
            }
            "surcharge" => {
                self.surcharges.push(SurchargeTable::read(&words(rest)?)?);
                Block::Surcharge
            }
            _ => {
                self.inside(number, key, &words(rest)?, block)?;
                block
            }
        };
        Ok(next)
    }

    /// Takes a line of the block that was opened last.
    fn inside(
        &mut self,
        number: usize,
        key: &str,
        rest: &[Cow<'_, str>],
        block: Block,
    ) -> Result<(), Problem> {
        let Self { names, families, charges, surcharges } = self;
        let (columns, about) = match block {
            Block::None => return Err(format!("{} opens nothing; a line begins with {TOP}", shown(key))),
            Block::Family => {
                let family = families.last_mut().expect("a family block has a family");
                match key {
                    "size" => return family.add_size(number, rest, names),
                    "range" => return family.add_range(number, rest, names),
                    "rate" => return family.add_rate(rest, names),
                    "lifecycle" => return family.set_lifecycle(rest),
                    "in" => {
                        let [list] = rest else {
                            return Err("`in` needs regions: `in eastus,westeurope`".to_owned());
                        };
                        family.listed_in = names.regions(list)?;
                        return Ok(());
                    }
                    _ => (&mut family.columns, &mut family.about),
                }
            }
            Block::Charge => {
                let charge = charges.last_mut().expect("a charge block has a charge");
                match key {
                    "from" => return charge.add_step(rest, names),
                    _ => (&mut charge.columns, &mut charge.about),
                }
            }
            Block::Surcharge => {
                let surcharge = surcharges.last_mut().expect("a surcharge block has a surcharge");
                match key {
                    "per-vcpu-hour" => return surcharge.set_cells(rest, names),
                    _ => (&mut surcharge.columns, &mut surcharge.about),
                }
            }
        };
        match key {
            "columns" if columns.is_empty() => {
                *columns = read_columns(rest, names)?;
                Ok(())
            }
            "columns" => Err("this table has its columns already".to_owned()),
            "about" if about.is_empty() => {
                *about = rest.join(" ");
                Ok(())
            }
            "about" => Err("this block has its `about` already".to_owned()),
            _ => Err(format!("{} is known neither inside this block nor as a new one ({TOP})", shown(key))),
        }
    }
}

/// The columns of a table, no two of which may hold the same price.
fn read_columns(words: &[Cow<'_, str>], names: &Names) -> Result<Vec<Column>, Problem> {
    let mut columns: Vec<Column> = Vec::with_capacity(words.len());
    for word in words {
        let column = Column::read(word, names)?;
        if columns.iter().any(|known| known.clashes(&column)) {
            return Err(format!("the column {} holds the same price as an earlier one", shown(word)));
        }
        columns.push(column);
    }
    if columns.is_empty() { Err("`columns` names no column".to_owned()) } else { Ok(columns) }
}
