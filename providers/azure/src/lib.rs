//! What is particular to Microsoft Azure: its regions, what it cannot do, and its price books.
//!
//! Decides nothing: the core asks for facts and chooses.

#[cfg(feature = "connect")]
mod account;
mod kinds;
#[cfg_attr(not(feature = "connect"), allow(dead_code, reason = "most names are given by the account"))]
mod names;
mod policy;
mod profile;
mod translate;

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use loadline_contract::book::Book;
use loadline_contract::deploy::{Access, Account, Blueprint, CloudError, Deployment, Objection, Resource};
use loadline_contract::{PriceBookError, Profile, Provider, RegionOffers};

/// Microsoft Azure.
#[derive(Debug, Clone, Copy, Default)]
pub struct Azure;

const BOOKS: &[(&str, &str)] = &[
    ("azure/compute.book", include_str!("../prices/compute.book")),
    ("azure/database.book", include_str!("../prices/database.book")),
    ("azure/cache.book", include_str!("../prices/cache.book")),
    ("azure/network.book", include_str!("../prices/network.book")),
];

#[async_trait]
impl Provider for Azure {
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

    fn policy(&self, permissions: &[String], deployment: &Deployment, region: &str) -> serde_json::Value {
        policy::policy(permissions, deployment, region)
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
