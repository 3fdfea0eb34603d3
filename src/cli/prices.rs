//! `prices show`: the rows of the price books.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use loadline_contract::{self as contract, Availability, Lifecycle, Pricing, Provider, RegionOffers, Term};

use super::books::Books;
use super::exit::{Exit, Failure};
use super::screen::Screen;
use crate::clouds;
use crate::report::{self, PriceRow};

/// What to do with the price books.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List prices with their source and date
    Show(ShowArgs),
}

/// Kinds of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindWish {
    /// Machines
    Compute,
    /// Managed databases and their storage
    Database,
    /// Managed caches
    Cache,
    /// Load balancers
    Balancer,
    /// Egress, NAT, addresses, traffic between zones, alarms
    Network,
}

/// Arguments of `prices show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Only this cloud (may be given more than once)
    #[arg(long, value_name = "NAME")]
    cloud: Vec<String>,
    /// Only this kind
    #[arg(long, value_enum)]
    kind: Option<KindWish>,
    /// Only this region; without it every region that the books cover
    #[arg(long)]
    region: Option<String>,
    /// Only products whose name contains this text
    #[arg(long, value_name = "TEXT")]
    sku: Option<String>,
    /// Read the price books from this folder (DIR/<cloud>/*.book) instead of the bundled ones
    #[arg(long, value_name = "DIR", env = "LOADLINE_PRICES")]
    prices: Option<PathBuf>,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV
    #[arg(long)]
    csv: bool,
}

pub(super) fn run(command: &Command, screen: &Screen) -> Result<Exit, Failure> {
    match command {
        Command::Show(args) => show(args, screen),
    }
}

fn show(args: &ShowArgs, screen: &Screen) -> Result<Exit, Failure> {
    let books = Books::new(args.prices.as_deref());
    let mut rows = Vec::new();
    let mut known_regions = Vec::new();
    let mut found = false;
    for cloud in clouds(&args.cloud)? {
        let covered = books.regions(cloud)?;
        let mut regions = covered.clone();
        // A region that the books do not cover may still have a price or two.
        regions.extend(args.region.clone().filter(|wanted| !covered.contains(wanted)));
        for region in regions {
            if args.region.as_ref().is_none_or(|wanted| *wanted == region) {
                let offers = books.offers(cloud, &region, screen)?;
                found |= offers != RegionOffers::default();
                rows.extend(listing(cloud.profile().name, &region, &offers, args));
            }
        }
        known_regions.extend(covered);
    }
    if let Some(region) = args.region.as_ref().filter(|_| !found) {
        return Err(unknown_region(region, &known_regions));
    }
    if args.json {
        return screen.answer_json(&report::prices_json(&rows));
    }
    let text = if args.csv { report::prices_csv(&rows) } else { report::prices_text(&rows, &screen.look()) };
    screen.answer(&text)?;
    Ok(Exit::Done)
}

/// The clouds of those names, or all.
fn clouds(names: &[String]) -> Result<Vec<&'static dyn Provider>, Failure> {
    if names.is_empty() {
        return Ok(clouds::all().to_vec());
    }
    names
        .iter()
        .map(|name| {
            clouds::by_name(name).ok_or_else(|| {
                let known: Vec<_> = clouds::all().iter().map(|cloud| cloud.profile().name).collect();
                Failure::usage(format!("there is no cloud `{name}`"))
                    .hint(format!("the clouds are {}", known.join(", ")))
            })
        })
        .collect()
}

fn unknown_region(region: &str, known: &[String]) -> Failure {
    let uncovered = clouds::all().iter().find_map(|cloud| {
        let found = cloud.profile().region(region)?;
        (found.priced == Pricing::NotCovered).then(|| cloud.profile().title)
    });
    let sentence = match uncovered {
        Some(title) => format!("the books hold no prices for {title} in {region}: they are unknown"),
        None => format!("there is no region `{region}` in the books"),
    };
    let nearest = known
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(a, region).total_cmp(&strsim::jaro_winkler(b, region)))
        .map_or_else(String::new, |name| format!("nearest: {name}; "));
    Failure::usage(sentence).hint(format!("{nearest}covered: {}", known.join(", ")))
}

fn listing(cloud: &str, region: &str, offers: &RegionOffers, args: &ShowArgs) -> Vec<PriceRow> {
    let wanted = |row: &contract::PriceRow| {
        let kind = args.kind.and_then(|kind| kind.to_possible_value());
        kind.is_none_or(|kind| kind.matches(row.kind, true))
            && args.sku.as_ref().is_none_or(|text| row.sku.to_lowercase().contains(&text.to_lowercase()))
    };
    contract::listing(region, offers).into_iter().filter(wanted).map(|row| price_row(cloud, row)).collect()
}

fn price_row(cloud: &str, row: contract::PriceRow) -> PriceRow {
    let term = match row.term {
        None => "",
        Some(Term::OnDemand) => "on-demand",
        Some(Term::Reserved1y) => "reserved-1y",
        Some(Term::Reserved3y) => "reserved-3y",
    };
    let availability = match row.availability {
        None => "",
        Some(Availability::Single) => "single",
        Some(Availability::Standby) => "standby",
    };
    let lifecycle = match &row.lifecycle {
        Lifecycle::Current => "current".to_owned(),
        Lifecycle::Legacy { .. } => "legacy".to_owned(),
        Lifecycle::Retiring { on, .. } => format!("retiring {on}"),
        Lifecycle::Retired { on, .. } => format!("retired {on}"),
    };
    PriceRow {
        cloud: cloud.to_owned(),
        kind: row.kind.to_owned(),
        sku: row.sku,
        region: row.region,
        term: term.to_owned(),
        availability: availability.to_owned(),
        vcpus: row.vcpus,
        memory_gib: row.memory_gib,
        unit: row.unit,
        price: row.price,
        as_of: row.as_of,
        source: row.source,
        lifecycle,
        note: row.note,
    }
}
