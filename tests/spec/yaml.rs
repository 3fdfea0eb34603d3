//! The YAML that a spec may use: anchors, aliases, merge keys, styles.

use crate::support::{error, errors, small_and, sound};

#[test]
fn anchors_and_aliases_stand_for_their_values() {
    let spec = sound(
        "version: 1
name: school
load: { users: 200 }
requests:
  - { name: a, cpu: &cpu 12 ms, share: 50 % }
  - { name: b, cpu: *cpu }
",
    );
    assert_eq!(spec.requests[1].cpu_s.mid, 0.012);
}

#[test]
fn a_merge_key_brings_what_the_map_does_not_have() {
    let spec = sound(
        "version: 1
name: school
load: { users: 200 }
requests:
  - &page { name: a, cpu: 12 ms, wait: 5 ms, share: 50 % }
  - { <<: *page, name: b, cpu: 1 ms }
",
    );
    let merged = &spec.requests[1];
    assert_eq!((merged.name.as_str(), merged.cpu_s.mid, merged.wait_s.mid), ("b", 0.001, 0.005));
}

#[test]
fn of_several_merged_maps_the_first_wins() {
    let spec = sound(&small_and(
        "resilience: &r { zones: 2, survive: zone }\ntune: { sysctl: { <<: [{ vm.swappiness: 1 }, { vm.swappiness: 9, vm.dirty_ratio: 5 }] } }\n",
    ));
    assert_eq!(spec.tune.sysctl["vm.swappiness"], "1");
    assert_eq!(spec.tune.sysctl["vm.dirty_ratio"], "5");
}

#[test]
fn a_merge_of_what_is_no_map_is_an_error() {
    assert_eq!(error(&small_and("app: { <<: 5 }\n")).code, "merge-key");
    assert_eq!(error(&small_and("app: { <<: [{}, [1]] }\n")).code, "merge-key");
    let twice = errors(&small_and("app: { <<: {}, <<: {} }\n"));
    assert_eq!(twice.iter().map(|error| error.code).collect::<Vec<_>>(), ["duplicate-key"]);
}

#[test]
fn a_complaint_about_a_merged_value_points_to_where_it_is_written() {
    let error = error(
        "version: 1\nname: school\nload: { users: 200 }\nrequests:\n  - &page { name: a, cpu: 12 ms, share: 50 %, wait: 5 }\n  - { <<: *page, name: b, wait: 1 ms }\n",
    );
    assert_eq!((error.code, error.line, error.column), ("missing-unit", 5, 53));
}

#[test]
fn block_flow_and_quoted_style_mean_the_same() {
    let flow = sound("{version: 1, name: x, load: {users: 5}, requests: [{name: a, cpu: 1 ms}]}");
    let block = sound("version: 1\nname: x\nload:\n  users: 5\nrequests:\n- name: a\n  cpu: 1 ms\n");
    let quoted = sound(
        "\"version\": '1'\n'name': \"x\"\nload: {\"users\": \"5\"}\nrequests: [{'name': 'a', 'cpu': '1 ms'}]\n",
    );
    let json = sound(
        r#"{"version": 1, "name": "x", "load": {"users": 5}, "requests": [{"name": "a", "cpu": "1 ms"}]}"#,
    );
    for other in [&block, &quoted, &json] {
        assert_eq!((&other.load, &other.requests, &other.app), (&flow.load, &flow.requests, &flow.app));
    }
}

#[test]
fn a_key_is_a_word() {
    for text in ["? [a]\n: 1", "{a: 1}: 2", "[a]: 2"] {
        assert_eq!(error(text).code, "complex-key", "{text}");
    }
}

#[test]
fn an_anchor_at_a_key_names_its_word() {
    let text = small_and("access: { &word os: ubuntu-24.04, ssh: { user: *word } }\n");
    assert_eq!(sound(&text).access.user, "os");
}
