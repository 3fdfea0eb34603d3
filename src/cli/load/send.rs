//! Sends a test, judges what came back, prints and keeps it.

use std::path::Path;

use secrecy::SecretString;

use super::super::exit::{Exit, Failure};
use super::super::input::write_answer;
use super::super::interrupts::Interrupts;
use super::super::reach::wait_for;
use super::super::screen::Screen;
use super::drive::DriveArgs;
use super::gather::gather;
use crate::load::Event;
use crate::load::engine::{self, Means, Trust};
use crate::load::judge::{Answer, Judge, Verdict};
use crate::load::measured::Ending;
use crate::load::plan::{Drive, Test};
use crate::report;
use crate::spec::Spec;

/// Sends what the test says, and shows what came back.
pub(super) fn drive(
    args: &DriveArgs,
    spec: &Spec,
    test: &Test,
    (full, by_locust): (Drive, bool),
    screen: &Screen,
) -> Result<Exit, Failure> {
    if !by_locust {
        make_room(test)?;
    }
    let means = Means {
        headers: headers(&args.header)?,
        trust: trust(args)?,
        requests_per_connection: connections(spec),
    };
    let judge = Judge::new(spec);
    let bar = screen.progress();
    let seconds = (test.ramp_s + test.warm_up_s + test.duration_s) * test.levels.len() as f64;
    bar.set_length(seconds.ceil() as u64);
    let heard = |event: Event| {
        if let Some(line) = report::load_event(&event) {
            bar.suspend(|| screen.note(&line));
        }
        if let Some(words) = report::load_progress(&event) {
            bar.set_message(words);
            bar.inc(1);
        }
    };
    let levels = wait_for((&bar, None), screen, "nothing was sent", async {
        let mut interrupts = Interrupts::new()?;
        let (stopper, stop) = tokio::sync::watch::channel(false);
        let unusable = |error: engine::Unusable| {
            let failure = Failure::failed(format!("{error}; nothing was sent"));
            failure.hint("see that the target is there: curl it")
        };
        let running = async {
            if !by_locust {
                return engine::run(test, &means, &stop, &heard).await.map_err(unusable);
            }
            let (locust, notes) = gather(&args.sender, test, &bar).await?;
            bar.suspend(|| notes.iter().for_each(|note| screen.note(note)));
            if *stop.borrow() {
                return Err(Failure::interrupted("stopped before anything was sent"));
            }
            locust.run(test, &means, &stop, &heard).await.map_err(unusable)
        };
        tokio::pin!(running);
        let mut asked = false;
        loop {
            tokio::select! {
                levels = &mut running => return levels,
                () = interrupts.next() => {
                    if asked {
                        return Err(Failure::interrupted("stopped at once; nothing of the test is kept"));
                    }
                    asked = true;
                    bar.suspend(|| screen.note("stopping: answers that are due are waited for; once more to stop at once"));
                    // The run may have ended just now.
                    let _ = stopper.send(true);
                }
            }
        }
    });
    let answer = judge.judge(levels?, full);
    show(args, spec, test, &answer, screen)?;
    let interrupted = answer.levels.iter().any(|one| one.level.ending == Ending::Interrupted);
    Ok(match answer.verdict {
        _ if interrupted => Exit::Interrupted,
        Verdict::Pass => Exit::Done,
        Verdict::Fail => Exit::No,
        // Nobody knows whether it would have held.
        Verdict::Unknown => Exit::Failed,
    })
}

/// Open files for as many connections as there will be at once.
fn make_room(test: &Test) -> Result<(), Failure> {
    let room = |seconds: f64| {
        let needed = test.levels.iter().map(|level| match level {
            Drive::Users(users) => u64::from(*users),
            // By Little's law.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Drive::Rate(rate) => (rate * seconds).ceil() as u64,
        });
        engine::make_room(needed.max().unwrap_or(1))
    };
    // A second for each answer has to fit. Where all of them take the whole timeout, what does not fit is said.
    room(1.0).map_err(|error| {
        Failure::failed(format!("{error}; nothing was sent"))
            .hint("ulimit -n raises it, or use several machines: --engine locust --workers HOSTS")
    })?;
    let _ = room(test.timeout_s);
    Ok(())
}

/// Prints the answer, and then writes the files: what was measured is on the screen whatever becomes of them.
fn show(args: &DriveArgs, spec: &Spec, test: &Test, answer: &Answer, screen: &Screen) -> Result<(), Failure> {
    let json = report::load_json(test, answer);
    let page = args.html.as_deref().map(|path| (path, report::load_html(&spec.name, test, answer)));
    match &page {
        _ if args.json => {
            screen.answer_json(&json)?;
        }
        Some((path, page)) if *path == Path::new("-") => screen.answer(page)?,
        _ => screen.answer(&report::load_text(test, answer, &screen.look()))?,
    }
    if let Some(path) = &args.out {
        write_answer(path, &format!("{json:#}\n"), screen)?;
    }
    if let Some((path, page)) = page.filter(|(path, _)| *path != Path::new("-")) {
        write_answer(path, &page, screen)?;
    }
    Ok(())
}

/// Requests that the spec's clients send over one connection.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn connections(spec: &Spec) -> u64 {
    spec.load.requests_per_connection.mid.round().clamp(1.0, 1e15) as u64
}

fn headers(stated: &[String]) -> Result<Vec<(String, SecretString)>, Failure> {
    let one = |text: &String| {
        let wrong = |said: String| Failure::usage(format!("--header: {said}; nothing was sent"));
        let (name, variable) = text.split_once('=').ok_or_else(|| {
            wrong("write NAME=VARIABLE: the value comes from the environment, where no list of processes shows it".to_owned())
        })?;
        let value =
            std::env::var(variable).map_err(|_| wrong(format!("the environment has no {variable}")))?;
        Ok((name.to_owned(), SecretString::from(value)))
    };
    stated.iter().map(one).collect()
}

fn trust(args: &DriveArgs) -> Result<Trust, Failure> {
    let Some(path) = &args.ca else { return Ok(Trust::System) };
    std::fs::read(path).map(Trust::Own).map_err(|error| {
        Failure::usage(format!("reading --ca {}: {error}; nothing was sent", path.display()))
    })
}
