//! Services: which are there, whether they run, what limits their unit gives and what limits they really have.

use std::collections::BTreeMap;

use super::Unreadable;
use super::frame::Printed;
use super::limits::{Most, of_process};

/// Whether a service runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// It runs, as this process.
    Running(u32),
    /// It does not run.
    Stopped,
}

/// Soft and hard limits of open files and processes. `None`: not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ServiceLimits {
    /// Open files.
    pub nofile: Option<(Most, Most)>,
    /// Processes of the user.
    pub nproc: Option<(Most, Most)>,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its unit, `nginx.service`; where systemd does not run the host, the name of the program.
    pub name: String,
    /// Whether it is a unit of systemd, whose limits a drop-in can change.
    pub is_unit: bool,
    /// Whether it runs.
    pub activity: Activity,
    /// Limits that the unit gives at the next start; nothing where it is no unit.
    pub of_unit: ServiceLimits,
    /// Tasks that the unit may have; `None`: not known.
    pub tasks_max: Option<Most>,
    /// Limits of the running process; `None`: it does not run, or they cannot be read.
    pub of_process: Option<ServiceLimits>,
    /// Drop-ins that change the unit.
    pub drop_ins: Vec<String>,
}

/// The services of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Services {
    /// By name, each once.
    pub all: Vec<Service>,
    /// `worker_connections` of nginx's main file; `None`: no such file, or not said there (then 512).
    pub nginx_worker_connections: Option<u64>,
}

impl Services {
    /// Whether a service of this name runs; the ending `.service` may be left out.
    pub fn runs(&self, name: &str) -> bool {
        self.all.iter().any(|it| {
            it.name.trim_end_matches(".service") == name && matches!(it.activity, Activity::Running(_))
        })
    }
}

pub(super) fn read(printed: &Printed, unreadable: &mut Vec<Unreadable>) -> Services {
    let mut all: BTreeMap<String, Service> = BTreeMap::new();
    let blocks = printed.section("units").unwrap_or_default();
    for block in blocks.split(|line| line.is_empty()) {
        let value = |name: &str| {
            block
                .iter()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
                .filter(|it| !it.is_empty())
        };
        if value("LoadState") == Some("loaded")
            && let Some(name) = value("Id")
        {
            // An alias shows the unit it stands for: both become one.
            all.insert(name.to_owned(), unit(name, &value, printed));
        } else if let (None, Some(line)) = (value("Id"), block.first()) {
            unreadable.push(Unreadable { what: "systemctl show".to_owned(), said: line.clone() });
        }
    }
    for line in printed.section("processes").unwrap_or_default() {
        // `/proc/123/comm:nginx`; the workers of a service carry its name as well: the oldest stands for all.
        let Some((path, name)) = line.split_once("/comm:") else { continue };
        let Some(pid) = path.rsplit('/').next().and_then(|pid| pid.parse::<u32>().ok()) else { continue };
        let known = all.get(name).map(|it| it.activity);
        if known.is_none_or(|it| matches!(it, Activity::Running(older) if pid < older)) {
            all.insert(name.to_owned(), process(name, pid, printed));
        }
    }
    Services { all: all.into_values().collect(), nginx_worker_connections: worker_connections(printed) }
}

fn unit<'a>(name: &str, value: &impl Fn(&str) -> Option<&'a str>, printed: &Printed) -> Service {
    let pair = |name: &str| {
        let hard = value(name).and_then(Most::read)?;
        Some((value(&format!("{name}Soft")).and_then(Most::read).unwrap_or(hard), hard))
    };
    let pid = value("MainPID").and_then(|pid| pid.parse().ok()).filter(|pid| *pid > 0);
    Service {
        name: name.to_owned(),
        is_unit: true,
        activity: pid.map_or(Activity::Stopped, Activity::Running),
        of_unit: ServiceLimits { nofile: pair("LimitNOFILE"), nproc: pair("LimitNPROC") },
        tasks_max: value("TasksMax").and_then(Most::read),
        of_process: pid.and_then(|pid| limits(pid, printed)),
        drop_ins: value("DropInPaths").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
    }
}

fn process(name: &str, pid: u32, printed: &Printed) -> Service {
    Service {
        name: name.to_owned(),
        is_unit: false,
        activity: Activity::Running(pid),
        of_unit: ServiceLimits::default(),
        tasks_max: None,
        of_process: limits(pid, printed),
        drop_ins: Vec::new(),
    }
}

fn limits(pid: u32, printed: &Printed) -> Option<ServiceLimits> {
    let text = printed.files.text(&format!("/proc/{pid}/limits"))?;
    Some(ServiceLimits {
        nofile: of_process(text, "Max open files"),
        nproc: of_process(text, "Max processes"),
    })
}

fn worker_connections(printed: &Printed) -> Option<u64> {
    let text = printed.files.text("/etc/nginx/nginx.conf")?;
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("worker_connections"));
    lines.filter_map(|rest| rest.trim().trim_end_matches(';').trim().parse().ok()).next_back()
}
