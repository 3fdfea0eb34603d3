//! Hosts for a program.

use serde_json::{Value, json};

use super::TuneView;
use crate::tune::judge::Judged;
use crate::tune::run::HostReport;

/// Version of the contract.
const SCHEMA: u32 = 1;

/// The results for a program; docs/json.md names every field.
pub fn tune_json(view: TuneView<'_>) -> Value {
    json!({
        "schema": SCHEMA,
        "profile": view.profile.name,
        "hosts": view.hosts.iter().map(host).collect::<Vec<_>>(),
    })
}

fn host(host: &HostReport) -> Value {
    json!({
        "host": host.host,
        "state": host.state.word(),
        "changes": host.settings.iter().filter(|it| it.verdict.is_change()).map(setting).collect::<Vec<_>>(),
        "others": host.settings.iter().filter(|it| !it.verdict.is_change()).map(setting).collect::<Vec<_>>(),
        "problems": host.problems,
        "notes": host.notes,
        "next": host.hint,
    })
}

fn setting(judged: &Judged) -> Value {
    json!({
        "setting": judged.setting,
        "file": judged.file,
        "from": judged.from,
        "to": judged.to,
        "verdict": judged.verdict.word(),
        "why": judged.why,
        "risk": judged.risk,
        "source": judged.source,
    })
}
