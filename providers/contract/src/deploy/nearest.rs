//! Which products are offered in place of one that is not sold. How far two are apart, a cloud says.

/// At most so many are offered.
const MOST: usize = 3;

/// The nearest of what is sold, by a distance that is `None` for what cannot take the place; of two as near, the first by name.
pub fn nearest_sold<'a, D: Ord>(
    sold: impl IntoIterator<Item = &'a str>,
    distance: impl Fn(&str) -> Option<D>,
) -> Vec<&'a str> {
    let mut near: Vec<(D, &str)> =
        sold.into_iter().filter_map(|name| Some((distance(name)?, name))).collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_are_offered_at_most_each_once_the_nearest_first() {
        let by_length = |name: &str| (!name.is_empty()).then_some(name.len());
        assert_eq!(nearest_sold(["ccc", "b", "", "a", "b", "dd", "eeee"], by_length), ["a", "b", "dd"]);
    }
}
