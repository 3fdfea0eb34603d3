//! Kernel settings: the value now, the value that the next boot brings, and who has the last word.

use super::holds::{Held, ends, hold, will_do};
use super::ports::{Ports, listening};
use super::verdict::{Act, Judged, Verdict};
use super::worth;
use crate::tune::blocks;
use crate::tune::facts::{Assignment, BootOrder, Container, Facts, Reading, module_of, sysctl_words};
use crate::tune::key::Key;
use crate::tune::paths;
use crate::tune::profile::{Basis, Direction, Place, Profile, Setting, Subject, Unset};

const RANGE: &str = "net/ipv4/ip_local_port_range";
const RESERVED: &str = "net/ipv4/ip_local_reserved_ports";

/// Judges one kernel setting.
pub(super) fn judge(profile: &Profile, setting: &Setting, key: &Key, facts: &Facts) -> Judged {
    let mut setting = setting.clone();
    if key.path() == RESERVED {
        setting.wanted = reserved(profile, &setting, facts);
    }
    let now = facts.sysctl.now(key);
    let boot = facts.sysctl.at_boot(key);
    let mut judged = Judged {
        setting: key.to_string(),
        act: Act::Kernel(key.clone()),
        file: boot.as_ref().map(|it| it.file.clone()),
        from: None,
        to: Some(setting.wanted.clone()),
        verdict: Verdict::AlreadyEnough,
        why: String::new(),
        risk: String::new(),
        source: String::new(),
    };
    if let Reading::Value(value) = &now {
        judged.from = Some(value.clone());
    }
    let settled = |mut judged: Judged, verdict, why: String| {
        judged.verdict = verdict;
        judged.why = why;
        judged
    };
    if let Some(entry) = profile.forbids(&Subject::Kernel(key.clone())) {
        return settled(judged, Verdict::Forbidden, format!("tune.never forbids it (`{entry}`)."));
    }
    if let Some(why) = worth::nothing(&setting, key, facts) {
        return settled(judged, Verdict::NoEffect, why);
    }
    if key.path() == RESERVED && setting.wanted.is_empty() {
        let why = "Nothing listens inside the range of outgoing connections.";
        return settled(judged, Verdict::AlreadyEnough, why.to_owned());
    }
    let value = match now {
        Reading::Value(value) => value,
        Reading::Unreadable(said) => {
            return settled(judged, Verdict::Unreadable, format!("{}: {said}.", key.file()));
        }
        Reading::Absent => return settled(judged, Verdict::NotSettable, absent(key)),
    };
    let held = hold(&setting, &value);
    if let (Some(why), Held::Short(_)) = (not_here(key, facts), &held) {
        return settled(judged, Verdict::NotSettable, why);
    }
    let file = paths::sysctl(profile.place);
    decide(&mut judged, &setting, (held, &value), boot.as_ref(), file);
    if judged.verdict.is_change() && key.path() == RANGE {
        collide(&mut judged, profile, facts);
    }
    last_words(&mut judged, &setting, key, facts, profile.place);
    judged
}

/// The verdict from the value now and the one that boot brings.
fn decide(judged: &mut Judged, setting: &Setting, now: (Held, &str), boot: Option<&Assignment>, file: &str) {
    let (held, value) = now;
    let reasons = format!("{} {}.", setting.why, capital(&setting.arithmetic));
    let boot_will_do = boot.map(|it| will_do(setting, &it.value));
    match (held, boot_will_do) {
        (Held::Short(to), _) => {
            judged.verdict = match setting.direction {
                Direction::AtLeast => Verdict::Raises,
                Direction::AtMost => Verdict::Lowers,
                Direction::Exactly => Verdict::Sets,
                Direction::Widen => Verdict::Widens,
                Direction::Include => Verdict::Reserves,
            };
            (judged.to, judged.file, judged.why) = (Some(to), Some(file.to_owned()), reasons);
            if let (Some(true), Some(boot)) = (boot_will_do, boot) {
                // Only the value now is wrong: the file that is right stays as it is.
                judged.file = Some(boot.file.clone());
                if matches!(setting.direction, Direction::AtLeast | Direction::AtMost) {
                    judged.to = Some(boot.value.clone());
                }
                judged.note(&format!("{} sets it at boot already.", boot.file));
            }
        }
        (_, Some(false)) => {
            let other = boot.map(|it| format!("{} = {}", it.file, it.value)).unwrap_or_default();
            judged.verdict = Verdict::Keeps;
            (judged.to, judged.file) = (Some(value.to_owned()), Some(file.to_owned()));
            judged.why = format!("It is right now, but the next boot would set it back: {other}.");
        }
        (_, None) if setting.unset == Unset::FallsShort => {
            judged.verdict = Verdict::Keeps;
            (judged.to, judged.file) = (Some(value.to_owned()), Some(file.to_owned()));
            judged.why = "It is right now, but no file keeps it over a boot.".to_owned();
        }
        (Held::Beyond, _) if setting.direction == Direction::AtLeast && setting.basis != Basis::Load => {
            judged.verdict = Verdict::WouldLower;
            judged.why =
                format!("The host has {value}; {} would lower it, and that is not done.", setting.wanted);
        }
        (Held::Beyond | Held::Enough, _) => {
            judged.why = match boot {
                Some(it) => format!("It is right, and {} keeps it.", it.file),
                None => "It is right without any file.".to_owned(),
            };
        }
    }
}

/// Who else may set it: files that are read after ours, programs that come after boot, a person's `sysctl --system`.
fn last_words(judged: &mut Judged, setting: &Setting, key: &Key, facts: &Facts, place: Place) {
    if judged.verdict.is_change()
        && let Some(caveat) = worth::caveat(key, facts)
    {
        judged.note(&caveat);
    }
    let mut overridden = None;
    if let Some(later) = after_ours(key, facts, place).filter(|it| !will_do(setting, &it.value)) {
        overridden = Some(format!(
            "{} is read after {} and sets it to {}: take that line out.",
            later.file,
            paths::sysctl(place),
            shown(&later.value)
        ));
    } else if place == Place::OldFiles && judged.verdict.is_change() && !old_file_counts(facts) {
        overridden = Some(
            "Nothing reads /etc/sysctl.conf when this host boots (no link to it in sysctl.d): leave --sysctl-conf out."
                .to_owned(),
        );
    }
    if let Some(other) = facts.overriders.of(key).filter(|it| !will_do(setting, &it.value)) {
        overridden = Some(format!("{} sets it to {} after boot.", other.by, shown(&other.value)));
    }
    if let Some(sentence) = &overridden {
        let ours = blocks::kernel_settings(&facts.files, place);
        let written = ours.get(key).is_some_and(|value| will_do(setting, value));
        // What our file says already cannot be made better by writing it again.
        if judged.verdict.holds() || judged.verdict == Verdict::Keeps && written {
            judged.verdict = Verdict::Overridden;
        }
        judged.note(sentence);
    }
    if judged.verdict.is_change() {
        let by_hand = facts.sysctl.by_hand(key).filter(|it| !will_do(setting, &it.value));
        if let (Some(old), Place::OwnFiles, None) = (by_hand, place, &overridden) {
            judged.note(&format!(
                "`sysctl --system` by hand reads /etc/sysctl.conf last and would set it to {}.",
                shown(&old.value)
            ));
        }
    }
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "nothing" } else { value }
}

/// What is set by files that come after the one we write.
fn after_ours(key: &Key, facts: &Facts, place: Place) -> Option<Assignment> {
    let order = &facts.sysctl.applied;
    let last = facts.sysctl.at_boot(key)?;
    let ours = match place {
        // Files are taken by name: ours stands where its name would, whether it is there yet or not.
        Place::OwnFiles => {
            let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
            let after = last.file == paths::OLD_SYSCTL && facts.sysctl.order == BootOrder::Procps
                || last.file != paths::OLD_SYSCTL && name(&last.file) > name(paths::SYSCTL);
            return after.then_some(last);
        }
        Place::OldFiles => order.iter().rposition(|path| is_old_file(path, facts))?,
    };
    (order.iter().position(|path| *path == last.file)? > ours).then_some(last)
}

fn is_old_file(path: &str, facts: &Facts) -> bool {
    path == paths::OLD_SYSCTL || facts.files.get(path).is_some_and(|file| file.is_old_sysctl)
}

fn old_file_counts(facts: &Facts) -> bool {
    facts.sysctl.order == BootOrder::Procps
        || facts.sysctl.applied.iter().any(|path| is_old_file(path, facts))
}

fn absent(key: &Key) -> String {
    match module_of(key) {
        Some(module) => format!("The kernel has it only with the module {module}, which is not loaded."),
        None => "This kernel does not have it here.".to_owned(),
    }
}

/// Why it cannot be set on this host; `None`: it can.
fn not_here(key: &Key, facts: &Facts) -> Option<String> {
    if let Container::Yes(kind) = &facts.system.container
        && !key.is_namespaced()
    {
        return Some(format!(
            "It belongs to the whole machine, and this is a container ({kind}): set it on the container's host."
        ));
    }
    if facts.sysctl.is_writable(key) {
        return None;
    }
    Some(match &facts.system.container {
        Container::Yes(kind) => format!(
            "/proc/sys is read-only in this container ({kind}): set it where the container is made (loadline tune render \
             --as compose)."
        ),
        Container::No if facts.system.as_root => format!("{} is read-only here.", key.file()),
        Container::No => format!("{} can be written by root only.", key.file()),
    })
}

/// Ports to reserve: what the profile wants, and what listens inside the range that outgoing connections will have.
fn reserved(profile: &Profile, setting: &Setting, facts: &Facts) -> String {
    let wanted = Ports::read(&setting.wanted).unwrap_or_default();
    let all = wanted.with(&listening(facts));
    let (low, high) = range(profile, facts).unwrap_or((0, u16::MAX));
    all.between(low, high).to_string()
}

/// The range of outgoing connections after the run.
fn range(profile: &Profile, facts: &Facts) -> Option<(u16, u16)> {
    let key = Key::read(RANGE)?;
    let now = match facts.sysctl.now(&key) {
        Reading::Value(value) => value,
        _ => return None,
    };
    let wanted = profile.of_key(&key).filter(|_| profile.forbids(&Subject::Kernel(key.clone())).is_none());
    match wanted.map(|setting| hold(setting, &now)) {
        Some(Held::Short(to)) => ends(&to),
        _ => ends(&now),
    }
}

fn collide(judged: &mut Judged, profile: &Profile, facts: &Facts) {
    let Some((low, high)) = judged.to.as_deref().and_then(ends) else { return };
    let inside = listening(facts).between(low, high);
    if !inside.is_empty() {
        judged.verdict = Verdict::Collides;
        let reserved = Key::read(RESERVED).is_some_and(|key| {
            profile.of_key(&key).is_some() && profile.forbids(&Subject::Kernel(key)).is_none()
        });
        judged.note(&if reserved {
            format!("Services listen inside the range, on {inside}: those ports are reserved first.")
        } else {
            format!("Services listen inside the range, on {inside}, and nothing reserves those ports.")
        });
    }
}

/// What earlier runs set and nothing wants any more.
pub(super) fn released(profile: &Profile, facts: &Facts) -> Vec<Judged> {
    let left = blocks::kernel_settings(&facts.files, profile.place);
    let unwanted = left.into_iter().filter(|(key, _)| {
        profile.of_key(key).is_none() || profile.forbids(&Subject::Kernel(key.clone())).is_some()
    });
    unwanted
        .map(|(key, value)| Judged {
            setting: key.to_string(),
            act: Act::Kernel(key),
            file: Some(paths::sysctl(profile.place).to_owned()),
            from: Some(sysctl_words(&value)),
            to: None,
            verdict: Verdict::Releases,
            why: "An earlier run set it and nothing asks for it any more: it goes back to what it was."
                .to_owned(),
            risk: String::new(),
            source: String::new(),
        })
        .collect()
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
