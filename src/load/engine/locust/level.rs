//! One level: the master, its workers, and what they say until the end.

use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::timeout;

use super::super::client::Unusable;
use super::super::set::Counted;
use super::answer::{End, Line, Second, read};
use super::{Locust, script};
use crate::load::Event;
use crate::load::engine::Means;
use crate::load::measured::Level;
use crate::load::plan::{Drive, Test};

/// How long the master waits for its workers, s: a host with a hundred processors starts as many programs.
const FOR_WORKERS_S: u64 = 120;
/// How long workers get to end after the master has.
const TO_END: Duration = Duration::from_secs(10);

const DOING: &str = "driving the test by Locust";

fn unusable(said: impl Into<String>) -> Unusable {
    Unusable { doing: DOING.to_owned(), said: said.into() }
}

pub(super) async fn drive(
    locust: &Locust,
    test: &Test,
    drive: Drive,
    means: &Means,
    stop: &watch::Receiver<bool>,
    heard: &(dyn Fn(Event) + Sync),
) -> Result<Level, Unusable> {
    let Drive::Users(users) = drive else { return Err(unusable("Locust has people only, no rate")) };
    let folder = tempfile::tempdir().map_err(|error| unusable(format!("making a folder: {error}")))?;
    let seconds = test.ramp_s + test.warm_up_s + test.duration_s;
    let bound = Duration::from_secs_f64(seconds + test.timeout_s + 60.0) + Duration::from_secs(FOR_WORKERS_S);
    let mut master = begin(locust, test, means, users, folder.path())?;
    let mut workers = locust.workers(test, means, bound);
    let sending = AtomicBool::new(false);
    let noted = |event: Event| {
        sending.store(true, Ordering::Relaxed);
        heard(event);
    };
    let outcome = {
        let listening = listen(&mut master, stop, &noted);
        tokio::pin!(listening);
        loop {
            tokio::select! {
                outcome = &mut listening => break outcome,
                // Before anything is sent the master would wait for it in vain; later it knows who is lost, and goes on.
                Some(Some(bad)) = workers.next() => if !sending.load(Ordering::Relaxed) {
                    break Err(unusable(bad));
                },
            }
        }
    };
    let _ = timeout(TO_END, async { while workers.next().await.is_some() {} }).await;
    let _ = master.start_kill();
    let _ = master.wait().await;
    let (end, interrupted) = outcome?;
    Ok(end.level(test, drive, interrupted))
}

/// Starts the master.
fn begin(locust: &Locust, test: &Test, means: &Means, users: u32, folder: &Path) -> Result<Child, Unusable> {
    let write = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).map_err(|error| unusable(format!("writing {name}: {error}")))
    };
    write("locustfile.py", script::LOCUSTFILE)?;
    write("test.json", &script::test_file(test, means).to_string())?;
    let arrivals = f64::from(users) / test.ramp_s.max(1e-3);
    Command::new(&locust.program)
        // A Ctrl-C at the terminal is this program's to answer.
        .process_group(0)
        .args(["--headless", "--master", "--master-bind-host", "127.0.0.1", "--master-bind-port"])
        .arg(locust.port.to_string())
        .args(["--expect-workers", &locust.strength().0.to_string()])
        .args(["--expect-workers-max-wait", &FOR_WORKERS_S.to_string()])
        .args(["-u", &users.to_string(), "-r", &format!("{:.3}", arrivals.min(f64::from(users)).max(0.001))])
        .args(["-f", "locustfile.py", "--only-summary", "--loglevel", "WARNING"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| unusable(format!("starting `{}`: {error}", locust.program)))
}

/// Hears the master out; whether somebody asked for the end before it came.
async fn listen(
    master: &mut Child,
    stop: &watch::Receiver<bool>,
    heard: &(dyn Fn(Event) + Sync),
) -> Result<(End, bool), Unusable> {
    let pipes = master.stdout.take().zip(master.stderr.take());
    let (stdout, mut stderr) = pipes.ok_or_else(|| unusable("the master has no output"))?;
    let said = tokio::spawn(async move {
        let mut bytes = Vec::new();
        // Read to its end, or the master would stand still; only the last of it is shown.
        let _ = stderr.read_to_end(&mut bytes).await;
        bytes
    });
    let mut lines = BufReader::new(stdout).lines();
    let (mut stop, mut interrupted, mut at_s) = (stop.clone(), false, 0.0);
    loop {
        tokio::select! {
            line = lines.next_line() => {
                let Some(line) = line.map_err(|error| unusable(error.to_string()))? else { break };
                match read(&line).map_err(|said| unusable(format!("the master wrote {said}")))? {
                    None => {}
                    Some(Line::End(end)) => return Ok((*end, interrupted)),
                    Some(Line::Second(Second { requests, errors, sum_us })) => {
                        at_s += 1.0;
                        let second = Counted::of(requests, errors, sum_us);
                        heard(Event::Second { at_s, requests, errors, mean_ms: second.mean_ms() });
                    }
                }
            }
            _ = stop.wait_for(|stop| *stop), if !interrupted => {
                interrupted = true;
                ask_for_the_end(master);
            }
        }
    }
    let bytes = timeout(Duration::from_secs(1), said).await.ok().and_then(Result::ok).unwrap_or_default();
    let last = script::last_line(&bytes).unwrap_or_else(|| "nothing".to_owned());
    let asked = if interrupted { " when it was asked to end" } else { "" };
    Err(unusable(format!("the master ended{asked} without a result; it said: {last}")))
}

/// The signal upon which the master stops sending and tells what there is.
fn ask_for_the_end(master: &Child) {
    let pid = master.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        // It may have ended just now.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::USR1);
    }
}
