//! What the clouds of a spec sell, and the designs that follow from it: shared by the commands that choose.

use std::path::Path;

use loadline_contract::{Provider, RegionOffers};
use rayon::prelude::*;

use super::books::Books;
use super::exit::Failure;
use super::input::today;
use super::screen::Screen;
use crate::clouds;
use crate::market::{self, Comparison, Forecast, Market};
use crate::sizing::{self, Model, Sizing};
use crate::spec::Spec;

/// One cloud of this run, its region and what is sold there.
pub(super) struct Shop {
    pub(super) cloud: &'static dyn Provider,
    pub(super) region: String,
    pub(super) sold: RegionOffers,
}

/// The cloud of that name, or what the names are.
pub(super) fn known_cloud(name: &str) -> Result<&'static dyn Provider, Failure> {
    clouds::by_name(name).ok_or_else(|| {
        let names: Vec<_> = clouds::all().iter().map(|cloud| cloud.profile().name).collect();
        Failure::usage(format!("there is no cloud `{name}`"))
            .hint(format!("the clouds are {}", names.join(", ")))
    })
}

/// `REGION` or `CLOUD=REGION` to a cloud and a region that it has.
pub(super) fn place(wish: &str) -> Result<(String, String), Failure> {
    let (candidates, region) = match wish.split_once('=') {
        Some((cloud, region)) => (vec![known_cloud(cloud)?], region),
        None => (clouds::all().to_vec(), wish),
    };
    if let Some(cloud) = candidates.iter().find(|cloud| cloud.profile().region(region).is_some()) {
        return Ok((cloud.profile().name.to_owned(), region.to_owned()));
    }
    let regions =
        candidates.iter().flat_map(|cloud| cloud.profile().regions.iter().map(|region| region.name));
    let nearest =
        regions.max_by(|a, b| strsim::jaro_winkler(a, region).total_cmp(&strsim::jaro_winkler(b, region)));
    let owner = clouds::all().iter().find(|cloud| cloud.profile().region(region).is_some());
    let (sentence, hint) = match (candidates.as_slice(), owner) {
        ([asked], Some(owner)) => (
            format!("{} has no region `{region}`", asked.profile().title),
            format!("it is a region of {0}: write --region {0}={region}", owner.profile().name),
        ),
        ([asked], None) => (
            format!("{} has no region `{region}`", asked.profile().title),
            format!("nearest: {}", nearest.unwrap_or("none")),
        ),
        _ => (format!("no cloud has a region `{region}`"), format!("nearest: {}", nearest.unwrap_or("none"))),
    };
    Err(Failure::usage(sentence).hint(hint))
}

/// The books of every cloud of a spec.
pub(super) fn open(spec: &Spec, prices: Option<&Path>, screen: &Screen) -> Result<Vec<Shop>, Failure> {
    let books = Books::new(prices);
    spec.clouds
        .par_iter()
        .map(|choice| {
            let cloud = known_cloud(&choice.cloud)?;
            let sold = books.offers(cloud, &choice.region, screen)?;
            Ok(Shop { cloud, region: choice.region.clone(), sold })
        })
        .collect()
}

/// Designs and bills on each of these clouds.
pub(super) fn compare(
    spec: &Spec,
    sizing: &Sizing,
    model: &Model,
    shops: &[Shop],
) -> Result<Comparison, Failure> {
    let markets: Vec<Market<'_>> = shops
        .iter()
        .map(|shop| Market { profile: shop.cloud.profile(), region: &shop.region, sold: &shop.sold })
        .collect();
    let forecast = |capacity: &sizing::Capacity| {
        let (prediction, load_line) = model.assess(capacity, &|_| ());
        let misses = model.misses(&prediction);
        Forecast { prediction, load_line, misses }
    };
    let scenarios = sizing.uncertainty.as_ref().map_or(&[][..], |uncertainty| &uncertainty.scenarios);
    let today = today()?;
    market::compare(spec, (&sizing.requirements, scenarios), &markets, &today, &forecast).map_err(|errors| {
        let sentences: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::usage(sentences.join("\n       "))
            .hint("loadline prices show lists every product; mend `pin` in the spec and run again")
    })
}
