//! An account of many resources, and the journal that says that they were applied: what a real spec asks for, over and over under
//! other names.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use loadline::apply::journal::{Holder, Line, Opening, Shelf, Wanted, open};
use loadline::plan::{Costs, Plan};
use loadline_contract::deploy::{Address, KindRule, Resource, Value, rule};
use loadline_sim::{Options, Sim, Thing};

/// The spec of the benchmark.
pub(crate) const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/teachers-2000.yaml");
const DEPLOYMENT: &str = "teachers";

/// Runs the program there; gives how many lines it prints.
pub(crate) fn program(folder: &Path, arguments: &[&str]) -> usize {
    String::from_utf8(output(folder, arguments)).expect("the program prints text").lines().count()
}

fn output(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
    command.args(arguments).current_dir(folder).env_clear().env("HOME", folder);
    let output = command.output().expect("the program that cargo built runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    // 2: something differs.
    assert!(
        matches!(output.status.code(), Some(0 | 2)),
        "{arguments:?} ended with {:?}: {last}",
        output.status
    );
    output.stdout
}

/// Time that all programs so far had a processor: it moves less than the clock where others work on the machine, too.
pub(crate) fn cpu_time() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("a process may ask about its children");
    [usage.user_time(), usage.system_time()]
        .iter()
        .map(|time| Duration::new(time.tv_sec().unsigned_abs(), time.tv_usec() as u32 * 1000))
        .sum()
}

/// What the spec asks for.
pub(crate) fn design(folder: &Path) -> Vec<Resource> {
    let text = output(folder, &["plan", SPEC, "--cloud", "aws", "--rehearse", "--json"]);
    let plan: Plan = serde_json::from_slice(&text).expect("a plan can be read back");
    plan.steps.into_iter().filter_map(|step| step.resource).collect()
}

/// Copies of a design under other names, so many resources in all; each copy refers to itself.
pub(crate) fn copies(design: &[Resource], count: usize) -> Vec<Resource> {
    let own: BTreeSet<&Address> = design.iter().map(|resource| &resource.address).collect();
    let whole = (0..).flat_map(|copy| {
        let own = &own;
        design.iter().map(move |resource| {
            let mut resource = resource.clone();
            resource.address = renamed(&resource.address, copy);
            resource.settings.values_mut().for_each(|value| rename(value, own, copy));
            resource
        })
    });
    whole.take(count).collect()
}

fn renamed(address: &Address, copy: usize) -> Address {
    format!("{address}-{copy}").parse().expect("a name may be so long")
}

fn rename(value: &mut Value, own: &BTreeSet<&Address>, copy: usize) {
    match value {
        Value::Of(reference) if own.contains(&reference.of) => reference.of = renamed(&reference.of, copy),
        Value::List(values) => values.iter_mut().for_each(|value| rename(value, own, copy)),
        Value::Map(values) => values.values_mut().for_each(|value| rename(value, own, copy)),
        Value::Of(_) | Value::Flag(_) | Value::Count(_) | Value::Text(_) => {}
    }
}

/// Writes the journal of a run that applied all of this.
pub(crate) fn write_journal(folder: &Path, resources: &[Resource]) {
    let wanted = Wanted {
        cloud: "aws".to_owned(),
        region: "us-east-1".to_owned(),
        spec: String::new(),
        resources: resources.to_vec(),
        costs: Costs::default(),
    };
    let opening = Opening {
        by: Holder::this("bench".to_owned()),
        why: "apply".to_owned(),
        tool: "0".to_owned(),
        wait: Duration::ZERO,
    };
    let shelf = Shelf::folder(&folder.join(".loadline/rehearsal/aws/journal").join(DEPLOYMENT))
        .expect("the folder can be written");
    super::run::wait_for(async {
        let (journal, _) = open(&shelf, &opening).await.expect("nobody holds it");
        journal.keep(vec![Line::Wanted(Box::new(wanted))]).await.expect("the disk has room");
        journal.close(0).await.expect("the disk has room");
    });
}

fn stages() -> &'static [&'static [KindRule]] {
    loadline::clouds::by_name("aws").expect("it is there").profile().stages
}

/// Arguments that let every data store be removed.
pub(crate) fn consents(resources: &[Resource]) -> Vec<String> {
    let holds_data = |resource: &&Resource| {
        rule(stages(), resource.address.kind()).is_some_and(|(_, rule)| rule.holds_data())
    };
    resources.iter().filter(holds_data).map(|resource| format!("--consent={}", resource.address)).collect()
}

/// Puts all of it into the account.
pub(crate) fn fill(folder: &Path, resources: &[Resource]) {
    let file = folder.join(".loadline/rehearsal/aws/account.jsonl");
    let sim = Sim::open(&file, stages(), Options::default()).expect("the file can be written");
    for (number, resource) in resources.iter().enumerate() {
        sim.put(Thing {
            id: format!("{}-{number:08x}", resource.address.kind()),
            deployment: DEPLOYMENT.parse().expect("a name"),
            address: resource.address.clone(),
            settings: resource.settings.clone(),
            token: number.to_string(),
            visible_at: 0,
            ready_at: 0,
            gone_at: None,
            failed: None,
        })
        .expect("the disk has room");
    }
}
