//! Round after round: a table that is drawn anew at a terminal, plain lines elsewhere, JSON lines for a program.

use std::time::Duration;

use secrecy::SecretString;
use tokio::time::{Instant, sleep_until};

use super::super::exit::{Exit, Failure};
use super::super::interrupts::Interrupts;
use super::super::screen::{Heard, Live, Screen};
use super::Args;
use super::targets::{Aim, exit, secret};
use crate::check::probe::{Board, Checker, Notifier, Webhook, serve};
use crate::check::{Hysteresis, Round};
use crate::report::{self, CheckView};
use crate::spec::Spec;

/// How long the end of a run waits for messages that are not sent yet.
const LAST_MESSAGES: Duration = Duration::from_secs(10);

/// Where rounds are shown.
enum Shown {
    Json,
    Lines,
    Live(Live),
}

/// Who hears of rounds beside the person.
struct Listeners {
    board: Option<Board>,
    notifier: Option<Notifier>,
    hysteresis: Hysteresis,
}

pub(super) fn run(args: &Args, spec: &Spec, screen: &Screen) -> Result<Exit, Failure> {
    let webhook = webhook(args)?;
    let aim = Aim::of(args, spec, screen)?;
    let last = aim.run(screen, async |aim| {
        let interrupts = Interrupts::new()?;
        let listeners = Listeners::begin(args, webhook, screen).await?;
        aim.prepare().await;
        rounds(args, spec, screen, &aim.checker, (listeners, interrupts)).await
    })?;
    match last {
        Some(round) => Ok(exit(round.verdict())),
        None => Err(Failure::interrupted("interrupted before the first round was over; nothing was changed")),
    }
}

fn webhook(args: &Args) -> Result<Option<Webhook>, Failure> {
    let found = match &args.rounds.notify {
        Some(text) => Some((SecretString::from(text.as_str()), "--notify".to_owned())),
        None => secret(args.rounds.notify_url_file.as_deref(), "LOADLINE_NOTIFY_URL")?,
    };
    let Some((text, from)) = found else { return Ok(None) };
    let wrong =
        |it| Failure::usage(format!("the address of the webhook in {from}: {it}; nothing was looked at"));
    Webhook::read(&text).map(Some).map_err(wrong)
}

impl Listeners {
    async fn begin(args: &Args, webhook: Option<Webhook>, screen: &Screen) -> Result<Self, Failure> {
        let failed = |it| Failure::failed(format!("{it}; nothing was looked at"));
        let board = match args.rounds.listen {
            None => None,
            Some(address) => {
                let board = Board::default();
                let bound = serve(address, board.clone()).await.map_err(failed)?;
                screen.note(&format!("metrics are at http://{bound}/metrics"));
                if !bound.ip().is_loopback() {
                    screen.note("note: whoever reaches that address can read them");
                }
                Some(board)
            }
        };
        let say = |sentence: String| anstream::eprintln!("note: {sentence}");
        let notifier = webhook.map(|webhook| Notifier::begin(webhook, say)).transpose().map_err(failed)?;
        Ok(Self { board, notifier, hysteresis: Hysteresis::after(args.rounds.after) })
    }

    /// Lets them hear of a round.
    fn hear(&mut self, view: CheckView<'_>, number: u64, screen: &Screen) {
        if let Some(board) = &self.board {
            board.show(report::check_metrics(view, number));
        }
        let Some(notifier) = &self.notifier else { return };
        for alert in self.hysteresis.hear(view.round) {
            if notifier.send(report::alert_json(view.deployment, &alert)) {
                screen.note("note: the webhook takes no messages; the oldest that waited is given up");
            }
        }
    }
}

/// Rounds until their number is reached, somebody asks for the end, or nobody reads any more; gives the last one.
async fn rounds(
    args: &Args,
    spec: &Spec,
    screen: &Screen,
    checker: &Checker,
    (mut listeners, mut interrupts): (Listeners, Interrupts),
) -> Result<Option<Round>, Failure> {
    let mut shown = match (args.json, screen.live()) {
        (true, _) => Shown::Json,
        (false, Some(live)) => Shown::Live(live),
        (false, None) => Shown::Lines,
    };
    let mut last: Option<Round> = None;
    let mut number = 0;
    loop {
        let began = Instant::now();
        let round = tokio::select! {
            round = checker.round() => round,
            () = interrupts.next() => break,
        };
        number += 1;
        let view = CheckView { deployment: &spec.name, round: &round };
        listeners.hear(view, number, screen);
        let heard = shown.show(view, last.as_ref(), number, screen)?;
        last = Some(round);
        if heard == Heard::Gone || args.rounds.rounds.is_some_and(|most| number >= most) {
            break;
        }
        tokio::select! {
            () = sleep_until(began + args.rounds.interval) => {}
            () = interrupts.next() => break,
        }
    }
    if let Some(notifier) = &listeners.notifier {
        let left = tokio::select! {
            left = notifier.finish(LAST_MESSAGES) => left,
            () = interrupts.next() => notifier.finish(Duration::ZERO).await,
        };
        if left > 0 {
            screen.note(&format!("note: the webhook did not take the last messages, {left} in number"));
        }
    }
    if let (Shown::Live(live), Some(round)) = (&shown, &last) {
        live.end();
        screen.answer(&report::check_text(CheckView { deployment: &spec.name, round }, &screen.look()))?;
    }
    Ok(last)
}

impl Shown {
    fn show(
        &mut self,
        view: CheckView<'_>,
        before: Option<&Round>,
        number: u64,
        screen: &Screen,
    ) -> Result<Heard, Failure> {
        match self {
            Self::Json => screen.answer_line(&report::check_json(view).to_string()),
            Self::Live(live) => {
                live.draw(&report::check_table(view, number, &screen.look(), Live::rows()));
                Ok(Heard::Read)
            }
            Self::Lines => {
                let mut lines = report::change_lines(before, view.round);
                if before.is_none() {
                    lines.extend(view.round.not_checked.iter().map(|it| format!("not checked: {it}")));
                }
                lines.push(report::round_line(view, number));
                screen.answer_line(&lines.join("\n"))
            }
        }
    }
}
