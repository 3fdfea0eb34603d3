//! JSON about releases: hosts with everything that a host may have, and one that could not be looked at.

use std::num::NonZeroUsize;
use std::time::Duration;

use loadline::deploy::Holder;
use loadline::deploy::run::{
    Change, End, Engine, HostEnd, HostState, Kept, Lock, Outcome, Prepared, Seen as SeenHost, Trouble,
    TroubleClass,
};
use loadline::deploy::stack::{Site, Stack};
use loadline::report::{DeployStatus, change_json};
use loadline::spec::{Vocabulary, read};

use crate::contract::{Contract, Seen};

const SPEC: &[u8] =
    b"version: 1\nname: a\nload: { users: 5 }\nrequests: [{ name: b, cpu: 1 ms }]\napp: { image: 'a:1' }\n";

fn trouble() -> Trouble {
    Trouble {
        host: "web1".into(),
        class: TroubleClass::Step,
        sentence: "starting the new containers".into(),
        said: vec!["no".into()],
        hint: Some("look".into()),
    }
}

pub(crate) fn walk(contract: &Contract, seen: &mut Seen) {
    let spec = read("a.yaml", SPEC, &Vocabulary { clouds: Vec::new() }, &[]).unwrap();
    let stack = Stack::of(&spec, Site::of(&spec)).unwrap();
    let job = Change {
        stack: &stack,
        to: "20261126t150000-0001".into(),
        made: Some(Prepared { secrets: String::new().into(), engine: Engine::Demand }),
        who: "ann@desk".into(),
        why: "a test".into(),
        token: "t".into(),
        now_s: 0,
        within: Duration::from_secs(1),
        serial: None,
        parallel: NonZeroUsize::MIN,
        lock: Lock::Respect,
    };
    let end = |trouble| HostEnd {
        host: "web1".into(),
        state: HostState::WentBack,
        current: Some("20261125t150000-0001".into()),
        trouble,
    };
    let outcome = Outcome { end: End::WentBack, hosts: vec![end(Some(trouble())), end(None)] };
    contract.walk(&change_json(&job, &outcome), "release", seen);

    let holder = Holder { who: "ann@desk".into(), why: "a test".into(), since_s: 5, until_s: 50 };
    let kept = Kept {
        id: "20261125t150000-0001".into(),
        image: "a:1".into(),
        made_s: 5,
        who: "ann@desk".into(),
        containers: 2,
        running: 2,
        healthy: 2,
    };
    let there = SeenHost {
        system: "Debian".into(),
        machine: "x86_64".into(),
        engine: Ok("28.2.2".into()),
        compose: Ok("2.29.1".into()),
        free_kib: Some(1),
        current: Some(kept.id.clone()),
        ground: Some((1, 1, 1)),
        releases: vec![kept],
        holder: Some(holder),
        now_s: 6,
    };
    let hosts = [("web1".to_owned(), Ok(there))];
    contract.walk(&DeployStatus::of("a", &hosts).json(), "deploy_status", seen);
    let unknown = [("web2".to_owned(), Err(trouble()))];
    let value = DeployStatus::of("a", &unknown).json();
    assert_eq!(
        (value["well"].as_bool(), value["hosts"][0]["state"].as_str()),
        (Some(false), Some("unknown"))
    );
}
