//! Tables into what one region sells: every size with every price that applies to it there.

use std::sync::Arc;

use rust_decimal::prelude::ToPrimitive;

use super::cell::{Cell, Column, Value};
use super::family::{Family, Row};
use super::parse::BookFile;
use super::scope::Names;
use super::table::{ChargeTable, SurchargeTable};
use super::traits::Cores;
use crate::{
    Availability, Charge, ConnectionLimit, Kind, Lifecycle, Money, Offer, Price, PriceStep, PriceUnit, Rate,
    RegionOffers, Shape, Source, Surcharge, Term,
};

impl BookFile {
    /// Adds what this file knows of the region.
    pub(super) fn add_to(&self, region: &str, all: &mut RegionOffers) {
        let Some(region) = self.names.regions.iter().position(|name| name == region) else { return };
        let Ok(region) = u16::try_from(region) else { return };
        for family in &self.families {
            family.add_to(region, &self.names, &mut all.offers);
        }
        all.charges.extend(self.charges.iter().filter_map(|charge| charge.in_region(region, &self.names)));
        all.surcharges.extend(self.surcharges.iter().filter_map(|it| it.in_region(region, &self.names)));
    }
}

/// An amount on its way to a price.
struct Figure {
    amount: Option<Money>,
    source: Arc<Source>,
    note: String,
}

impl Family {
    /// Adds the sizes that the region sells or lists.
    fn add_to(&self, region: u16, names: &Names, offers: &mut Vec<Offer>) {
        let columns: Vec<usize> =
            (0..self.columns.len()).filter(|at| self.columns[*at].regions.contains(&region)).collect();
        let listed = self.listed_in.contains(&region);
        if columns.is_empty() && !listed {
            return;
        }
        for row in &self.rows {
            let rates: Vec<Rate> = columns.iter().filter_map(|at| self.rate(row, *at, names)).collect();
            if listed || !rates.is_empty() {
                offers.push(self.offer(row, rates, names));
            }
        }
    }

    /// Regions in which a size is sold or listed.
    pub(super) fn regions_of<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = u16> + 'a {
        let sold = self.columns.iter().zip(&row.cells).filter(|(_, cell)| cell.value != Value::Absent);
        sold.flat_map(|(column, _)| column.regions.iter().copied()).chain(self.listed_in.iter().copied())
    }

    /// The SKU of a size.
    pub(super) fn sku_of(&self, row: &Row) -> String {
        self.sku.replace("{}", &row.size)
    }

    fn offer(&self, row: &Row, rates: Vec<Rate>, names: &Names) -> Offer {
        let vcpus = row.vcpus.and_then(|it| it.to_f64());
        let traits = row.traits;
        let aliases = self.aliases.iter().map(|alias| alias.replace("{}", &row.size));
        let own = row.alias.iter().flat_map(|list| list.split(',').map(str::to_owned));
        Offer {
            sku: self.sku_of(row),
            aliases: aliases.chain(own).collect(),
            family: self.name.clone(),
            kind: self.kind,
            engines: self.engines.clone(),
            shape: Shape {
                vcpus,
                cores: match self.cores {
                    Cores::Half => vcpus.map(|count| count / 2.0),
                    Cores::All => vcpus,
                    Cores::Unknown => None,
                },
                memory_gib: row.memory_gib.and_then(|it| it.to_f64()),
                disk_gib: traits.disk_gib,
                network_mbps: traits.network_mbps,
                transfer_gib: traits.transfer_gib,
                architecture: self.architecture,
                burstable: traits.burstable,
            },
            connections: traits.connections.and_then(|quota| {
                let default = quota.of(row.memory_gib)?;
                let maximum =
                    traits.max_connections.map_or(Some(default), |quota| quota.of(row.memory_gib))?;
                Some(ConnectionLimit { default, maximum })
            }),
            rates,
            lifecycle: self.lifecycle_of(row),
            note: joined(&[&self.about, text(row.note, names)]),
        }
    }

    fn lifecycle_of(&self, row: &Row) -> Lifecycle {
        let mut lifecycle = self.lifecycle.clone();
        if let (
            Some(own),
            Lifecycle::Legacy { successor, .. }
            | Lifecycle::Retiring { successor, .. }
            | Lifecycle::Retired { successor, .. },
        ) = (&row.successor, &mut lifecycle)
        {
            *successor = own.to_string();
        }
        lifecycle
    }

    fn rate(&self, row: &Row, at: usize, names: &Names) -> Option<Rate> {
        let column = &self.columns[at];
        let Figure { amount, source, note } = self.figure(row, at, names)?;
        let price = Price { amount, unit: self.unit, source, note };
        Some(Rate { term: column.term, availability: column.availability, price })
    }

    /// What a size costs in a column; `None` where it is not sold so.
    fn figure(&self, row: &Row, at: usize, names: &Names) -> Option<Figure> {
        let (column, cell) = (&self.columns[at], row.cells.get(at)?);
        let said = text(cell.note, names);
        let mut figure = match &cell.value {
            Value::Absent => return None,
            Value::Unknown | Value::Amount { .. } => plain(cell, names)?,
            Value::Components => self.components(row, at, said, names)?,
            Value::Times(times) => {
                let single = self.figure(row, self.single_of(at).ok()?, names)?;
                let note = joined(&[said, &format!("derived: {times} x the single rate"), &single.note]);
                return Some(Figure { amount: single.amount.map(|amount| amount * times), note, ..single });
            }
        };
        if let (Some(part), Term::OnDemand, Availability::Single) =
            (self.sustained_use, column.term, column.availability)
        {
            let list = figure.amount;
            figure.amount = list.map(|list| list * part);
            if let Some(list) = list {
                let hint =
                    format!("list {list}/h x {part}: the automatic sustained-use discount for a full month");
                figure.note = joined(&[&hint, &figure.note]);
            }
        }
        Some(figure)
    }

    /// The sum of the component rates for a size.
    fn components(&self, row: &Row, at: usize, said: &str, names: &Names) -> Option<Figure> {
        let parts = [(&self.per_vcpu, row.vcpus, "vCPU"), (&self.per_gib, row.memory_gib, "GiB")];
        let mut sum: Option<Figure> = None;
        let mut working = Vec::new();
        for (rate, count, unit) in parts {
            let Some(cell) = rate.get(at).filter(|cell| cell.value != Value::Absent) else { continue };
            let count = count?;
            let part = plain(cell, names)?;
            let amount = part.amount.map(|amount| amount * count);
            working.push(part.amount.map_or_else(
                || format!("{count} {unit} at an unknown rate"),
                |rate| format!("{count} {unit} x {rate}"),
            ));
            sum = Some(match sum {
                None => Figure { amount, ..part },
                Some(before) => Figure {
                    amount: before.amount.zip(amount).map(|(a, b)| a + b),
                    source: before.source,
                    note: if before.note == part.note {
                        before.note
                    } else {
                        joined(&[&before.note, &part.note])
                    },
                },
            });
        }
        let sum = sum?;
        let note = joined(&[said, &format!("derived: {}", working.join(" + ")), &sum.note]);
        Some(Figure { note, ..sum })
    }
}

impl ChargeTable {
    fn in_region(&self, region: u16, names: &Names) -> Option<Charge> {
        let at = column_of(&self.columns, region)?;
        let mut notes: Vec<String> = vec![self.about.clone()];
        let mut steps = Vec::with_capacity(self.steps.len());
        for (from, cells) in &self.steps {
            let figure = plain(cells.get(at)?, names)?;
            if !notes.contains(&figure.note) {
                notes.push(figure.note);
            }
            steps.push(PriceStep { from: *from, amount: figure.amount, source: figure.source });
        }
        (!steps.is_empty()).then(|| Charge {
            sku: self.sku.clone(),
            what: self.what.clone(),
            tier: self.tier,
            meter: self.meter.clone(),
            unit: self.unit.clone(),
            availability: self.availability,
            balancer: self.balancer.clone(),
            steps,
            role: self.role,
            note: joined(&notes.iter().map(String::as_str).collect::<Vec<_>>()),
        })
    }
}

impl SurchargeTable {
    fn in_region(&self, region: u16, names: &Names) -> Option<Surcharge> {
        let figure = plain(self.cells.get(column_of(&self.columns, region)?)?, names)?;
        Some(Surcharge {
            engine: self.engine.clone(),
            version: self.version.clone(),
            from: self.from.clone(),
            until: self.until.clone(),
            what: self.what.clone(),
            per_vcpu_hour: Price {
                amount: figure.amount,
                unit: PriceUnit::Hour,
                source: figure.source,
                note: joined(&[&self.about, &figure.note]),
            },
        })
    }
}

/// The column of a charge that holds the region.
fn column_of(columns: &[Column], region: u16) -> Option<usize> {
    columns.iter().position(|column| column.regions.contains(&region))
}

/// A cell that stands for itself; `None` where there is no price.
fn plain(cell: &Cell, names: &Names) -> Option<Figure> {
    let source = names.sources.get(usize::try_from(cell.source?).ok()?)?.clone();
    let note = text(cell.note, names);
    match &cell.value {
        Value::Unknown => Some(Figure { amount: None, source, note: note.to_owned() }),
        Value::Amount { amount, working } => {
            let working = working.as_ref().map(|working| format!("derived: {working}")).unwrap_or_default();
            Some(Figure { amount: Some(*amount), source, note: joined(&[note, &working]) })
        }
        Value::Absent | Value::Components | Value::Times(_) => None,
    }
}

/// The text of a note; empty without one.
fn text(note: Option<u32>, names: &Names) -> &str {
    note.and_then(|at| names.notes.get(usize::try_from(at).ok()?)).map_or("", |note| note)
}

/// The parts that say something, with `; ` between them.
fn joined(parts: &[&str]) -> String {
    let mut all = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !all.is_empty() {
            all.push_str("; ");
        }
        all.push_str(part);
    }
    all
}

/// What makes an offer the same offer: its kind, name and engines.
pub(super) fn identity(kind: Kind, sku: &str, engines: &[String]) -> String {
    format!("{kind:?} {sku} {}", engines.join(","))
}

/// Number of prices that a file's tables hold, unknown ones included.
pub(super) fn price_count(file: &BookFile) -> usize {
    let cells = |cells: &[Cell], columns: &[Column]| -> usize {
        cells
            .iter()
            .zip(columns)
            .filter(|(cell, _)| cell.value != Value::Absent)
            .map(|(_, column)| column.regions.len())
            .sum()
    };
    let rows = file
        .families
        .iter()
        .flat_map(|family| family.rows.iter().map(|row| cells(&row.cells, &family.columns)));
    let steps = file
        .charges
        .iter()
        .flat_map(|charge| charge.steps.iter().map(|step| cells(&step.1, &charge.columns)));
    rows.chain(steps).sum::<usize>()
        + file.surcharges.iter().map(|it| cells(&it.cells, &it.columns)).sum::<usize>()
}
