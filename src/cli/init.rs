//! `init`: writes a commented spec. Asks at a terminal; elsewhere it takes flags and defaults.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use dialoguer::Input;

use super::exit::{Exit, Failure};
use super::input::{Existing, write_file};
use super::screen::Screen;
use crate::report;
use crate::spec::{self, InitAnswers, Question};

/// Arguments of `init`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// File to write; `-` prints the spec
    #[arg(default_value = "loadline.yaml", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// Answer a question, such as `--answer users=500`; `--questions` lists them
    #[arg(long = "answer", value_name = "NAME=VALUE", value_parser = super::input::assignment)]
    answers: Vec<(String, String)>,
    /// List the questions with their defaults, and write nothing
    #[arg(long)]
    questions: bool,
    /// Take the default wherever no answer is given, without asking
    #[arg(long)]
    yes: bool,
    /// Replace a file that exists
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let questions = spec::questions(&crate::clouds::vocabulary());
    if args.questions {
        screen.answer(&report::questions_text(&questions, &screen.look()))?;
        return Ok(Exit::Done);
    }
    let to_stdout = args.file.as_os_str() == "-";
    if !to_stdout && args.file.exists() && !args.force {
        return Err(Failure::failed(format!("{} exists; it was not changed", args.file.display()))
            .hint("name another file, or add --force to replace it"));
    }
    let text = spec::commented(&answers(args, &questions, screen)?);
    if to_stdout {
        screen.answer(&text)?;
        return Ok(Exit::Done);
    }
    // The questions took their time: another file may have come in between.
    write_file(&args.file, &text, if args.force { Existing::Replace } else { Existing::Keep })?;
    screen.note(&format!("wrote {}", args.file.display()));
    screen.note(&format!("next: loadline size {0}; loadline compare {0}", args.file.display()));
    Ok(Exit::Done)
}

/// The given answers, then those of the person at the terminal, then the defaults.
fn answers(args: &Args, questions: &[Question], screen: &Screen) -> Result<InitAnswers, Failure> {
    let mut answers = InitAnswers::default();
    for (id, value) in &args.answers {
        let question = questions.iter().find(|question| question.id == id);
        let question = question.ok_or_else(|| {
            Failure::usage(format!("there is no question `{id}`"))
                .hint("loadline init --questions lists them")
        })?;
        take(&mut answers, question, value)?;
    }
    if !Screen::can_ask() || args.yes {
        return Ok(answers);
    }
    for question in questions {
        if args.answers.iter().any(|(id, _)| id == question.id) || !answers.needs(question) {
            continue;
        }
        // Asked again here rather than by the prompt, which would cut a long complaint at the edge of the screen.
        while let Err(problem) = answers.answer(question, &ask(question)?) {
            screen.note(&problem);
        }
    }
    Ok(answers)
}

fn ask(question: &Question) -> Result<String, Failure> {
    Input::new()
        .with_prompt(question.text)
        .default(question.default.clone())
        .interact_text()
        .map_err(|error| Failure::failed(format!("asking for {}: {error}; nothing was written", question.id)))
}

fn take(answers: &mut InitAnswers, question: &Question, value: &str) -> Result<(), Failure> {
    answers
        .answer(question, value)
        .map_err(|problem| Failure::usage(format!("{}: {problem}; nothing was written", question.id)))
}
