//! What is looked at: where flags, variables, files and the spec become targets.

use std::path::Path;
use std::sync::Arc;

use indicatif::ProgressBar;
use secrecy::SecretString;
use url::Url;

use super::super::exit::{Exit, Failure};
use super::super::reach::wait_for;
use super::super::screen::Screen;
use super::Args;
use crate::check::probe::{Checker, Targets};
use crate::check::{Lines, StoreAddress, Verdict};
use crate::hosts::{Reach, Ssh};
use crate::sizing::{Effort, Model};
use crate::spec::Spec;
use crate::tune::profile::Profile;

/// Everything that a run looks at, and how.
pub(super) struct Aim {
    pub(super) checker: Checker,
    pub(super) bar: ProgressBar,
    ssh: Option<Arc<Ssh>>,
}

/// What a verdict is for a script: nothing failed and nothing is unknown, or no.
pub(super) fn exit(verdict: Verdict) -> Exit {
    if verdict.is_healthy() { Exit::Done } else { Exit::No }
}

impl Aim {
    /// Reads what the command line, the environment and the spec say; looks at nothing yet.
    pub(super) fn of(args: &Args, spec: &Spec, screen: &Screen) -> Result<Self, Failure> {
        let wrong = |sentence: String| Failure::usage(format!("{sentence}; nothing was looked at"));
        let requirements = Model::new(spec, &Effort::quick()).requirements();
        let lines = Lines::of(spec, &requirements);
        let place = &args.whereabouts;
        let bar = screen.progress();
        let mut targets = Targets { queues: place.queues.clone(), ..Targets::default() };
        match place.url.as_ref().or(spec.app.url.as_ref()) {
            Some(text) => {
                targets.balancer =
                    Some(address(text, &spec.app.health).map_err(|it| wrong(format!("--url: {it}")))?);
            }
            None => targets
                .not_checked
                .push("The balancer: say where people reach it, by --url or app.url.".to_owned()),
        }
        for text in &place.instances {
            let url = address(text, &spec.app.health).map_err(|it| wrong(format!("--instance: {it}")))?;
            targets.instances.push(url);
        }
        let mut ssh = None;
        if args.reach.is_given(spec) {
            let reached = args.reach.reach(spec, &args.spec, &bar, screen)?;
            if place.direct {
                for reach in &reached.reaches {
                    let url = direct(reach.as_ref(), spec).map_err(|it| wrong(format!("--direct: {it}")))?;
                    targets.instances.push(url);
                }
            }
            targets.hosts = reached.reaches;
            ssh = reached.ssh;
            targets.profile = Some(Profile::of(spec, &requirements, None).map_err(|it| {
                wrong(it.join("; ")).hint("correct tune.sysctl and tune.limits in the spec")
            })?);
        } else {
            let how = "by hosts in the spec, -H, --hosts, --cloud or --local";
            targets
                .not_checked
                .push(format!("Hosts (CPU, network, disks, clocks, tuning): name them {how}."));
        }
        if targets.instances.is_empty() {
            let how = "name each by --instance, or let each host be asked by --direct";
            targets.not_checked.push(format!("Instances of the application one by one: {how}."));
        }
        targets.instances.dedup();
        stores(args, spec, &mut targets)?;
        if is_empty(&targets) {
            let sentence = "nobody said where any component is, so nothing was looked at";
            return Err(Failure::usage(sentence).hint(targets.not_checked.join("\n      ")));
        }
        let checker = Checker::new(targets, &lines, args.within)
            .map_err(|it| Failure::failed(format!("{it}; nothing was looked at")))?;
        Ok(Self { checker, bar, ssh })
    }

    /// Logs in beforehand where a person may have to be asked.
    pub(super) async fn prepare(&self) {
        if Screen::can_ask() {
            self.checker.prepare().await;
        }
    }

    /// Runs work that looks, and leaves the terminal as it was.
    pub(super) fn run<T>(
        &self,
        screen: &Screen,
        work: impl AsyncFnOnce(&Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        wait_for((&self.bar, self.ssh.as_deref()), screen, "nothing was looked at", work(self))
    }
}

/// Whether nobody said where anything is.
fn is_empty(targets: &Targets) -> bool {
    let stores = [&targets.database, &targets.cache, &targets.queue];
    let addresses = targets.balancer.iter().chain(&targets.instances).count();
    addresses + targets.hosts.len() + stores.into_iter().flatten().count() == 0
}

/// The data stores, as far as anybody said where they are.
fn stores(args: &Args, spec: &Spec, targets: &mut Targets) -> Result<(), Failure> {
    let place = &args.whereabouts;
    let asked = |file: Option<&Path>,
                 variable: &'static str,
                 read: fn(&SecretString) -> Result<StoreAddress, String>| {
        let Some((text, from)) = secret(file, variable)? else { return Ok(None) };
        let address = read(&text).map_err(|wrong| {
            Failure::usage(format!("the address in {from}: {wrong}; nothing was looked at"))
        })?;
        Ok::<_, Failure>(Some(address))
    };
    targets.database =
        asked(place.database_url_file.as_deref(), "LOADLINE_DATABASE_URL", StoreAddress::database)?;
    targets.cache = asked(place.cache_url_file.as_deref(), "LOADLINE_CACHE_URL", StoreAddress::cache)?;
    targets.queue = asked(place.queue_url_file.as_deref(), "LOADLINE_QUEUE_URL", StoreAddress::cache)?;
    let mut missing = |wanted: bool, what: &str, name: &str| {
        if wanted {
            let flag = name.to_lowercase();
            targets
                .not_checked
                .push(format!("{what}: say where, in LOADLINE_{name}_URL or by --{flag}-url-file."));
        }
    };
    missing(spec.database.is_some() && targets.database.is_none(), "The database", "DATABASE");
    missing(spec.cache.is_some() && targets.cache.is_none(), "The cache", "CACHE");
    missing(!spec.tasks.is_empty() && targets.queue.is_none(), "The task queue", "QUEUE");
    Ok(())
}

/// What a file or else a variable holds, and the name of where it came from.
pub(super) fn secret(
    file: Option<&Path>,
    variable: &'static str,
) -> Result<Option<(SecretString, String)>, Failure> {
    let (text, from) = match file {
        Some(file) => {
            let shown = file.display().to_string();
            let text = std::fs::read_to_string(file).map_err(|error| {
                Failure::usage(format!("reading {shown}: {error}; nothing was looked at"))
            })?;
            (text, shown)
        }
        None => match std::env::var(variable) {
            Ok(text) => (text, variable.to_owned()),
            Err(std::env::VarError::NotPresent) => return Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(Failure::usage(format!("{variable} is no text; nothing was looked at")));
            }
        },
    };
    match text.lines().map(str::trim).find(|line| !line.is_empty()) {
        Some(line) => Ok(Some((SecretString::from(line), from))),
        None => Err(Failure::usage(format!("{from} is empty; nothing was looked at"))),
    }
}

/// The health check of the application at an address: its own path where it has one, else that of the spec.
fn address(text: &str, health: &str) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| format!("it is no address ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err("write it as http[s]://host[:port]".to_owned());
    }
    let below = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{below}{health}"));
    Ok(url)
}

/// The health check of the instance on a host.
fn direct(reach: &dyn Reach, spec: &Spec) -> Result<Url, String> {
    let name = reach.name();
    let name = name.rsplit_once('@').map_or(name, |(_, host)| host);
    let host = match name.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => format!("[{host}]"),
        None if name.matches(':').count() > 1 => format!("[{name}]"),
        None => name.split(':').next().unwrap_or(name).to_owned(),
    };
    address(&format!("http://{host}:{}", spec.app.port), &spec.app.health)
}
