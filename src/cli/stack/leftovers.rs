//! `leftovers`: everything that carries our tag and that no applied design wants, with its monthly price.

use std::collections::BTreeSet;

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::super::shops::{known_cloud, place as region_of};
use super::place::refused;
use super::{PlaceArgs, wait_for};
use crate::apply::observe;
use crate::report::{self, Leftover};

/// Arguments of `leftovers`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    /// The cloud
    #[arg(long, value_name = "NAME")]
    cloud: String,
    /// The region (default: the cloud's first)
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    #[command(flatten)]
    place: PlaceArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let cloud = known_cloud(&args.cloud)?;
    let region = match &args.region {
        Some(region) => region_of(&format!("{}={region}", args.cloud))?.1,
        None => cloud.profile().regions[0].name.to_owned(),
    };
    wait_for(async {
        let place = args.place.open(cloud, &region).await.map_err(|it| refused(&it))?;
        let deployments = place.account.deployments().await.map_err(|it| refused(&it))?;
        let mut leftovers = Vec::new();
        for deployment in deployments {
            let observed =
                observe(place.account.as_ref(), &deployment, place.speed).await.map_err(|it| refused(&it))?;
            let applied = args.place.history(cloud.profile().name, &deployment).await?.so_far.wanted;
            let wanted: BTreeSet<_> =
                applied.iter().flat_map(|it| &it.resources).map(|it| it.address.clone()).collect();
            let mut seen = BTreeSet::new();
            for thing in observed {
                let second = !seen.insert(thing.address.clone());
                if second || !wanted.contains(&thing.address) {
                    let monthly = applied.as_ref().and_then(|it| it.costs.of_address(&thing.address));
                    leftovers.push(Leftover {
                        deployment: deployment.clone(),
                        known: applied.is_some(),
                        monthly,
                        thing,
                    });
                }
            }
        }
        if args.json {
            screen.answer_json(&report::leftovers_json(&leftovers))?;
        } else {
            screen.answer(&report::leftovers_text(&leftovers, cloud.profile().title, &screen.look()))?;
        }
        Ok(Exit::Done)
    })
}
