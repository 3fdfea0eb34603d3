//! A line of a book into words, and words into attributes. Knows nothing of what they mean.
//!
//! In: one line. Out: words (`"..."` keeps spaces together, `#` at the start of a word begins a comment) and `key=value` attributes.

use std::borrow::Cow;

/// A problem with one line, without its place.
pub(super) type Problem = String;

/// The words of a line. A `"` opens text that runs to the next `"`; there is no escape.
pub(super) fn words(line: &str) -> Result<Vec<Cow<'_, str>>, Problem> {
    let mut words = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() && !rest.starts_with('#') {
        let (word, after) = word(rest)?;
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

/// The first word of `text` and what follows it.
fn word(text: &str) -> Result<(Cow<'_, str>, &str), Problem> {
    let end = text.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(text.len());
    if !text[end..].starts_with('"') {
        return Ok((Cow::Borrowed(&text[..end]), &text[end..]));
    }
    let inside = &text[end + 1..];
    let close =
        inside.find('"').ok_or_else(|| format!("the quote opened in {} is never closed", shown(text)))?;
    let after = &inside[close + 1..];
    if !after.is_empty() && !after.starts_with(char::is_whitespace) {
        return Err(format!("text follows the closing quote directly: {}", shown(after)));
    }
    Ok((Cow::Owned(format!("{}{}", &text[..end], &inside[..close])), after))
}

/// A piece of the book as it can be printed in a message: escaped and cut.
pub(super) fn shown(text: &str) -> String {
    let mut cut: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        cut.push_str("...");
    }
    format!("`{cut}`")
}

/// The `key=value` words and bare flags of a line, each to be taken once.
pub(super) struct Attributes<'a> {
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Attributes<'a> {
    /// Splits words at their first `=`; a word without one is a flag with an empty value. A key may appear once.
    pub(super) fn read(words: &'a [Cow<'_, str>]) -> Result<Self, Problem> {
        let mut pairs: Vec<(&str, &str)> = Vec::with_capacity(words.len());
        for word in words {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            if pairs.iter().any(|(seen, _)| *seen == key) {
                return Err(format!("{} is given twice", shown(key)));
            }
            pairs.push((key, value));
        }
        Ok(Self { pairs })
    }

    /// The value of `key`, which is then used up.
    pub(super) fn take(&mut self, key: &str) -> Option<&'a str> {
        let at = self.pairs.iter().position(|(name, _)| *name == key)?;
        Some(self.pairs.swap_remove(at).1)
    }

    /// The value of a key that must be there.
    pub(super) fn need(&mut self, key: &str) -> Result<&'a str, Problem> {
        self.take(key).filter(|value| !value.is_empty()).ok_or_else(|| format!("`{key}=` is missing"))
    }

    /// Whether the flag is there.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        self.take(key).is_some()
    }

    /// Fails if something was not used up.
    pub(super) fn finish(self, known: &[&str]) -> Result<(), Problem> {
        let Some((key, _)) = self.pairs.first() else { return Ok(()) };
        let near = known.iter().max_by(|a, b| strsim::jaro(key, a).total_cmp(&strsim::jaro(key, b)));
        let hint = near.map_or(String::new(), |near| format!("; the nearest known one is `{near}`"));
        Err(format!("unknown attribute {}{hint}", shown(key)))
    }
}

/// A finite number that is not negative, such as `7.5`; only digits and a point are taken.
pub(super) fn number(text: &str) -> Result<rust_decimal::Decimal, Problem> {
    let plain = !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let read = plain.then(|| text.parse::<rust_decimal::Decimal>().ok()).flatten();
    read.filter(|value| *value <= rust_decimal::Decimal::from(1_000_000_000_u32))
        .ok_or_else(|| format!("{} is not a plain number from 0 to 1000000000 such as `0.085`", shown(text)))
}

/// The same as a float, for shapes and rules.
pub(super) fn float(text: &str) -> Result<f64, Problem> {
    number(text)?;
    text.parse().map_err(|_| format!("{} is not a plain number such as `7.5`", shown(text)))
}

/// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, each part in range.
pub(super) fn date(text: &str) -> Result<String, Problem> {
    let fail = || format!("{} is not a date such as `2026-09-24`, `2026-09` or `2026`", shown(text));
    let parts: Vec<&str> = text.split('-').collect();
    let in_range = |part: &str, digits: usize, low: u32, high: u32| {
        part.len() == digits
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse::<u32>().is_ok_and(|value| (low..=high).contains(&value))
    };
    let ok = matches!(parts.len(), 1..=3)
        && in_range(parts[0], 4, 2000, 2999)
        && parts.get(1).is_none_or(|month| in_range(month, 2, 1, 12))
        && parts.get(2).is_none_or(|day| in_range(day, 2, 1, 31));
    if ok { Ok(text.to_owned()) } else { Err(fail()) }
}

/// A date with its day.
pub(super) fn day(text: &str) -> Result<String, Problem> {
    let date = date(text)?;
    if date.len() == 10 {
        Ok(date)
    } else {
        Err(format!("{} lacks the day: write `2026-09-24`", shown(text)))
    }
}
