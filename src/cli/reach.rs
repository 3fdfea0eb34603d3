//! Which hosts, and how they are reached: the one place where flags, files, the spec and a deployment become ways to hosts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args as ClapArgs, ValueEnum};
use indicatif::ProgressBar;
use secrecy::SecretString;

use super::exit::Failure;
use super::input::{SpecArgs, time};
use super::person::{give_terminal_back, person};
use super::screen::Screen;
use super::stack::{AccountArgs, machines};
use crate::hosts::{
    Become, Habits, Here, HostError, Local, Patience, Person, Reach, Remote, Ssh, Target, distinct,
    from_file, from_list, from_texts, limited,
};
use crate::spec::Spec;

/// Which hosts, and how they are reached.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct ReachArgs {
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

/// Ways to every host of a run.
pub(super) struct Reached {
    pub(super) reaches: Vec<Arc<dyn Reach>>,
    /// What all of them share; `None` for this machine alone.
    pub(super) ssh: Option<Arc<Ssh>>,
    /// How many there are without --limit.
    pub(super) of: usize,
}

/// Runs work on hosts in an event loop of its own, gives the terminal back as it was, and says what was noted about SSH. `so_far` is what a
/// run that cannot even begin says of its deeds: `nothing was changed`.
pub(super) fn wait_for<T>(
    (bar, ssh): (&ProgressBar, Option<&Ssh>),
    screen: &Screen,
    so_far: &str,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("starting the event loop: {error}; {so_far}")))?;
    let ended = runtime.block_on(work);
    // A question may stand open, and nobody is going to answer it.
    runtime.shutdown_background();
    give_terminal_back();
    bar.finish_and_clear();
    for note in ssh.into_iter().flat_map(Ssh::notes) {
        screen.note(&format!("note: {note}"));
    }
    ended
}

impl ReachArgs {
    /// Whether the hosts are the machines of a deployment on a cloud.
    pub(super) fn of_a_cloud(&self) -> bool {
        self.account.is_named()
    }

    /// Whether any host is named, by flags or by the spec.
    #[cfg(feature = "check")]
    pub(super) fn is_given(&self, spec: &Spec) -> bool {
        let named = self.local || !self.named.is_empty() || self.hosts.is_some() || self.account.is_named();
        named || !spec.hosts.is_empty()
    }

    /// Ways to every host that was asked for; questions are asked above `bar`.
    pub(super) fn reach(
        &self,
        spec: &Spec,
        file: &SpecArgs,
        bar: &ProgressBar,
        screen: &Screen,
    ) -> Result<Reached, Failure> {
        let become_whom = match self.become_how {
            BecomeHow::Sudo => Become::Administrator,
            BecomeHow::Never => Become::LoginUser,
        };
        let person = person(bar, self.become_password()?);
        if self.local {
            let here: Arc<dyn Reach> = Arc::new(Here::new(Local::new(become_whom, person)));
            return Ok(Reached { reaches: vec![here], ssh: None, of: 1 });
        }
        let all = self.targets(spec, file, screen)?;
        let targets = self.chosen(&all)?;
        let patience = Patience { connect: self.connect_timeout, log_in: self.login_timeout };
        Ok(Reached { of: all.len(), ..over_ssh(targets, patience, become_whom, person)? })
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

    /// Those that --limit leaves.
    fn chosen(&self, targets: &[Target]) -> Result<Vec<Target>, Failure> {
        let names: Vec<String> = targets.iter().map(ToString::to_string).collect();
        let chosen = limited(targets, &self.limit.join(",")).map_err(|unknown| {
            let sentence =
                format!("--limit: no host is called {}; nothing was looked at", unknown.join(", "));
            Failure::usage(sentence).hint(format!("the hosts are {}", some_of(&names)))
        })?;
        if chosen.is_empty() {
            return Err(nobody_left(&some_of(&names)));
        }
        Ok(chosen)
    }
}

/// Ways to hosts over SSH, by this person's own configuration.
pub(super) fn over_ssh(
    targets: Vec<Target>,
    patience: Patience,
    become_whom: Become,
    person: Arc<dyn Person>,
) -> Result<Reached, Failure> {
    let unread = |error: HostError| host_failure(&error, "nothing was looked at");
    let habits = Habits::of_this_person().map_err(unread)?;
    let ssh = Arc::new(Ssh::new(habits, patience, become_whom, person).map_err(unread)?);
    let reach = |target| Arc::new(Remote::new(Arc::clone(&ssh), target)) as Arc<dyn Reach>;
    let reaches: Vec<Arc<dyn Reach>> = targets.into_iter().map(reach).collect();
    Ok(Reached { of: reaches.len(), reaches, ssh: Some(ssh) })
}

/// Everything that was named is left out again.
pub(super) fn nobody_left(hosts: &str) -> Failure {
    let sentence = "no host is left by --limit and --retry-failed; nothing was looked at";
    Failure::usage(sentence).hint(format!("the hosts are {hosts}"))
}

/// What went wrong with a host; `so_far` is what was done until then.
pub(super) fn host_failure(error: &HostError, so_far: &str) -> Failure {
    let failure = Failure::failed(format!("{error}; {so_far}"));
    match &error.hint {
        Some(hint) => failure.hint(hint.clone()),
        None => failure,
    }
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
pub(super) fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 8;
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{} and {more} more", names[..SHOWN].join(", ")),
        _ => names.join(", "),
    }
}
