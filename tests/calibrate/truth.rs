//! A stack whose demands are known, and what was measured on it: loads by the model, single requests drawn around them.

use loadline::load::judge::Judge;
use loadline::load::plan::Drive;
use loadline::spec::{Spec, Vocabulary, read};
use rand::{RngExt as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

/// What is true.
pub(crate) const TRUTH: &str = "version: 1
name: shop
load: { users: 60, think: 1 s }
requests:
  - { name: page, share: 80 %, cpu: 20 ms, queries: 2, query_cpu: 3 ms, wait: 120 ms }
  - { name: save, share: 20 %, cpu: 50 ms, queries: 4, query_cpu: 5 ms, wait: 30 ms }
app: { cores: 2 }
database: { cores: 1 }
";

/// What the spec says, with comments and an order of its own.
pub(crate) const GUESS: &str = "# the shop
version: 1
name: shop            # its name
load: { users: 60, think: 7 s }
requests:
  - name: page
    cpu: 10 ms        # a guess
    share: 80 %
    queries: 2
    query_cpu: 1 ms
  - { name: save, share: 20 %, cpu: 25 ms, queries: 4, query_cpu: 2 ms, wait: 5 ms } # likewise
app: { workers: 2 }
database: { cores: 1 }
";

/// First second of the test.
pub(crate) const BEGAN: i64 = 1_795_687_200;
/// Length of a level, s.
pub(crate) const LEVEL_S: i64 = 60;
/// Cores of the application that are busy without any request.
pub(crate) const BACKGROUND: f64 = 0.1;
const USERS: [u32; 6] = [5, 12, 20, 28, 36, 42];

/// A request that ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended {
    pub(crate) at_s: f64,
    pub(crate) took_s: f64,
    pub(crate) kind: usize,
    pub(crate) users: u32,
}

pub(crate) const KINDS: [&str; 2] = ["page", "save"];

/// A test of several levels.
pub(crate) struct Test {
    pub(crate) requests: Vec<Ended>,
    /// Second, host, share of its cores, cores.
    pub(crate) busy: Vec<(i64, &'static str, f64, f64)>,
}

pub(crate) fn spec(text: &str) -> Spec {
    read("shop.yaml", text.as_bytes(), &Vocabulary { clouds: Vec::new() }, &[]).unwrap()
}

impl Test {
    /// `mix_of` gives the share of the second kind at a level.
    pub(crate) fn of(mix_of: impl Fn(usize) -> f64) -> Self {
        Self::on(&spec(TRUTH), USERS, mix_of)
    }

    /// A test of a stack with so many users at each level.
    pub(crate) fn on(stack: &Spec, users: [u32; 6], mix_of: impl Fn(usize) -> f64) -> Self {
        let cores = |cores: Option<u32>| f64::from(cores.unwrap());
        let (app_cores, database_cores) =
            (cores(stack.app.cores), cores(stack.database.as_ref().unwrap().cores));
        let mut random = Xoshiro256PlusPlus::seed_from_u64(11);
        let mut test = Self { requests: Vec::new(), busy: Vec::new() };
        for (level, users) in users.into_iter().enumerate() {
            let mut truth = stack.clone();
            let share = mix_of(level);
            (truth.requests[0].share, truth.requests[1].share) = (1.0 - share, share);
            let predicted = Judge::new(&truth).predict(Drive::Users(users));
            let begin = BEGAN + level as i64 * LEVEL_S;
            let rps = predicted.throughput_rps.value;
            let count = (rps * LEVEL_S as f64) as u32;
            for number in 0..count {
                let kind = usize::from(random.random::<f64>() < share);
                let mean_s = predicted.per_request[kind].1.mean_s.value;
                let at_s = begin as f64 + (f64::from(number) + 0.5) / rps;
                let took_s = mean_s * random.random_range(0.5..1.5);
                test.requests.push(Ended { at_s, took_s, kind, users });
            }
            for second in (5..=LEVEL_S).step_by(5) {
                let noise = random.random_range(-0.015..0.015);
                let app = (predicted.app_utilisation + BACKGROUND / app_cores + noise).max(0.0);
                test.busy.push((begin + second, "web1", app, app_cores));
                let database = (predicted.database_utilisation.unwrap() + noise).max(0.0);
                test.busy.push((begin + second, "db1", database, database_cores));
            }
        }
        test
    }

    /// The mix of the spec, at every level.
    pub(crate) fn plain() -> Self {
        Self::of(|_| 0.2)
    }

    /// A mix that changes from level to level.
    pub(crate) fn mixed() -> Self {
        Self::of(|level| [0.05, 0.5, 0.15, 0.4, 0.1, 0.3][level])
    }

    /// Each level as a test of its own.
    pub(crate) fn levels(&self) -> Vec<Self> {
        let of = |at_s: f64| ((at_s - BEGAN as f64 - 1e-6) / LEVEL_S as f64) as usize;
        let level = |number: usize| Self {
            requests: self.requests.iter().copied().filter(|it| of(it.at_s) == number).collect(),
            busy: self.busy.iter().copied().filter(|it| of(it.0 as f64) == number).collect(),
        };
        (0..USERS.len()).map(level).collect()
    }

    /// Utilisation of a level whose results are in a file of this name and have no time of day.
    pub(crate) fn utilisation_of(&self, file: &str) -> String {
        let mean = |host: &str| {
            let of: Vec<f64> = self.busy.iter().filter(|it| it.1 == host).map(|it| it.2).collect();
            of.iter().sum::<f64>() / of.len() as f64
        };
        format!("{file},web1,{},2\n{file},db1,{},1\n", mean("web1"), mean("db1"))
    }

    /// Utilisation as CSV.
    pub(crate) fn utilisation(&self) -> String {
        let mut text = String::from("timestamp,host,cpu_util,cores\n");
        for (at, host, share, cores) in &self.busy {
            text += &format!("{at},{host},{:.2},{cores}\n", share * 100.0);
        }
        text
    }

    /// Utilisation as rounds of `loadline check --json`.
    pub(crate) fn rounds(&self) -> String {
        let line = |(at, host, share, cores): &(i64, &str, f64, f64)| {
            let at = jiff::Timestamp::from_second(*at).unwrap();
            let finding = |check: &str, value: f64| serde_json::json!({ "component": format!("host/{host}"), "check": check, "value": value, "at": at.to_string() });
            let findings = [finding("cores", *cores), finding("cpu", *share), finding("memory", 0.3)];
            serde_json::json!({ "schema": 1, "at": at.to_string(), "verdict": "ok", "findings": findings })
                .to_string()
        };
        self.busy.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}
