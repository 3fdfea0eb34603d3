#![allow(unused)]
#[path = "/work/wt/ssh/src/hosts/mod.rs"]
pub mod hosts;
