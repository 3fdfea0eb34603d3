//! Whether a value is what was wanted, and what it would have to become.

use super::ports::Ports;
use crate::tune::facts::Most;
use crate::tune::profile::{Direction, Setting};

/// A value against what is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Held {
    /// It is the very value, or as good.
    Enough,
    /// It is more than was stated.
    Beyond,
    /// It has to become this.
    Short(String),
}

/// Holds a value against a setting. A value that is no number where one is needed is short.
pub(super) fn hold(setting: &Setting, value: &str) -> Held {
    let wanted = setting.wanted.as_str();
    let short = || Held::Short(wanted.to_owned());
    match setting.direction {
        Direction::Exactly if value == wanted => Held::Enough,
        Direction::Exactly => short(),
        Direction::AtLeast | Direction::AtMost => match (number(value), number(wanted)) {
            (Some(value), Some(wanted)) if value == wanted => Held::Enough,
            (Some(value), Some(wanted)) if (value > wanted) == (setting.direction == Direction::AtLeast) => {
                Held::Beyond
            }
            _ => short(),
        },
        Direction::Widen => match (ends(value), ends(wanted)) {
            (Some((low, high)), Some((least, most))) if low <= least && high >= most => {
                if (low, high) == (least, most) { Held::Enough } else { Held::Beyond }
            }
            (Some((low, high)), Some((least, most))) => {
                Held::Short(format!("{} {}", low.min(least), high.max(most)))
            }
            _ => short(),
        },
        Direction::Include => match (Ports::read(value), Ports::read(wanted)) {
            (Some(has), Some(wants)) if wants.is_within(&has) => Held::Enough,
            (Some(has), Some(wants)) => Held::Short(has.with(&wants).to_string()),
            _ => short(),
        },
    }
}

/// Whether a value will do.
pub(super) fn will_do(setting: &Setting, value: &str) -> bool {
    !matches!(hold(setting, value), Held::Short(_))
}

fn number(text: &str) -> Option<Most> {
    // A kernel value below zero has its own meaning (no limit): it is not compared.
    Most::read(text)
}

/// The two ends of a range.
pub(super) fn ends(text: &str) -> Option<(u16, u16)> {
    let mut words = text.split_whitespace();
    let range = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    words.next().is_none().then_some(range)
}
