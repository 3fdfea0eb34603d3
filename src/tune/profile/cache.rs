//! Hosts that run Redis or Valkey.

use super::database::huge_pages;
use super::load::Load;
use super::setting::{Basis, Direction, Setting};

pub(super) fn settings(_: &Load) -> Vec<Setting> {
    vec![
        Setting::kernel("vm.overcommit_memory", Direction::Exactly, 1)
            .because(
                "A snapshot forks the server: without overcommitting, a machine that is more than half full refuses the fork.",
                "redis.io, administration: Linux",
                "A program that reserves more than there is fails later, when it uses the memory.",
            )
            .reckoned(Basis::Profile, "copy-on-write uses a fraction of what a fork reserves".to_owned()),
        huge_pages(),
        Setting::kernel("vm.swappiness", Direction::AtMost, 10)
            .because(
                "An entry that has been swapped out takes milliseconds instead of microseconds.",
                "Linux Documentation/admin-guide/sysctl/vm.rst (60 by itself)",
                "With no swap at all it changes nothing.",
            )
            .reckoned(Basis::Profile, "1 to 10 is customary for servers of data in memory".to_owned()),
        Setting::kernel("net.core.somaxconn", Direction::AtLeast, 512)
            .because(
                "The kernel cuts the accept queue of the server to this.",
                "redis.conf, tcp-backlog (511)",
                "None known.",
            )
            .reckoned(Basis::Profile, "the server asks for 511".to_owned())
            .comes_back(),
        Setting::limit("nofile", 10_032)
            .because("Connections of the server.", "redis.io, clients: maxclients", "None known.")
            .reckoned(Basis::Profile, "10,000 clients and 32 files of its own".to_owned()),
    ]
}
