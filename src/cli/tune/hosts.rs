//! Which hosts, and how many at once: the one place where targets become ways to reach them.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args as ClapArgs;

use super::super::exit::Failure;
use super::super::input::time;
use super::super::screen::Screen;
use super::last_run;
use super::local::ThisMachine;
use crate::spec::Spec;
use crate::tune::run::{HostReport, Reach, State};

/// Which hosts, and how they are gone about.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct HostArgs {
    /// This machine, without SSH
    #[arg(long, conflicts_with_all = ["named", "hosts"])]
    local: bool,
    /// These hosts instead of those of the spec: [user@]name[:port], apart by commas
    #[arg(short = 'H', long = "host", value_name = "HOST", value_delimiter = ',')]
    named: Vec<String>,
    /// The hosts of this file, one a line
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    hosts: Option<PathBuf>,
    /// Only these of the hosts: names or patterns, apart by commas
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    limit: Vec<String>,
    /// Only the hosts that failed in the last run on this spec
    #[arg(long)]
    retry_failed: bool,
    /// Hosts at once
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=1024))]
    parallel: u16,
    /// Hosts in a batch, a number or a share such as 25%; a batch ends before the next begins
    #[arg(long, value_name = "N|P%", value_parser = batch)]
    serial: Option<Batch>,
    /// Begin no further batch once more than this share of the hosts has failed
    #[arg(long, value_name = "P", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    fail_percent: u8,
    /// Longest time for one script on a host, such as 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = time)]
    pub(super) timeout: Duration,
}

/// How many hosts make a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Batch {
    /// So many.
    Hosts(usize),
    /// This share of all, percent.
    Percent(usize),
}

fn batch(text: &str) -> Result<Batch, String> {
    let wrong = || "write it as a number of hosts or a share, such as 5 or 25%".to_owned();
    let (digits, percent) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim(), true),
        None => (text, false),
    };
    let number: usize = digits.parse().map_err(|_| wrong())?;
    match (number, percent) {
        (0, _) => Err(wrong()),
        (_, true) if number > 100 => Err(wrong()),
        (_, true) => Ok(Batch::Percent(number)),
        (_, false) => Ok(Batch::Hosts(number)),
    }
}

impl Batch {
    fn of(self, hosts: usize) -> usize {
        match self {
            Self::Hosts(number) => number,
            Self::Percent(percent) => (hosts * percent).div_ceil(100).max(1),
        }
    }
}

impl HostArgs {
    /// Ways to every host that was asked for.
    pub(super) fn reach(&self, spec: &Spec, screen: &Screen) -> Result<Vec<Box<dyn Reach>>, Failure> {
        let all = self.named(spec, screen)?;
        let failed = if self.retry_failed { Some(last_run::failed(&spec.name)?) } else { None };
        let wanted = |name: &str| {
            let limited = self.limit.is_empty() || self.limit.iter().any(|pattern| is_meant(name, pattern));
            limited && failed.as_ref().is_none_or(|failed| failed.iter().any(|it| it == name))
        };
        let chosen: Vec<Box<dyn Reach>> = all.into_iter().filter(|reach| wanted(reach.name())).collect();
        if chosen.is_empty() {
            return Err(Failure::usage(
                "no host is left by --limit and --retry-failed; nothing was looked at",
            )
            .hint("leave them out, or see which hosts the spec names"));
        }
        Ok(chosen)
    }

    fn named(&self, spec: &Spec, _: &Screen) -> Result<Vec<Box<dyn Reach>>, Failure> {
        if self.local {
            return Ok(vec![Box::new(ThisMachine::new())]);
        }
        let named = !self.named.is_empty() || self.hosts.is_some() || !spec.hosts.is_empty();
        if named {
            return Err(Failure::failed(
                "reaching hosts over SSH: this program was built without it; nothing was looked at",
            )
            .hint("run it on the host itself, with --local"));
        }
        Err(Failure::usage("no hosts are named; nothing was looked at")
            .hint("name them in the spec (hosts), with -H or --hosts, or take this machine with --local"))
    }

    /// Writes down which hosts failed, for --retry-failed. Not being able to is no failure of the run.
    pub(super) fn remember(&self, spec: &Spec, reports: &[HostReport], screen: &Screen) {
        if let Err(error) = last_run::write(&spec.name, reports) {
            screen.note(&format!(
                "note: which hosts failed could not be written down ({error}): --retry-failed will not know"
            ));
        }
    }

    /// Works on every host, batch by batch and at most so many at once; results stand in the order of the hosts.
    pub(super) async fn each<W, F>(&self, reaches: &[Box<dyn Reach>], work: W) -> Vec<HostReport>
    where
        W: Fn(usize) -> F,
        F: Future<Output = HostReport>,
    {
        use futures_util::StreamExt as _;
        let size = self.serial.map_or(reaches.len(), |batch| batch.of(reaches.len())).max(1);
        let mut reports: Vec<HostReport> = Vec::with_capacity(reaches.len());
        for begun in (0..reaches.len()).step_by(size) {
            let failed = reports.iter().filter(|report| !report.state.is_good()).count();
            let batch = begun..(begun + size).min(reaches.len());
            if begun > 0 && failed * 100 > usize::from(self.fail_percent) * reaches.len() {
                reports.extend(batch.map(|at| HostReport::without(reaches[at].name(), State::NotBegun)));
                continue;
            }
            let running = futures_util::stream::iter(batch.map(&work)).buffered(usize::from(self.parallel));
            reports.extend(running.collect::<Vec<_>>().await);
        }
        reports
    }
}

/// Whether a pattern means a host: `*` stands for anything, everything else for itself; the user and the port may be left out.
fn is_meant(host: &str, pattern: &str) -> bool {
    let name = host.rsplit_once('@').map_or(host, |(_, name)| name);
    let bare = match name.rsplit_once(':') {
        Some((bare, port)) if port.chars().all(|digit| digit.is_ascii_digit()) && !bare.ends_with(':') => {
            bare
        }
        _ => name,
    };
    [host, name, bare].iter().any(|text| fits(pattern, text))
}

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.into_iter().any(|at| fits(after, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use clap::Parser;

    use super::*;
    use crate::hosts::{Connection, HostError};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        hosts: HostArgs,
    }

    struct Named(&'static str);

    #[async_trait]
    impl Reach for Named {
        fn name(&self) -> &str {
            self.0
        }
        async fn connect(&self) -> Result<Box<dyn Connection>, HostError> {
            unreachable!("nothing here connects")
        }
    }

    fn states(line: &[&str], fails: &'static str) -> Vec<State> {
        let line = Line::try_parse_from([&["loadline"], line].concat()).unwrap();
        let reaches: Vec<Box<dyn Reach>> =
            ["a", "b", "c", "d"].map(|name| Box::new(Named(name)) as Box<dyn Reach>).into();
        let work = |at: usize| {
            let name = reaches[at].name().to_owned();
            async move {
                let state = if name == fails { State::Failed } else { State::Changed };
                HostReport::without(&name, state)
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(line.hosts.each(&reaches, work)).iter().map(|report| report.state).collect()
    }

    #[test]
    fn no_batch_begins_after_more_hosts_failed_than_may() {
        use State::{Changed, Failed, NotBegun};
        assert_eq!(states(&["--serial", "50%"], "a"), [Failed, Changed, NotBegun, NotBegun]);
        assert_eq!(
            states(&["--serial", "2", "--fail-percent", "25"], "a"),
            [Failed, Changed, Changed, Changed]
        );
        assert_eq!(states(&[], "a"), [Failed, Changed, Changed, Changed]);
    }

    #[test]
    fn a_pattern_means_hosts_with_or_without_user_and_port() {
        for (pattern, meant) in
            [("web1", true), ("web*", true), ("*", true), ("ops@web1:22", true), ("web", false)]
        {
            assert_eq!(is_meant("ops@web1:22", pattern), meant, "{pattern}");
        }
        assert!(is_meant("[2001:db8::1]:22", "[2001:db8::1]"));
    }

    #[test]
    fn a_batch_is_a_number_or_a_share_and_nothing_else() {
        assert_eq!(batch("25%").map(|it| it.of(10)), Ok(3));
        assert_eq!(batch("4").map(|it| it.of(10)), Ok(4));
        for wrong in ["0", "0%", "101%", "-1", "few", ""] {
            assert!(batch(wrong).is_err(), "{wrong}");
        }
    }
}
