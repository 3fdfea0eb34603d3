//! Two things with the same address: a create whose answer was lost, made again by a cloud that does not recognise it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use loadline_contract::deploy::{Address, Observed, State};

/// One thing for each address, and those beyond it. Kept is what is usable, then what more of our things refer to (the other
/// could not be removed), then what has the smaller id, so that every run decides alike.
pub(super) fn single(observed: &[Observed]) -> (BTreeMap<&Address, &Observed>, Vec<&Observed>) {
    let mut kept: BTreeMap<&Address, &Observed> = BTreeMap::new();
    let mut extra = Vec::new();
    let mut sorted: Vec<&Observed> = observed.iter().collect();
    sorted.sort_by_key(|thing| (&thing.address, standing(&thing.state), Reverse(thing.users), &thing.id));
    for thing in sorted {
        if kept.contains_key(&thing.address) {
            extra.push(thing);
        } else {
            kept.insert(&thing.address, thing);
        }
    }
    // What is on its way out already needs no step.
    extra.retain(|thing| thing.state != State::Leaving);
    (kept, extra)
}

fn standing(state: &State) -> u8 {
    match state {
        State::Ready => 0,
        State::Changing => 1,
        State::Failed(_) => 2,
        State::Leaving => 3,
    }
}
