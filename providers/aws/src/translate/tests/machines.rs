//! What an app machine is like, and what moves their number.

use super::*;

fn template(blueprint: &Blueprint) -> Resource {
    one(&made(blueprint), "launch-template")
}

#[test]
fn metadata_takes_a_token_only() {
    assert_eq!(setting(&template(&blueprint()), "metadata_tokens"), "required");
}

#[test]
fn the_first_start_is_handed_over_as_it_is() {
    let it = template(&with(|it| it.app.first_start = "#cloud-config\nruncmd: [true]\n".to_owned()));
    assert_eq!(setting(&it, "first_start"), "#cloud-config\nruncmd: [true]\n");
}

#[test]
fn a_first_start_that_no_machine_takes_is_refused() {
    made(&with(|it| it.app.first_start = "x".repeat(16_384)));
    let (what, why) = objection(&with(|it| it.app.first_start = "x".repeat(16_385)));
    assert!(what.starts_with("16385 bytes") && why.contains("16384"), "{what}: {why}");
}

#[test]
fn a_machine_starts_from_the_image_of_its_architecture() {
    let image = |os: &str, architecture| {
        let blueprint = with(|it| (it.app.os, it.app.architecture) = (os.to_owned(), architecture));
        setting(&template(&blueprint), "image")
    };
    let parameter = "resolve:ssm:/aws/service/canonical/ubuntu/server";
    assert_eq!(
        image("ubuntu-24.04", Architecture::X86),
        format!("{parameter}/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id")
    );
    assert_eq!(
        image("ubuntu-24.04", Architecture::Arm),
        format!("{parameter}/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id")
    );
    assert_eq!(
        image("ubuntu-22.04", Architecture::X86),
        format!("{parameter}/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id")
    );
    assert_eq!(objection(&with(|it| it.app.os = "windows".to_owned())).0, "access.os");
}

#[test]
fn a_disk_is_as_large_as_asked_and_never_smaller_than_the_image() {
    assert_eq!(setting(&template(&blueprint()), "disk_gib"), "500");
    assert_eq!(setting(&template(&with(|it| it.app.disk_gib = 4)), "disk_gib"), "8");
}

#[test]
fn the_operators_key_comes_without_its_comment_and_only_where_there_is_one() {
    let made_with = made(&blueprint());
    assert_eq!(setting(&one(&made_with, "key-pair"), "public_key"), "ssh-ed25519 AAAA");
    assert_eq!(setting(&one(&made_with, "launch-template"), "key"), "key-pair/operators");
    let without = made(&with(|it| it.app.ssh = None));
    assert!(!has(&without, "key-pair") && !one(&without, "launch-template").settings.contains_key("key"));
}

#[test]
fn the_group_spreads_over_the_zones_and_serves_the_balancer() {
    let made = made(&blueprint());
    let group = one(&made, "group");
    assert_eq!(setting(&group, "subnets"), "[subnet/private-1, subnet/private-2]");
    assert_eq!(setting(&group, "targets"), "[target-group/app-8000]");
    assert_eq!(setting(&group, "template"), "launch-template/app");
}

#[test]
fn the_group_never_has_fewer_than_planned_nor_more_than_connections_bear() {
    let group = one(&made(&blueprint()), "group");
    assert_eq!(
        (setting(&group, "least"), setting(&group, "desired"), setting(&group, "most")),
        ("3".into(), "3".into(), "6".into())
    );
}

#[test]
fn the_group_is_moved_by_its_cpu_towards_the_target() {
    let policy = one(&made(&with(|it| it.app.target_cpu_percent = 70)), "scaling-policy");
    assert_eq!(setting(&policy, "group"), "group/app");
    assert_eq!(
        (setting(&policy, "metric"), setting(&policy, "target")),
        ("ASGAverageCPUUtilization".into(), "70".into())
    );
}

#[test]
fn a_group_that_may_not_grow_has_no_policy() {
    let made = made(&with(|it| it.app.most = it.app.count));
    assert!(!has(&made, "scaling-policy"));
    assert_eq!(setting(&one(&made, "group"), "most"), "3");
}

#[test]
fn the_group_replaces_machines_when_their_template_changes_and_only_then() {
    let revision = |blueprint: &Blueprint| setting(&one(&made(blueprint), "group"), "revision");
    let first = revision(&blueprint());
    assert_ne!(first, revision(&with(|it| it.app.first_start.push('\n'))));
    assert_ne!(first, revision(&with(|it| it.app.sku = "c7i.4xlarge".to_owned())));
    assert_eq!(first, revision(&with(|it| it.app.count = 5)));
}

#[test]
fn machines_are_not_replaced_before_anything_was_released_to_them() {
    assert_eq!(setting(&one(&made(&blueprint()), "group"), "health_check"), "EC2");
}
