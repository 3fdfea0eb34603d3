//! What holds for every spec: the same answer twice, more for more, and a load line that agrees with the prediction.

use loadline::sizing::{Confirm, Effort, Extent, LimitKind, Model, Requirements, Tally, size};
use loadline::spec::Spec;
use proptest::prelude::*;

use super::support::spec;

#[derive(Debug, Clone)]
struct Draw {
    users: u32,
    think_ms: u32,
    cpu_us: u32,
    queries: u32,
    query_us: u32,
    wait_ms: u32,
    whole_hold: bool,
    tasks_per_min: u32,
    cv2: bool,
    p95_factor: f64,
}

fn draws() -> impl Strategy<Value = Draw> {
    let load = (1_u32..3_000, 50_u32..20_000, 200_u32..40_000);
    let rest = (0_u32..8, 50_u32..3_000, 0_u32..300, any::<bool>(), 0_u32..120, any::<bool>(), 1.2_f64..8.0);
    (load, rest).prop_map(
        |(
            (users, think_ms, cpu_us),
            (queries, query_us, wait_ms, whole_hold, tasks_per_min, cv2, p95_factor),
        )| Draw {
            users,
            think_ms,
            cpu_us,
            queries,
            query_us,
            wait_ms,
            whole_hold,
            tasks_per_min,
            cv2,
            p95_factor,
        },
    )
}

impl Draw {
    fn text(&self, resilience: &str) -> String {
        let alone_ms = f64::from(self.cpu_us + self.queries * self.query_us) / 1e3 + f64::from(self.wait_ms);
        format!(
            "version: 1\nname: drawn\nload: {{users: {}, think: {} ms}}\nrequests:\n  - {{name: page, cpu: {} us, queries: {}, \
             query_cpu: {} us, writes: 0, wait: {} ms, wait_cv2: {}, connection: {}, upload: 1 KiB, download: 9 KiB}}\n\
             tasks:\n  - {{name: job, rate: {}/min, time: 5 s, cpu: 200 ms, message: 1 KiB, result: 1 KiB, keep_result: 1 h}}\n\
             app: {{image: registry.example/drawn:1}}\ndatabase: {{data: 20 GiB, working_set: 3 GiB}}\n\
             cache: {{entries: 1000, entry_size: 4 KiB}}\n\
             objectives: {{mean: {:.3} ms, p95: {:.3} ms}}\nresilience: {resilience}\n",
            self.users,
            self.think_ms,
            self.cpu_us,
            self.queries,
            self.query_us,
            self.wait_ms,
            if self.cv2 { "1" } else { "0.25" },
            if self.whole_hold { "request" } else { "query" },
            self.tasks_per_min.max(1),
            self.p95_factor * alone_ms,
            2.0 * self.p95_factor * alone_ms,
        )
    }

    fn spec(&self) -> Spec {
        spec(&self.text(ALONE), &[])
    }
}

const ALONE: &str = "{zones: 2, survive: none}";

fn few() -> Effort {
    Effort { samples: 4_000, confirm: Confirm::Never, sensitivity: Extent::Skip, ..Effort::thorough() }
}

fn tallies(of: &Requirements) -> Vec<(&'static str, &Tally)> {
    let mut all = vec![("app", &of.app.tally), ("balancer", &of.balancer.tally)];
    all.extend(of.database.as_ref().map(|tier| ("database", &tier.tally)));
    all.extend(of.cache.as_ref().map(|tier| ("cache", &tier.tally)));
    all.extend(of.tasks.as_ref().map(|tier| ("tasks", &tier.tally)));
    all
}

fn needs(spec: &Spec) -> Requirements {
    Model::new(spec, &few()).requirements()
}

/// Every limit of every tier that both have asks for no less.
fn never_less(less: &Requirements, more: &Requirements) -> Result<(), TestCaseError> {
    for ((tier, before), (_, after)) in tallies(less).into_iter().zip(tallies(more)) {
        for need in &before.needs {
            let Some(then) = after.needs.iter().find(|then| then.limit == need.limit) else { continue };
            prop_assert!(
                then.value >= need.value * (1.0 - 1e-9),
                "{tier} {}: {} for less, {} for more",
                need.limit,
                need.arithmetic,
                then.arithmetic
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_spec_gives_the_same_sizing(draw in draws()) {
        let spec = draw.spec();
        prop_assert_eq!(size(&spec, &few(), &|_| ()), size(&spec, &few(), &|_| ()));
    }

    #[test]
    fn more_users_never_need_less(draw in draws(), more in 1_u32..3_000) {
        let before = needs(&draw.spec());
        let larger = Draw { users: draw.users + more, ..draw };
        never_less(&before, &needs(&larger.spec()))?;
    }

    #[test]
    fn more_tasks_never_need_less(draw in draws(), more in 1_u32..120) {
        let before = needs(&draw.spec());
        let larger = Draw { tasks_per_min: draw.tasks_per_min.max(1) + more, ..draw };
        never_less(&before, &needs(&larger.spec()))?;
    }

    #[test]
    fn more_resilience_never_needs_less(draw in draws(), zones in 2_u32..4) {
        let of = |survive: &str, paired: bool| {
            let resilience = format!("{{zones: {zones}, survive: {survive}, database_standby: {paired}, cache_replica: {paired}}}");
            needs(&spec(&draw.text(&resilience), &[]))
        };
        let ladder = [of("none", false), of("instance", false), of("zone", false), of("zone", true)];
        for pair in ladder.windows(2) {
            never_less(&pair[0], &pair[1])?;
            let cores = |needs: &Requirements| {
                Model::new(&draw.spec(), &few()).wanted_capacity(needs).app_servers
            };
            prop_assert!(cores(&pair[0]) <= cores(&pair[1]));
        }
    }

    #[test]
    fn at_the_load_line_all_objectives_hold_and_beyond_it_one_fails(draw in draws()) {
        let model = Model::new(&draw.spec(), &few());
        let capacity = model.wanted_capacity(&model.requirements());
        let line = model.load_line(&capacity);
        prop_assume!(line.users > 0 && !line.binding.is_empty());
        let at = model.predict(&capacity, line.users, &|_| ());
        prop_assert!(model.misses(&at).is_empty(), "{line:?}: {:?}", model.misses(&at));
        let binding = line.limits.iter().find(|limit| limit.limit == line.binding).unwrap();
        prop_assume!(binding.kind == LimitKind::Objective);
        let beyond = model.predict(&capacity, line.users + 1, &|_| ());
        prop_assert!(!model.misses(&beyond).is_empty(), "{} holds with one user more", line.binding);
    }
}
