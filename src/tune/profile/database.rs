//! Hosts that run the database server.

use super::load::{Load, grouped};
use super::setting::{Basis, Direction, Setting, Subject};
use super::web::larger;

pub(super) fn settings(load: &Load) -> Vec<Setting> {
    let connections = load.max_connections.unwrap_or(151);
    let (files, basis) = larger(10_000, (connections * 5).max(10 + connections + 2 * 4_000));
    vec![
        Setting::kernel("vm.swappiness", Direction::AtMost, 10)
            .because(
                "How readily memory of programs is moved out for the sake of file caches: a buffer pool on disk is none.",
                "Linux Documentation/admin-guide/sysctl/vm.rst (60 by itself)",
                "With no swap at all it changes nothing.",
            )
            .reckoned(Basis::Profile, "1 to 10 is customary for database servers".to_owned()),
        huge_pages(),
        Setting::kernel("net.core.somaxconn", Direction::AtLeast, connections.max(4_096))
            .because(
                "The kernel cuts the accept queue of the server to this.",
                "Linux Documentation/admin-guide/sysctl/net.rst (4096 by itself since Linux 5.4)",
                "None known.",
            )
            .reckoned(
                Basis::Load,
                format!("{} connections that are all opened again after a failover", grouped(connections)),
            ),
        Setting::limit("nofile", files)
            .because(
                "Files and connections of the server.",
                "MySQL reference manual, open_files_limit: the larger of 5 x max_connections and 10 + max_connections + \
                 2 x table_open_cache",
                "None known where it is raised.",
            )
            .reckoned(
                basis,
                format!("max_connections {} and 4,000 tables: {}", grouped(connections), grouped(files)),
            ),
    ]
}

/// Databases and caches reserve memory in small pieces over a large space: whole huge pages cost memory and delays.
pub(super) fn huge_pages() -> Setting {
    Setting::new(Subject::HugePages, Direction::Exactly, "madvise")
        .because(
            "Huge pages only for programs that ask for them: elsewhere they cost memory, and delays while they are made \
             or copied.",
            "Linux Documentation/admin-guide/mm/transhuge.rst; redis.io, diagnosing latency issues",
            "Other programs on the host that gain by huge pages without asking lose them.",
        )
        .reckoned(Basis::Profile, "`never` is as good".to_owned())
        .comes_back()
}
