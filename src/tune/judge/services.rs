//! Limits of services: what their units give, and what the running process really has.

use super::limits::above_ceiling;
use super::verdict::{Act, Judged, Verdict, pair};
use crate::tune::facts::{Activity, Facts, Most, Service};
use crate::tune::paths;
use crate::tune::profile::{Profile, Setting, Subject};

/// Judges a limit for every service that is there.
pub(super) fn judge(profile: &Profile, setting: &Setting, item: &str, facts: &Facts) -> Vec<Judged> {
    let Some(wanted) = Most::read(&setting.wanted) else { return Vec::new() };
    let mut judged = Vec::new();
    for service in &facts.services.all {
        match item {
            "nofile" => judged.push(open_files(profile, setting, (service, wanted), facts)),
            "nproc" => {
                judged.push(processes(profile, setting, (service, wanted)));
                judged.extend(tasks(profile, setting, (service, wanted)));
            }
            _ => {}
        }
    }
    judged
}

/// The most connections of nginx's workers bounds its open files: two for each connection that is passed on.
fn open_files(
    profile: &Profile,
    setting: &Setting,
    (service, wanted): (&Service, Most),
    facts: &Facts,
) -> Judged {
    let own = facts.services.nginx_worker_connections.filter(|_| service.name.starts_with("nginx"));
    let wanted = own.map_or(wanted, |own| wanted.max(Most::Of(own.saturating_mul(2))));
    let limits = (service.of_unit.nofile, service.of_process.and_then(|it| it.nofile));
    let mut judged =
        limit(profile, setting, (service, "LimitNOFILE", "nofile"), (limits.0, limits.1, wanted));
    if let (true, Some(own)) = (judged.verdict.is_change(), own) {
        judged.note(&format!("Its worker_connections are {own}, and a connection that is passed on is two."));
    }
    if judged.verdict.is_change()
        && let Some(ceiling) = above_ceiling(wanted, "nofile", profile, facts)
    {
        judged.verdict = Verdict::NotSettable;
        judged.why = format!(
            "fs.nr_open is {ceiling}: the service would not start. Raise fs.nr_open first (tune.sysctl)."
        );
    }
    judged
}

fn processes(profile: &Profile, setting: &Setting, (service, wanted): (&Service, Most)) -> Judged {
    let limits = (service.of_unit.nproc, service.of_process.and_then(|it| it.nproc));
    limit(profile, setting, (service, "LimitNPROC", "nproc"), (limits.0, limits.1, wanted))
}

/// Tasks of the unit's control group: a limit of processes above it would be in vain.
fn tasks(profile: &Profile, setting: &Setting, (service, wanted): (&Service, Most)) -> Option<Judged> {
    let now = service.tasks_max?;
    Some(limit(profile, setting, (service, "TasksMax", "nproc"), (Some((now, now)), None, wanted)))
}

type Pair = (Most, Most);

fn limit(
    profile: &Profile,
    setting: &Setting,
    (service, property, item): (&Service, &'static str, &str),
    (of_unit, of_process, wanted): (Option<Pair>, Option<Pair>, Most),
) -> Judged {
    let drop_in = paths::drop_in(&service.name);
    let now = if service.is_unit { of_unit } else { of_process };
    let mut judged = Judged {
        setting: format!("{} {property}", service.name),
        act: Act::Unit { unit: service.name.clone(), property },
        file: service.is_unit.then(|| drop_in.clone()),
        from: now.map(pair),
        to: Some(wanted.to_string()),
        verdict: Verdict::AlreadyEnough,
        why: "The unit gives it.".to_owned(),
        risk: String::new(),
        source: String::new(),
    };
    if let Some(entry) = profile.forbids(&Subject::Limit(item.to_owned())) {
        judged.verdict = Verdict::Forbidden;
        judged.why = format!("tune.never forbids it (`{entry}`).");
        return judged;
    }
    let enough = |pair: Option<Pair>| pair.is_some_and(|(soft, _)| soft >= wanted);
    if !service.is_unit {
        if !enough(of_process) {
            judged.verdict = Verdict::NotSettable;
            judged.why = "No unit of systemd runs it: give it more where it is started, and start it again."
                .to_owned();
        } else {
            judged.why = "The running process has it.".to_owned();
        }
        return judged;
    }
    if !enough(of_unit) {
        let raised = of_unit.map_or((wanted, wanted), |(soft, hard)| (soft.max(wanted), hard.max(wanted)));
        judged.to = Some(pair(raised));
        match service.drop_ins.iter().find(|path| overrides(path, &drop_in)) {
            Some(other) if service.drop_ins.contains(&drop_in) => {
                judged.verdict = Verdict::Overridden;
                judged.why = format!("{other} is read after {drop_in}: take its {property} out.");
            }
            _ => {
                judged.verdict = Verdict::Raises;
                judged.why = format!("Services do not read limits.conf. {}", setting.why);
                if let Activity::Running(_) = service.activity {
                    judged.note("The running process gets it at its next start (--restart-services).");
                }
            }
        }
    } else if let (Activity::Running(pid), Some((soft, _))) = (service.activity, of_process)
        && soft < wanted
    {
        judged.verdict = Verdict::RestartNeeded;
        judged.from = of_process.map(pair);
        judged.why =
            format!("The unit gives it, but process {pid} still has {soft}: --restart-services restarts it.");
    }
    judged
}

/// Whether a drop-in is read after ours: by name, whatever folder it is in.
fn overrides(path: &str, ours: &str) -> bool {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    name(path) > name(ours)
}
