//! The interface of a cloud: what it knows without credentials and network, and the way to an account.

use std::sync::Arc;

use async_trait::async_trait;

use crate::deploy::{Access, Account, Blueprint, CloudError, Deployment, Objection, Resource};
use crate::{Charge, Offer, Profile, Surcharge};

/// Everything that one region sells, unfiltered: the core filters, so that it can explain.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RegionOffers {
    /// Machines, databases, caches and balancers.
    pub offers: Vec<Offer>,
    /// What is billed beside them.
    pub charges: Vec<Charge>,
    /// Extra prices for engine versions.
    pub surcharges: Vec<Surcharge>,
}

/// A price book could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("reading the price book {book}, line {line}: {problem}")]
pub struct PriceBookError {
    /// File.
    pub book: String,
    /// Line, from 1; 0 when the file as a whole could not be read.
    pub line: usize,
    /// What was seen and what was expected.
    pub problem: String,
}

/// What a cloud knows; all but `connect` is pure: no credentials, no network, no SDK.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Name, regions, what it cannot do.
    fn profile(&self) -> &'static Profile;
    /// The text of the bundled price books, each with its file name; `book` reads them.
    fn books(&self) -> &'static [(&'static str, &'static str)];
    /// Everything the bundled books know of a region, unfiltered. A region that the books do not cover gives an empty answer.
    ///
    /// # Errors
    /// A book that cannot be read, with its file and line.
    fn offers(&self, region: &str) -> Result<RegionOffers, PriceBookError>;
    /// Everything to make for a design: same blueprint, same resources.
    ///
    /// # Errors
    /// Everything that this cloud cannot build as asked; it never quietly does less.
    fn translate(&self, blueprint: &Blueprint) -> Result<Vec<Resource>, Vec<Objection>>;
    /// The least policy that grants these permissions on this deployment, in the form that the cloud takes. Without a form
    /// of its own a cloud gets the plain list.
    fn policy(&self, permissions: &[String], deployment: &Deployment, region: &str) -> serde_json::Value {
        serde_json::json!({
            "deployment": deployment, "region": region, "permissions": permissions,
        })
    }
    /// An account, by the credentials that the cloud's own tools would use. Signs in; changes nothing.
    ///
    /// # Errors
    /// No or refused credentials, or a build without this cloud's SDK.
    async fn connect(&self, access: &Access) -> Result<Arc<dyn Account>, CloudError>;
}
