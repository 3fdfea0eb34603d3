//! Which machine types are nearest to one that is not sold: by the figures in their names. Pure.

use std::cmp::Reverse;

use loadline_contract::deploy::nearest_sold;

/// A type's name in parts: `n2d-highcpu-16` is `n`, 2, `d`, `highcpu`, 16.
#[derive(Debug, PartialEq, Eq)]
struct Parts<'a> {
    series: &'a str,
    generation: u32,
    extras: &'a str,
    shape: &'a str,
    vcpus: u32,
}

fn parts(name: &str) -> Option<Parts<'_>> {
    let (family, rest) = name.split_once('-')?;
    let (shape, vcpus) = rest.split_once('-')?;
    // What follows the CPUs, such as `-lssd`, makes another type of the same shape.
    let vcpus = vcpus.split('-').next()?.parse().ok()?;
    let digits = family.find(|c: char| c.is_ascii_digit())?;
    let end = family[digits..].find(|c: char| !c.is_ascii_digit()).map_or(family.len(), |at| digits + at);
    let generation = family[digits..end].parse().ok()?;
    Some(Parts { series: &family[..digits], generation, extras: &family[end..], shape, vcpus })
}

/// Whether its processors are ARM's: `t2a`, `c4a`, `n4a` say so behind the generation.
fn arm(parts: &Parts<'_>) -> bool {
    parts.extras == "a"
}

/// The nearest of what is sold: with as many CPUs, then of the same architecture, shape and series, the nearest generation (the
/// newer of two).
pub(super) fn nearest<'a>(wanted: &str, sold: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let Some(want) = parts(wanted) else { return Vec::new() };
    nearest_sold(sold, |name| {
        let has = parts(name).filter(|has| has.vcpus == want.vcpus && name != wanted)?;
        Some((
            arm(&has) != arm(&want),
            has.shape != want.shape,
            has.series != want.series,
            has.generation.abs_diff(want.generation),
            Reverse(has.generation),
            has.extras != want.extras,
            has.extras.len(),
            name.len(),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_has_as_many_cpus_and_the_same_shape() {
        let sold = [
            "n2-standard-16",
            "n2-highcpu-16",
            "c2-standard-16",
            "c3-highcpu-8",
            "n2d-highcpu-16",
            "t2a-standard-16",
        ];
        assert_eq!(nearest("c3-highcpu-16", sold), ["n2-highcpu-16", "n2d-highcpu-16", "c2-standard-16"]);
        assert_eq!(
            nearest("c4-standard-8", ["c3-standard-8", "c3-standard-8-lssd", "c4a-standard-8"])[0],
            "c3-standard-8"
        );
    }

    #[test]
    fn what_is_no_type_has_none_nearby() {
        for odd in ["", "e2-medium", "metal", "n2-", "-standard-4", "é2-standard-4"] {
            assert!(nearest(odd, ["x", "n2-standard"]).is_empty(), "{odd}");
        }
    }
}
