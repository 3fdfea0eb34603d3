//! Profiles and runs for the tests.

use std::time::{Duration, Instant};

use loadline::hosts::Reach;
use loadline::sizing::{Effort, Model};
use loadline::spec::{Vocabulary, read};
use loadline::tune::changes::Restart;
use loadline::tune::profile::{Place, Profile};
use loadline::tune::run::{self, Confirm, Go, HostReport};

use crate::host::Host;

const LOAD: &str = "version: 1\nname: shop\nload: { users: 2000, think: 160 ms }\n\
                    requests: [{ name: page, share: 100 %, cpu: 2 ms, wait: 231 ms }]";

/// The profile of a spec with this `tune`.
pub(crate) fn profile(tune: &str) -> Profile {
    let spec = read("x.yaml", format!("{LOAD}\n{tune}").as_bytes(), &Vocabulary { clouds: Vec::new() }, &[])
        .unwrap();
    let requirements = Model::new(&spec, &Effort::quick()).requirements();
    Profile::of(&spec, &requirements, None).unwrap()
}

/// The same for the old files.
pub(crate) fn in_old_files(profile: Profile) -> Profile {
    Profile { place: Place::OldFiles, ..profile }
}

/// How runs go about it.
pub(crate) fn go() -> Go {
    Go { within: Duration::from_secs(60), restart: Restart::Leave, confirm: Confirm::No }
}

/// The same for a change that has to be confirmed in time.
pub(crate) fn within(seconds: u64, token: &str) -> Go {
    Go { confirm: Confirm::Within(Duration::from_secs(seconds), token.to_owned()), ..go() }
}

pub(crate) fn wait_until(what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} did not come");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Whether a change waits to be confirmed.
pub(crate) fn pending(host: &Host) -> bool {
    host.sh("[ -d /var/lib/loadline/pending ] && echo yes || echo no").trim() == "yes"
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

pub(crate) fn plan(host: &dyn Reach, profile: &Profile) -> HostReport {
    wait(run::plan(host, profile, Duration::from_secs(60)))
}

pub(crate) fn apply(host: &dyn Reach, profile: &Profile) -> HostReport {
    wait(run::apply(host, profile, &go()))
}

pub(crate) fn apply_so(host: &dyn Reach, profile: &Profile, go: &Go) -> HostReport {
    wait(run::apply(host, profile, go))
}

pub(crate) fn revert(host: &dyn Reach) -> HostReport {
    wait(run::revert(host, &[], &go()))
}
