//! Charges and surcharges as a book writes them: a head line, columns, and one line of cells for each step.

use std::borrow::Cow;

use super::cell::{Cell, Column, Value};
use super::family::{cells, kind_of, split};
use super::meter;
use super::scope::Names;
use super::words::{Attributes, Problem, day, number, shown};
use crate::{Availability, ChargeRole, Kind, Meter, Money};

/// A charge for several regions.
#[derive(Debug)]
pub(super) struct ChargeTable {
    pub sku: String,
    pub what: String,
    pub tier: Option<Kind>,
    pub meter: Meter,
    pub unit: String,
    pub availability: Option<Availability>,
    pub balancer: Option<String>,
    pub role: ChargeRole,
    pub about: String,
    pub columns: Vec<Column>,
    pub steps: Vec<(Money, Vec<Cell>)>,
}

/// A surcharge for several regions.
#[derive(Debug)]
pub(super) struct SurchargeTable {
    pub engine: String,
    pub version: String,
    pub from: String,
    pub until: Option<String>,
    pub what: String,
    pub about: String,
    pub columns: Vec<Column>,
    pub cells: Vec<Cell>,
}

impl ChargeTable {
    /// Reads the words after `charge`: `SKU TIER "what" meter=... unit=... attributes`.
    pub(super) fn read(words: &[Cow<'_, str>]) -> Result<Self, Problem> {
        let [sku, tier, what, rest @ ..] = words else {
            return Err(
                "a charge needs a name, a tier and a text: `charge gp3 compute \"disk\" meter=app-disk`"
                    .to_owned(),
            );
        };
        let mut attributes = Attributes::read(rest)?;
        let meter = meter::read(&mut attributes)?;
        let role = match attributes.flag("listed") || meter == Meter::LookUpOnly {
            true => ChargeRole::Listed,
            false => ChargeRole::Default,
        };
        let charge = Self {
            sku: sku.clone().into_owned(),
            what: what.clone().into_owned(),
            tier: match tier.as_ref() {
                "shared" => None,
                tier => Some(
                    kind_of(tier).map_err(|problem| format!("{problem}; `shared` is for everything else"))?,
                ),
            },
            meter,
            unit: attributes.need("unit")?.to_owned(),
            availability: match attributes.take("for") {
                None => None,
                Some("single") => Some(Availability::Single),
                Some("standby") => Some(Availability::Standby),
                Some(other) => {
                    return Err(format!("unknown `for` {}; `single` and `standby` are known", shown(other)));
                }
            },
            balancer: attributes.take("balancer").map(str::to_owned),
            role,
            about: String::new(),
            columns: Vec::new(),
            steps: Vec::new(),
        };
        attributes.finish(&["meter", "unit", "for", "balancer", "listed"])?;
        Ok(charge)
    }

    /// Takes a `from N | cells` line.
    pub(super) fn add_step(&mut self, words: &[Cow<'_, str>], names: &Names) -> Result<(), Problem> {
        let (head, row) = split(words);
        let [from] = head else { return Err("a step needs its first unit: `from 0 | 0.09`".to_owned()) };
        let from = number(from)?;
        if self.steps.last().is_some_and(|(before, _)| *before >= from) {
            return Err(format!("the step from {from} does not follow a lower one"));
        }
        if self.steps.is_empty() && !from.is_zero() && self.meter != Meter::AppDiskSteps {
            return Err("the first step starts at 0".to_owned());
        }
        let cells = plain_cells(row, &self.columns, names)?;
        if let Some((_, first)) = self.steps.first() {
            let holes = first
                .iter()
                .zip(&cells)
                .any(|(a, b)| (a.value == Value::Absent) != (b.value == Value::Absent));
            if holes {
                return Err("a region has either every step of a charge or none".to_owned());
            }
        }
        self.steps.push((from, cells));
        Ok(())
    }
}

impl SurchargeTable {
    /// Reads the words after `surcharge`: `ENGINE VERSION from=DATE [until=DATE] what="..."`.
    pub(super) fn read(words: &[Cow<'_, str>]) -> Result<Self, Problem> {
        let [engine, version, rest @ ..] = words else {
            return Err(
                "a surcharge needs an engine and a version: `surcharge mysql 8.0 from=2026-08-01`".to_owned()
            );
        };
        let mut attributes = Attributes::read(rest)?;
        let surcharge = Self {
            engine: engine.clone().into_owned(),
            version: version.clone().into_owned(),
            from: day(attributes.need("from")?)?,
            until: attributes.take("until").map(day).transpose()?,
            what: attributes.need("what")?.to_owned(),
            about: String::new(),
            columns: Vec::new(),
            cells: Vec::new(),
        };
        attributes.finish(&["from", "until", "what"])?;
        Ok(surcharge)
    }

    /// Takes the `per-vcpu-hour | cells` line.
    pub(super) fn set_cells(&mut self, words: &[Cow<'_, str>], names: &Names) -> Result<(), Problem> {
        if !self.cells.is_empty() {
            return Err("a surcharge has one line of prices".to_owned());
        }
        self.cells = plain_cells(split(words).1, &self.columns, names)?;
        Ok(())
    }
}

/// Cells of which each stands for itself.
fn plain_cells(words: &[Cow<'_, str>], columns: &[Column], names: &Names) -> Result<Vec<Cell>, Problem> {
    let cells = cells(words, columns, names)?;
    match cells.iter().any(|cell| matches!(cell.value, Value::Components | Value::Times(_))) {
        true => Err("here a cell is an amount, `?` or `-`".to_owned()),
        false => Ok(cells),
    }
}
