//! Clouds, regions, pins and terms.

use loadline::spec::{CloudWords, Vocabulary, read};
use loadline_contract::Term;

use crate::support::{SMALL, error, errors, help, small_and, sound, sound_with};

#[test]
fn without_clouds_all_are_considered_in_their_default_regions() {
    let vocabulary = Vocabulary {
        clouds: ["alto", "bruma"]
            .map(|name| CloudWords {
                name: name.to_owned(),
                regions: vec![format!("{name}-1"), format!("{name}-2")],
                default_region: format!("{name}-2"),
            })
            .into(),
    };
    let spec = read("spec.yaml", SMALL.as_bytes(), &vocabulary, &[]).unwrap();
    let found: Vec<(&str, &str)> =
        spec.clouds.iter().map(|one| (one.cloud.as_str(), one.region.as_str())).collect();
    assert_eq!(found, [("alto", "alto-2"), ("bruma", "bruma-2")]);
}

#[test]
fn clouds_are_kept_in_the_order_written_and_may_leave_their_region_out() {
    let spec = sound(&small_and("clouds:\n  gcp: { region: europe-west3 }\n  aws:\n  azure: {}\n"));
    let found: Vec<(&str, &str)> =
        spec.clouds.iter().map(|one| (one.cloud.as_str(), one.region.as_str())).collect();
    assert_eq!(found, [("gcp", "europe-west3"), ("aws", "us-east-1"), ("azure", "eastus")]);
}

#[test]
fn an_unknown_cloud_or_region_names_the_nearest() {
    let cloud = error(&small_and("clouds:\n  digtalocean: {}\n"));
    assert_eq!((cloud.code, cloud.line, cloud.column, cloud.length), ("unknown-cloud", 7, 3, 11));
    assert!(help(&cloud).starts_with("did you mean `digitalocean`? valid: aws, gcp, azure, digitalocean"));
    let region = error(&small_and("clouds:\n  aws: { region: us-esat-1 }\n"));
    assert_eq!((region.code, region.line, region.column, region.length), ("unknown-region", 7, 18, 9));
    assert_eq!(region.message, "`us-esat-1` is not a region of `aws`");
    assert!(help(&region).starts_with("did you mean `us-east-1`?"), "{}", help(&region));
    let foreign = error(&small_and("clouds:\n  aws: { region: nyc3 }\n"));
    assert_eq!(foreign.code, "unknown-region", "a region of another cloud");
    let pin = error(&small_and("pin:\n  amazon: { app: c6i.4xlarge }\n"));
    assert_eq!((pin.code, pin.line), ("unknown-cloud", 7));
}

#[test]
fn clouds_of_the_wrong_shape_are_refused() {
    for (lines, code) in [
        ("clouds: {}", "missing-key"),
        ("clouds: aws", "wrong-type"),
        ("clouds: [aws]", "wrong-type"),
        ("clouds: { aws: us-east-1 }", "wrong-type"),
        ("clouds: { aws: { regio: us-east-1 } }", "unknown-key"),
        ("clouds: { aws: { region: [us-east-1] } }", "wrong-type"),
        ("clouds: { aws: { region: US EAST } }", "bad-text"),
        ("pin: { aws: c6i.large }", "wrong-type"),
        ("pin: { aws: { app: 'a;b' } }", "bad-text"),
        ("pin: { aws: { machine: x } }", "unknown-key"),
    ] {
        assert_eq!(error(&small_and(&format!("{lines}\n"))).code, code, "{lines}");
    }
}

#[test]
fn pins_are_kept_by_cloud() {
    let spec = sound(&small_and(
        "database: {}\ncache: {}\npin:
  aws: { app: c6i.4xlarge, app_count: 3, database: db.r6g.2xlarge, cache: cache.r6g.large, balancer: alb }
  gcp: { app: c4-standard-16, database_standby: true, cache_replica: false }
  azure:
",
    ));
    let aws = &spec.pin["aws"];
    assert_eq!(aws.app.as_deref(), Some("c6i.4xlarge"));
    assert_eq!(aws.app_count, Some(3));
    assert_eq!(aws.database.as_deref(), Some("db.r6g.2xlarge"));
    assert_eq!(aws.cache.as_deref(), Some("cache.r6g.large"));
    assert_eq!(aws.balancer.as_deref(), Some("alb"));
    assert_eq!((aws.database_standby, aws.cache_replica), (None, None));
    let gcp = &spec.pin["gcp"];
    assert_eq!((gcp.database_standby, gcp.cache_replica), (Some(true), Some(false)));
    assert_eq!(gcp.database, None);
    assert_eq!(spec.pin["azure"], loadline::spec::Pin::default());
}

#[test]
fn terms_are_one_for_all_or_one_per_tier() {
    let terms = |text: &str| {
        let terms = sound(&small_and(text)).terms;
        (terms.app, terms.database, terms.cache)
    };
    let (on_demand, one, three) = (Term::OnDemand, Term::Reserved1y, Term::Reserved3y);
    assert_eq!(terms(""), (on_demand, on_demand, on_demand));
    assert_eq!(terms("terms: reserved-1y\n"), (one, one, one));
    assert_eq!(terms("terms: { app: reserved-3y, cache: reserved-1y }\n"), (three, on_demand, one));
    assert_eq!(terms("terms:\n"), (on_demand, on_demand, on_demand));
    let set = sound_with(&small_and("terms: reserved-3y\n"), &[("terms.app", "on-demand")]).terms;
    assert_eq!(
        (set.app, set.database, set.cache),
        (on_demand, three, three),
        "the other tiers keep their term"
    );
    let errors = errors(&small_and("terms: { app: monthly, worker: on-demand }\n"));
    assert_eq!(errors.iter().map(|error| error.code).collect::<Vec<_>>(), ["unknown-word", "unknown-key"]);
}

#[test]
fn one_slip_in_a_name_of_three_letters_is_seen_through() {
    for (written, meant) in [("gpc", "gcp"), ("asw", "aws"), ("gcq", "gcp")] {
        let error = error(&small_and(&format!("clouds: {{ {written}: {{}} }}\n")));
        assert!(help(&error).contains(&format!("did you mean `{meant}`?")), "{written}: {:?}", error.help);
    }
    let error = error(&small_and("clouds: { ibm: {} }\n"));
    assert!(!help(&error).contains("did you mean"), "{:?}", error.help);
}
