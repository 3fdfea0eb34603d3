//! That a policy allows what a plan needs, nothing else, and on nothing of others.

use std::path::Path;

use super::*;

/// What is needed although no call of ours bears its name: a service asks it on behalf of whoever calls it.
const ON_BEHALF: &[&str] = &[
    "autoscaling:CreateOrUpdateTags",
    "cloudwatch:TagResource",
    "ec2:CreateTags",
    "ec2:DescribeAccountAttributes",
    "ec2:RunInstances",
    "elasticache:AddTagsToResource",
    "elasticloadbalancing:AddTags",
    "iam:CreateServiceLinkedRole",
    "kms:DescribeKey",
    "rds:AddTagsToResource",
    "rds:CreateDBSnapshot",
    "secretsmanager:CreateSecret",
    "secretsmanager:TagResource",
    "sns:TagResource",
];

/// Leftovers are looked for without any plan.
const WITHOUT_A_PLAN: &[&str] = &["autoscaling:DescribeTags", "ec2:DescribeTags", "tag:GetResources"];

/// Permissions of all kinds: to look, and for the actions asked for.
fn permissions(actions: &[usize]) -> Vec<String> {
    let rules = STAGES.iter().copied().flatten();
    let all: BTreeSet<&str> =
        rules.flat_map(|rule| actions.iter().flat_map(|it| rule.permissions[*it])).copied().collect();
    all.into_iter().map(str::to_owned).collect()
}

const EVERYTHING: &[usize] = &[0, 1, 2, 3];
const TO_MAKE: &[usize] = &[0, 1];
const TO_REMOVE: &[usize] = &[0, 3];

fn of(actions: &[usize]) -> Value {
    policy(&permissions(actions), &"teachers".parse().unwrap(), "us-east-1")
}

fn statements(policy: &Value) -> Vec<Value> {
    documents_of(policy).iter().flat_map(|it| it["Statement"].as_array().unwrap().clone()).collect()
}

fn named(policy: &Value, sid: &str) -> Value {
    statements(policy).into_iter().find(|it| it["Sid"] == sid).unwrap_or_else(|| panic!("no statement {sid}"))
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

fn actions(policy: &Value) -> BTreeSet<String> {
    statements(policy).iter().flat_map(|it| texts(&it["Action"])).collect()
}

fn is_read(action: &str) -> bool {
    let call = action.split(':').nth(1).unwrap();
    ["Describe", "List", "Get"].iter().any(|verb| call.starts_with(verb))
}

/// What the account calls, by its sources: `ec2:CreateVpc`.
fn calls() -> BTreeSet<String> {
    let clients = [
        ("ec2", "ec2"),
        ("rds", "rds"),
        ("elasticache", "elasticache"),
        ("elb", "elasticloadbalancing"),
        ("scaling", "autoscaling"),
        ("watch", "cloudwatch"),
        ("sns", "sns"),
        ("ssm", "ssm"),
        ("quotas", "servicequotas"),
        ("tagging", "tag"),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/account");
    let mut found = BTreeSet::new();
    let files = |folder: std::path::PathBuf| std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let sources = files(folder.clone()).chain(files(folder.join("preflight")));
    for file in sources.filter(|file| file.is_file()) {
        let source = std::fs::read_to_string(file).unwrap();
        let source: String = source.split_whitespace().collect();
        for (client, service) in clients {
            for (at, of) in source.match_indices(&format!(".{client}.")) {
                let rest = &source[at + of.len()..];
                let Some((call, _)) = rest.split_once('(') else { continue };
                if call.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
                    found.insert(format!("{service}:{}", camel(call)));
                }
            }
        }
    }
    found
}

fn camel(call: &str) -> String {
    let words = call.split('_').map(|word| match word {
        "db" => "DB".to_owned(),
        word => word[..1].to_uppercase() + &word[1..],
    });
    words.collect()
}

#[test]
fn what_kinds_need_is_what_the_account_calls_and_what_is_asked_on_its_behalf() {
    let (needed, calls) = (permissions(EVERYTHING), calls());
    assert!(calls.len() > 80, "{calls:?}");
    let unused: Vec<_> =
        needed.iter().filter(|it| !calls.contains(*it) && !ON_BEHALF.contains(&it.as_str())).collect();
    assert!(unused.is_empty(), "no call needs {unused:?}");
    let missing: Vec<_> =
        calls.iter().filter(|it| !needed.contains(it) && !WITHOUT_A_PLAN.contains(&it.as_str())).collect();
    assert!(missing.is_empty(), "no kind asks for {missing:?}");
    let idle: Vec<_> = ON_BEHALF.iter().filter(|it| !needed.iter().any(|needed| needed == *it)).collect();
    assert!(idle.is_empty(), "no kind needs {idle:?}");
}

#[test]
fn a_policy_holds_exactly_the_actions_that_are_needed() {
    for some in [EVERYTHING, TO_MAKE, TO_REMOVE, &[0]] {
        assert_eq!(actions(&of(some)), permissions(some).into_iter().collect());
    }
}

#[test]
fn every_action_but_looks_has_a_statement_and_no_statement_has_others() {
    let needed = permissions(EVERYTHING);
    let looks = texts(&named(&of(EVERYTHING), LOOKS)["Action"]);
    assert!(looks.iter().all(|it| is_read(it)), "{looks:?} are not all looks: give them a row in grants.rs");
    for (action, _) in PARTS.iter().flat_map(|part| part.grants) {
        assert!(needed.iter().any(|it| it == action), "no kind needs {action}");
    }
}

#[test]
fn looking_alone_changes_nothing() {
    let policy = of(&[0]);
    assert_eq!(statements(&policy).len(), 1);
    assert!(actions(&policy).iter().all(|it| is_read(it)));
}

#[test]
fn what_takes_no_resource_is_held_to_the_region() {
    for statement in statements(&of(EVERYTHING)) {
        let everything = texts(&statement["Resource"]).contains(&"*".to_owned());
        let region = json!({ "StringEquals": { "aws:RequestedRegion": "us-east-1" } });
        assert_eq!(everything, statement["Condition"] == region, "{statement:#}");
        for resource in texts(&statement["Resource"]) {
            // Roles belong to no region.
            let held =
                resource == "*" || resource.starts_with("arn:aws:iam:") || resource.contains(":us-east-1:");
            assert!(held && !resource.contains(['{', '}']), "{resource}");
        }
    }
}

#[test]
fn what_has_a_name_is_held_by_it() {
    let policy = of(EVERYTHING);
    for sid in ["Machines", "Balancer", "Database", "Cache", "Alarms"] {
        for resource in texts(&named(&policy, sid)["Resource"]) {
            let default = resource == "arn:aws:rds:us-east-1:*:og:default*";
            assert!(default || resource.contains("ll-teachers-"), "{resource}");
        }
    }
    let databases = texts(&named(&policy, "Database")["Resource"]);
    assert!(
        databases.contains(&"arn:aws:rds:us-east-1:*:db:ll-teachers-database-*".to_owned()),
        "{databases:?}"
    );
}

#[test]
fn what_has_only_an_id_is_made_with_the_tag_and_used_by_it() {
    let policy = of(EVERYTHING);
    let condition = |sid: &str| named(&policy, sid)["Condition"].clone();
    let tagged = |key: &str| json!({ "StringEquals": { key: "teachers" } });
    assert_eq!(condition("Ec2Make"), tagged("aws:RequestTag/loadline:deployment"));
    assert_eq!(condition("Ec2Use"), tagged("aws:ResourceTag/loadline:deployment"));
    assert_eq!(condition("Ec2Tag"), json!({ "StringLike": { "ec2:CreateAction": "*" } }));
}

#[test]
fn machines_come_from_our_template_only() {
    let start = named(&of(TO_MAKE), "Ec2Start");
    let template = "arn:aws:ec2:us-east-1:*:launch-template/*";
    assert_eq!(start["Condition"], json!({ "ArnLike": { "ec2:LaunchTemplate": template } }));
    assert!(texts(&named(&of(TO_MAKE), "Ec2Use")["Action"]).contains(&"ec2:RunInstances".to_owned()));
}

#[test]
fn only_the_roles_of_services_that_the_plan_begins_to_use_are_made() {
    let role = |permissions: &[&str]| {
        let permissions: Vec<String> = permissions.iter().map(|it| (*it).to_owned()).collect();
        let policy = policy(&permissions, &"teachers".parse().unwrap(), "us-east-1");
        texts(&named(&policy, "ServiceRoles")["Condition"]["StringEquals"]["iam:AWSServiceName"])
    };
    assert_eq!(role(&["iam:CreateServiceLinkedRole", "rds:CreateDBInstance"]), ["rds.amazonaws.com"]);
    assert_eq!(
        texts(&named(&of(TO_MAKE), "ServiceRoles")["Condition"]["StringEquals"]["iam:AWSServiceName"]).len(),
        4
    );
}

#[test]
fn a_plan_that_only_removes_may_make_nothing() {
    let removing = actions(&of(TO_REMOVE));
    let makes: Vec<_> = removing
        .iter()
        .filter(|it| [":Create", ":Run", ":Put", ":Allocate", ":Import"].iter().any(|verb| it.contains(verb)))
        .collect();
    // The final snapshot.
    assert_eq!(makes, ["rds:CreateDBSnapshot"]);
}

/// The documents of a policy that may be one or several.
fn documents_of(policy: &Value) -> Vec<Value> {
    policy.as_array().cloned().unwrap_or_else(|| vec![policy.clone()])
}

#[test]
fn a_whole_stack_fits_into_one_managed_policy() {
    for some in [TO_MAKE, TO_REMOVE] {
        assert!(of(some).is_object());
    }
}

#[test]
fn what_does_not_fit_into_one_policy_is_several_that_hold_it_together() {
    let longest = "d".repeat(63).parse().unwrap();
    let policy = policy(&permissions(EVERYTHING), &longest, "ap-southeast-1");
    let documents = documents_of(&policy);
    assert_eq!(documents.len(), 2);
    for document in &documents {
        assert_eq!(document["Version"], "2012-10-17");
        let size = document.to_string().chars().filter(|letter| !letter.is_whitespace()).count();
        assert!(size <= LARGEST, "{size} characters");
    }
    let together: BTreeSet<String> = documents.iter().flat_map(actions).collect();
    assert_eq!(together, permissions(EVERYTHING).into_iter().collect());
}

#[test]
fn sids_are_words_and_each_is_there_once() {
    let sids: Vec<&str> = PARTS.iter().map(|part| part.sid).chain([LOOKS]).collect();
    assert_eq!(sids.iter().collect::<BTreeSet<_>>().len(), sids.len());
    assert!(sids.iter().all(|sid| sid.bytes().all(|byte| byte.is_ascii_alphanumeric())));
}

#[test]
fn an_action_is_found_in_its_statements() {
    assert_eq!(statements_of("rds:CreateDBInstance"), ["Database"]);
    assert_eq!(statements_of("ec2:CreateSubnet"), ["Ec2Make", "Ec2Use"]);
    assert_eq!(statements_of("ec2:DescribeVpcs"), [LOOKS]);
    assert_eq!(statements_of("s3:GetObject"), [""; 0]);
}
