//! Names where a cloud wants one of its own.

/// A name of at most `longest` characters: readable at the front, distinct by the hash of `whole` at the end, of lower-case
/// letters, digits and single hyphens, beginning as `readable` does.
#[must_use]
pub fn distinct_name(readable: &str, whole: &str, longest: usize) -> String {
    let hash = &blake3::hash(whole.as_bytes()).to_hex()[..8];
    let mut front = String::new();
    for letter in readable.chars() {
        if front.len() == longest - 9 {
            break;
        }
        if !(letter == '-' && front.ends_with('-')) {
            front.push(letter);
        }
    }
    format!("{}-{hash}", front.trim_end_matches('-'))
}
