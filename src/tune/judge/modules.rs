//! Modules that boot has to load before the settings they bring can be applied.

use super::verdict::{Act, Judged, Verdict};
use crate::tune::facts::{Facts, module_of};
use crate::tune::paths;

/// A change for each module that settings of ours need and that boot would load too late.
pub(super) fn judge(judged: &[Judged], facts: &Facts) -> Vec<Judged> {
    let mut modules = Vec::new();
    for change in judged {
        let Act::Kernel(key) = &change.act else { continue };
        let Some(module) = module_of(key) else { continue };
        let ours = change.verdict.is_change() || change.file.as_deref() == Some(paths::SYSCTL);
        if ours
            && !facts.modules.is_ready_at_boot(module, &facts.sysctl.now(key))
            && !modules.contains(&module)
        {
            modules.push(module);
        }
    }
    let needed = |module| Judged {
        setting: format!("module {module}"),
        act: Act::Module(module),
        file: Some(paths::MODULES.to_owned()),
        from: Some("loaded when first used".to_owned()),
        to: Some("loaded at boot".to_owned()),
        verdict: Verdict::Sets,
        why: "Its settings exist only once it is loaded: boot has to load it before it applies them."
            .to_owned(),
        risk: String::new(),
        source: String::new(),
    };
    modules.into_iter().map(needed).collect()
}
