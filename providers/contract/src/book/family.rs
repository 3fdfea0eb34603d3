//! A family: its attributes and the sizes in its table. What a size costs in a region is `expand`'s.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::cell::{Cell, Column, Value, within_thousand};
use super::scope::Names;
use super::traits::{Cores, Traits, amount, traits};
use super::words::{Attributes, Problem, day, shown};
use crate::{Architecture, Kind, Lifecycle, NewCustomers, PriceUnit};

/// One size.
#[derive(Debug)]
pub(super) struct Row {
    pub line: usize,
    pub size: Box<str>,
    pub vcpus: Option<Decimal>,
    pub memory_gib: Option<Decimal>,
    pub traits: Traits,
    pub alias: Option<Box<str>>,
    pub successor: Option<Box<str>>,
    pub note: Option<u32>,
    pub cells: Vec<Cell>,
}

/// A family of sizes with one table of prices.
#[derive(Debug)]
pub(super) struct Family {
    pub name: String,
    pub kind: Kind,
    pub engines: Vec<String>,
    /// `{}` stands for the size.
    pub sku: String,
    pub aliases: Vec<String>,
    pub architecture: Option<Architecture>,
    pub cores: Cores,
    pub traits: Traits,
    pub unit: PriceUnit,
    /// Part of the list price that is paid after an automatic discount for a full month.
    pub sustained_use: Option<Decimal>,
    pub lifecycle: Lifecycle,
    pub about: String,
    pub columns: Vec<Column>,
    /// Regions in which sizes are listed even without a price.
    pub listed_in: Vec<u16>,
    pub per_vcpu: Vec<Cell>,
    pub per_gib: Vec<Cell>,
    pub rows: Vec<Row>,
}

const FAMILY: &[&str] = &[
    "engines",
    "sku",
    "alias",
    "arch",
    "cores",
    "unit",
    "sustained-use",
    "disk",
    "transfer",
    "network",
    "connections",
    "max-connections",
    "burstable",
];
const SIZE: &[&str] = &[
    "alias",
    "successor",
    "note",
    "disk",
    "transfer",
    "network",
    "connections",
    "max-connections",
    "burstable",
];

impl Family {
    /// Reads the words after `family`: `NAME KIND attributes`.
    pub(super) fn read(words: &[Cow<'_, str>]) -> Result<Self, Problem> {
        let [name, kind, rest @ ..] = words else {
            return Err("a family needs a name and a kind: `family c6i compute sku=c6i.{}`".to_owned());
        };
        let mut attributes = Attributes::read(rest)?;
        let list = |text: Option<&str>| -> Vec<String> {
            text.map(|text| text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect())
                .unwrap_or_default()
        };
        let family = Self {
            name: name.clone().into_owned(),
            kind: kind_of(kind)?,
            engines: list(attributes.take("engines")),
            sku: attributes.need("sku")?.to_owned(),
            aliases: list(attributes.take("alias")),
            architecture: match attributes.take("arch") {
                None => None,
                Some("x86") => Some(Architecture::X86),
                Some("arm") => Some(Architecture::Arm),
                Some(other) => {
                    return Err(format!("unknown arch {}; `x86` and `arm` are known", shown(other)));
                }
            },
            cores: match attributes.take("cores") {
                None => Cores::Unknown,
                Some("half") => Cores::Half,
                Some("all") => Cores::All,
                Some(other) => {
                    return Err(format!("unknown cores {}; `half` and `all` are known", shown(other)));
                }
            },
            unit: match attributes.take("unit") {
                None | Some("hour") => PriceUnit::Hour,
                Some("month") => PriceUnit::Month,
                Some(other) => {
                    return Err(format!("unknown unit {}; `hour` and `month` are known", shown(other)));
                }
            },
            sustained_use: match attributes.take("sustained-use") {
                None => None,
                Some(text) => Some(within_thousand(text)?).filter(|part| *part <= Decimal::ONE).map_or_else(
                    || Err(format!("sustained-use {} is not a part of 1", shown(text))),
                    |part| Ok(Some(part)),
                )?,
            },
            traits: traits(&mut attributes, Traits::default())?,
            lifecycle: Lifecycle::Current,
            about: String::new(),
            columns: Vec::new(),
            listed_in: Vec::new(),
            per_vcpu: Vec::new(),
            per_gib: Vec::new(),
            rows: Vec::new(),
        };
        attributes.finish(FAMILY)?;
        if matches!(family.kind, Kind::Database | Kind::Cache) && family.engines.is_empty() {
            return Err("a database or cache family needs `engines=`".to_owned());
        }
        Ok(family)
    }

    /// Takes a `size NAME VCPUS MEMORY attributes | cells` line.
    pub(super) fn add_size(
        &mut self,
        line: usize,
        words: &[Cow<'_, str>],
        names: &Names,
    ) -> Result<(), Problem> {
        let (head, cells) = split(words);
        let [size, vcpus, memory, rest @ ..] = head else {
            return Err("a size needs a name, vCPUs and GiB: `size large 2 4 | 0.085`".to_owned());
        };
        let mut attributes = Attributes::read(rest)?;
        let text = |value: Option<&str>| value.map(Box::from);
        let row = Row {
            line,
            size: size.as_ref().into(),
            vcpus: amount(vcpus)?,
            memory_gib: amount(memory)?,
            alias: text(attributes.take("alias")),
            successor: text(attributes.take("successor")),
            note: attributes.take("note").map(|key| names.note(key)).transpose()?,
            traits: traits(&mut attributes, self.traits)?,
            cells: self.cells(cells, names)?,
        };
        attributes.finish(SIZE)?;
        self.push(row)
    }

    /// Takes a `range LOW HIGH | cells` line: one size for each whole number of GiB, all priced by the `rate` lines.
    pub(super) fn add_range(
        &mut self,
        line: usize,
        words: &[Cow<'_, str>],
        names: &Names,
    ) -> Result<(), Problem> {
        let (head, cells) = split(words);
        let bounds = match head {
            [low, high] => (low.parse::<u32>().ok()).zip(high.parse::<u32>().ok()),
            _ => None,
        };
        let (low, high) = bounds.filter(|(low, high)| *low >= 1 && low <= high && *high <= 10_000).ok_or(
            "a range needs its first and last size in whole GiB, at most 10000: `range 11 35 | = =`",
        )?;
        let cells = self.cells(cells, names)?;
        for gib in low..=high {
            let mut row = Row {
                line,
                size: gib.to_string().into(),
                vcpus: None,
                memory_gib: Some(Decimal::from(gib)),
                traits: self.traits,
                alias: None,
                successor: None,
                note: None,
                cells: cells.clone(),
            };
            // A tier's bare name means its largest size.
            row.alias = (gib == high).then(|| self.name.as_str().into());
            self.push(row)?;
        }
        Ok(())
    }

    /// Takes a `rate vcpu|gib | cells` line.
    pub(super) fn add_rate(&mut self, words: &[Cow<'_, str>], names: &Names) -> Result<(), Problem> {
        let (head, cells) = split(words);
        let cells = self.cells(cells, names)?;
        if cells.iter().any(|cell| matches!(cell.value, Value::Components | Value::Times(_))) {
            return Err("a rate is an amount, `?` or `-`".to_owned());
        }
        let rate = match head {
            [of] if of == "vcpu" => &mut self.per_vcpu,
            [of] if of == "gib" => &mut self.per_gib,
            _ => return Err("a rate is for `vcpu` or for `gib`".to_owned()),
        };
        if !rate.is_empty() {
            return Err("this rate is given twice".to_owned());
        }
        *rate = cells;
        Ok(())
    }

    /// Takes the words after `lifecycle`.
    pub(super) fn set_lifecycle(&mut self, words: &[Cow<'_, str>]) -> Result<(), Problem> {
        let [state, rest @ ..] = words else { return Err("a lifecycle needs its state".to_owned()) };
        let mut attributes = Attributes::read(rest)?;
        let successor = attributes.need("successor")?.to_owned();
        let source = attributes.need("source")?.to_owned();
        self.lifecycle = match state.as_ref() {
            "legacy" => Lifecycle::Legacy { successor, source },
            "retired" => Lifecycle::Retired { on: day(attributes.need("on")?)?, successor, source },
            "retiring" => Lifecycle::Retiring {
                on: day(attributes.need("on")?)?,
                successor,
                source,
                new_customers: match attributes.flag("closed-to-new") {
                    true => NewCustomers::Refused,
                    false => NewCustomers::Accepted,
                },
            },
            other => {
                return Err(format!(
                    "unknown lifecycle {}; `legacy`, `retiring` and `retired` are known",
                    shown(other)
                ));
            }
        };
        attributes.finish(&["on", "successor", "source", "closed-to-new"])
    }

    /// The cells of one line, one for each column.
    fn cells(&self, words: &[Cow<'_, str>], names: &Names) -> Result<Vec<Cell>, Problem> {
        cells(words, &self.columns, names)
    }

    /// Adds a size whose cells make sense.
    fn push(&mut self, row: Row) -> Result<(), Problem> {
        if self.rows.iter().any(|known| known.size == row.size) {
            return Err(format!("the size {} is given twice in this table", shown(&row.size)));
        }
        for (at, cell) in row.cells.iter().enumerate() {
            match &cell.value {
                Value::Amount { amount, .. } if amount.is_zero() => {
                    return Err(
                        "a price of 0 is no price: write `?` if it is unknown, `-` if it is not sold"
                            .to_owned(),
                    );
                }
                Value::Components => self.check_components(&row, at)?,
                Value::Times(_) => self.single_of(at).map(drop)?,
                _ => {}
            }
        }
        self.rows.push(row);
        Ok(())
    }

    /// Whether `=` in this column can be worked out for this size.
    fn check_components(&self, row: &Row, at: usize) -> Result<(), Problem> {
        let given = |rate: &[Cell]| rate.get(at).is_some_and(|cell| cell.value != Value::Absent);
        let (by_vcpu, by_gib) = (given(&self.per_vcpu), given(&self.per_gib));
        if !by_vcpu && !by_gib {
            return Err(format!("`=` in column {}: no `rate` line gives this column a component", at + 1));
        }
        if (by_vcpu && row.vcpus.is_none()) || (by_gib && row.memory_gib.is_none()) {
            return Err("`=` needs a size with known vCPUs and GiB".to_owned());
        }
        Ok(())
    }

    /// The column that `xN` in column `at` multiplies: same regions and term, one node.
    pub(super) fn single_of(&self, at: usize) -> Result<usize, Problem> {
        let column = &self.columns[at];
        let found = self.columns.iter().position(|other| {
            other.availability == crate::Availability::Single
                && other.term == column.term
                && column.regions.iter().all(|region| other.regions.contains(region))
        });
        found.filter(|single| *single != at).ok_or_else(|| {
            format!(
                "`x` in column {}: no column holds the single-node price of the same regions and term",
                at + 1
            )
        })
    }
}

/// The words before and after `|`.
pub(super) fn split<'a, 'b>(words: &'a [Cow<'b, str>]) -> (&'a [Cow<'b, str>], &'a [Cow<'b, str>]) {
    match words.iter().position(|word| word == "|") {
        Some(at) => (&words[..at], &words[at + 1..]),
        None => (words, &[]),
    }
}

/// One cell for each column.
pub(super) fn cells(words: &[Cow<'_, str>], columns: &[Column], names: &Names) -> Result<Vec<Cell>, Problem> {
    if words.len() != columns.len() {
        let (seen, wanted) = (words.len(), columns.len());
        return Err(format!("{seen} cells stand after `|`, but the table has {wanted} columns"));
    }
    words.iter().zip(columns).map(|(word, column)| Cell::read(word, column, names)).collect()
}

/// The kind of that name.
pub(super) fn kind_of(text: &str) -> Result<Kind, Problem> {
    match text {
        "compute" => Ok(Kind::Compute),
        "database" => Ok(Kind::Database),
        "cache" => Ok(Kind::Cache),
        "balancer" => Ok(Kind::Balancer),
        _ => Err(format!(
            "unknown kind {}; `compute`, `database`, `cache` and `balancer` are known",
            shown(text)
        )),
    }
}
