//! Resources that are wanted and resources that are there to a [`Plan`]: the steps between them, each with its reason.
//!
//! Pure: no cloud, no clock. `plan` shows the very value that `apply` carries out, so a dry run cannot lie. Knows kinds
//! only by the rules of the cloud's profile.

mod compare;
mod costs;
mod duplicates;
mod duration;
mod ledger;
mod make;
mod needs;
mod order;
mod survivors;

pub use costs::Costs;
pub use duration::{duration, minutes};
pub use make::{BasedOn, Consent, Plan, Refusal, Wish, make};
pub use survivors::{Keeping, Left, price_survivors};
