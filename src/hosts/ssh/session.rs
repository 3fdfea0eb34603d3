//! Scripts on a host that is connected to. Decides nothing: carries what [`Exchange`] says to the host and back.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use russh::client::Msg;
use russh::{ChannelMsg, ChannelOpenFailure, ChannelReadHalf, ChannelWriteHalf, Sig};
use secrecy::ExposeSecret as _;

use super::dial::Link;
use crate::hosts::ask::{Answers, within};
use crate::hosts::exchange::{Ended, Exchange, Route, Turn, no_password, password_wrong, too_much};
use crate::hosts::ways::Ways;
use crate::hosts::{Connection, HostError, HostErrorClass, Said};

/// How long output is waited for after a script has ended: something it left running may hold the pipe open for ever.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How long a host that is given up gets to hear of it.
const FAREWELL: Duration = Duration::from_millis(200);

/// A host that is connected to and logged in to.
pub(super) struct SshConnection {
    pub(super) name: String,
    pub(super) link: Link,
    pub(super) answers: Arc<Answers>,
    pub(super) ways: Ways,
}

#[async_trait]
impl Connection for SshConnection {
    fn name(&self) -> &str {
        &self.name
    }

    async fn run(&self, script: &str, within: Duration) -> Result<Said, HostError> {
        self.ways.run(&self.name, |route| self.run_by(route, script, within)).await
    }

    async fn lend(&self, port: u16) -> Result<u16, HostError> {
        self.link.lend(port).await.map_err(|error| {
            let doing = format!("let {} reach port {port} of this machine", self.name);
            HostError::new(HostErrorClass::NotAllowed, doing, error.to_string())
                .with_hint("nothing was changed; its SSH server has to allow remote forwarding (AllowTcpForwarding remote)")
        })
    }
}

impl SshConnection {
    async fn run_by(&self, route: Route, script: &str, limit: Duration) -> Result<Ended, HostError> {
        let doing = || format!("run a script on {}", self.name);
        let opened = within(limit, &self.answers, doing, self.link.handle.channel_open_session()).await?;
        let channel = opened.map_err(|error| self.not_opened(&error))?;
        let (mut reader, writer) = channel.split();
        let talk = self.talk(Exchange::new(route), script, &mut reader, &writer);
        let ended = within(limit, &self.answers, doing, talk).await.and_then(|inner| inner);
        if ended.is_err() {
            let farewell = async {
                let _ = writer.signal(Sig::TERM).await;
                let _ = writer.close().await;
            };
            let _ = tokio::time::timeout(FAREWELL, farewell).await;
        }
        ended.map_err(|error| match error.class {
            HostErrorClass::TimedOut => error.with_hint(
                "how far the script came is not known: look at the host, then run again (what is already so stays so) with more time",
            ),
            _ => error,
        })
    }

    async fn talk(
        &self,
        mut exchange: Exchange,
        script: &str,
        reader: &mut ChannelReadHalf,
        writer: &ChannelWriteHalf<Msg>,
    ) -> Result<Ended, HostError> {
        writer.exec(true, exchange.command()).await.map_err(|error| self.cut_off(&error.to_string()))?;
        let mut turn = exchange.begin();
        let mut sending: Option<BoxFuture<'_, Result<(), russh::Error>>> = None;
        let mut status = None;
        loop {
            match turn {
                Turn::Wait => {}
                Turn::SendScript => {
                    let envelope = exchange.envelope(script);
                    sending = Some(Box::pin(async move {
                        writer.data_bytes(envelope).await?;
                        writer.eof().await
                    }));
                }
                Turn::SendPassword => {
                    let password = self.answers.become_password(&self.name).await;
                    let password = password.ok_or_else(|| no_password(&self.name))?;
                    let line = format!("{}\n", password.expose_secret()).into_bytes();
                    writer.data_bytes(line).await.map_err(|error| self.cut_off(&error.to_string()))?;
                }
                Turn::PasswordWrong => return Err(password_wrong(&self.name)),
            }
            let message = tokio::select! {
                // Reading goes on while a script of megabytes is on its way: the host stops reading when nobody reads from it.
                sent = async { sending.as_mut()?.await.err() }, if sending.is_some() => {
                    sending = None;
                    // That a host went away is heard by reading.
                    drop(sent);
                    turn = Turn::Wait;
                    continue;
                }
                message = next(reader, status.is_some()) => message,
            };
            turn = match message {
                Some(ChannelMsg::Data { data }) => exchange.stdout(&data),
                Some(ChannelMsg::ExtendedData { data, ext: 1 }) => exchange.stderr(&data),
                Some(ChannelMsg::ExitStatus { exit_status }) => {
                    status = Some(exit_status);
                    Turn::Wait
                }
                Some(ChannelMsg::ExitSignal { signal_name, .. }) => {
                    status = Some(128 + signal_number(&signal_name));
                    Turn::Wait
                }
                Some(ChannelMsg::Failure) => {
                    let said = "it refuses to run commands for this user";
                    return Err(HostError::new(
                        HostErrorClass::NotAllowed,
                        format!("run a script on {}", self.name),
                        said,
                    )
                    .with_hint("nothing was changed; log in as a user with a shell"));
                }
                Some(ChannelMsg::Close) | None => {
                    return match status {
                        Some(status) => Ok(exchange.end(status)),
                        None => Err(self.cut_off("the connection ended")),
                    };
                }
                Some(_) => Turn::Wait,
            };
            if exchange.too_much() {
                return Err(too_much(&self.name));
            }
        }
    }

    fn cut_off(&self, said: &str) -> HostError {
        HostError::new(HostErrorClass::CutOff, format!("run a script on {}", self.name), said)
            .with_hint("how far the script came is not known; run again: what is already so stays so")
    }

    fn not_opened(&self, error: &russh::Error) -> HostError {
        let class = match error {
            russh::Error::ChannelOpenFailure(ChannelOpenFailure::AdministrativelyProhibited) => {
                HostErrorClass::NotAllowed
            }
            russh::Error::ChannelOpenFailure(_) => HostErrorClass::Busy,
            _ => HostErrorClass::CutOff,
        };
        HostError::new(class, format!("begin a script on {}", self.name), error.to_string())
            .with_hint("the script was not begun; run again")
    }
}

/// The next message; once a script has ended, only what comes soon.
async fn next(reader: &mut ChannelReadHalf, ended: bool) -> Option<ChannelMsg> {
    if ended {
        tokio::time::timeout(LAST_WORDS, reader.wait()).await.ok().flatten()
    } else {
        reader.wait().await
    }
}

/// Numbers of POSIX signals; 0 for one that is not known.
fn signal_number(signal: &Sig) -> u32 {
    match signal {
        Sig::HUP => 1,
        Sig::INT => 2,
        Sig::QUIT => 3,
        Sig::ILL => 4,
        Sig::ABRT => 6,
        Sig::FPE => 8,
        Sig::KILL => 9,
        Sig::USR1 => 10,
        Sig::SEGV => 11,
        Sig::PIPE => 13,
        Sig::ALRM => 14,
        Sig::TERM => 15,
        Sig::Custom(_) => 0,
    }
}
