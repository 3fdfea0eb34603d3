//! This machine as a host: scripts go to a shell's standard input.

use std::io::{Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use crate::hosts::{Connection, HostError, HostErrorClass, Said};
use crate::tune::run::Reach;

/// This machine.
pub(super) struct ThisMachine {
    name: String,
}

impl ThisMachine {
    /// This machine, called as people call it.
    pub(super) fn new() -> Self {
        Self { name: "localhost".to_owned() }
    }
}

#[async_trait]
impl Reach for ThisMachine {
    fn name(&self) -> &str {
        &self.name
    }

    async fn connect(&self) -> Result<Box<dyn Connection>, HostError> {
        Ok(Box::new(Self { name: self.name.clone() }))
    }
}

#[async_trait]
impl Connection for ThisMachine {
    fn name(&self) -> &str {
        &self.name
    }

    async fn run(&self, script: &str, within: Duration) -> Result<Said, HostError> {
        let script = script.to_owned();
        let ran = tokio::task::spawn_blocking(move || run(&script, within)).await;
        let doing = "running a script on this machine".to_owned();
        let error = |class, said: String| HostError {
            class,
            doing: doing.clone(),
            said,
            hint: (class == HostErrorClass::TimedOut).then(|| "run again with a longer --timeout".to_owned()),
        };
        match ran {
            Ok(Ok(Some(said))) => Ok(said),
            Ok(Ok(None)) => {
                Err(error(HostErrorClass::TimedOut, format!("it did not end within {} s", within.as_secs())))
            }
            Ok(Err(said)) => Err(error(HostErrorClass::Unexpected, said.to_string())),
            Err(said) => Err(error(HostErrorClass::Unexpected, said.to_string())),
        }
    }
}

/// Runs the script; `None`: it took too long and was ended.
fn run(script: &str, within: Duration) -> std::io::Result<Option<Said>> {
    let mut child = Command::new("/bin/sh")
        .arg("-s")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (Some(mut stdin), Some(stdout), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(std::io::Error::other("the shell has no pipes"));
    };
    let script = script.to_owned();
    // Writing and reading each wait for the shell: side by side, or both could wait for ever.
    let writer = std::thread::spawn(move || stdin.write_all(script.as_bytes()));
    let (stdout, stderr) = (reader(stdout), reader(stderr));
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if begun.elapsed() >= within {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    // A shell that ended early has read enough.
    let _ = writer.join();
    let text = |reader: std::thread::JoinHandle<Vec<u8>>| reader.join().unwrap_or_default();
    let status = match (status.code(), status.signal()) {
        (Some(code), _) => code.unsigned_abs(),
        (None, signal) => 128 + signal.unwrap_or_default().unsigned_abs(),
    };
    Ok(Some(Said { status, stdout: text(stdout), stderr: text(stderr) }))
}

fn reader(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        // What came before a failure is still there; a script's output without its end is noticed by whoever reads it.
        let _ = pipe.read_to_end(&mut text);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(script: &str, within_ms: u64) -> Option<Said> {
        run(script, Duration::from_millis(within_ms)).unwrap()
    }

    #[test]
    fn a_script_says_what_it_says_and_its_status_is_no_error() {
        let said = said("echo out; echo bad >&2; exit 3", 60_000).unwrap();
        assert_eq!(
            (said.status, said.stdout.as_slice(), said.stderr.as_slice()),
            (3, &b"out\n"[..], &b"bad\n"[..])
        );
    }

    #[test]
    fn a_script_that_does_not_end_is_ended() {
        assert_eq!(said("sleep 60", 100), None);
    }

    #[test]
    fn megabytes_pass_both_ways_without_waiting_for_each_other() {
        let script = format!("{}head -c 3000000 /dev/zero", format!("# {}\n", "x".repeat(98)).repeat(30_000));
        assert_eq!(said(&script, 60_000).unwrap().stdout.len(), 3_000_000);
    }

    #[test]
    fn a_signal_that_ends_the_shell_is_its_status() {
        assert_eq!(said("kill -9 $$", 60_000).unwrap().status, 137);
    }
}
