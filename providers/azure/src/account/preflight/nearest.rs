//! Which sizes are nearest to one that is not sold: by the family and the figures in their names. Pure.

use loadline_contract::deploy::nearest_sold;

/// A size's name in parts: `Standard_D8ads_v5` is `D`, 8 vCPUs, `ads`, version 5 (Azure docs, "Virtual machine sizes naming
/// conventions").
#[derive(Debug, PartialEq)]
struct Parts<'a> {
    family: &'a str,
    vcpus: u32,
    features: &'a str,
    version: u32,
}

fn parts(name: &str) -> Option<Parts<'_>> {
    let rest = name.strip_prefix("Standard_")?;
    let mut words = rest.split('_');
    let size = words.next()?;
    let version = words.next_back().and_then(|word| word.strip_prefix('v')?.parse().ok()).unwrap_or(1);
    let digits = size.find(|letter: char| letter.is_ascii_digit())?;
    let end =
        size[digits..].find(|letter: char| !letter.is_ascii_digit()).map_or(size.len(), |at| digits + at);
    Some(Parts {
        family: &size[..digits],
        vcpus: size[digits..end].parse().ok()?,
        features: &size[end..],
        version,
    })
}

/// Whether its processors are ARM's: a `p` among the features says so.
fn arm(parts: &Parts<'_>) -> bool {
    parts.features.contains('p')
}

/// The nearest of what is sold: of the same architecture and family, then by vCPUs, then by version, then by features.
pub(super) fn nearest<'a>(wanted: &str, sold: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let Some(want) = parts(wanted) else { return Vec::new() };
    nearest_sold(sold, |name| {
        let has = parts(name).filter(|_| name != wanted)?;
        let apart = (f64::from(has.vcpus.max(1)) / f64::from(want.vcpus.max(1))).ln().abs();
        // Thousandths keep an order that is total.
        Some((
            arm(&has) != arm(&want),
            has.family != want.family,
            (apart * 1000.0) as u32,
            has.version.abs_diff(want.version),
            has.features != want.features,
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_of_the_same_family_with_figures_beside() {
        let sold = [
            "Standard_B2s",
            "Standard_D8s_v4",
            "Standard_D16s_v5",
            "Standard_D8ps_v5",
            "Standard_F8s_v2",
            "Standard_D8as_v5",
        ];
        assert_eq!(
            nearest("Standard_D8s_v5", sold),
            ["Standard_D8as_v5", "Standard_D8s_v4", "Standard_D16s_v5"]
        );
        assert_eq!(nearest("Standard_D4pds_v5", sold)[0], "Standard_D8ps_v5");
        let servers = ["Standard_D4ds_v4", "Standard_E8ds_v4", "Standard_D8ads_v5"];
        assert_eq!(nearest("Standard_D8ds_v4", servers)[0], "Standard_D8ads_v5");
    }

    #[test]
    fn what_is_no_size_has_none_nearby() {
        for odd in ["", "Standard_", "Standard_Dé", "Basic_A1"] {
            assert!(nearest(odd, ["Standard_D8s_v4"]).is_empty(), "{odd}");
        }
        assert!(nearest("Standard_D8s_v4", ["", "é", "Standard_X"]).is_empty());
    }
}
