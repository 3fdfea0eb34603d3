//! Hosts that agree and hosts that do not, in every form.

use super::*;
use crate::report::Look;
use crate::tune::Key;
use crate::tune::judge::{Act, Judged, Verdict};
use crate::tune::profile::Place;
use crate::tune::run::State;

fn profile() -> Profile {
    Profile {
        name: "web".to_owned(),
        settings: Vec::new(),
        never: Vec::new(),
        units: Vec::new(),
        place: Place::OwnFiles,
    }
}

fn judged(from: &str, verdict: Verdict) -> Judged {
    Judged {
        setting: "net.core.somaxconn".to_owned(),
        act: Act::Kernel(Key::read("net.core.somaxconn").unwrap()),
        file: Some("/etc/sysctl.d/99-zz-loadline.conf".to_owned()),
        from: Some(from.to_owned()),
        to: Some("65535".to_owned()),
        verdict,
        why: "Queues & <more>.".to_owned(),
        risk: String::new(),
        source: String::new(),
    }
}

fn fleet() -> Vec<HostReport> {
    let host = |name: &str, from| HostReport::judged(name, vec![judged(from, Verdict::Raises)]);
    let mut hosts: Vec<HostReport> = (1..=197).map(|number| host(&format!("web{number}"), "4096")).collect();
    hosts.extend([host("odd1", "128"), host("odd2", "128")]);
    hosts.push(HostReport {
        problems: vec!["connecting to gone: refused".to_owned()],
        ..HostReport::without("gone", State::Failed)
    });
    hosts
}

fn view(what: Tuned, show: impl Fn(TuneView<'_>)) {
    let (profile, hosts) = (profile(), fleet());
    show(TuneView { what, profile: &profile, hosts: &hosts });
}

#[test]
fn hosts_that_agree_are_shown_once() {
    view(Tuned::Plan, |view| {
        let text = tune_text(view, false, &Look::plain(100));
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let first =
            "200 hosts, profile web: 199 to change, 1 could not be looked at; 197 hosts alike, 3 differ.";
        assert!(flat.starts_with(first), "{text}");
        assert!(text.contains("web1, web2, web3, web4 and 193 more: 1 setting to change\n"), "{text}");
        assert!(text.contains("odd1, odd2: 1 setting to change\n"), "{text}");
        assert!(flat.contains("gone: failed problem connecting to gone: refused"), "{text}");
        assert_eq!(text.matches("4096").count(), 1, "{text}");
    });
}

#[test]
fn the_json_names_every_host_and_every_field_of_a_change() {
    view(Tuned::Plan, |view| {
        let value = tune_json(view);
        assert_eq!(value["hosts"].as_array().unwrap().len(), 200);
        let change = &value["hosts"][0]["changes"][0];
        for (field, wanted) in
            [("setting", "net.core.somaxconn"), ("from", "4096"), ("to", "65535"), ("verdict", "raises")]
        {
            assert_eq!(change[field], wanted);
        }
        assert_eq!(value["hosts"][199]["state"], "failed");
    });
}

#[test]
fn a_case_fails_for_each_setting_that_does_not_hold_and_text_stays_text() {
    view(Tuned::Verify, |view| {
        let xml = tune_junit(view);
        assert_eq!(xml.matches("<failure type=\"raises\" message=\"4096 instead of 65535\">").count(), 197);
        assert!(xml.contains("Queues &amp; &lt;more&gt;."), "{xml}");
        assert!(xml.contains("errors=\"1\""), "{xml}");
    });
}
