//! Which hosts: the one place where flags, files, the spec and a deployment become ways to reach hosts.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args as ClapArgs, ValueEnum};
use secrecy::SecretString;

use super::super::exit::Failure;
use super::super::input::{SpecArgs, time};
use super::super::person::person;
use super::super::screen::Screen;
use super::super::stack::{AccountArgs, machines};
use super::fleet::{Fleet, host_failure};
use super::last_run;
use crate::hosts::{
    Become, Habits, Here, Local, Patience, Reach, Remote, Serial, Ssh, Target, Way, distinct, from_file,
    from_list, from_texts, limited,
};
use crate::spec::Spec;

/// Which hosts, and how they are gone about.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct HostArgs {
    /// This machine, without SSH
    #[arg(long, conflicts_with_all = ["named", "hosts", "cloud", "limit"])]
    local: bool,
    /// These hosts instead of those of the spec: [user@]name[:port], apart by commas
    #[arg(short = 'H', long = "host", value_name = "HOST")]
    named: Vec<String>,
    /// The hosts of this file, one a line
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    hosts: Option<PathBuf>,
    #[command(flatten)]
    account: AccountArgs,
    /// Only these of the hosts: names or patterns, apart by commas; with ! before it, all but that
    #[arg(long, value_name = "PATTERN")]
    limit: Vec<String>,
    /// Only the hosts that failed in the last run on this spec
    #[arg(long)]
    retry_failed: bool,
    /// Hosts at once
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=1024))]
    parallel: u16,
    /// Hosts in a batch, a number or a share such as 25%; a batch ends before the next begins
    #[arg(long, value_name = "N|P%")]
    serial: Option<Serial>,
    /// Begin no further batch once more than this share of the hosts has failed
    #[arg(long, value_name = "P", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    fail_percent: u8,
    /// Become root by sudo where the login is another user; `never`: work as whoever logs in
    #[arg(long = "become", value_enum, value_name = "HOW", default_value_t = BecomeHow::Sudo)]
    #[arg(num_args = 0..=1, default_missing_value = "sudo", require_equals = true)]
    become_how: BecomeHow,
    /// The file with the password for sudo; without it a person is asked, once
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    become_password_file: Option<PathBuf>,
    /// Longest time for one script on a host, such as 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = time)]
    pub(super) timeout: Duration,
    /// Longest time to connect, where the SSH configuration says none
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time)]
    connect_timeout: Duration,
    /// Longest time to log in
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time)]
    login_timeout: Duration,
}

/// How to become root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BecomeHow {
    /// By sudo where it is needed.
    Sudo,
    /// Not at all.
    Never,
}

impl HostArgs {
    /// Ways to every host that was asked for.
    pub(super) fn fleet(&self, spec: &Spec, file: &SpecArgs, screen: &Screen) -> Result<Fleet, Failure> {
        let bar = screen.progress();
        let become_whom = match self.become_how {
            BecomeHow::Sudo => Become::Administrator,
            BecomeHow::Never => Become::LoginUser,
        };
        let person = person(&bar, self.become_password()?);
        let way = Way {
            parallel: NonZeroUsize::new(usize::from(self.parallel)).unwrap_or(NonZeroUsize::MIN),
            serial: self.serial,
            fail_percent: self.serial.map(|_| self.fail_percent),
        };
        if self.local {
            let here: Arc<dyn Reach> = Arc::new(Here::new(Local::new(become_whom, person)));
            let failed = if self.retry_failed { Some(last_run::failed(&spec.name)?) } else { None };
            if failed.is_some_and(|failed| !failed.iter().any(|name| name == here.name())) {
                return Err(nobody_left(here.name()));
            }
            return Ok(Fleet { reaches: vec![here], way, bar, ssh: None });
        }
        let targets = self.chosen(spec, &self.targets(spec, file, screen)?)?;
        let patience = Patience { connect: self.connect_timeout, log_in: self.login_timeout };
        let habits = Habits::of_this_person().map_err(|it| host_failure(&it))?;
        let ssh = Arc::new(Ssh::new(habits, patience, become_whom, person).map_err(|it| host_failure(&it))?);
        let reach = |target| Arc::new(Remote::new(Arc::clone(&ssh), target)) as Arc<dyn Reach>;
        Ok(Fleet { reaches: targets.into_iter().map(reach).collect(), way, bar, ssh: Some(ssh) })
    }

    fn become_password(&self) -> Result<Option<SecretString>, Failure> {
        let Some(file) = &self.become_password_file else { return Ok(None) };
        let failed = |said: &str| {
            Failure::usage(format!(
                "reading the password for sudo from {}: {said}; nothing was looked at",
                file.display()
            ))
        };
        let text = std::fs::read_to_string(file).map_err(|error| failed(&error.to_string()))?;
        match text.lines().next().filter(|line| !line.is_empty()) {
            Some(line) => Ok(Some(SecretString::from(line))),
            None => Err(failed("its first line is empty")),
        }
    }

    /// Every host that is named: by flags, else by a deployment that is named, else by the spec.
    fn targets(&self, spec: &Spec, file: &SpecArgs, screen: &Screen) -> Result<Vec<Target>, Failure> {
        let wrong = |sentence: String| Failure::usage(format!("{sentence}; nothing was looked at"));
        let mut targets = Vec::new();
        for list in &self.named {
            targets.extend(from_list(list).map_err(|error| wrong(error.to_string()))?);
        }
        if let Some(file) = &self.hosts {
            targets.extend(read(file)?);
        }
        if self.account.is_named() {
            targets.extend(machines(&self.account, file, screen)?);
        } else if self.named.is_empty() && self.hosts.is_none() {
            let texts = spec.hosts.iter().map(String::as_str);
            targets.extend(from_texts(texts).map_err(|error| wrong(format!("hosts: {error}")))?);
        }
        if targets.is_empty() {
            return Err(wrong("no hosts are named".to_owned()).hint(
                "name them in the spec (hosts), with -H or --hosts; take those of a deployment with --cloud, or this machine \
                 with --local",
            ));
        }
        Ok(distinct(targets))
    }

    /// Those that --limit and --retry-failed leave.
    fn chosen(&self, spec: &Spec, targets: &[Target]) -> Result<Vec<Target>, Failure> {
        let names: Vec<String> = targets.iter().map(ToString::to_string).collect();
        let mut chosen = limited(targets, &self.limit.join(",")).map_err(|unknown| {
            let sentence =
                format!("--limit: no host is called {}; nothing was looked at", unknown.join(", "));
            Failure::usage(sentence).hint(format!("the hosts are {}", some_of(&names)))
        })?;
        if self.retry_failed {
            let failed = last_run::failed(&spec.name)?;
            chosen.retain(|target| failed.contains(&target.to_string()));
        }
        if chosen.is_empty() {
            return Err(nobody_left(&some_of(&names)));
        }
        Ok(chosen)
    }
}

/// Everything that was named is left out again.
fn nobody_left(hosts: &str) -> Failure {
    let sentence = "no host is left by --limit and --retry-failed; nothing was looked at";
    Failure::usage(sentence).hint(format!("the hosts are {hosts}"))
}

fn read(file: &Path) -> Result<Vec<Target>, Failure> {
    let shown = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::usage(format!("reading the hosts of {shown}: {error}; nothing was looked at"))
    })?;
    from_file(&shown, &text).map_err(|wrong| {
        let sentences: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        Failure::usage(format!("{}; nothing was looked at", sentences.join("\n       ")))
    })
}

/// The first of many names.
fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 8;
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{} and {more} more", names[..SHOWN].join(", ")),
        _ => names.join(", "),
    }
}
