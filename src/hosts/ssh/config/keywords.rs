//! Which keywords of an SSH configuration are followed, and which are passed over in silence or with a note.

/// How a keyword is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Followed; the first value counts.
    First,
    /// Followed; values add up.
    All,
    /// It says how a connection comes about, and is not followed: the person hears of it.
    Noted(&'static str),
    /// Of no consequence for running scripts.
    Passed,
}

const FIRST: &[&str] = &[
    "connecttimeout",
    "globalknownhostsfile",
    "hashknownhosts",
    "hostkeyalias",
    "hostname",
    "identitiesonly",
    "identityagent",
    "kbdinteractiveauthentication",
    "passwordauthentication",
    "port",
    "pubkeyauthentication",
    "serveralivecountmax",
    "serveraliveinterval",
    "stricthostkeychecking",
    "user",
    "userknownhostsfile",
];

const NOTED: &[(&str, &str)] = &[
    ("addressfamily", "the addresses of a name are tried in the order in which they are found"),
    ("bindaddress", "the system chooses the own address"),
    ("bindinterface", "the system chooses the interface"),
    ("canonicalizehostname", "write the full name"),
    ("certificatefile", "a certificate beside its key (KEY-cert.pub) or in the agent is used"),
    ("ciphers", "the safe ones of the library are used"),
    ("controlmaster", "connections are the program's own"),
    ("controlpath", "connections are the program's own"),
    ("hostbasedauthentication", "keys and passwords only"),
    ("hostkeyalgorithms", "the kinds that known_hosts has come first"),
    ("kexalgorithms", "the safe ones of the library are used"),
    ("knownhostscommand", "files of known hosts only"),
    ("macs", "the safe ones of the library are used"),
    ("pkcs11provider", "load the key into the agent"),
    ("preferredauthentications", "keys come first, then passwords"),
    ("proxyusefdpass", "the command's input and output carry the connection"),
    ("pubkeyacceptedalgorithms", "the safe ones of the library are used"),
    ("revokedhostkeys", "write the key into known_hosts as @revoked"),
    ("securitykeyprovider", "load the key into the agent"),
    ("verifyhostkeydns", "files of known hosts only"),
];

/// How the keyword (in lower case) is taken.
pub(super) fn taken(keyword: &str) -> Taken {
    if FIRST.contains(&keyword) {
        return Taken::First;
    }
    if keyword == "identityfile" {
        return Taken::All;
    }
    match NOTED.iter().find(|(noted, _)| *noted == keyword) {
        Some((_, instead)) => Taken::Noted(instead),
        None => Taken::Passed,
    }
}
