//! Which hosts are meant: `[user@]name[:port]`, from a list, a file or a spec. Decides what may be a name of a host or a user;
//! says nothing about whether such a host exists.

use std::collections::HashSet;
use std::fmt;

/// A host as the person wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// Who logs in; without it the person's SSH configuration says.
    pub user: Option<String>,
    /// A name, an alias of the SSH configuration, or an address; an IPv6 address without its brackets.
    pub name: String,
    /// Without it the person's SSH configuration says, or it is 22.
    pub port: Option<u16>,
}

/// Why a text does not name a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}`{text}` is no host: {why}; write [user@]name[:port], an IPv6 address as [address]:port")]
pub struct TargetError {
    /// Where it stood: empty, or like `hosts.txt:3: `.
    pub place: String,
    /// What was written, control characters made visible.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Target {
    /// Reads `[user@]name[:port]`.
    ///
    /// # Errors
    /// If a part is missing, or may not stand in a name: what an option, a shell or a terminal would take for something else.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let wrong = |why| TargetError { place: String::new(), text: text.escape_debug().to_string(), why };
        let (user, place) = match text.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, text),
        };
        if let Some(user) = user {
            check_user(user).map_err(wrong)?;
        }
        let (name, port) = split_port(place).map_err(wrong)?;
        check_name(name).map_err(wrong)?;
        Ok(Self { user: user.map(str::to_owned), name: name.to_owned(), port })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        match (self.port, self.name.contains(':')) {
            (Some(port), true) => write!(f, "[{}]:{port}", self.name),
            (Some(port), false) => write!(f, "{}:{port}", self.name),
            (None, _) => f.write_str(&self.name),
        }
    }
}

/// Reads a list separated by commas, as `-H` takes it.
///
/// # Errors
/// At the first part that names no host.
pub fn from_list(list: &str) -> Result<Vec<Target>, TargetError> {
    from_texts(list.split(',').map(str::trim).filter(|part| !part.is_empty()))
}

/// Reads the texts of a spec's `hosts`.
///
/// # Errors
/// At the first that names no host.
pub fn from_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Vec<Target>, TargetError> {
    texts.into_iter().map(Target::parse).collect::<Result<Vec<_>, _>>().map(distinct)
}

/// Reads a file of hosts: one a line, `#` begins a comment. `file` is only for the messages.
///
/// # Errors
/// Every line that names no host, with its number.
pub fn from_file(file: &str, text: &str) -> Result<Vec<Target>, Vec<TargetError>> {
    let (mut targets, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        let written = line.split('#').next().unwrap_or_default().trim();
        if written.is_empty() {
            continue;
        }
        match Target::parse(written) {
            Ok(target) => targets.push(target),
            Err(error) => {
                wrong.push(TargetError { place: format!("{file}:{}: ", number + 1), ..error });
            }
        }
    }
    if wrong.is_empty() { Ok(distinct(targets)) } else { Err(wrong) }
}

/// The same hosts in the same order, each once.
pub fn distinct(targets: Vec<Target>) -> Vec<Target> {
    let mut seen = HashSet::new();
    targets.into_iter().filter(|target| seen.insert(target.clone())).collect()
}

fn split_port(place: &str) -> Result<(&str, Option<u16>), &'static str> {
    if let Some(rest) = place.strip_prefix('[') {
        let (address, after) = rest.split_once(']').ok_or("a bracket is not closed")?;
        return match after.strip_prefix(':') {
            Some(port) => Ok((address, Some(read_port(port)?))),
            None if after.is_empty() => Ok((address, None)),
            None => Err("something follows the bracket"),
        };
    }
    match place.split_once(':') {
        // More than one colon and no brackets: an IPv6 address, with no way to tell a port from its last part.
        Some((_, rest)) if rest.contains(':') => Ok((place, None)),
        Some((name, port)) => Ok((name, Some(read_port(port)?))),
        None => Ok((place, None)),
    }
}

fn read_port(text: &str) -> Result<u16, &'static str> {
    if text.is_empty() || !text.bytes().all(|it| it.is_ascii_digit()) {
        return Err("the port is no number");
    }
    match text.parse() {
        Ok(0) | Err(_) => Err("a port is between 1 and 65535"),
        Ok(port) => Ok(port),
    }
}

/// What may be the name of a host. A name may reach a shell by `Match exec` or `ProxyCommand`, so nothing that a shell reads
/// differently is let in.
pub(super) fn check_name(name: &str) -> Result<(), &'static str> {
    let first = name.chars().next().ok_or("the name is missing")?;
    if first == '-' {
        return Err("a name that begins with `-` would be taken for an option");
    }
    if name.len() > 255 {
        return Err("a name has at most 255 bytes");
    }
    let fine = |it: char| it.is_alphanumeric() || matches!(it, '.' | '-' | '_' | ':' | '%' | '+');
    if name.chars().all(fine) { Ok(()) } else { Err("a character in it cannot stand in a host's name") }
}

/// What may be the name of a user, for the same reasons; `@` and `\` occur in names of directory services.
pub(super) fn check_user(user: &str) -> Result<(), &'static str> {
    let first = user.chars().next().ok_or("the user is missing before `@`")?;
    if first == '-' {
        return Err("a user that begins with `-` would be taken for an option");
    }
    let fine = |it: char| it.is_alphanumeric() || matches!(it, '.' | '-' | '_' | '@' | '+' | '\\');
    if !user.chars().all(fine) || user.ends_with('\\') {
        return Err("a character in it cannot stand in a user's name");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(user: Option<&str>, name: &str, port: Option<u16>) -> Target {
        Target { user: user.map(str::to_owned), name: name.to_owned(), port }
    }

    #[test]
    fn user_name_and_port_are_told_apart() {
        for (text, expected) in [
            ("web-1", target(None, "web-1", None)),
            ("ubuntu@web-1.example.org:2222", target(Some("ubuntu"), "web-1.example.org", Some(2222))),
            ("10.0.0.1", target(None, "10.0.0.1", None)),
            ("root@[2001:db8::1]:22", target(Some("root"), "2001:db8::1", Some(22))),
            ("[fe80::1%eth0]", target(None, "fe80::1%eth0", None)),
            ("2001:db8::1", target(None, "2001:db8::1", None)),
            ("jo@corp@bastion", target(Some("jo@corp"), "bastion", None)),
        ] {
            assert_eq!(Target::parse(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_target_is_written_as_it_is_read() {
        for text in ["web-1", "u@web-1:2", "[2001:db8::1]:22", "2001:db8::1"] {
            assert_eq!(Target::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_an_option_a_shell_or_a_terminal_would_misread_is_refused() {
        for text in [
            "",
            "-oProxyCommand=id",
            "a@-l",
            "-x@host",
            "@host",
            "a b",
            "a;id",
            "a$(id)",
            "a`id`",
            "a|b",
            "a&b",
            "a\nb",
            "a\0b",
            "a\u{1b}[2J",
            "a'b",
            "a\"b",
            "a>b",
            "a/b",
            "a\\b",
            "u\\@host",
            "u;@host",
            "host:",
            "host:0",
            "host:65536",
            "host:22x",
            "host:+22",
            "host:-1",
            "[::1",
            "[::1]x",
            "[::1]:",
            "[]:22",
            "..(",
        ] {
            assert!(Target::parse(text).is_err(), "{text:?}");
        }
        assert!(Target::parse(&"a".repeat(256)).is_err());
        assert_eq!(Target::parse("a\u{1b}b").unwrap_err().text, "a\\u{1b}b");
    }

    #[test]
    fn a_host_named_twice_is_one_host_and_the_order_stays() {
        let names: Vec<String> =
            from_list("b, a,,b ,a:22,").unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["b", "a", "a:22"]);
    }

    #[test]
    fn every_wrong_line_of_a_file_is_told_with_its_number() {
        let text = "# web\nweb-1\r\nweb 2\n\n  root@web-3:2222 # the third\nweb:x\n";
        let wrong = from_file("hosts.txt", text).unwrap_err();
        let places: Vec<&str> = wrong.iter().map(|it| it.place.as_str()).collect();
        assert_eq!(places, ["hosts.txt:3: ", "hosts.txt:6: "]);
        let right = from_file("hosts.txt", "# web\nweb-1\r\n root@web-3:2222 # third\nweb-1").unwrap();
        assert_eq!(right.len(), 2);
        assert_eq!(from_file("empty", "").unwrap(), []);
    }
}
