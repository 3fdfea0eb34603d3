//! What must hold for any spec.

use loadline::sizing::{Effort, LimitKind, Model, Requirements, Tally};
use loadline::spec::{Spec, Survive};
use proptest::prelude::*;

use super::support::{example, fast, sized};

/// Specs of all sizes: from a handful of people to a crowd without patience.
fn specs() -> impl Strategy<Value = Spec> {
    let load = (1.0..9000.0_f64, 0.05..20.0_f64, 0.5..60.0_f64, 0_u32..12, 0.1..3.0_f64, 0.0..500.0_f64);
    let rest = (
        prop::bool::ANY,
        0.0..5.0_f64,
        0.5..30.0_f64,
        prop::sample::select(vec!["none", "instance", "zone"]),
        2_u32..4,
        60.0..3000.0_f64,
    );
    (load, rest).prop_map(|((users, think, cpu, queries, query, wait), rest)| {
        let (whole, rate, task, survive, zones, mean) = rest;
        let text = [
            ("load.users", format!("{}", users.round())),
            ("load.think", format!("{think:.3} s")),
            ("requests[0].cpu", format!("{cpu:.3} ms")),
            ("requests[0].queries", queries.to_string()),
            ("requests[0].writes", format!("{}", f64::from(queries) / 4.0)),
            ("requests[0].query_cpu", format!("{query:.3} ms")),
            ("requests[0].wait", format!("{wait:.1} ms")),
            ("requests[0].connection", if whole { "request" } else { "query" }.to_owned()),
            ("tasks[0].rate", format!("{rate:.3}/s")),
            ("tasks[0].time", format!("{task:.3} s")),
            ("resilience.survive", survive.to_owned()),
            ("resilience.zones", zones.to_string()),
            ("objectives.mean", format!("{mean:.0} ms")),
            ("objectives.p95", format!("{:.0} ms", 3.0 * mean)),
        ];
        let changes: Vec<(&str, &str)> = text.iter().map(|(path, value)| (*path, value.as_str())).collect();
        example("human-paced-2000", &changes)
    })
}

fn required(spec: &Spec) -> Requirements {
    // Requirements search with 4,096 samples at most, so no more are drawn.
    Model::new(spec, &Effort { samples: 4_096, ..fast() }).requirements()
}

/// Every limit of `less` asks for no more than the same limit of `more`.
fn no_less(tier: &str, less: &Tally, more: &Tally) -> Result<(), TestCaseError> {
    for need in &less.needs {
        let Some(other) = more.needs.iter().find(|other| other.limit == need.limit) else { continue };
        prop_assert!(
            other.value >= need.value * (1.0 - 1e-9),
            "{tier} {}: {} with more, {} with less: {} / {}",
            need.limit,
            other.value,
            need.value,
            other.arithmetic,
            need.arithmetic
        );
    }
    Ok(())
}

fn all_no_less(less: &Requirements, more: &Requirements) -> Result<(), TestCaseError> {
    no_less("app", &less.app.tally, &more.app.tally)?;
    no_less("balancer", &less.balancer.tally, &more.balancer.tally)?;
    let pairs = [
        ("app cores", less.app.cores, more.app.cores),
        ("app memory", less.app.memory_shared_gib, more.app.memory_shared_gib),
        ("processes", less.app.processes.into(), more.app.processes.into()),
        ("egress", less.traffic.egress_bytes, more.traffic.egress_bytes),
    ];
    for (what, less, more) in pairs {
        prop_assert!(more >= less * (1.0 - 1e-9), "{what}: {more} with more, {less} with less");
    }
    if let (Some(less), Some(more)) = (&less.database, &more.database) {
        no_less("database", &less.tally, &more.tally)?;
        prop_assert!(more.cores >= less.cores && more.max_connections >= less.max_connections);
        prop_assert!(more.memory_gib >= less.memory_gib && more.storage_gib >= less.storage_gib);
    }
    if let (Some(less), Some(more)) = (&less.cache, &more.cache) {
        no_less("cache", &less.tally, &more.tally)?;
    }
    if let (Some(less), Some(more)) = (&less.tasks, &more.tasks) {
        no_less("tasks", &less.tally, &more.tally)?;
        prop_assert!(more.slots >= less.slots);
    }
    Ok(())
}

/// Objectives and resources that a number of users misses; percentiles may be off by `tolerance`, because the load line
/// reads them from fewer samples.
fn missed(model: &Model, capacity: &loadline::sizing::Capacity, users: u32, tolerance: f64) -> Vec<String> {
    let mut seen = model.predict(capacity, users, &|_| {});
    seen.response.p95_s.value /= 1.0 + tolerance;
    seen.response.p99_s.value /= 1.0 + tolerance;
    let mut found: Vec<String> = model.misses(&seen).iter().map(|missed| missed.code.to_owned()).collect();
    if seen.tasks_utilisation.is_some_and(|share| share > 1.0) {
        found.push("task slots".to_owned());
    }
    if capacity.max_connections.is_some_and(|most| seen.connections_used > f64::from(most)) {
        found.push("connections".to_owned());
    }
    found
}

/// (16 + 64) x 90 + 10 = 7210 connections; / 80 % = 9012.5. Without instances and workers there is a process for each of
/// 17 cores: (17 + 64) x 90 + 10 = 7300, / 80 % = 9125.
#[test]
fn a_connection_limit_of_ones_own_choice_holds_every_pool() {
    let mut fixed = example("teachers-2000", &[("app.pool", "90")]);
    fixed.database.as_mut().unwrap().max_connections = None;
    let mut derived = fixed.clone();
    (derived.app.instances, derived.app.workers) = (None, None);
    for (spec, connections) in [(fixed, 9013), (derived, 9125)] {
        let sizing = sized(&spec);
        assert_eq!(sizing.requirements.database.as_ref().unwrap().max_connections, connections);
        assert!(!sizing.findings.iter().any(|finding| finding.code == "pools-exceed-connection-limit"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_same_spec_gives_the_same_answer(spec in specs()) {
        prop_assert_eq!(sized(&spec), sized(&spec));
    }

    #[test]
    fn more_users_never_need_less(spec in specs(), factor in 1.001..3.0_f64) {
        let mut more = spec.clone();
        more.load.users.mid = (spec.load.users.mid * factor).ceil();
        all_no_less(&required(&spec), &required(&more))?;
    }

    #[test]
    fn more_tasks_never_need_less(spec in specs(), factor in 1.001..3.0_f64) {
        let mut more = spec.clone();
        more.tasks[0].rate_per_s.mid *= factor;
        all_no_less(&required(&spec), &required(&more))?;
    }

    #[test]
    fn longer_work_never_needs_less_of_its_tier(spec in specs(), factor in 1.001..3.0_f64) {
        let (mut app, mut database) = (spec.clone(), spec.clone());
        app.requests[0].cpu_s.mid *= factor;
        database.requests[0].query_cpu_s.mid *= factor;
        let less = required(&spec);
        let cpu = |tally: &Tally| tally.needs.iter().find(|need| need.limit == "cpu").unwrap().value;
        prop_assert!(cpu(&required(&app).app.tally) >= cpu(&less.app.tally));
        let of = |found: &Requirements| found.database.as_ref().map_or(0.0, |database| cpu(&database.tally));
        prop_assert!(of(&required(&database)) >= of(&less));
    }

    #[test]
    fn more_resilience_never_needs_less(spec in specs()) {
        let with = |survive, zones| {
            let mut spec = spec.clone();
            (spec.resilience.survive, spec.resilience.zones) = (survive, zones);
            required(&spec)
        };
        let cores = |found: &Requirements| {
            let of = found.app.tally.needs.iter().filter(|need| need.unit == "cores");
            of.map(|need| need.value).fold(0.0, f64::max)
        };
        for zones in [2, 3] {
            let (nothing, instance, zone) =
                (with(Survive::Nothing, zones), with(Survive::Instance, zones), with(Survive::Zone, zones));
            all_no_less(&nothing, &instance)?;
            all_no_less(&instance, &zone)?;
            prop_assert!(cores(&nothing) <= cores(&instance) && cores(&instance) <= cores(&zone));
        }
        let mut paired = spec.clone();
        (paired.resilience.database_standby, paired.resilience.cache_replica) = (true, true);
        let mut single = spec.clone();
        (single.resilience.database_standby, single.resilience.cache_replica) = (false, false);
        all_no_less(&required(&single), &required(&paired))?;
    }

    #[test]
    fn the_load_line_is_the_last_number_of_users_that_meets_everything(spec in specs()) {
        let model = Model::new(&spec, &fast());
        let capacity = model.wanted_capacity(&model.requirements());
        let line = model.load_line(&capacity);
        if line.users > 0 && line.users <= line.searched_to {
            let at = missed(&model, &capacity, line.users, 0.02);
            prop_assert!(at.is_empty(), "at {} ({}): {at:?}", line.users, line.binding);
        }
        let stricter = line.limits.iter().any(|limit| limit.kind != LimitKind::Landmark && limit.at_users.is_some());
        if stricter {
            // Percentiles within 2 %, so up to some users further; everything else at the very next one.
            let percentile = line.binding.starts_with("p9");
            let next = if percentile { line.users + 1 + line.users / 20 } else { line.users + 1 };
            let tolerance = if percentile { -0.02 } else { 0.0 };
            let above = missed(&model, &capacity, next, tolerance);
            prop_assert!(!above.is_empty(), "{next} still meets everything, beyond {} ({})", line.users, line.binding);
        }
    }
}
