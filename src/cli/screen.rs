//! Where output goes: stdout is the answer, stderr is progress and complaints. Colour, width and terminals are decided here.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::exit::{Exit, Failure};
use crate::report::{Colour, Look, Unicode};

/// Width used when stdout is no terminal: fits every screen and most mails.
const PIPED_WIDTH: usize = 100;
/// Below this a table cannot be read; lines are then left to wrap.
const LEAST_WIDTH: usize = 60;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColourWish {
    /// At a terminal that can show it.
    Auto,
    /// Always, also into a pipe.
    Always,
    /// Never.
    Never,
}

/// The streams of this process.
#[derive(Debug)]
pub(super) struct Screen {
    wish: ColorChoice,
}

impl Screen {
    pub(super) fn new(wish: ColourWish) -> Self {
        let wish = match wish {
            ColourWish::Auto => ColorChoice::Auto,
            ColourWish::Always => ColorChoice::Always,
            ColourWish::Never => ColorChoice::Never,
        };
        wish.write_global();
        Self { wish }
    }

    /// How text for stdout should look.
    pub(super) fn look(&self) -> Look {
        Look { width: width(), colour: self.colour(&io::stdout()), unicode: unicode() }
    }

    /// Whether complaints on stderr are coloured.
    pub(super) fn error_colour(&self) -> Colour {
        self.colour(&io::stderr())
    }

    fn colour(&self, stream: &impl anstream::stream::RawStream) -> Colour {
        let choice = match self.wish {
            ColorChoice::Auto => AutoStream::choice(stream),
            fixed => fixed,
        };
        if choice == ColorChoice::Never { Colour::Off } else { Colour::On }
    }

    /// Whether a person can be asked: both ends are a terminal.
    pub(super) fn can_ask() -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a person, before anything is changed; the answer without white space around it.
    pub(super) fn ask(question: &str) -> Result<String, Failure> {
        let answer: String = dialoguer::Input::new()
            .with_prompt(question)
            .allow_empty(true)
            .interact_text()
            .map_err(|error| Failure::failed(format!("asking: {error}; nothing was changed")))?;
        Ok(answer.trim().to_owned())
    }

    /// Prints the answer. A reader that has closed its end has seen enough: that is no failure.
    pub(super) fn answer(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        match write!(stdout, "{text}{end}").and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::failed(format!("writing the answer to standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Prints a part of an answer that goes on; says whether anybody still reads.
    #[cfg(feature = "check")]
    pub(super) fn answer_line(&self, text: &str) -> Result<Heard, Failure> {
        let mut stdout = io::stdout().lock();
        match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
            Ok(()) => Ok(Heard::Read),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Heard::Gone),
            Err(error) => Err(Failure::failed(format!("writing the answer to standard output: {error}"))),
        }
    }

    /// A place on the terminal that is drawn anew; `None`: standard output is no terminal.
    #[cfg(feature = "check")]
    pub(super) fn live(&self) -> Option<Live> {
        io::stdout().is_terminal().then(|| {
            let style =
                ProgressStyle::with_template("{msg}").expect("the template is a constant that parses");
            Live(ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout()).with_style(style))
        })
    }

    /// Prints the answer as JSON.
    pub(super) fn answer_json(&self, value: &serde_json::Value) -> Result<Exit, Failure> {
        self.answer(&format!("{value:#}"))?;
        Ok(Exit::Done)
    }

    /// Says something beside the answer, on stderr.
    pub(super) fn note(&self, text: &str) {
        // Nobody reads a closed stderr.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Says on stderr why nothing came of it.
    pub(super) fn complain(&self, sentence: &str, hint: Option<&str>) {
        let (red, cyan, reset) = match self.error_colour() {
            Colour::On => ("\x1b[1;31m", "\x1b[36m", "\x1b[0m"),
            Colour::Off => ("", "", ""),
        };
        self.note(&format!("{red}error:{reset} {sentence}"));
        if let Some(hint) = hint {
            self.note(&format!("{cyan}next:{reset} {hint}"));
        }
    }

    /// A bar for work that may take more than a second; silent unless stderr is a terminal.
    pub(super) fn progress(&self) -> ProgressBar {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template("{spinner} {msg} {bar:24} {pos}/{len}")
            .expect("the template is a constant that parses");
        ProgressBar::with_draw_target(Some(1), target).with_style(style)
    }
}

/// Whether somebody reads what is printed.
#[cfg(feature = "check")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Yes.
    Read,
    /// The reader has closed its end: it has seen enough.
    Gone,
}

/// A place on the terminal that is drawn anew.
#[cfg(feature = "check")]
#[derive(Debug)]
pub(super) struct Live(ProgressBar);

#[cfg(feature = "check")]
impl Live {
    /// Draws this text in place of the one before.
    pub(super) fn draw(&self, text: &str) {
        self.0.set_message(text.trim_end().to_owned());
    }

    /// Takes it away.
    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }

    /// Rows of the terminal, or a usual number of them.
    pub(super) fn rows() -> usize {
        const USUAL: usize = 24;
        terminal_size::terminal_size_of(io::stdout())
            .map_or(USUAL, |(_, terminal_size::Height(rows))| usize::from(rows))
    }
}

fn width() -> usize {
    if let Some(columns) = std::env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok()) {
        return columns.max(LEAST_WIDTH);
    }
    match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(columns), _)) => usize::from(columns).max(LEAST_WIDTH),
        None => PIPED_WIDTH,
    }
}

/// Line-drawing characters unless the locale says that they cannot be shown.
fn unicode() -> Unicode {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")) {
        Some(locale) if matches!(locale.as_str(), "C" | "POSIX") => Unicode::Off,
        _ => Unicode::On,
    }
}
