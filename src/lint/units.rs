//! How the four kinds of files write sizes and times, and how findings show them.

const KIB: f64 = 1024.0;

/// A whole number: digits only.
pub(super) fn count(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Digits (and a fraction) and the letters behind them, lower-case.
fn parts(text: &str) -> Option<(f64, String)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok()?;
    Some((number, text[end..].trim().to_ascii_lowercase()))
}

fn bytes(number: f64, factor: f64) -> Option<u64> {
    let bytes = number * factor;
    // Beyond this a float does not count bytes any more; no machine has so much.
    (bytes.is_finite() && bytes < 9e15).then_some(bytes as u64)
}

/// Bytes in Compose: `512m`, `2gb`, `1.5GiB`, `1024` (compose-spec 11, byte values; units are powers of 1024 in Docker's units library).
pub(super) fn compose_bytes(text: &str) -> Option<u64> {
    let (number, unit) = parts(text)?;
    let power = match unit.as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        _ => return None,
    };
    bytes(number, KIB.powi(power))
}

/// Bytes in my.cnf: a number and K, M, G, T, P, E, powers of 1024 (MySQL 8.4 manual 6.2.2.5, program option modifiers).
pub(super) fn mysql_bytes(text: &str) -> Option<u64> {
    let (number, unit) = parts(text)?;
    let power = ["", "k", "m", "g", "t", "p", "e"].iter().position(|known| *known == unit)?;
    bytes(number, KIB.powi(i32::try_from(power).ok()?))
}

/// Bytes in redis.conf: `1k` is 1000, `1kb` is 1024 (head of redis.conf).
pub(super) fn redis_bytes(text: &str) -> Option<u64> {
    let (number, unit) = parts(text)?;
    let factor = match unit.as_str() {
        "" | "b" => 1.0,
        "k" => 1e3,
        "kb" => KIB,
        "m" => 1e6,
        "mb" => KIB.powi(2),
        "g" => 1e9,
        "gb" => KIB.powi(3),
        _ => return None,
    };
    bytes(number, factor)
}

/// Seconds in nginx and Compose: `60`, `90s`, `1m30s`, `1h`, `500ms`, several parts added (nginx.org, configuration file
/// measurement units; compose-spec 11, durations).
pub(super) fn seconds(text: &str) -> Option<f64> {
    let mut rest: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut total = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..end].parse().ok()?;
        let unit_end = rest[end..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| end + at);
        total += number
            * match &rest[end..unit_end] {
                "" | "s" => 1.0,
                "us" => 1e-6,
                "ms" => 1e-3,
                "m" => 60.0,
                "h" => 3600.0,
                "d" => 86_400.0,
                "w" => 604_800.0,
                "M" => 2_592_000.0,
                "y" => 31_536_000.0,
                _ => return None,
            };
        rest = rest[unit_end..].to_owned();
    }
    total.is_finite().then_some(total)
}

/// Whether something is switched on: the words of all four kinds; `None`: none of them.
pub(super) fn switch(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "on" | "yes" | "true" => Some(true),
        "0" | "off" | "no" | "false" => Some(false),
        _ => None,
    }
}

/// Bytes for a person: `2 GiB`, `1.91 MiB`, `512 KiB`.
pub(super) fn show_bytes(bytes: u64) -> String {
    let mut value = bytes as f64;
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB", "TiB"] {
        if value < KIB {
            break;
        }
        value /= KIB;
        unit = next;
    }
    let text = format!("{value:.2}");
    format!("{} {unit}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Seconds for a person: `60 s`, `0.5 s`.
pub(super) fn show_seconds(seconds: f64) -> String {
    let text = format!("{seconds:.3}");
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A count for a person: `12,000`.
pub(super) fn show_count(count: u64) -> String {
    crate::spec::grouped(&count.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_file_has_its_own_units() {
        assert_eq!(compose_bytes("2gb"), Some(2 << 30));
        assert_eq!(compose_bytes("1.5 GiB"), Some(3 << 29));
        assert_eq!(mysql_bytes("8G"), Some(8 << 30));
        assert_eq!(mysql_bytes("8GB"), None, "mysqld refuses it");
        assert_eq!(redis_bytes("2gb"), Some(2 << 30));
        assert_eq!(redis_bytes("2g"), Some(2_000_000_000));
        assert_eq!(redis_bytes("lots"), None);
    }

    #[test]
    fn times_may_have_several_parts() {
        assert_eq!(seconds("1m30s"), Some(90.0));
        assert_eq!(seconds("75"), Some(75.0));
        assert_eq!(seconds("1h 5m"), Some(3900.0));
        assert_eq!(seconds("500ms"), Some(0.5));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds(""), None);
    }

    #[test]
    fn numbers_are_shown_as_short_as_they_are() {
        assert_eq!(show_bytes(2 << 30), "2 GiB");
        assert_eq!(show_bytes(1_998_848), "1.91 MiB");
        assert_eq!(show_count(12_000), "12,000");
        assert_eq!(show_seconds(60.0), "60 s");
    }
}
