//! `compare`: the design and the monthly bill on every cloud, side by side.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use loadline_contract::Term;

use super::exit::{Exit, Failure};
use super::input::{SpecArgs, write_answer};
use super::screen::Screen;
use super::shops::{Shop, compare, known_cloud, open, place};
use crate::market::{self, Comparison};
use crate::report;
use crate::sizing::{self, Confirm, Effort, Model, Sizing};
use crate::spec::{CloudChoice, Spec, Terms};

/// Arguments of `compare`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Only this cloud (may be given more than once)
    #[arg(long, value_name = "NAME")]
    cloud: Vec<String>,
    /// Another region for this run: a region's name, or CLOUD=REGION (may be given more than once)
    #[arg(long, value_name = "REGION")]
    region: Vec<String>,
    /// Another commitment for this run
    #[arg(long, value_enum, value_name = "TERM")]
    terms: Option<TermWish>,
    /// Say why a product was not taken (may be given more than once)
    #[arg(long, value_name = "PRODUCT", conflicts_with_all = ["csv", "markdown", "html", "lines"])]
    why_not: Vec<String>,
    /// Show every line of the bills
    #[arg(long)]
    lines: bool,
    /// Read the price books from this folder (DIR/<cloud>/*.book) instead of the bundled ones
    #[arg(long, value_name = "DIR", env = "LOADLINE_PRICES")]
    prices: Option<PathBuf>,
    /// Print JSON
    #[arg(long, group = "form")]
    json: bool,
    /// Print CSV, a row for each line of a bill
    #[arg(long, group = "form")]
    csv: bool,
    /// Print Markdown, fit for a comment on a pull request
    #[arg(long, group = "form")]
    markdown: bool,
    /// Write a page to this file (`-`: standard output): self-contained, no network
    #[arg(long, value_name = "FILE", group = "form", value_hint = clap::ValueHint::FilePath)]
    html: Option<PathBuf>,
}

/// Commitments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TermWish {
    /// None
    OnDemand,
    /// One year
    #[value(name = "reserved-1y")]
    Reserved1y,
    /// Three years
    #[value(name = "reserved-3y")]
    Reserved3y,
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let mut spec = args.spec.read(screen)?;
    adjust(&mut spec, args)?;
    let effort = Effort { confirm: Confirm::WhenFormulasBreak, ..Effort::quick() };
    let sized = || {
        let model = Model::new(&spec, &effort);
        let sizing = sizing::size_with(&model, &|_| ());
        (model, sizing)
    };
    let (shops, (model, sizing)) = rayon::join(|| open(&spec, args.prices.as_deref(), screen), sized);
    let shops = shops?;
    let comparison = compare(&spec, &sizing, &model, &shops)?;
    let exit = verdict(&comparison);
    if !args.why_not.is_empty() {
        return why_not(args, &comparison, &shops, screen);
    }
    if args.json {
        screen.answer_json(&report::compare_json(&spec, &comparison, &sizing))?;
    } else if args.csv {
        screen.answer(&report::compare_csv(&comparison))?;
    } else if args.markdown {
        screen.answer(&report::compare_markdown(&spec, &sizing, &comparison))?;
    } else if let Some(file) = &args.html {
        let page = report::compare_html(&spec, &sizing, &comparison);
        if file.as_os_str() == "-" {
            screen.answer(&page)?;
        } else {
            write_answer(file, &page, screen)?;
        }
    } else {
        screen.answer(&text(&spec, &sizing, &comparison, args, screen))?;
    }
    Ok(exit)
}

fn text(spec: &Spec, sizing: &Sizing, comparison: &Comparison, args: &Args, screen: &Screen) -> String {
    let look = screen.look();
    let mut text = report::compare_text(spec, sizing, comparison, &look);
    if args.lines {
        for candidate in comparison.clouds.iter().filter_map(market::CloudOutcome::main) {
            text.push('\n');
            text.push_str(&report::bill_text(candidate, &look));
        }
    }
    text
}

/// Applies `--terms`, `--region` and `--cloud`.
fn adjust(spec: &mut Spec, args: &Args) -> Result<(), Failure> {
    if let Some(wish) = args.terms {
        let term = match wish {
            TermWish::OnDemand => Term::OnDemand,
            TermWish::Reserved1y => Term::Reserved1y,
            TermWish::Reserved3y => Term::Reserved3y,
        };
        spec.terms = Terms { app: term, database: term, cache: term };
    }
    for name in &args.cloud {
        let cloud = known_cloud(name)?;
        if !spec.clouds.iter().any(|choice| choice.cloud == *name) {
            let region = cloud.profile().regions[0].name.to_owned();
            spec.clouds.push(CloudChoice { cloud: name.clone(), region, certificate: None });
        }
    }
    if !args.cloud.is_empty() {
        spec.clouds.retain(|choice| args.cloud.contains(&choice.cloud));
    }
    for wish in &args.region {
        let (cloud, region) = place(wish)?;
        match spec.clouds.iter_mut().find(|choice| choice.cloud == cloud) {
            Some(choice) => choice.region = region,
            None => spec.clouds.push(CloudChoice { cloud, region, certificate: None }),
        }
    }
    Ok(())
}

/// No, unless one cloud at least has a design that meets everything and does no less than was asked for.
fn verdict(comparison: &Comparison) -> Exit {
    let met = |outcome: &market::CloudOutcome| {
        outcome.main().is_some_and(|main| main.misses.is_empty()) && outcome.objections.is_empty()
    };
    if comparison.clouds.iter().any(met) { Exit::Done } else { Exit::No }
}

fn why_not(args: &Args, comparison: &Comparison, shops: &[Shop], screen: &Screen) -> Result<Exit, Failure> {
    let mut reasons = Vec::new();
    for sku in &args.why_not {
        let explain = |(outcome, shop): (&market::CloudOutcome, &Shop)| report::WhyNot {
            product: sku.clone(),
            cloud: outcome.cloud.clone(),
            region: outcome.region.clone(),
            reasons: market::why_not(outcome, &shop.sold, sku),
        };
        let all = || comparison.clouds.iter().zip(shops);
        let knows = |shop: &Shop| shop.sold.offers.iter().any(|offer| offer.answers_to(sku));
        if !shops.iter().any(knows) {
            // Each book then says only that it does not know the product, and what is nearest.
            let sentences: Vec<String> = all().flat_map(|pair| explain(pair).reasons).collect();
            return Err(Failure::usage(sentences.join("\n       "))
                .hint("loadline prices show lists every product; --region and --cloud add other books"));
        }
        reasons.extend(all().filter(|(_, shop)| knows(shop)).map(explain));
    }
    if args.json {
        return screen.answer_json(&report::why_not_json(&reasons));
    }
    screen.answer(&report::why_not_text(&reasons, &screen.look()))?;
    Ok(Exit::Done)
}
