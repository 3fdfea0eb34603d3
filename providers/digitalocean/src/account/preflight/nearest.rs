//! Which sizes are nearest to one that is not sold: by the family and the figures in their names. Pure.

/// At most so many are offered.
const MOST: usize = 3;

/// A size's name in parts: `db-s-2vcpu-4gb` is `db-s`, 2 vCPUs, 4 GB; `c-16` is `c`, 16 vCPUs, and its memory is not in the name.
#[derive(Debug, PartialEq)]
struct Parts {
    family: String,
    vcpus: f64,
    memory_gb: Option<f64>,
}

fn parts(slug: &str) -> Option<Parts> {
    let number = |word: &str, unit: &str| word.strip_suffix(unit)?.parse::<f64>().ok();
    let (mut family, mut vcpus, mut memory_gb) = (Vec::new(), None, None);
    for word in slug.split('-') {
        match (number(word, "vcpu").or_else(|| word.parse().ok()), number(word, "gb"), number(word, "mb")) {
            (Some(count), _, _) if vcpus.is_none() => vcpus = Some(count),
            // A second figure of this sort is a disk.
            (_, Some(gb), _) => memory_gb = memory_gb.or(Some(gb)),
            (_, _, Some(mb)) => memory_gb = memory_gb.or(Some(mb / 1024.0)),
            _ => family.push(word),
        }
    }
    Some(Parts { family: family.join("-"), vcpus: vcpus?, memory_gb })
}

/// The nearest of what is sold: of the same family, then by vCPUs, then by memory.
pub(super) fn nearest<'a>(wanted: &str, sold: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let Some(want) = parts(wanted) else { return Vec::new() };
    let apart = |has: f64, want: f64| (has.max(0.1) / want.max(0.1)).ln().abs();
    let mut near: Vec<(bool, f64, f64, &str)> = sold
        .into_iter()
        .filter(|slug| *slug != wanted)
        .filter_map(|slug| {
            let has = parts(slug)?;
            let memory = match (has.memory_gb, want.memory_gb) {
                (Some(has), Some(want)) => apart(has, want),
                (None, None) => 0.0,
                _ => 1.0,
            };
            Some((has.family != want.family, apart(has.vcpus, want.vcpus), memory, slug))
        })
        .collect();
    near.sort_by(|a, b| {
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)).then_with(|| a.3.cmp(b.3))
    });
    near.into_iter().take(MOST).map(|(.., slug)| slug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_of_the_same_family_with_figures_beside() {
        let sold = ["s-1vcpu-1gb", "c-8", "c-32", "g-8vcpu-32gb", "c-4", "s-8vcpu-16gb", "c-16-intel"];
        assert_eq!(nearest("c-16", sold), ["c-32", "c-8", "c-4"]);
        let sold = ["db-s-1vcpu-2gb", "db-s-4vcpu-8gb", "db-intel-2vcpu-4gb", "db-s-2vcpu-4gb"];
        assert_eq!(nearest("db-s-2vcpu-8gb", sold)[0], "db-s-2vcpu-4gb");
        assert_eq!(nearest("s-1vcpu-512mb-10gb", ["s-1vcpu-1gb", "s-1vcpu-2gb"])[0], "s-1vcpu-1gb");
    }

    #[test]
    fn what_is_no_size_has_none_nearby() {
        for odd in ["", "-", "metal", "gb", "é"] {
            assert!(nearest(odd, ["c-16"]).is_empty(), "{odd}");
        }
        assert!(nearest("c-16", ["", "é", "regional-lb"]).is_empty());
    }
}
