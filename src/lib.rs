//! Loadline: from a capacity spec to a size, a prediction and a bill.
//!
//! The modules in the order in which data flows through them:
//!
//! - [`spec`]: YAML text to a [`spec::Spec`], every complaint with its place in the file
//! - [`sizing`]: a spec to requirements, a prediction, a load line and findings
//! - [`lint`]: files that a deployment already has to the contradictions between them
//! - [`market`]: requirements and offers to a design and its bill
//! - [`clouds`]: the registry, one line per cloud
//! - [`hosts`]: hosts and the ways to reach them
//! - [`tune`]: settings of hosts: what is wanted, what is there, how to get from one to the other
//! - [`deploy`]: a spec to the files of a release, and hosts from one release to the next
//! - [`check`]: a running stack to what is over its lines
//! - [`calibrate`]: what a load test measured, back into the spec
//! - [`blueprint`]: a design to everything that a cloud has to be told
//! - [`plan`]: what is wanted and what is there to ordered steps
//! - [`apply`]: a plan to what is there, written down step by step
//! - [`event`]: what `apply` says while it works
//! - [`load`]: a spec to a load test, and what it measured beside what was predicted
//! - [`report`]: values to text, JSON, CSV, Markdown and HTML
//! - [`cli`]: the command line that joins them

pub mod apply;
pub mod blueprint;
pub mod calibrate;
pub mod check;
pub mod cli;
pub mod clouds;
pub mod deploy;
pub mod event;
pub mod hosts;
pub mod lint;
pub mod load;
pub mod market;
pub mod plan;
pub mod report;
pub mod sizing;
pub mod spec;
pub mod tune;
