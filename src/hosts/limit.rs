//! Which of the hosts are meant this time: `--limit a,web-*,!web-3`.

use super::inventory::Target;
use super::pattern;

/// Keeps the hosts that the list names. A part is a host as it was written, its name alone, or a pattern with `*` and `?`; a part
/// with `!` before it takes hosts out, and a list of such parts only begins with all hosts.
///
/// # Errors
/// The parts that name no host: a mistyped name must never mean "nothing to do".
pub fn limited(targets: &[Target], list: &str) -> Result<Vec<Target>, Vec<String>> {
    let parts: Vec<&str> = list.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let means = |part: &str, target: &Target| {
        pattern::matches(part, &target.name) || pattern::matches(part, &target.to_string())
    };
    let unknown: Vec<String> = parts
        .iter()
        .map(|part| part.trim_start_matches('!'))
        .filter(|part| !targets.iter().any(|target| means(part, target)))
        .map(str::to_owned)
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let (out, wanted): (Vec<&str>, Vec<&str>) = parts.into_iter().partition(|part| part.starts_with('!'));
    let kept = |target: &&Target| {
        (wanted.is_empty() || wanted.iter().any(|part| means(part, target)))
            && !out.iter().any(|part| means(part.trim_start_matches('!'), target))
    };
    Ok(targets.iter().filter(kept).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::super::inventory::from_list;
    use super::*;

    fn names(list: &str) -> Result<Vec<String>, Vec<String>> {
        let targets = from_list("root@web-1:22,web-2,web-3,db").unwrap();
        limited(&targets, list).map(|kept| kept.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn names_patterns_and_refusals_choose_hosts_in_their_order() {
        assert_eq!(names("web-3,web-1").unwrap(), ["root@web-1:22", "web-3"]);
        assert_eq!(names("web-*,!web-2").unwrap(), ["root@web-1:22", "web-3"]);
        assert_eq!(names("!web-*").unwrap(), ["db"]);
        assert_eq!(names("root@web-1:22").unwrap(), ["root@web-1:22"]);
        assert_eq!(names("").unwrap().len(), 4);
    }

    #[test]
    fn a_name_that_no_host_has_is_an_error() {
        assert_eq!(names("web-1,wbe-2,!cache").unwrap_err(), ["wbe-2", "cache"]);
    }
}
