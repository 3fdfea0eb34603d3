//! What is particular to Google Cloud: its regions, what it cannot do, and its price books.
//!
//! Decides nothing: the core asks for facts and chooses.

#[cfg(feature = "connect")]
mod account;
mod kinds;
pub mod names;
mod profile;
mod role;
mod translate;

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use loadline_contract::book::Book;
use loadline_contract::deploy::{Access, Account, Blueprint, CloudError, Deployment, Objection, Resource};
use loadline_contract::{PriceBookError, Profile, Provider, RegionOffers};

/// Google Cloud.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gcp;

const BOOKS: &[(&str, &str)] = &[
    ("gcp/compute.book", include_str!("../prices/compute.book")),
    ("gcp/database.book", include_str!("../prices/database.book")),
    ("gcp/cache.book", include_str!("../prices/cache.book")),
    ("gcp/network.book", include_str!("../prices/network.book")),
];

#[async_trait]
impl Provider for Gcp {
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
        translate::translate(blueprint)
    }

    fn policy(&self, permissions: &[String], deployment: &Deployment, _region: &str) -> serde_json::Value {
        role::role(permissions, deployment)
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
