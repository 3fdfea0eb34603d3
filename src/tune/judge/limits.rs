//! Limits of login sessions: soft and hard, for everybody and for root, whom `*` does not cover (limits.conf(5)).

use super::verdict::{Act, Judged, Verdict};
use crate::tune::facts::{Facts, LimitLine, Most, Reading};
use crate::tune::key::Key;
use crate::tune::paths;
use crate::tune::profile::{Basis, Profile, Setting, Subject};

/// Judges both ends of a limit for everybody; for root too where root has such a limit.
pub(super) fn judge(profile: &Profile, setting: &Setting, item: &str, facts: &Facts) -> Vec<Judged> {
    // RLIMIT_NPROC does not bind root (setrlimit(2)).
    let domains: &[&str] = if item == "nproc" { &["*"] } else { &["*", "root"] };
    let ends = domains.iter().flat_map(|domain| ["soft", "hard"].map(|end| (*domain, end)));
    ends.map(|(domain, end)| one(profile, setting, (domain, end, item), facts)).collect()
}

fn one(
    profile: &Profile,
    setting: &Setting,
    (domain, end, item): (&'static str, &'static str, &str),
    facts: &Facts,
) -> Judged {
    let file = paths::limits(profile.place);
    let line = facts.limits.deciding(domain, item, end);
    let now = line.map(|line| line.most).or_else(|| by_default(facts, item, end));
    let mut judged = Judged {
        setting: format!("{domain} {end} {item}"),
        act: Act::Session { domain, end, item: item.to_owned() },
        file: Some(line.map_or(file, |line| line.file.as_str()).to_owned()),
        from: now.map(|now| now.to_string()),
        to: Some(setting.wanted.clone()),
        verdict: Verdict::AlreadyEnough,
        why: match line {
            Some(line) => format!("{} gives it.", line.file),
            None => "It is so without any line.".to_owned(),
        },
        risk: String::new(),
        source: String::new(),
    };
    if let Some(entry) = profile.forbids(&Subject::Limit(item.to_owned())) {
        judged.verdict = Verdict::Forbidden;
        judged.why = format!("tune.never forbids it (`{entry}`).");
        return judged;
    }
    let Some(wanted) = Most::read(&setting.wanted) else {
        judged.verdict = Verdict::NotSettable;
        judged.why = format!("`{}` is no limit.", setting.wanted);
        return judged;
    };
    match now {
        Some(now) if now > wanted && setting.basis != Basis::Load => {
            judged.verdict = Verdict::WouldLower;
            judged.note(&format!("{wanted} would lower it, and that is not done."));
        }
        Some(now) if now >= wanted => {}
        _ => raise(&mut judged, setting, (line, wanted, item), (profile, facts)),
    }
    judged
}

fn raise(
    judged: &mut Judged,
    setting: &Setting,
    (line, wanted, item): (Option<&LimitLine>, Most, &str),
    (profile, facts): (&Profile, &Facts),
) {
    if let Some(ceiling) = above_ceiling(wanted, item, profile, facts) {
        judged.verdict = Verdict::NotSettable;
        judged.why = format!(
            "fs.nr_open is {ceiling}: a session with more could not be opened. Raise fs.nr_open first (tune.sysctl)."
        );
        return;
    }
    let file = paths::limits(profile.place);
    if let Some(line) = line.filter(|line| after(&line.file, file)) {
        judged.verdict = Verdict::Overridden;
        judged.why =
            format!("{} is read after {file} and gives {}: take that line out.", line.file, line.most);
        return;
    }
    judged.verdict = Verdict::Raises;
    judged.file = Some(file.to_owned());
    judged.why = format!("{} {}.", setting.why, setting.arithmetic);
    judged.note("It holds for sessions opened from then on, and not for services.");
    if judged.setting.starts_with('*') {
        let lower: Vec<String> = facts
            .limits
            .lower_for_some(item, wanted)
            .iter()
            .map(|line| format!("{} {} ({})", line.domain, line.most, line.file))
            .collect();
        if !lower.is_empty() {
            judged.note(&format!("Lines of their own keep lower: {}.", lower.join(", ")));
        }
    }
}

/// The ceiling of open files of a process, if the wanted limit is above it.
pub(super) fn above_ceiling(wanted: Most, item: &str, profile: &Profile, facts: &Facts) -> Option<u64> {
    if item != "nofile" {
        return None;
    }
    let key = Key::read("fs.nr_open")?;
    let Reading::Value(now) = facts.sysctl.now(&key) else { return None };
    // A profile that raises the ceiling does so before any session or service asks for more.
    let raised = profile.of_key(&key).and_then(|setting| setting.wanted.parse::<u64>().ok());
    let ceiling = now.parse::<u64>().ok()?.max(raised.unwrap_or(0));
    (wanted > Most::Of(ceiling)).then_some(ceiling)
}

fn by_default(facts: &Facts, item: &str, end: &str) -> Option<Most> {
    let defaults = &facts.limits.defaults;
    let (soft, hard) = match item {
        "nofile" => defaults.nofile?,
        "nproc" => defaults.nproc?,
        _ => return None,
    };
    Some(if end == "soft" { soft } else { hard })
}

/// Whether PAM reads a file after another: `limits.conf` first, then the folder by name.
fn after(file: &str, ours: &str) -> bool {
    match (file == paths::OLD_LIMITS, ours == paths::OLD_LIMITS) {
        (_, true) => file != paths::OLD_LIMITS,
        (true, false) => false,
        (false, false) => file > ours,
    }
}
