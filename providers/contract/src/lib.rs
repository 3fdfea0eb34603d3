//! What every cloud and the core share: money, units, offers, charges and the provider interface.
//!
//! This crate decides nothing about any one cloud. Everything may import it; a provider imports nothing else of ours.

mod audit;
pub mod book;
pub mod by_kind;
mod charge;
pub mod conformance;
pub mod deploy;
mod listing;
mod money;
mod offer;
mod profile;
mod provider;

pub use audit::audit;
pub use charge::{Charge, ChargeRole, Meter, PriceStep};
pub use listing::{PriceRow, listing};
pub use money::{HOURS_PER_MONTH, Money};
pub use offer::{
    Architecture, Availability, ConnectionLimit, Kind, Lifecycle, NewCustomers, Offer, Price, PriceUnit,
    Rate, Shape, Source, Surcharge, Term,
};
pub use profile::{Inability, JournalStore, Pricing, Profile, Region};
pub use provider::{PriceBookError, Provider, RegionOffers};
