//! What load generators and monitors saw, whatever file it came from.
//!
//! Requests are kept as sums for each second and name, so that a file of a gigabyte becomes a few thousand numbers.

use std::collections::BTreeMap;

use super::component::Component;

/// Most different names of requests in one file: more are addresses with identifiers in them.
pub(super) const MOST_NAMES: usize = 2_000;
/// Longest time that one file may span, s: more is a wrong clock, or files of two tests in one.
pub(super) const LONGEST_TEST_S: i64 = 7 * 86_400;
/// Most people at work: a spec takes no more (docs/spec.md, `load.users`).
const MOST_USERS: f64 = 1e7;
/// Most pairs of a second and a name in one file: a day of 100 names. They take half a gigabyte.
const MOST_CELLS: usize = 8_640_000;

/// The format that a result file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `k6 run --out csv`.
    K6Csv,
    /// `k6 run --out json`.
    K6Json,
    /// `k6 run --summary-export`, or what handleSummary got.
    K6Summary,
    /// Locust's `_stats_history.csv`.
    LocustHistory,
    /// Locust's `_stats.csv`.
    LocustStats,
    /// A JMeter JTL file as CSV.
    JmeterCsv,
    /// A JMeter JTL file as XML.
    JmeterXml,
    /// The results of `loadline load`.
    Loadline,
}

impl Format {
    /// The words for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::K6Csv => "k6 csv",
            Self::K6Json => "k6 json",
            Self::K6Summary => "k6 summary",
            Self::LocustHistory => "locust history",
            Self::LocustStats => "locust stats",
            Self::JmeterCsv => "jmeter csv",
            Self::JmeterXml => "jmeter xml",
            Self::Loadline => "loadline",
        }
    }
}

/// Requests that ended within some span of time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Cell {
    /// Requests that ended, failed ones too.
    pub(super) done: f64,
    /// Failed ones among them.
    pub(super) failed: f64,
    /// Sum of their response times, s.
    pub(super) response_sum_s: f64,
}

impl Cell {
    /// Adds another one.
    pub(super) fn add(&mut self, other: Self) {
        self.done += other.done;
        self.failed += other.failed;
        self.response_sum_s += other.response_sum_s;
    }

    /// A part of it.
    pub(super) fn times(self, factor: f64) -> Self {
        Self {
            done: self.done * factor,
            failed: self.failed * factor,
            response_sum_s: self.response_sum_s * factor,
        }
    }
}

/// When the requests of a file were.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Clock {
    /// Cells are at seconds since 1970.
    Absolute,
    /// The file is a sum over so many seconds, and does not say when they were: all cells are at second 0.
    Summed {
        /// Length, s.
        duration_s: f64,
    },
}

/// Why a file has to be refused: what it holds is no single test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Excess {
    /// More names than [`MOST_NAMES`].
    Names,
    /// From its first to its last second it is longer than [`LONGEST_TEST_S`]; so many days.
    Days(i64),
    /// More people at work than [`MOST_USERS`]; so many.
    Users(f64),
    /// More seconds times names than can be kept.
    Cells,
}

/// One file of results.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    /// The file, as it was named.
    pub(super) file: String,
    /// Its format.
    pub(super) format: Format,
    /// When.
    pub(super) clock: Clock,
    /// Names of requests.
    pub(super) names: Vec<String>,
    /// First and last second of anything in the file.
    span: Option<(i64, i64)>,
    /// Requests by second in which they ended, and by index of name.
    pub(super) cells: BTreeMap<(i64, usize), Cell>,
    /// People at work, by second; empty where the file does not say.
    pub(super) users: BTreeMap<i64, f64>,
    /// First and last whole second of each level, where the file states them; what lies between was not counted.
    pub(super) levels: Vec<(i64, i64)>,
    /// Iterations that the generator could not begin in time.
    pub(super) dropped: f64,
}

impl Run {
    /// Nothing yet.
    pub(super) fn new(file: &str, format: Format) -> Self {
        Self {
            file: file.to_owned(),
            format,
            clock: Clock::Absolute,
            names: Vec::new(),
            span: None,
            cells: BTreeMap::new(),
            users: BTreeMap::new(),
            levels: Vec::new(),
            dropped: 0.0,
        }
    }

    /// The index of a name.
    pub(super) fn name(&mut self, name: &str) -> Result<usize, Excess> {
        if let Some(index) = self.names.iter().position(|known| known == name) {
            return Ok(index);
        }
        if self.names.len() >= MOST_NAMES {
            return Err(Excess::Names);
        }
        self.names.push(name.to_owned());
        Ok(self.names.len() - 1)
    }

    /// Adds requests at a second.
    pub(super) fn add(&mut self, second: i64, name: usize, cell: Cell) -> Result<(), Excess> {
        self.reach(second, second)?;
        if self.cells.len() >= MOST_CELLS && !self.cells.contains_key(&(second, name)) {
            return Err(Excess::Cells);
        }
        self.cells.entry((second, name)).or_default().add(cell);
        Ok(())
    }

    /// Adds requests that ended somewhere in `from_s..to_s`, evenly.
    pub(super) fn spread(&mut self, from_s: f64, to_s: f64, name: usize, cell: Cell) -> Result<(), Excess> {
        let (first, last) = (from_s.floor() as i64, (to_s - 1e-9).floor() as i64);
        self.reach(first, last)?;
        (first..=last).try_for_each(|second| {
            let begin = from_s.max(second as f64);
            let end = to_s.min((second + 1) as f64);
            self.add(second, name, cell.times((end - begin) / (to_s - from_s)))
        })
    }

    /// So many people were at work in each of these seconds.
    pub(super) fn at_work(&mut self, first: i64, last: i64, users: f64) -> Result<(), Excess> {
        self.reach(first, last)?;
        if users > MOST_USERS {
            return Err(Excess::Users(users));
        }
        self.users.extend((first..=last).map(|second| (second, users)));
        Ok(())
    }

    /// Makes the span hold these seconds, before any of them is kept: one wrong digit in a year is a thousand million seconds.
    fn reach(&mut self, first: i64, last: i64) -> Result<(), Excess> {
        let (begin, end) = self.span.unwrap_or((first, last));
        let (begin, end) = (begin.min(first), end.max(last));
        if end - begin > LONGEST_TEST_S {
            return Err(Excess::Days((end - begin) / 86_400));
        }
        self.span = Some((begin, end));
        Ok(())
    }

    /// All requests of the file.
    pub(super) fn total(&self) -> Cell {
        self.cells.values().fold(Cell::default(), |mut sum, cell| {
            sum.add(*cell);
            sum
        })
    }

    /// First and last second of requests.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        Some((self.cells.first_key_value()?.0.0, self.cells.last_key_value()?.0.0))
    }
}

/// Whose utilisation it is, as the file says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whose {
    /// A component as a whole.
    Component(Component),
    /// One host.
    Host(String),
}

/// When a utilisation was.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum When {
    /// Seconds since 1970: the end of what it is the mean of.
    At(f64),
    /// Over the whole of the run of this name: a result file, with or without folder and ending.
    During(String),
}

/// One measurement of a utilisation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    /// When.
    pub(super) when: When,
    /// Whose.
    pub(super) whose: Whose,
    /// Share of its cores that was busy, 0..=1.
    pub(super) utilisation: f64,
    /// Its cores, where the file says so.
    pub(super) cores: Option<f64>,
}
