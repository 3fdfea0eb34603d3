//! The JSON of the commands that look at and change an account: one deployment through its life, on the rehearsal account.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use loadline::plan::{Left, Plan};
use loadline_contract::deploy::{CloudError, ErrorClass, Obstacle};
use loadline_sim::{Options, Sim};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::contract::{Contract, Seen};
use crate::support::environment;

const SPEC: &str = "\
version: 1
name: school
load: { users: 300, think: 8 s }
requests: [{ name: page, cpu: 15 ms, queries: 6, query_cpu: 0.8 ms }]
database: { data: 20 GiB }
";
const WITHOUT_DATABASE: &str = "\
version: 1
name: school
load: { users: 300, think: 8 s }
requests: [{ name: page, cpu: 15 ms }]
";

/// Walks everything that these commands print.
pub(crate) fn walk(contract: &Contract, seen: &mut Seen) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("spec.yaml"), SPEC).unwrap();
    std::fs::write(folder.join("smaller.yaml"), WITHOUT_DATABASE).unwrap();
    let object = |arguments: &str, code: i32| -> Value {
        let output = run(folder, arguments, code);
        serde_json::from_slice(&output.stdout).unwrap()
    };

    let first = object("plan spec.yaml", 0);
    contract.walk(&first, "plan", seen);
    contract.walk(&obstructed(&first), "plan", seen);

    // One call is throttled, one refused, so that others are skipped, and one fails after it was accepted.
    fault(
        folder,
        r#"[{"on": "network", "action": "create", "times": 1, "trouble": "throttle"},
            {"on": "balancer", "action": "create", "trouble": "deny"},
            {"on": "db-parameters", "action": "create", "trouble": "fail-later"}]"#,
    );
    events(contract, &run(folder, "apply spec.yaml --yes --faults faults.json", 4).stdout, seen);
    contract.walk(&object("status spec.yaml", 0), "status", seen);
    interrupted(contract, folder, seen);
    events(contract, &run(folder, "apply spec.yaml --yes", 0).stdout, seen);
    contract.walk(&object("status spec.yaml", 0), "status", seen);
    contract.walk(&object("plan smaller.yaml --consent database/main", 0), "plan", seen);
    contract.walk(&object("drift spec.yaml", 0), "plan", seen);
    contract.walk(&object("plan spec.yaml --set app.port=9000", 0), "plan", seen);

    doubled(folder, "balancer/main");
    contract.walk(&object("leftovers", 0), "leftovers", seen);
    contract.walk(&object("drift spec.yaml", 2), "plan", seen);
    contract.walk(&object("leftovers --journal elsewhere", 0), "leftovers", seen);
    events(contract, &run(folder, "destroy spec.yaml --yes", 0).stdout, seen);
    events(contract, &run(folder, "destroy spec.yaml --yes", 0).stdout, seen);
    events(contract, unwritten(folder).as_bytes(), seen);
}

fn command(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
    environment(&mut command);
    command.current_dir(folder).args(arguments.split_whitespace());
    command.args(["--cloud", "aws", "--rehearse", "--speed", "1200", "--json"]).stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &str, code: i32) -> Output {
    let output = command(folder, arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments}: {said}");
    output
}

fn fault(folder: &Path, rules: &str) {
    std::fs::write(folder.join("faults.json"), rules).unwrap();
}

/// Walks a stream: an event a line, the ending last and only there.
fn events(contract: &Contract, stream: &[u8], seen: &mut Seen) {
    let lines: Vec<Value> = std::str::from_utf8(stream)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for line in &lines {
        contract.walk(line, line["event"].as_str().unwrap(), seen);
    }
    let endings: Vec<usize> = (0..lines.len()).filter(|&line| lines[line]["event"] == "ended").collect();
    assert_eq!(endings, [lines.len() - 1], "the ending is the last line");
}

/// A run that is stopped while the cloud is at work on its database.
fn interrupted(contract: &Contract, folder: &Path, seen: &mut Seen) {
    fault(folder, r#"[{"on": "database", "action": "create", "trouble": {"slow": 20}}]"#);
    let mut child = command(folder, "apply spec.yaml --yes --faults faults.json")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stream = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let at_work = |line: &str| line.contains("underway") && line.contains("database/main");
    for line in lines.by_ref().map(Result::unwrap) {
        stream += &format!("{line}\n");
        if at_work(&line) {
            break;
        }
    }
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT).unwrap();
    lines.for_each(|line| stream += &format!("{}\n", line.unwrap()));
    assert_eq!(child.wait().unwrap().code(), Some(4), "{stream}");
    events(contract, stream.as_bytes(), seen);
}

/// The same plan for an account that cannot hold it.
fn obstructed(plan: &Value) -> Value {
    let mut plan: Plan = serde_json::from_value(plan.clone()).unwrap();
    let left = |kept_days, at_most_gib| Left {
        address: plan.steps[0].address.clone(),
        what: "final backup".to_owned(),
        at_most_gib,
        kept_days,
        monthly_usd: at_most_gib.map(|_| "9.50".parse().unwrap()),
    };
    plan.survives = vec![left(Some(30), Some(100)), left(None, None)];
    let obstacle = Obstacle {
        address: plan.steps[0].address.clone(),
        sentence: "the account may have no more of these".to_owned(),
        hint: "ask for a higher quota".to_owned(),
    };
    loadline::report::plan_json(&plan, &[obstacle], &["a note".to_owned()])
}

/// The last line of a run that lost its journal.
fn unwritten(folder: &Path) -> String {
    use loadline::apply::{Ending, journal::JournalError};
    use loadline::report::{RunView, Timeline, ending_json};

    let plan: Plan = serde_json::from_slice(&run(folder, "plan spec.yaml", 0).stdout).unwrap();
    let lost = JournalError::Unreachable {
        place: "journal".to_owned(),
        problem: "no space left on the device".to_owned(),
    };
    let refused = CloudError::new(ErrorClass::OverQuota, "creating a thing", "there may be no more")
        .hint("ask for a higher quota");
    let ending = Ending { left: vec![0], failed: vec![(1, refused)], lost: Some(lost), ..Ending::default() };
    let timeline = Timeline::default();
    let view = RunView {
        plan: &plan,
        ending: &ending,
        timeline: &timeline,
        after: None,
        notes: &["a note".to_owned()],
    };
    ending_json(view).to_string()
}

/// Makes a second thing with the same address, as a lost answer may.
fn doubled(folder: &Path, address: &str) {
    let stages = loadline::clouds::by_name("aws").unwrap().profile().stages;
    let file = folder.join(".loadline/rehearsal/aws/account.jsonl");
    let sim = Sim::open(&file, stages, Options::default()).unwrap();
    let mut thing =
        sim.things().unwrap().into_iter().find(|thing| thing.address.to_string() == address).unwrap();
    thing.id += "-second";
    sim.put(thing).unwrap();
}
