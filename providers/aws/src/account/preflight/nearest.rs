//! Which products are nearest to one that is not sold: of the same size, first of the same family line. Pure.

use std::cmp::Reverse;

use loadline_contract::deploy::nearest_sold;

/// A product's name in parts: `db.r6gd.2xlarge` is `r`, 6, `gd`, `2xlarge`.
#[derive(Debug, PartialEq, Eq)]
struct Parts<'a> {
    class: &'a str,
    generation: u32,
    extras: &'a str,
    size: &'a str,
}

fn parts(name: &str) -> Option<Parts<'_>> {
    let (front, size) = name.rsplit_once('.')?;
    let family = front.rsplit('.').next()?;
    let digits = family.find(|c: char| c.is_ascii_digit())?;
    let end = family[digits..].find(|c: char| !c.is_ascii_digit()).map_or(family.len(), |at| digits + at);
    let generation = family[digits..end].parse().ok()?;
    Some(Parts { class: &family[..digits], generation, extras: &family[end..], size })
}

/// Whether its processors are ARM's: the first letter behind the generation says so.
fn arm(parts: &Parts<'_>) -> bool {
    parts.extras.starts_with('g')
}

/// The nearest of what is sold: of the same size, then of the same class, the same architecture, the nearest generation (the newer
/// of two), the same extras.
pub(super) fn nearest<'a>(wanted: &str, sold: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let Some(want) = parts(wanted) else { return Vec::new() };
    nearest_sold(sold, |name| {
        let has = parts(name).filter(|has| has.size == want.size && name != wanted)?;
        Some((
            has.class != want.class,
            arm(&has) != arm(&want),
            has.generation.abs_diff(want.generation),
            Reverse(has.generation),
            has.extras != want.extras,
            has.extras.len(),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_has_the_same_size_and_class_and_a_generation_beside() {
        let sold = [
            "c5.4xlarge",
            "m6i.4xlarge",
            "c6a.4xlarge",
            "c6i.2xlarge",
            "c7g.4xlarge",
            "c7i.4xlarge",
            "t3.4xlarge",
        ];
        assert_eq!(nearest("c6i.4xlarge", sold), ["c6a.4xlarge", "c7i.4xlarge", "c5.4xlarge"]);
        assert_eq!(nearest("c8g.4xlarge", sold)[0], "c7g.4xlarge");
    }

    #[test]
    fn database_classes_are_read_without_their_prefix() {
        let sold = ["db.r6gd.2xlarge", "db.r7g.2xlarge", "db.m6g.2xlarge", "db.r6i.2xlarge", "db.r6g.xlarge"];
        assert_eq!(nearest("db.r6g.2xlarge", sold), ["db.r6gd.2xlarge", "db.r7g.2xlarge", "db.r6i.2xlarge"]);
    }

    #[test]
    fn what_is_no_product_has_none_nearby() {
        for odd in ["", "metal", "x.large", "c6i", "é5.large", "u-6tb1.metal"] {
            assert!(nearest(odd, ["c5.4xlarge"]).is_empty(), "{odd}");
        }
        assert!(nearest("c6i.4xlarge", ["", "4xlarge", "é.4xlarge"]).is_empty());
    }
}
