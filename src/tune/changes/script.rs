//! Work to one script. Everything that comes from a spec or a host is one quoted word in it.

use super::Work;
use crate::hosts::quoted;

/// What every script consists of.
const LIBRARY: &str = include_str!("host.sh");

/// A timer that takes a run back unless it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arming {
    /// Names the run: letters, digits and `-`.
    pub token: String,
    /// Time until it is taken back, s.
    pub within_s: u64,
}

/// The script that carries out the work. It can be run again after being cut off anywhere.
pub fn script(work: &Work, arming: Option<&Arming>) -> String {
    let mut calls = String::new();
    for file in &work.files {
        let form =
            |text: &Option<String>| text.as_ref().map_or_else(|| "-".to_owned(), |text| format!("={text}"));
        let (name, path) = (quoted(&file.path.replace('/', "%")), quoted(&file.path));
        calls.push_str(&format!(
            "file {name} {path} {} {}\n",
            quoted(&form(&file.before)),
            quoted(&form(&file.after))
        ));
    }
    for value in &work.values {
        calls.push_str(&format!(
            "value {} {} {}\n",
            quoted(&value.path),
            quoted(&value.before),
            quoted(&value.after)
        ));
    }
    for path in &work.released {
        calls.push_str(&format!("release {}\n", quoted(path)));
    }
    if let Some(arming) = arming {
        calls.push_str(&format!("library={}\n", quoted(LIBRARY)));
        calls.push_str(&format!("apply {} {}\n", quoted(&arming.token), arming.within_s));
    } else {
        calls.push_str("apply '' 0\n");
    }
    if work.reload {
        calls.push_str("reload\n");
    }
    for unit in &work.restart {
        calls.push_str(&format!("restart {}\n", quoted(unit)));
    }
    whole(&calls)
}

/// The script that keeps a run that waits to be confirmed.
pub fn confirm_script(token: &str) -> String {
    whole(&format!("confirm {}\n", quoted(token)))
}

/// The script that brings back what was there before the first run.
pub fn revert_script(restart: &[String]) -> String {
    let restarts: String = restart.iter().map(|unit| format!("restart {}\n", quoted(unit))).collect();
    whole(&format!("revert\n{restarts}"))
}

/// In braces: a shell reads them to their end before it begins, so a script that arrives in part does nothing at all. And
/// nothing in it can read the rest of the script from standard input.
fn whole(calls: &str) -> String {
    format!("{{\n{LIBRARY}\n{calls}finish\n}} </dev/null\n")
}
