//! Hosts and the ways to reach them. Decides nothing about what a host should be like: [`Connection`] runs a script and
//! brings back what it said.

mod connection;

pub use connection::{Connection, HostError, HostErrorClass, Said};
