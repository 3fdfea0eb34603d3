//! Numbers for people: rounded to what they are worth, with thousands separators and units.

mod interval;
mod money;
mod number;

pub use interval::{Unit, estimate};
pub use money::{at_least, exact, money, money_or_unknown, unit_price};
pub use number::{amount, count, duration, gib, months, percent, rps, significant};
