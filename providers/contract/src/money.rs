//! Money: US dollars as exact decimals.

use rust_decimal::Decimal;

/// US dollars, exact. Prices are per unit; amounts are rounded only when printed.
pub type Money = Decimal;

/// Hours in a billing month: 730 = 365 x 24 / 12, the convention of the clouds' own calculators.
pub const HOURS_PER_MONTH: u32 = 730;
