//! What is particular to DigitalOcean: its regions, what it cannot do, and its price books.
//!
//! Decides nothing: the core asks for facts and chooses.

#[cfg(feature = "connect")]
mod account;
mod kinds;
#[cfg_attr(not(feature = "connect"), allow(dead_code, reason = "most names are given by the account"))]
pub mod names;
mod profile;
mod translate;

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use loadline_contract::book::Book;
use loadline_contract::deploy::{Access, Account, Blueprint, CloudError, Objection, Resource};
use loadline_contract::{PriceBookError, Profile, Provider, RegionOffers};

/// DigitalOcean.
#[derive(Debug, Clone, Copy, Default)]
pub struct DigitalOcean;

const BOOKS: &[(&str, &str)] = &[
    ("digitalocean/compute.book", include_str!("../prices/compute.book")),
    ("digitalocean/database.book", include_str!("../prices/database.book")),
    ("digitalocean/cache.book", include_str!("../prices/cache.book")),
    ("digitalocean/network.book", include_str!("../prices/network.book")),
];

#[async_trait]
impl Provider for DigitalOcean {
    fn profile(&self) -> &'static Profile {
        &profile::PROFILE
    }

    fn books(&self) -> &'static [(&'static str, &'static str)] {
        BOOKS
    }

    fn offers(&self, region: &str) -> Result<RegionOffers, PriceBookError> {
        static BOOK: OnceLock<Result<Book, PriceBookError>> = OnceLock::new();
        BOOK.get_or_init(|| Book::parse(BOOKS)).as_ref().map(|book| book.offers(region)).map_err(Clone::clone)
    }

    fn translate(&self, blueprint: &Blueprint) -> Result<Vec<Resource>, Vec<Objection>> {
        let sold = self.offers(&blueprint.region).unwrap_or_default();
        translate::translate(blueprint, &sold)
    }

    #[cfg(feature = "connect")]
    async fn connect(&self, access: &Access) -> Result<Arc<dyn Account>, CloudError> {
        account::connect(access).await
    }

    #[cfg(not(feature = "connect"))]
    async fn connect(&self, _access: &Access) -> Result<Arc<dyn Account>, CloudError> {
        Err(CloudError::not_built_in(profile::PROFILE.title))
    }
}

#[cfg(test)]
mod tests;
