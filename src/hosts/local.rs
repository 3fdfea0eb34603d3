//! This machine, worked on like any host.

use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::ExposeSecret as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, Command};

use super::ask::{Answers, Person, within};
use super::exchange::{Become, Ended, Exchange, Route, Turn, no_password, password_wrong, too_much};
use super::ways::Ways;
use super::{Connection, HostError, HostErrorClass, Said};

/// How this machine is called where hosts are named.
const NAME: &str = "localhost";

/// How long output is waited for after a script has ended: something it left running may hold the pipe open for ever.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// This machine.
pub struct Local {
    answers: Answers,
    ways: Ways,
}

impl Local {
    /// `person` is asked for the password of sudo where it is needed.
    pub fn new(become_whom: Become, person: Arc<dyn Person>) -> Self {
        Self { answers: Answers::of(person), ways: Ways::new(become_whom, false) }
    }
}

#[async_trait]
impl Connection for Local {
    fn name(&self) -> &str {
        NAME
    }

    async fn run(&self, script: &str, within: Duration) -> Result<Said, HostError> {
        self.ways.run(NAME, |route| self.run_by(route, script, within)).await
    }

    async fn lend(&self, port: u16) -> Result<u16, HostError> {
        Ok(port)
    }
}

impl Local {
    async fn run_by(&self, route: Route, script: &str, limit: Duration) -> Result<Ended, HostError> {
        let doing = || "run a script on this machine".to_owned();
        let exchange = Exchange::new(route);
        // What is given up is ended: the child goes with the future.
        let child = Command::new("/bin/sh")
            .arg("-c")
            .arg(format!("exec {}", exchange.command()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                HostError::new(HostErrorClass::Unexpected, doing(), error.to_string())
                    .with_hint("nothing was changed")
            })?;
        let talk = self.talk(exchange, script, child);
        let ended = within(limit, &self.answers, doing, talk).await.and_then(|inner| inner);
        ended.map_err(|error| match error.class {
            HostErrorClass::TimedOut => {
                error.with_hint("how far the script came is not known; run again with more time")
            }
            _ => error,
        })
    }

    async fn talk(&self, mut exchange: Exchange, script: &str, mut child: Child) -> Result<Ended, HostError> {
        let failed = |said: &str| {
            HostError::new(HostErrorClass::Unexpected, "run a script on this machine", said)
                .with_hint("how far the script came is not known; run again")
        };
        let pipes = child.stdin.take().zip(child.stdout.take()).zip(child.stderr.take());
        let ((stdin, mut stdout), mut stderr) =
            pipes.ok_or_else(|| failed("the shell has no input or output"))?;
        let (mut out, mut err) = (Some(&mut stdout), Some(&mut stderr));
        let (mut from_out, mut from_err) = (vec![0; 64 << 10], vec![0; 64 << 10]);
        let mut to_send: (Vec<u8>, usize) = (Vec::new(), 0);
        let (mut turn, mut input_ends, mut stdin) = (exchange.begin(), false, Some(stdin));
        let mut status: Option<ExitStatus> = None;
        while out.is_some() || err.is_some() || status.is_none() {
            match turn {
                Turn::Wait => {}
                Turn::SendScript => {
                    to_send = (exchange.envelope(script), 0);
                    input_ends = true;
                }
                Turn::SendPassword => {
                    let password = self.answers.become_password(NAME).await;
                    let password = password.ok_or_else(|| no_password(NAME))?;
                    to_send = (format!("{}\n", password.expose_secret()).into_bytes(), 0);
                }
                Turn::PasswordWrong => return Err(password_wrong(NAME)),
            }
            turn = Turn::Wait;
            let left = to_send.1 < to_send.0.len();
            if input_ends && !left {
                // Only letting go of a pipe ends it.
                stdin = None;
            }
            tokio::select! {
                sent = write(&mut stdin, &to_send.0[to_send.1..]), if left => match sent {
                    Some(bytes) => to_send.1 += bytes,
                    // A shell that has ended is heard of by its status.
                    None => to_send.1 = to_send.0.len(),
                },
                read = read(&mut out, &mut from_out), if out.is_some() => match read {
                    Some(bytes) => turn = exchange.stdout(&from_out[..bytes]),
                    None => out = None,
                },
                read = read(&mut err, &mut from_err), if err.is_some() => match read {
                    Some(bytes) => turn = exchange.stderr(&from_err[..bytes]),
                    None => err = None,
                },
                ended = child.wait(), if status.is_none() => {
                    status = Some(ended.map_err(|error| failed(&error.to_string()))?);
                }
                () = tokio::time::sleep(LAST_WORDS), if status.is_some() => break,
            }
            if exchange.too_much() {
                return Err(too_much(NAME));
            }
        }
        Ok(exchange.end(status.map_or(0, number)))
    }
}

/// Writes as much as fits; `None` if nobody reads any more.
async fn write(into: &mut Option<ChildStdin>, bytes: &[u8]) -> Option<usize> {
    into.as_mut()?.write(bytes).await.ok()
}

/// Reads what is there; `None` at the end.
async fn read<R: AsyncRead + Unpin>(from: &mut Option<&mut R>, into: &mut [u8]) -> Option<usize> {
    match from.as_mut()?.read(into).await {
        Ok(0) | Err(_) => None,
        Ok(bytes) => Some(bytes),
    }
}

fn number(status: ExitStatus) -> u32 {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => u32::try_from(code).unwrap_or(255),
        (None, Some(signal)) => 128 + u32::try_from(signal).unwrap_or(0),
        (None, None) => 255,
    }
}
