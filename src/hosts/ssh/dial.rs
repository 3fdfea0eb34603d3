//! From settings to a connection that has exchanged keys. Decides over what it goes, how long it may take, and what the failures
//! of a socket or a protocol mean for the host.

use std::borrow::Cow;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use russh::Preferred;
use russh::client::{self, Handle};
use russh::keys::Algorithm;
use tokio::net::TcpStream;

use super::config::{Proxy, Settings};
use super::lent::Lent;
use super::stream::{Beginning, Carrier, Noted, Speaker};
use super::trust::{Broken, Door};
use crate::hosts::ask::{Answers, within};
use crate::hosts::{HostError, HostErrorClass};

/// Silence after which a host is asked whether it is still there, where the configuration does not say: a cut connection is noticed
/// within a minute (with three questions), and a firewall that forgets quiet connections does not forget this one.
const ALIVE_INTERVAL: Duration = Duration::from_secs(15);

/// A connection, and those it goes through.
pub(super) struct Link {
    pub(super) handle: Handle<Door>,
    /// What the host may reach of this machine.
    lent: Lent,
    /// Kept open as long as this one is.
    _through: Option<Arc<Link>>,
}

impl Link {
    /// Lets programs of the host reach a port of 127.0.0.1 here by the port of 127.0.0.1 there that is returned.
    pub(super) async fn lend(&self, port: u16) -> Result<u16, russh::Error> {
        // Any port that is free there.
        let there = self.handle.tcpip_forward("127.0.0.1", 0).await?;
        self.lent.note(there, port);
        u16::try_from(there).map_err(|_| russh::Error::RequestDenied)
    }
}

/// Connects and exchanges keys.
///
/// # Errors
/// Nothing was changed, whatever is said: `Unreachable`, `Busy`, `KeyChanged`, `KeyUnknown`, `TimedOut`, or `Unexpected` where
/// something else than an SSH server answers.
pub(super) async fn dial(
    settings: &Arc<Settings>,
    through: Option<Arc<Link>>,
    limit: Duration,
    answers: &Arc<Answers>,
) -> Result<Link, HostError> {
    let timeout = settings.connect_timeout.unwrap_or(limit);
    let connecting = exchange_keys(settings, through, answers);
    let connected = within(timeout, answers, || doing(settings), connecting).await;
    connected.and_then(|inner| inner).map_err(|error| match error.class {
        HostErrorClass::TimedOut => error.with_hint(
            "nothing was changed; look whether the host is up and its firewall lets this machine in, or give more time (ConnectTimeout)",
        ),
        _ => error,
    })
}

fn doing(settings: &Settings) -> String {
    format!("connect to {} port {}", settings.host, settings.port)
}

async fn exchange_keys(
    settings: &Arc<Settings>,
    through: Option<Arc<Link>>,
    answers: &Arc<Answers>,
) -> Result<Link, HostError> {
    let (reading, asking) = (Arc::clone(settings), Arc::clone(answers));
    let door = tokio::task::spawn_blocking(move || Door::of(reading, asking));
    let (door, carrier) = tokio::join!(door, carrier(settings, through.as_deref()));
    let door = door
        .map_err(|error| HostError::new(HostErrorClass::Unexpected, doing(settings), error.to_string()))??;
    let (noted, beginning) = Noted::new(carrier?);
    let lent = door.lent.clone();
    let config = Arc::new(client_config(settings, &door));
    match client::connect_stream(config, noted, door).await {
        Ok(handle) => Ok(Link { handle, lent, _through: through }),
        Err(Broken::Refused(error)) => Err(error),
        Err(Broken::Protocol(error)) => Err(meaning(settings, &error, &beginning)),
    }
}

fn client_config(settings: &Settings, door: &Door) -> client::Config {
    let usual = Preferred::DEFAULT;
    // RSA keys that sign by SHA-1 prove nothing any more; OpenSSH has refused them since 8.8.
    let kinds: Vec<Algorithm> =
        usual.key.iter().filter(|kind| **kind != Algorithm::Rsa { hash: None }).cloned().collect();
    client::Config {
        preferred: Preferred {
            key: Cow::Owned(door.key_order(&kinds)),
            host_key_certificates: Cow::Owned(door.certificate_order(&kinds)),
            ..usual
        },
        keepalive_interval: settings.alive_interval.unwrap_or(Some(ALIVE_INTERVAL)),
        keepalive_max: settings.alive_count,
        nodelay: true,
        ..client::Config::default()
    }
}

/// Opens what carries the connection.
async fn carrier(settings: &Settings, through: Option<&Link>) -> Result<Box<dyn Carrier>, HostError> {
    let unreachable = |said: String, hint: &str| {
        HostError::new(HostErrorClass::Unreachable, doing(settings), said)
            .with_hint(format!("nothing was changed; {hint}"))
    };
    if let Some(link) = through {
        let opened =
            link.handle.channel_open_direct_tcpip(&settings.host, settings.port.into(), "127.0.0.1", 0).await;
        let channel = opened.map_err(|error| {
            unreachable(
                format!("the host on the way could not reach it: {error}"),
                "look from that host whether this one is up, and whether it allows forwarding (AllowTcpForwarding)",
            )
        })?;
        return Ok(Box::new(channel.into_stream()));
    }
    if let Proxy::Command(command) = &settings.proxy {
        return by_command(command).map_err(|error| {
            unreachable(format!("`{command}` could not be started: {error}"), "correct ProxyCommand")
        });
    }
    let socket = TcpStream::connect((settings.host.as_str(), settings.port)).await.map_err(|error| {
        unreachable(
            error.to_string(),
            "look whether its name and port are right, it is up, and its firewall lets this machine in",
        )
    })?;
    let _ = socket.set_nodelay(true);
    Ok(Box::new(socket))
}

/// The person's own command, from the person's own configuration, in a shell as ssh runs it.
fn by_command(command: &str) -> std::io::Result<Box<dyn Carrier>> {
    let mut child = tokio::process::Command::new("/bin/sh")
        .arg("-c")
        .arg(format!("exec {command}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let pipes = child.stdout.take().zip(child.stdin.take());
    let (output, input) = pipes.ok_or_else(|| std::io::Error::other("it has no input or output"))?;
    // It ends when its input does; waiting for it leaves no dead process behind.
    tokio::spawn(async move { child.wait().await });
    Ok(Box::new(tokio::io::join(output, input)))
}

/// What a failure before the exchange of keys was over says about the host.
fn meaning(settings: &Settings, error: &russh::Error, beginning: &Beginning) -> HostError {
    match (beginning.speaker(), error) {
        (_, russh::Error::NoCommonAlgo { kind, theirs, .. }) => {
            let said = format!("it offers no {kind:?} algorithm that is still safe, only {}", theirs.join(", "));
            HostError::new(HostErrorClass::Unexpected, doing(settings), said)
                .with_hint("nothing was changed; bring its SSH server up to date")
        }
        (Speaker::Busy(said), _) => HostError::new(HostErrorClass::Busy, doing(settings), said).with_hint(
            "nothing was changed; it takes only so many at once (MaxStartups): run again with fewer hosts at once (--parallel)",
        ),
        (Speaker::Other(said), _) => {
            HostError::new(HostErrorClass::Unexpected, doing(settings), format!("no SSH server answers there, but `{said}`"))
                .with_hint("nothing was changed; look whether the port is right")
        }
        (Speaker::Server, error) => {
            HostError::new(HostErrorClass::Unexpected, doing(settings), format!("the exchange of keys ended: {error}"))
                .with_hint("nothing was changed; the host's own log (journalctl -u ssh) says why")
        }
    }
}
