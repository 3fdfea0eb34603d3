//! Translates a blueprint into the resources of this cloud.

use loadline_contract::deploy::{Blueprint, Objection, Resource};

pub(crate) fn translate(_blueprint: &Blueprint) -> Result<Vec<Resource>, Vec<Objection>> {
    Err(vec![Objection { what: "provisioning".to_owned(), why: "not yet on this cloud".to_owned() }])
}
