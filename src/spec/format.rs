//! The texts that a spec may hold: names, images, paths, addresses.
//!
//! Every text may end up in a file on a host, a command line or an API call, so each has a narrow alphabet. The same
//! alphabet is the check and the pattern of the JSON Schema.

use std::net::IpAddr;

use super::complaints::{Fault, quoted};

/// What a text may look like.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// What it is, for messages: `a host`.
    pub what: &'static str,
    /// An example.
    pub example: &'static str,
    /// Characters that it may begin with, as the inside of a regular expression's brackets.
    first: &'static str,
    /// Characters that may follow.
    rest: &'static str,
    /// Most characters.
    longest: usize,
    /// What the alphabet alone cannot say.
    also: fn(&str) -> bool,
}

const fn format(
    what: &'static str,
    example: &'static str,
    first: &'static str,
    rest: &'static str,
    longest: usize,
) -> Format {
    Format { what, example, first, rest, longest, also: |_| true }
}

impl Format {
    const fn with(self, also: fn(&str) -> bool) -> Self {
        Self { also, ..self }
    }

    /// The regular expression for the JSON Schema; may allow a little more than [`Format::check`].
    pub(super) fn pattern(&self) -> String {
        format!("^[{}][{}]{{0,{}}}$", self.first, self.rest, self.longest - 1)
    }

    /// Complains unless `text` looks like this.
    pub(super) fn check(&self, key: &str, text: &str) -> Result<(), Fault> {
        let mut characters = text.chars();
        let fits = characters.next().is_some_and(|first| is_in(first, self.first))
            && characters.all(|next| is_in(next, self.rest))
            && text.len() <= self.longest
            && (self.also)(text);
        if fits {
            return Ok(());
        }
        let shown = |class: &str| class.replace('\\', "");
        let (first, rest) = (shown(self.first), shown(self.rest));
        let help = format!(
            "for example `{}`: at most {} characters, the first of {first}, the others of {rest}",
            self.example, self.longest
        );
        Err(Fault::new("bad-text", format!("`{key}`: {} is not {}", quoted(text), self.what), help))
    }
}

/// Whether a character is in a class such as `a-z0-9_-`; a `-` at the end stands for itself, and so does what follows a `\`.
fn is_in(character: char, class: &str) -> bool {
    let class = class.as_bytes();
    let Ok(byte) = u8::try_from(character) else { return false };
    let mut at = 0;
    while at < class.len() {
        if class[at] == b'\\' {
            if class.get(at + 1) == Some(&byte) {
                return true;
            }
            at += 2;
        } else if class.get(at + 1) == Some(&b'-') && at + 2 < class.len() {
            if (class[at]..=class[at + 2]).contains(&byte) {
                return true;
            }
            at += 3;
        } else {
            if class[at] == byte {
                return true;
            }
            at += 1;
        }
    }
    false
}

/// Name of a deployment: it becomes part of the names of machines and networks.
pub(super) const NAME: Format = format("a name", "teachers", "a-z", "a-z0-9-", 40)
    .with(|text| !text.ends_with('-') && !text.contains("--"));
/// Name of a kind of request or task.
pub(super) const LABEL: Format = format("a name", "page", "A-Za-z", "A-Za-z0-9_-", 40);
/// Reference of a container image.
pub(super) const IMAGE: Format =
    format("an image reference", "registry.example/teachers:1.4", "a-z0-9", "A-Za-z0-9._/:@-", 255)
        .with(|text| !text.contains("..") && !text.contains("//"));
/// A certificate, as its cloud identifies it: an ARN, a resource path, a name or an id.
pub(super) const CERTIFICATE: Format =
    format("a certificate's identifier", "certificates/main", "A-Za-z0-9/", "A-Za-z0-9._/:-", 255);
/// Path of a URL.
pub(super) const URL_PATH: Format = format("a path of a URL", "/health", "/", "A-Za-z0-9._~/-", 200);
/// Path of a URL with what may follow it: what a request of a load test asks for.
pub(super) const REQUEST_TARGET: Format =
    format("a path of a URL, with its query", "/pages?sort=new", "/", "A-Za-z0-9._~/%?&=+:,;@!*-", 1000);
/// Where the application answers.
pub(super) const WEB_ADDRESS: Format =
    format("a web address", "https://app.example.org", "h", "A-Za-z0-9._~/:\\[\\]-", 300)
        .with(is_web_address);
/// A command of a container: words, run without a shell.
pub(super) const COMMAND: Format =
    format("a command", "uvicorn app.main:app", "A-Za-z0-9/._", "A-Za-z0-9 _./:=@,+%-", 500);
/// Name of a variable of the environment.
pub(super) const VARIABLE: Format = format("the name of a variable", "FEATURE_FLAGS", "A-Z_", "A-Z0-9_", 80);
/// Value of a variable: what every reader of such files takes for itself.
pub(super) const VARIABLE_VALUE: Format =
    format("the value of a variable", "eu-central", "A-Za-z0-9_./:@+-", "A-Za-z0-9 _./:=@,+%&?;*()-", 500)
        .with(|text| !text.ends_with(' ') && !text.contains(" #"));
/// Path of a file on a host.
pub(super) const HOST_PATH: Format =
    format("a path on the host", "/etc/letsencrypt/live/app/fullchain.pem", "/", "A-Za-z0-9._/-", 400)
        .with(|text| !text.split('/').any(|part| part == ".."));
/// Login name.
pub(super) const USER: Format = format("a login name", "ubuntu", "a-z_", "a-z0-9_-", 32);
/// Path of a file on the operator's machine.
pub(super) const FILE_PATH: Format =
    format("a path of a file", "~/.ssh/id_ed25519.pub", "~/A-Za-z0-9._", "A-Za-z0-9._~/+@ -", 400);
/// Product identifier of a cloud.
pub(super) const PRODUCT: Format =
    format("a product identifier", "small-2x4", "A-Za-z0-9", "A-Za-z0-9._ -", 80)
        .with(|text| !text.ends_with(' '));
/// Region of a cloud.
pub(super) const REGION: Format = format("a region", "east-1", "a-z", "a-z0-9-", 40);
/// Version of an engine.
pub(super) const VERSION: Format =
    format("a version", "8.4", "0-9", "0-9.", 12).with(|text| !text.ends_with('.') && !text.contains(".."));
/// Name of a host setting.
pub(super) const SETTING: Format =
    format("the name of a setting", "net.core.somaxconn", "a-z", "a-z0-9_./*-", 80);
/// Value of a host setting.
pub(super) const SETTING_VALUE: Format =
    format("the value of a setting", "10000 65535", "A-Za-z0-9-", "A-Za-z0-9 _.:-", 80);
/// Mail address: checked for its shape, not for its existence.
pub(super) const EMAIL: Format =
    format("a mail address", "ops@example.org", "A-Za-z0-9", "A-Za-z0-9._%+@-", 254).with(is_email);
/// Network in CIDR notation.
pub(super) const NETWORK: Format =
    format("a network in CIDR notation", "203.0.113.0/24", "0-9a-fA-F:", "0-9a-fA-F:./", 43).with(is_network);
/// `[user@]name[:port]`; an IPv6 address in brackets.
pub(super) const HOST: Format =
    format("a host", "ubuntu@web1.example.org:22", "A-Za-z0-9_\\[", "A-Za-z0-9._@:\\[\\]-", 300)
        .with(is_host);

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, domain)| {
        !user.is_empty() && domain.contains('.') && domain.split('.').all(is_domain_label)
    })
}

/// `http[s]://host[:port][/path]`: no user, no query.
fn is_web_address(text: &str) -> bool {
    let Some(rest) = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme)) else {
        return false;
    };
    let host = rest.split_once('/').map_or(rest, |(host, _)| host);
    !host.contains('@') && is_host(host)
}

fn is_domain_label(label: &str) -> bool {
    let inner = |character: char| character.is_ascii_alphanumeric() || character == '-' || character == '_';
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(inner)
}

fn is_network(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let (Ok(address), Ok(bits)) = (address.parse::<IpAddr>(), bits.parse::<u8>()) else { return false };
    bits <= if address.is_ipv4() { 32 } else { 128 }
}

fn is_host(text: &str) -> bool {
    let (user, rest) = text.split_once('@').map_or((None, text), |(user, rest)| (Some(user), rest));
    let user_fits = user.is_none_or(|user| USER.check("user", user).is_ok());
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    if let Some(inside) = rest.strip_prefix('[') {
        let Some((address, after)) = inside.split_once(']') else { return false };
        let port_fits = after.is_empty() || after.strip_prefix(':').is_some_and(is_port);
        return user_fits && port_fits && address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let (name, port) = rest.split_once(':').map_or((rest, None), |(name, port)| (name, Some(port)));
    user_fits && port.is_none_or(is_port) && name.len() <= 253 && name.split('.').all(is_domain_label)
}
