//! [`size`]: joins requirements, prediction, load line, findings, sensitivity and uncertainty of one spec.

use super::findings::{View, findings};
use super::{Effort, Extent, Model, Progress, Sizing};
use super::{sensitivity, uncertainty};
use crate::spec::Spec;

/// Sizes a spec: for the capacity that it pins, or the smallest that meets its objectives.
///
/// `progress` hears what is being done, from any thread.
pub fn size(spec: &Spec, effort: &Effort, progress: &(dyn Fn(Progress) + Sync)) -> Sizing {
    size_with(&Model::new(spec, effort), progress)
}

/// The same with a model that is then at hand for other capacities.
pub fn size_with(model: &Model, progress: &(dyn Fn(Progress) + Sync)) -> Sizing {
    let (spec, effort) = (&model.spec, &model.effort);
    let requirements = model.requirements();
    let capacity = model.wanted_capacity(&requirements);
    let (prediction, load_line) = model.assess(&capacity, progress);
    let sensitivity = match effort.sensitivity {
        Extent::Skip => Vec::new(),
        Extent::Full => {
            progress(Progress { step: "varying each input", done: 0, of: 1 });
            let found = sensitivity::sensitivity(spec, effort, &capacity);
            progress(Progress { step: "varying each input", done: 1, of: 1 });
            found
        }
    };
    let uncertainty = uncertainty::uncertainty(model, &requirements, &capacity, &prediction, progress);
    let findings = findings(&View {
        model,
        spec,
        requirements: &requirements,
        prediction: &prediction,
        load_line: &load_line,
    });
    Sizing { requirements, prediction, load_line, findings, sensitivity, uncertainty }
}
