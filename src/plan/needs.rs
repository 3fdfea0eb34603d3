//! Which steps wait for which: what is made waits for what it refers to, what is removed waits for what refers to it.

use std::collections::{BTreeSet, HashMap};

use loadline_contract::deploy::{Action, Address, Observed, Step};

/// Writes into each step the positions of those that have to be done before it. Only steps of a lower rank are waited
/// for, so that nothing waits in a circle.
pub(super) fn link(steps: &mut [Step], observed: &[Observed]) {
    let mut making: HashMap<&Address, usize> = HashMap::new();
    let mut touching: HashMap<&Address, Vec<usize>> = HashMap::new();
    for (position, step) in steps.iter().enumerate() {
        touching.entry(&step.address).or_default().push(position);
        if step.action != Action::Delete {
            making.insert(&step.address, position);
        }
    }
    let mut users: HashMap<&Address, BTreeSet<&Address>> = HashMap::new();
    let removes = steps.iter().any(|step| step.resource.is_none());
    for thing in observed.iter().filter(|_| removes) {
        for value in thing.settings.values() {
            value.references(&mut |reference| {
                users.entry(&reference.of).or_default().insert(&thing.address);
            });
        }
    }
    let needs: Vec<Vec<usize>> = steps
        .iter()
        .map(|step| {
            let mut needs = BTreeSet::new();
            // The old one of the same address has to be gone; or the new one to be there, if it is a second.
            needs.extend(touching.get(&step.address).into_iter().flatten());
            match &step.resource {
                Some(resource) => {
                    needs.extend(resource.references().iter().filter_map(|it| making.get(&it.of)));
                }
                None => {
                    let users = users.get(&step.address).into_iter().flatten();
                    needs.extend(users.filter_map(|user| touching.get(user)).flatten());
                }
            }
            needs.into_iter().copied().filter(|&other| steps[other].rank < step.rank).collect()
        })
        .collect();
    for (step, needs) in steps.iter_mut().zip(needs) {
        step.needs = needs;
    }
}
