//! `prices show`: the rows of the price books.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use loadline_contract::{self as contract, Availability, Lifecycle, Pricing, RegionOffers, Term};

use super::books::Books;
use super::exit::{Exit, Failure};
use super::screen::Screen;
use super::shops::known_cloud;
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
    let clouds = match args.cloud.as_slice() {
        [] => clouds::all().to_vec(),
        names => names.iter().map(|name| known_cloud(name)).collect::<Result<_, _>>()?,
    };
    let mut rows = Vec::new();
    let mut names = BTreeSet::new();
    let mut covered = Vec::new();
    let mut found = false;
    for cloud in clouds {
        let known = books.regions(cloud)?;
        // A region that the books do not cover may still have a price or two.
        let uncovered = args.region.iter().filter(|wanted| !known.contains(wanted));
        for region in known.iter().chain(uncovered) {
            if args.region.as_ref().is_none_or(|wanted| wanted == region) {
                let offers = books.offers(cloud, region, screen)?;
                found |= offers != RegionOffers::default();
                let listed = contract::listing(region, &offers);
                names.extend(listed.iter().map(|row| row.sku.clone()));
                rows.extend(
                    listed
                        .into_iter()
                        .filter(|row| wanted(row, args))
                        .map(|row| price_row(cloud.profile().name, row)),
                );
            }
        }
        covered.extend(known.into_iter().map(|region| (cloud.profile().name, region)));
    }
    if let Some(region) = args.region.as_ref().filter(|_| !found) {
        return Err(unknown_region(region, &covered));
    }
    if let Some(text) = args.sku.as_ref().filter(|_| rows.is_empty()) {
        let nearest = nearest(text, names.iter().map(String::as_str)).unwrap_or("none");
        screen.note(&format!("note: no price matches `{text}`; the nearest name is {nearest}"));
    }
    if args.json {
        return screen.answer_json(&report::prices_json(&rows));
    }
    let text = if args.csv { report::prices_csv(&rows) } else { report::prices_text(&rows, &screen.look()) };
    screen.answer(&text)?;
    Ok(Exit::Done)
}

/// The name that looks most like the one asked for.
fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let alike = |name: &str| strsim::jaro_winkler(&name.to_lowercase(), &wanted.to_lowercase());
    names.max_by(|a, b| alike(a).total_cmp(&alike(b)))
}

/// Says which cloud has the region without prices, or what is nearest to it; and what is covered.
fn unknown_region(region: &str, covered: &[(&str, String)]) -> Failure {
    let uncovered = clouds::all()
        .iter()
        .map(|cloud| cloud.profile())
        .find(|profile| profile.region(region).is_some_and(|found| found.priced == Pricing::NotCovered));
    let of = |cloud: &str| -> Vec<&str> {
        let regions = covered.iter().filter(|(name, _)| *name == cloud);
        regions.map(|(_, region)| region.as_str()).collect()
    };
    if let Some(profile) = uncovered {
        let sentence =
            format!("the books hold no prices for {} in {region}: they are unknown", profile.title);
        return Failure::usage(sentence).hint(match of(profile.name).as_slice() {
            [] => "leave out --region to see what the books hold".to_owned(),
            regions => format!("covered there: {}", regions.join(", ")),
        });
    }
    let mut names: Vec<&str> = covered.iter().map(|(name, _)| *name).collect();
    names.dedup();
    let covered_by: Vec<String> =
        names.iter().map(|name| format!("{name}: {}", of(name).join(", "))).collect();
    let near = nearest(region, covered.iter().map(|(_, region)| region.as_str())).unwrap_or("none");
    Failure::usage(format!("there is no region `{region}` in the books"))
        .hint(format!("nearest: {near}; covered are {}", covered_by.join("; ")))
}

fn wanted(row: &contract::PriceRow, args: &ShowArgs) -> bool {
    let kind = args.kind.and_then(|kind| kind.to_possible_value());
    kind.is_none_or(|kind| kind.matches(row.kind, true))
        && args.sku.as_ref().is_none_or(|text| row.sku.to_lowercase().contains(&text.to_lowercase()))
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
