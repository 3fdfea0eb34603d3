//! The nouns between deciding and doing: what should be there, what is there, and the steps from one to the other.
//!
//! Nothing here touches a cloud. An [`Account`] does, one small step at a time.

mod account;
mod address;
mod blueprint;
mod error;
mod kind;
mod name;
mod nearest;
mod resource;
mod step;
mod value;

pub use account::{Access, Account, InPlace, Machine, Obstacle, Progress};
pub use address::{Address, AddressError, Deployment};
pub use blueprint::{
    AlarmLines, AppBlueprint, BalancerBlueprint, Blueprint, CacheBlueprint, DatabaseBlueprint, NatSpread,
    Objection, SshAccess,
};
pub use error::{Changed, CloudError, ErrorClass};
pub use kind::{Billed, Contents, KindRule, OnChange, SettingRule, Survivor, fixed, growing, ignored, rule};
pub use name::distinct_name;
pub use nearest::nearest_sold;
pub use resource::{Observed, Resource, State};
pub use step::{Action, SettingChange, Step};
pub use value::{Reference, Value};
