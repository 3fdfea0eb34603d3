//! The examples that come with the project.

use std::path::PathBuf;

use crate::support::{sound, teachers};

pub(crate) fn examples() -> Vec<(PathBuf, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

#[test]
fn every_example_is_read() {
    for (_, text) in examples() {
        sound(&text);
    }
}

#[test]
fn every_example_has_a_name_of_its_own() {
    let mut names: Vec<String> = examples().iter().map(|(_, text)| sound(text).name).collect();
    let many = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), many);
}

#[test]
fn the_plan_for_2000_users_is_read_as_written() {
    let spec = sound(&teachers());
    assert_eq!((spec.load.users.mid, spec.load.think_s.mid, spec.load.duty.mid), (2000.0, 0.16, 0.25));
    let page = &spec.requests[0];
    assert_eq!((page.cpu_s.mid, page.query_cpu_s.mid), (0.00224, 0.000373));
    assert_eq!(page.queries.mid, 3.0);
    assert_eq!((page.wait_s.mid, page.wait_cv2, page.writes.mid), (0.231, 0.25, 0.2));
    assert_eq!((spec.tasks[0].rate_per_s.mid, spec.tasks[0].time_s.mid), (4.8, 10.0));
    assert_eq!((spec.app.instances, spec.app.workers, spec.app.cores), (Some(8), Some(2), None));
    let database = spec.database.unwrap();
    assert_eq!(
        (database.data_gib.mid, database.buffer_pool_gib, database.storage_gib),
        (200.0, Some(8.0), Some(1024.0))
    );
    assert_eq!((database.max_connections, database.version.as_str()), (Some(2000), "8.4"));
    let cache = spec.cache.unwrap();
    assert_eq!(
        (cache.entries.mid, cache.entry_size_bytes.mid, cache.max_memory_gib),
        (1e5, 8192.0, Some(2.0))
    );
    assert_eq!((spec.objectives.mean_s, spec.objectives.p95_s), (Some(0.3), Some(0.5)));
    assert_eq!(spec.objectives.availability, Some(0.999));
    assert_eq!(spec.clouds.len(), 4);
    assert!(spec.hosts.is_empty());
}
