//! The `%` tokens, `~` and `${VARIABLE}` of values. Decides what each stands for; an unknown one is an error, as in OpenSSH.

use std::path::{Path, PathBuf};

/// What the tokens of one host stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tokens<'a> {
    /// `%h`: the name or address that is connected to.
    pub(super) host: &'a str,
    /// `%n`: the name that was given.
    pub(super) given: &'a str,
    /// `%p`.
    pub(super) port: u16,
    /// `%r`: who logs in.
    pub(super) user: &'a str,
    /// `%u`: who runs this program.
    pub(super) local_user: &'a str,
    /// `%d`.
    pub(super) home: &'a Path,
    /// `%k`: the name by which the host's key is known.
    pub(super) key_name: &'a str,
}

impl Tokens<'_> {
    /// Replaces the tokens.
    ///
    /// # Errors
    /// The token that is not known.
    pub(super) fn replace(self, text: &str) -> Result<String, String> {
        let mut replaced = String::with_capacity(text.len());
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            if character != '%' {
                replaced.push(character);
                continue;
            }
            match characters.next() {
                Some('%') => replaced.push('%'),
                Some('h') => replaced.push_str(self.host),
                Some('n') => replaced.push_str(self.given),
                Some('p') => replaced.push_str(&self.port.to_string()),
                Some('r') => replaced.push_str(self.user),
                Some('u') => replaced.push_str(self.local_user),
                Some('k') => replaced.push_str(self.key_name),
                Some('d') => replaced.push_str(&self.home.to_string_lossy()),
                Some('l') => replaced.push_str(&host_name()?),
                Some('L') => replaced.push_str(host_name()?.split('.').next().unwrap_or_default()),
                other => {
                    let token = other.map_or_else(|| "%".to_owned(), |it| format!("%{it}"));
                    return Err(format!("the token {token} in `{text}` is not supported"));
                }
            }
        }
        Ok(replaced)
    }

    /// Reads the name of a file: variables, `~` and tokens.
    ///
    /// # Errors
    /// What in it is not known.
    pub(super) fn path(self, text: &str) -> Result<PathBuf, String> {
        let text = variables(text)?;
        let replaced = self.replace(&text)?;
        Ok(match replaced.strip_prefix("~/") {
            Some(rest) => self.home.join(rest),
            None if replaced.starts_with('~') => {
                return Err(format!("`{text}`: the homes of others are not looked up; write the whole path"));
            }
            None => PathBuf::from(replaced),
        })
    }
}

/// Replaces `${NAME}` by what the environment says.
fn variables(text: &str) -> Result<String, String> {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) =
            after.split_once('}').ok_or_else(|| format!("`{text}`: a brace is not closed"))?;
        let value = std::env::var(name).map_err(|_| format!("`{text}`: the environment has no {name}"))?;
        replaced.push_str(before);
        replaced.push_str(&value);
        rest = after;
    }
    replaced.push_str(rest);
    Ok(replaced)
}

fn host_name() -> Result<String, String> {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .map_err(|error| format!("the name of this machine: {error}"))
}

/// Reads a time: seconds, or numbers with s, m, h, d, w like `1m30s`.
///
/// # Errors
/// If it is no time.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no time: write seconds, or like 1m30s");
    let (mut total, mut number) = (0_u64, String::new());
    for character in text.chars() {
        if character.is_ascii_digit() {
            number.push(character);
            continue;
        }
        let each = match character.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return Err(wrong()),
        };
        let value: u64 = number.parse().map_err(|_| wrong())?;
        total = value.checked_mul(each).and_then(|it| it.checked_add(total)).ok_or_else(wrong)?;
        number.clear();
    }
    if number.is_empty() {
        return if text.is_empty() { Err(wrong()) } else { Ok(total) };
    }
    number.parse().ok().and_then(|it: u64| it.checked_add(total)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens<'static> {
        Tokens {
            host: "10.0.0.1",
            given: "web",
            port: 2222,
            user: "ubuntu",
            local_user: "jo",
            home: Path::new("/home/jo"),
            key_name: "web-key",
        }
    }

    #[test]
    fn tokens_stand_for_the_host_at_hand() {
        assert_eq!(
            tokens().replace("%r@%h:%p %n %u %k %d 100%%").unwrap(),
            "ubuntu@10.0.0.1:2222 web jo web-key /home/jo 100%"
        );
        assert_eq!(tokens().path("~/.ssh/%n_%r").unwrap(), Path::new("/home/jo/.ssh/web_ubuntu"));
        assert_eq!(tokens().path("/etc/k").unwrap(), Path::new("/etc/k"));
    }

    #[test]
    fn what_a_token_stands_for_is_not_read_again() {
        let hostile = Tokens { host: "%r", ..tokens() };
        assert_eq!(hostile.replace("%h").unwrap(), "%r");
    }

    #[test]
    fn an_unknown_token_or_variable_is_an_error() {
        for text in ["%x", "a%", "%C", "%"] {
            assert!(tokens().replace(text).is_err(), "{text}");
        }
        for text in ["${LOADLINE_TEST_ABSENT}/x", "${HOME", "~other/x"] {
            assert!(tokens().path(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_seconds_or_numbers_with_a_unit() {
        for (text, expected) in
            [("0", 0), ("90", 90), ("1m30s", 90), ("2H", 7200), ("1w1d", 691_200), ("1m30", 90)]
        {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in ["", "s", "1x", "-1", "1.5", "99999999999999999999", "99999999999999999w", "m1"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
