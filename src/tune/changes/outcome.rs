//! What a script said it did.

use std::collections::BTreeMap;

use super::Work;
use crate::tune::facts::{Most, sysctl_words};

/// How a script ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// To its end; what went wrong is in the steps.
    Whole,
    /// It began nothing, for this reason. Nothing was changed.
    Refused(String),
    /// Another run is at it (its process, if known). Nothing was changed.
    Held(String),
    /// A change of another run waits to be confirmed. Nothing was changed.
    Waiting(String),
    /// A change that nobody confirmed was taken back, and nothing else was done.
    TookBack,
    /// There was nothing to revert.
    Nothing,
    /// The change was confirmed.
    Confirmed,
    /// It was too late to confirm: the change had been taken back.
    Late,
    /// The output ends before the script did: how far it came is not known.
    CutOff,
}

/// One thing that was done or was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// A file, a value's path, a unit.
    pub what: String,
    /// Why it is not as it should be; `None`: it is.
    pub wrong: Option<String>,
    /// Whether something was changed.
    pub changed: bool,
}

/// Everything that a script did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
    /// What it did.
    pub steps: Vec<Step>,
    /// Whether a timer was armed.
    pub armed: bool,
    /// Open files of restarted services as their processes have them now, by unit.
    pub proved: BTreeMap<String, Option<Most>>,
}

impl Outcome {
    /// Steps that went wrong.
    pub fn wrong(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.wrong.is_some())
    }

    /// Whether anything was changed on the host; where the script was cut off nobody knows.
    pub fn changed(&self) -> bool {
        self.steps.iter().any(|step| step.changed)
    }
}

/// Reads what a script printed. `work` is what it was to do: every value is held against what the kernel says afterwards.
pub fn outcome(stdout: &[u8], work: &Work) -> Outcome {
    let text = String::from_utf8_lossy(stdout);
    let mut steps: Vec<Step> = Vec::new();
    let (mut ending, mut armed, mut ended) = (Ending::Whole, false, false);
    let mut proved: BTreeMap<String, Option<Most>> = BTreeMap::new();
    let mut readback: BTreeMap<&str, String> = BTreeMap::new();
    let blocks = frames(&text);
    for (head, said) in &blocks {
        let words: Vec<&str> = head.split(' ').collect();
        let sentence = said.join("; ");
        match words.as_slice() {
            ["file", name, how] => steps.push(step(&name.replace('%', "/"), how, &sentence)),
            ["value", path, how] => steps.push(step(path, how, &sentence)),
            ["restart", unit, how] => steps.push(step(unit, how, &sentence)),
            ["reload", how] => steps.push(step("systemctl daemon-reload", how, &sentence)),
            ["limits", unit] => {
                let line = said.iter().find_map(|line| line.strip_prefix("Max open files"));
                let soft = line.and_then(|line| Most::read(line.split_whitespace().next()?));
                proved.insert((*unit).to_owned(), soft);
            }
            ["readback"] => {
                let values = said.iter().filter_map(|line| line.split_once(':'));
                readback.extend(values.map(|(path, value)| (path, sysctl_words(value))));
            }
            ["armed", _] => armed = true,
            ["refused"] => ending = Ending::Refused(sentence),
            ["held"] => ending = Ending::Held(sentence),
            ["waiting", ..] => ending = Ending::Waiting(words[1..].join(" ")),
            ["took-back", _] => ending = Ending::TookBack,
            ["nothing"] => ending = Ending::Nothing,
            ["confirmed"] => ending = Ending::Confirmed,
            ["late"] => ending = Ending::Late,
            ["end"] => ended = true,
            _ => {}
        }
    }
    prove(&mut steps, work, &readback);
    let ending = if ended { ending } else { Ending::CutOff };
    Outcome { ending, steps, armed, proved }
}

/// Lines that begin with `@`, each with the lines below it.
fn frames(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut blocks: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix('@') {
            blocks.push((head, Vec::new()));
        } else if let (Some(line), Some((_, said))) = (line.strip_prefix('|'), blocks.last_mut()) {
            said.push(line);
        }
    }
    blocks
}

fn step(what: &str, how: &str, said: &str) -> Step {
    let wrong = match how {
        "written" | "wrote" | "same" | "restored" | "released" | "kept-others" | "done" => None,
        "changed" => Some(format!("it has been changed to `{said}` since it was looked at: run again")),
        "unknown" => Some("what it was before is not written down: it stays until the next boot".to_owned()),
        "refused" => Some(format!("not restarted, its configuration is not sound: {said}")),
        _ => Some(said.to_owned()),
    };
    let changed = matches!(how, "written" | "wrote" | "restored" | "released" | "kept-others" | "done");
    Step { what: what.to_owned(), wrong, changed }
}

/// Holds each value against what the kernel says it is: a write that was taken may have been cut or ignored.
fn prove(steps: &mut [Step], work: &Work, readback: &BTreeMap<&str, String>) {
    for wanted in &work.values {
        let Some(step) = steps.iter_mut().find(|step| step.what == wanted.path && step.wrong.is_none())
        else {
            continue;
        };
        step.wrong = match readback.get(wanted.path.as_str()) {
            None => Some("it could not be read back".to_owned()),
            Some(seen) if same(seen, &wanted.after) => None,
            Some(seen) => Some(format!("{} was written and the kernel says {seen}", wanted.after)),
        };
    }
}

/// The kernel may show all of its choices, with the one that holds in brackets.
fn same(seen: &str, wanted: &str) -> bool {
    seen == wanted || seen.contains(&format!("[{wanted}]"))
}

#[cfg(test)]
mod tests {
    use super::super::ValueChange;
    use super::*;

    fn one(path: &str, after: &str) -> Work {
        let value = ValueChange { path: path.to_owned(), before: "1".to_owned(), after: after.to_owned() };
        Work { values: vec![value], ..Work::default() }
    }

    #[test]
    fn a_write_that_the_kernel_did_not_take_is_wrong() {
        let said = b"@value /proc/sys/a wrote\n@readback\n|/proc/sys/a:1\n@end\n";
        let outcome = outcome(said, &one("/proc/sys/a", "2"));
        assert_eq!(
            outcome.wrong().next().unwrap().wrong.as_deref(),
            Some("2 was written and the kernel says 1")
        );
    }

    #[test]
    fn output_without_an_end_is_cut_off_and_never_whole() {
        let said = b"@file %etc%a written\n";
        let outcome = outcome(said, &Work::default());
        assert_eq!((outcome.ending.clone(), outcome.changed()), (Ending::CutOff, true));
        assert_eq!(outcome.steps[0].what, "/etc/a");
    }

    #[test]
    fn the_choice_in_brackets_is_the_value() {
        assert!(same("always [madvise] never", "madvise") && !same("always [madvise] never", "never"));
        assert!(same("10000 65535", "10000 65535"));
    }
}
