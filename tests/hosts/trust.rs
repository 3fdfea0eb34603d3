//! Whether a host is who it says it is.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use loadline::hosts::HostErrorClass;

use super::client::{Answering, Home, nobody};
use super::sshd::{Options, Sshd, keygen, run};

fn trusting() -> Arc<Answering> {
    Arc::new(Answering { trusts: true, ..Answering::default() })
}

/// As `ssh-keygen -lf` shows it.
fn fingerprint(public_key: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pub");
    fs::write(&path, public_key).unwrap();
    run(&["ssh-keygen", "-l", "-f", path.to_str().unwrap()]).split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn an_unknown_key_is_asked_about_and_remembered() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&server]);
    fs::remove_file(home.known_hosts()).unwrap();
    let target = server.target("root");

    let error = home.connect(&target, &nobody()).await.err().unwrap();
    assert_eq!(error.class, HostErrorClass::KeyUnknown);
    assert!(error.said.contains(&fingerprint(&server.public_key())), "{error}");
    assert!(!home.known_hosts().exists());

    let person = trusting();
    home.connect(&target, &person).await.unwrap();
    home.connect(&target, &person).await.unwrap();
    assert_eq!(person.asked(), [format!("{} {}", server.known_name(), fingerprint(&server.public_key()))]);
    assert_eq!(fs::read_to_string(home.known_hosts()).unwrap().trim(), server.known_hosts_line());
    assert_eq!(fs::metadata(home.known_hosts()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn strictness_is_as_configured() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&server]);
    fs::remove_file(home.known_hosts()).unwrap();
    home.config("StrictHostKeyChecking yes");
    let error = home.connect(&server.target("root"), &trusting()).await.err().unwrap();
    assert_eq!(error.class, HostErrorClass::KeyUnknown);
    home.config("StrictHostKeyChecking accept-new\nHashKnownHosts yes\nUserKnownHostsFile ~/.ssh/elsewhere");
    let person = nobody();
    home.connect(&server.target("root"), &person).await.unwrap();
    assert!(person.asked().is_empty());
    let elsewhere = home.ssh_folder().join("elsewhere");
    let found = run(&["ssh-keygen", "-F", &server.known_name(), "-f", elsewhere.to_str().unwrap()]);
    assert!(found.contains("|1|") && found.contains(&server.public_key()), "{found}");
}

#[tokio::test]
async fn a_changed_key_is_refused_with_both_fingerprints_and_the_line() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[]);
    let other = home.ssh_folder().join("other");
    keygen("ed25519", &other, "");
    server.authorize(&home.public_key("id_ed25519"));
    let line = format!("# known since long\n{} {}", server.known_name(), home.public_key("other"));
    fs::write(home.known_hosts(), &line).unwrap();
    for config in ["", "StrictHostKeyChecking accept-new", "StrictHostKeyChecking no"] {
        home.config(config);
        let error = home.connect(&server.target("root"), &trusting()).await.err().unwrap();
        assert_eq!(error.class, HostErrorClass::KeyChanged, "{config}");
        for part in [
            fingerprint(&server.public_key()),
            fingerprint(&home.public_key("other")),
            format!("{}:2", home.known_hosts().display()),
        ] {
            assert!(error.said.contains(&part), "{part} in {error}");
        }
        assert!(error.hint.unwrap().contains("ssh-keygen -f"));
    }
    assert_eq!(fs::read_to_string(home.known_hosts()).unwrap(), line);
}

#[tokio::test]
async fn a_hashed_line_and_a_key_of_the_known_kind_are_found() {
    let rsa =
        Options::new().line("HostKey /etc/ssh/second").setup("ssh-keygen -q -t rsa -N '' -f /etc/ssh/second");
    let Some(server) = Sshd::start(&rsa) else { return };
    let home = Home::known_to(&[&server]);
    run(&["ssh-keygen", "-q", "-H", "-f", home.known_hosts().to_str().unwrap()]);
    assert!(fs::read_to_string(home.known_hosts()).unwrap().starts_with("|1|"));
    home.connect(&server.target("root"), &nobody()).await.unwrap();
    // The host has two keys, and the one that is known is not the one that comes first by taste.
    let second = server.inside("cut -d' ' -f1-2 /etc/ssh/second.pub");
    fs::write(home.known_hosts(), format!("{} {second}", server.known_name())).unwrap();
    home.connect(&server.target("root"), &nobody()).await.unwrap();
}

#[tokio::test]
async fn a_revoked_key_is_refused_although_it_is_known() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&server]);
    let line = server.known_hosts_line();
    fs::write(home.known_hosts(), format!("{line}\n@revoked * {}\n", server.public_key())).unwrap();
    let error = home.connect(&server.target("root"), &trusting()).await.err().unwrap();
    assert_eq!(error.class, HostErrorClass::KeyChanged);
    assert!(error.said.contains("revoked by") && error.said.contains(":2"), "{error}");
}

#[tokio::test]
async fn an_authority_vouches_for_the_hosts_that_its_certificates_name() {
    let line = "HostCertificate /etc/ssh/host-cert.pub";
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority");
    keygen("ed25519", &authority, "");
    let authority_text = fs::read_to_string(&authority).unwrap();
    let certified = |names: &str, validity: &str| {
        Options::new().line(line).setup(&format!(
            "cat >/etc/ssh/ca <<'END'\n{authority_text}END\nchmod 600 /etc/ssh/ca; cp \"$FOLDER/host_key.pub\" /etc/ssh/host.pub\n\
             ssh-keygen -q -s /etc/ssh/ca -I test -h -n {names} -V {validity} /etc/ssh/host.pub"
        ))
    };
    let cases = [
        ("$ADDRESS", "-1h:+1h", None),
        ("other.example.org", "-1h:+1h", Some("is for other.example.org")),
        ("$ADDRESS", "-2h:-1h", Some("does not hold")),
    ];
    for (names, validity, refused) in cases {
        let Some(server) = Sshd::start(&certified(names, validity)) else { return };
        let home = Home::known_to(&[&server]);
        let public = fs::read_to_string(authority.with_extension("pub")).unwrap();
        fs::write(home.known_hosts(), format!("@cert-authority * {public}")).unwrap();
        let connected = home.connect(&server.target("root"), &nobody()).await;
        match (connected, refused) {
            (Ok(_), None) => {}
            (Err(error), Some(said)) => assert!(error.said.contains(said), "{error}"),
            (Err(error), None) => panic!("{error}"),
            (Ok(_), Some(said)) => panic!("let in although its certificate {said}"),
        }
    }
}
