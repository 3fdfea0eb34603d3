//! What an app machine is like, and what moves their number.

use super::*;

#[test]
fn a_machine_is_shielded_private_and_without_an_identity() {
    let template = one(&made(&blueprint()), "template");
    for part in ["enable_secure_boot", "enable_vtpm", "enable_integrity_monitoring"] {
        assert_eq!(setting(&template, &format!("shielded_instance/{part}")), "true");
    }
    assert_eq!(setting(&template, "network_interface/access_configs"), "[]");
    assert_eq!(setting(&template, "network_interface/subnetwork"), "subnet/app");
    assert_eq!(setting(&template, "service_accounts"), "[]");
}

#[test]
fn a_machine_starts_from_the_image_of_its_architecture() {
    let image = |os: &str, architecture| {
        let template = one(
            &made(&with(|it| {
                it.app.os = os.to_owned();
                it.app.architecture = architecture;
            })),
            "template",
        );
        setting(&template, "disk/source_image").rsplit('/').next().unwrap().to_owned()
    };
    assert_eq!(image("ubuntu-24.04", Architecture::X86), "ubuntu-2404-lts-amd64");
    assert_eq!(image("ubuntu-24.04", Architecture::Arm), "ubuntu-2404-lts-arm64");
    assert_eq!(image("ubuntu-22.04", Architecture::X86), "ubuntu-2204-lts");
}

#[test]
fn families_that_take_no_persistent_disk_get_hyperdisk() {
    let disk = |sku: &str| {
        setting(&one(&made(&with(|it| it.app.sku = sku.to_owned())), "template"), "disk/disk_type")
    };
    assert_eq!(disk("c2d-highcpu-8"), "pd-balanced");
    assert_eq!(disk("n4-standard-8"), "hyperdisk-balanced");
    assert_eq!(disk("c4a-standard-8"), "hyperdisk-balanced");
}

#[test]
fn the_first_start_and_the_operators_key_are_in_the_metadata() {
    let template = one(&made(&blueprint()), "template");
    assert_eq!(setting(&template, "metadata/user-data"), "#cloud-config\n{}\n");
    assert_eq!(setting(&template, "metadata/ssh-keys"), "ubuntu:ssh-ed25519 AAAA ops");
    assert_eq!(setting(&template, "metadata/block-project-ssh-keys"), "TRUE");
    assert_eq!(setting(&template, "metadata/enable-oslogin"), "FALSE");
}

#[test]
fn another_template_has_another_name_and_the_group_takes_it() {
    let of = |blueprint: &Blueprint| {
        let made = made(blueprint);
        (one(&made, "template").address, setting(&one(&made, "group"), "instance_template"))
    };
    let (first, taken) = of(&blueprint());
    assert_eq!(first.to_string(), taken);
    let (second, taken) = of(&with(|it| it.app.first_start.push('\n')));
    assert_eq!(second.to_string(), taken);
    assert_ne!(first, second);
    assert_eq!(first, of(&with(|it| it.app.count = 5)).0, "the number of machines is not the template's");
}

#[test]
fn a_group_in_other_zones_is_another_group_that_the_balancer_takes() {
    let made = made(&with(|it| it.zones.push("us-central1-f".to_owned())));
    assert_eq!(one(&made, "group").address.to_string(), "group/app-a-b-f");
    assert!(setting(&one(&made, "backend"), "backends").contains("instance_group of group/app-a-b-f"));
    assert_eq!(setting(&one(&made, "autoscaler"), "target"), "group/app-a-b-f");
}

#[test]
fn an_autoscaled_group_is_not_held_at_a_size() {
    let made = made(&blueprint());
    let (group, autoscaler) = (one(&made, "group"), one(&made, "autoscaler"));
    assert!(!group.settings.contains_key("target_size"));
    assert_eq!(setting(&group, "initial_size"), "4");
    assert_eq!(setting(&autoscaler, "min_num_replicas"), "4");
    assert_eq!(setting(&autoscaler, "max_num_replicas"), "8");
    assert_eq!(setting(&autoscaler, "cpu_utilization_target_percent"), "70");
}

#[test]
fn a_fixed_group_is_held_at_its_size_and_has_no_autoscaler() {
    let made = made(&with(|it| it.app.most = it.app.count));
    let group = one(&made, "group");
    assert_eq!(setting(&group, "target_size"), "4");
    assert!(!group.settings.contains_key("initial_size"));
    assert!(!has(&made, "autoscaler"));
}

#[test]
fn an_update_adds_a_machine_in_each_zone_before_it_takes_one() {
    let group = one(&made(&blueprint()), "group");
    assert_eq!(setting(&group, "update_policy/max_surge"), "2");
    assert_eq!(setting(&group, "update_policy/max_unavailable"), "0");
}

#[test]
fn an_unhealthy_machine_is_not_made_again_and_a_stopped_one_is() {
    let group = one(&made(&blueprint()), "group");
    assert_eq!(setting(&group, "instance_lifecycle/on_failed_health_check"), "DO_NOTHING");
    assert_eq!(setting(&group, "instance_lifecycle/default_action_on_failure"), "REPAIR");
    assert_eq!(setting(&group, "auto_healing/health_check"), "health-check/app");
}

#[test]
fn a_disk_is_never_smaller_than_the_image() {
    let template = one(&made(&with(|it| it.app.disk_gib = 4)), "template");
    assert_eq!(setting(&template, "disk/disk_size_gb"), "10");
}

#[test]
fn what_a_group_or_a_machine_cannot_hold_is_refused() {
    let (what, why) = objection(&with(|it| it.app.most = 2001));
    assert!(what.starts_with("2001 ") && why.contains("2000"), "{what}: {why}");
    let (what, _) = objection(&with(|it| it.app.first_start = "x".repeat(262_145)));
    assert!(what.starts_with("262145 bytes"), "{what}");
    assert_eq!(objection(&with(|it| it.app.os = "windows".to_owned())).0, "operating system windows");
}
