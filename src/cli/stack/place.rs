//! The account and the journal of a run.

use std::path::Path;
use std::sync::Arc;

use loadline_contract::Provider;
use loadline_contract::deploy::{Access, Account, CloudError, Deployment, ErrorClass};
use loadline_sim::{Options, Script, Sim};

use super::super::exit::Failure;
use super::PlaceArgs;
use crate::apply::Pace;
use crate::apply::journal::{self, History, JournalError, Shelf};
use crate::clouds;

/// An account, and how fast its time passes.
pub(super) struct Place {
    pub(super) account: Arc<dyn Account>,
    /// For a person: what a plan is compared with.
    pub(super) shown: &'static str,
    pub(super) speed: f64,
}

impl PlaceArgs {
    /// Opens the account.
    pub(super) async fn open(&self, cloud: &'static dyn Provider, region: &str) -> Result<Place, CloudError> {
        if self.rehearse {
            let speed = if self.real_time { 1.0 } else { f64::from(self.speed) };
            let account = self.rehearsal(cloud, speed)?;
            return Ok(Place { account: Arc::new(account), shown: "the rehearsal account", speed });
        }
        let name = cloud.profile().name;
        let endpoint = std::env::var(format!("LOADLINE_{}_ENDPOINT", name.to_uppercase()))
            .ok()
            .filter(|it| !it.is_empty());
        let variables = cloud.profile().credential_variables.iter().filter_map(|name| {
            let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
            Some(((*name).to_owned(), value))
        });
        let access = Access {
            region: region.to_owned(),
            credentials: self.credentials.clone(),
            endpoint,
            variables: variables.collect(),
        };
        let account = cloud.connect(&access).await?;
        Ok(Place { account, shown: "the account", speed: 1.0 })
    }

    fn rehearsal(&self, cloud: &'static dyn Provider, speed: f64) -> Result<Sim, CloudError> {
        let profile = cloud.profile();
        let doing = "opening the rehearsal account";
        let failed = |said: String| CloudError::new(ErrorClass::Unexpected, doing, said);
        let script = match &self.faults {
            None => Script::default(),
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .map_err(|error| failed(format!("reading {}: {error}", file.display())))?;
                Script::parse(&text, 1).map_err(|error| failed(format!("{}: {error}", file.display())))?
            }
        };
        let file = Path::new(".loadline/rehearsal").join(profile.name).join("account.jsonl");
        let options = Options { speed, script, ..Options::default() };
        Sim::open(&file, profile.stages, options)
            .map_err(|error| failed(error.to_string()).hint("rehearse in a folder that you may write to"))
    }

    /// The folder or store of the journal of a deployment.
    fn journal_place(&self, cloud: &str, deployment: &Deployment) -> (String, String) {
        let below = format!("{cloud}/{deployment}");
        match (&self.journal, self.rehearse) {
            (Some(place), _) => (place.clone(), below),
            (None, true) => (".loadline/rehearsal".to_owned(), format!("{cloud}/journal/{deployment}")),
            (None, false) => (".loadline/journal".to_owned(), below),
        }
    }

    /// The journal, to be written to.
    pub(super) fn shelf(&self, cloud: &str, deployment: &Deployment) -> Result<Shelf, JournalError> {
        let (place, below) = self.journal_place(cloud, deployment);
        match folder(&place) {
            Some(folder) => Shelf::folder(&folder.join(below)),
            None => Shelf::bucket(&place, &below, settings(&place)?),
        }
    }

    /// What the journal says; nothing is made where there is none yet.
    pub(super) async fn history(&self, cloud: &str, deployment: &Deployment) -> Result<History, Failure> {
        let (place, below) = self.journal_place(cloud, deployment);
        if folder(&place).is_some_and(|folder| !folder.join(&below).exists()) {
            return Ok(History::default());
        }
        let shelf = self.shelf(cloud, deployment).map_err(|it| unusable(&it))?;
        journal::read(&shelf).await.map_err(|it| unusable(&it))
    }

    /// The pace of a run.
    pub(super) fn pace(&self, speed: f64, parallel: u16, calls_per_s: Option<u32>, bears: f64) -> Pace {
        let calls_per_s = calls_per_s.map_or(bears, f64::from);
        let pace = if self.rehearse { Pace::rehearsed(calls_per_s, speed) } else { Pace::real(calls_per_s) };
        Pace { parallel: usize::from(parallel), ..pace }
    }
}

/// The folder that a place for journals is; `None`: it is an object store.
fn folder(place: &str) -> Option<&Path> {
    match place.split_once("://") {
        Some(("file", folder)) => Some(Path::new(folder)),
        Some(_) => None,
        None => Some(Path::new(place)),
    }
}

/// What the environment says about an object store: the variables of its cloud alone. Their names stand for themselves, so
/// that a `TOKEN` of something else is never taken for a credential.
fn settings(place: &str) -> Result<Vec<(String, String)>, JournalError> {
    let stores = || clouds::all().iter().filter_map(|cloud| cloud.profile().journal_store);
    let scheme = place.split_once("://").map_or(place, |(scheme, _)| scheme);
    let Some(store) = stores().find(|store| store.scheme == scheme) else {
        let known: Vec<String> = stores().map(|store| format!("{}://", store.scheme)).collect();
        let problem = format!("`{scheme}://` is no place for a journal: a folder, {}", known.join(" or "));
        return Err(JournalError::Unreachable { place: place.to_owned(), problem });
    };
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with(store.variables))?;
        Some((name, value.into_string().ok()?))
    });
    Ok(variables.collect())
}

/// A journal that stands in the way.
pub(super) fn unusable(error: &JournalError) -> Failure {
    let sentence = format!("{error}; nothing was changed");
    match error {
        JournalError::Held { .. } => Failure::held(sentence)
            .hint("wait until it has ended, or let this run wait with --lock-wait 10m"),
        JournalError::Damaged { .. } => Failure::failed(sentence).hint(
            "the cloud itself is the record: when no other run is at work, move the journal aside and run plan; only \
             the knowledge of calls that were in flight is lost",
        ),
        JournalError::Unreachable { .. } => {
            Failure::failed(sentence).hint("make the place readable and writable, or name another with --journal")
        }
        JournalError::Fenced(_) => Failure::held(sentence).hint("run again when the other run has ended"),
    }
}

/// What a cloud said, as the end of a command that changed nothing.
pub(super) fn refused(error: &CloudError) -> Failure {
    let hint = error.hint.clone().unwrap_or_else(|| {
        match &error.class {
            ErrorClass::NotAuthenticated => {
                "sign in again with the cloud's own tool, then run again; or use --rehearse"
            }
            ErrorClass::NotAllowed { .. } => {
                "loadline plan --permissions prints what the credentials have to allow"
            }
            ErrorClass::RateLimited { .. } | ErrorClass::Unavailable => "run again in a minute",
            _ => "loadline plan --from-nothing needs no account",
        }
        .to_owned()
    });
    Failure::failed(format!("{error}; nothing was changed")).hint(hint)
}
