//! Hosts as text.

use super::{TuneView, Tuned, groups, hosts};
use crate::report::look::{Look, Tone};
use crate::report::page::{Grid, Page, Set};
use crate::report::words::plural;
use crate::tune::judge::{Judged, Verdict};
use crate::tune::run::{HostReport, State};

/// The results as text; `explain` shows what stays as well.
pub fn tune_text(view: TuneView<'_>, explain: bool, look: &Look) -> String {
    let mut page = Page::new(look);
    let groups = groups(view.hosts);
    page.sentence(&answer(view, &groups));
    for group in &groups {
        let Some(host) = group.first() else { continue };
        let names: Vec<&str> = group.iter().map(|host| host.host.as_str()).collect();
        page.heading(&format!("{}: {}", named(&names), state(host, view.what)));
        one(&mut page, host, view.what, explain);
    }
    let next = next(view);
    if !next.is_empty() {
        page.sentence("");
        page.sentence(&next);
    }
    page.finish()
}

fn answer(view: TuneView<'_>, groups: &[Vec<&HostReport>]) -> String {
    let all = hosts(view.hosts.len());
    let count = |state| view.hosts.iter().filter(|host| host.state == state).count();
    let said = match view.what {
        Tuned::Plan => match (count(State::ToChange), count(State::Failed)) {
            (0, 0) => "nothing to change".to_owned(),
            (change, 0) => format!("{change} to change"),
            (change, failed) => format!("{change} to change, {failed} could not be looked at"),
        },
        Tuned::Apply => {
            let (changed, so) = (count(State::Changed), count(State::AsWanted) + count(State::FallsShort));
            let rest = view.hosts.len() - changed - so;
            match rest {
                0 => format!("{changed} changed, {so} had nothing to change"),
                _ => format!("{changed} changed, {so} had nothing to change, {rest} did not come through"),
            }
        }
        Tuned::Verify => {
            let hold = view.hosts.iter().filter(|host| host.holds()).count();
            let yes = if hold == view.hosts.len() { "YES" } else { "NO" };
            format!("{yes}, {hold} as the profile wants, now and after a boot")
        }
        Tuned::Revert => {
            let back = count(State::Reverted);
            let nothing = count(State::AsWanted);
            match view.hosts.len() - back - nothing {
                0 => format!("{back} reverted, {nothing} had nothing to revert"),
                rest => {
                    format!("{back} reverted, {nothing} had nothing to revert, {rest} did not come through")
                }
            }
        }
    };
    let alike = match groups {
        [] | [_] => String::new(),
        [largest, rest @ ..] => {
            let differ: usize = rest.iter().map(Vec::len).sum();
            format!("; {} alike, {differ} differ", hosts(largest.len()))
        }
    };
    format!("{all}, profile {}: {said}{alike}.", view.profile.name)
}

/// A handful of names, and how many more.
fn named(names: &[&str]) -> String {
    match names {
        [one] => (*one).to_owned(),
        few if few.len() <= 5 => few.join(", "),
        many => format!("{} and {} more", many[..4].join(", "), many.len() - 4),
    }
}

fn state(host: &HostReport, what: Tuned) -> String {
    match host.state {
        State::ToChange => format!("{} to change", plural(host.changes().count(), "setting")),
        State::Changed => format!("{} changed and read back", plural(host.changes().count(), "setting")),
        State::AsWanted if what == Tuned::Revert => "nothing to revert".to_owned(),
        State::AsWanted => "as the profile wants it, nothing to change".to_owned(),
        State::FallsShort if host.short().all(|it| it.verdict == Verdict::RestartNeeded) => {
            "nothing to change, but services have to be restarted".to_owned()
        }
        State::FallsShort => "nothing to change, but not all of it can be had".to_owned(),
        State::PartWay => "part-way".to_owned(),
        other => other.word().replace('-', " "),
    }
}

fn one(page: &mut Page<'_>, host: &HostReport, what: Tuned, explain: bool) {
    for problem in &host.problems {
        page.marked(Tone::Bad, "problem", 9, problem);
    }
    let shown: Vec<&Judged> = host
        .settings
        .iter()
        .filter(|it| explain || it.verdict.is_change() || !it.verdict.holds() || noted(it, what))
        .collect();
    let mut grid =
        Grid::new(&[("Setting", Set::Left), ("From", Set::Left), ("To", Set::Left), ("Verdict", Set::Left)]);
    for it in &shown {
        let to = if it.verdict.holds() { String::new() } else { value(it.to.as_deref()) };
        grid.row(&[it.setting.clone(), value(it.from.as_deref()), to, it.verdict.word().to_owned()]);
    }
    page.table(&grid);
    files(page, host);
    if what == Tuned::Plan || what == Tuned::Verify {
        // One setting may stand for several rows with the same reasons.
        let mut last = "";
        for it in shown {
            if it.why != last {
                page.marked(Tone::Strong, &format!("{}:", it.setting), 0, &it.why);
                if explain && !it.risk.is_empty() {
                    page.hanging(4, &format!("Risk: {} Source: {}.", it.risk, it.source));
                }
            }
            last = &it.why;
        }
    }
    let stay = host.settings.iter().filter(|it| it.verdict.holds()).count();
    if stay > 0 && !explain && host.state != State::AsWanted {
        page.sentence(&format!(
            "{} as they are.",
            plural(stay, "setting") + if stay == 1 { " stays" } else { " stay" }
        ));
    }
    for note in &host.notes {
        page.marked(Tone::Plain, "note", 9, note);
    }
    if let Some(hint) = &host.hint {
        page.marked(Tone::Strong, "next", 9, hint);
    }
}

/// The files that hold what is changed, each with how much of it.
fn files(page: &mut Page<'_>, host: &HostReport) {
    let mut files: Vec<(&str, usize)> = Vec::new();
    for file in host.changes().filter_map(|it| it.file.as_deref()) {
        match files.iter_mut().find(|(path, _)| *path == file) {
            Some((_, count)) => *count += 1,
            None => files.push((file, 1)),
        }
    }
    for (file, count) in files {
        page.marked(Tone::Plain, "file", 9, &format!("{file}: {}", plural(count, "setting")));
    }
}

/// What was asked for and is not done is shown in a plan even though nothing comes of it.
fn noted(judged: &Judged, what: Tuned) -> bool {
    what == Tuned::Plan
        && matches!(judged.verdict, Verdict::WouldLower | Verdict::NoEffect | Verdict::Forbidden)
}

fn value(value: Option<&str>) -> String {
    match value {
        None => "-".to_owned(),
        Some("") => "(empty)".to_owned(),
        Some(value) => value.to_owned(),
    }
}

fn next(view: TuneView<'_>) -> String {
    let any = |state| view.hosts.iter().any(|host| host.state == state);
    match view.what {
        Tuned::Plan if any(State::ToChange) => {
            "Nothing was changed. Carry it out with loadline tune apply; loadline tune revert takes it back."
                .to_owned()
        }
        Tuned::Apply if any(State::Changed) => {
            "What was there before is kept on each host: loadline tune revert takes it back.".to_owned()
        }
        Tuned::Verify if any(State::ToChange) => "Next: loadline tune apply.".to_owned(),
        _ => String::new(),
    }
}
