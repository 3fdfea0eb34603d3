//! Names, images, paths and addresses: narrow alphabets, because each may end up in a command or an API call.

use crate::support::{FULL, SMALL, complaint_about, help, read, read_with, sound};

/// Texts that each key takes and refuses.
const TEXTS: &[(&str, &[&str], &[&str])] = &[
    (
        "name",
        &["a", "school-2", "x1"],
        &["School", "2school", "a_b", "-a", "a-", "a--b", "a b", "ü", "'a;rm -rf'"],
    ),
    ("requests[0].name", &["Page_1", "a-b"], &["1a", "a b", "a.b", "'$(id)'"]),
    (
        "app.image",
        &["nginx", "ghcr.io/a/b:1.4", "r:5000/a@sha256:0a1b", "a_b/c"],
        &["/a", "A/b", "a b", "a/../b", "a//b", "'a`id`'", "'a;b'"],
    ),
    ("app.health", &["/", "/health/live", "/~a"], &["health", "'/a?b=c'", "'/a b'", "'/$(id)'"]),
    ("access.ssh.user", &["ubuntu", "_a", "a-b"], &["Root", "0a", "a b", "a@b"]),
    ("access.ssh.key", &["~/.ssh/a b.pub", "/k", "k.pub"], &["'a;b'", "'$HOME/k'", "-oProxyCommand"]),
    (
        "alarms.email",
        &["a@b.org", "a.b+c@d-e.example.org"],
        &["a", "a@b", "'@b.org'", "a@b..c", "a b@c.org", "a@b@c.org"],
    ),
    ("database.version", &["8", "8.4", "10.11.2"], &["v8", "8.", "8..4", "latest", "8.4-rc"]),
    ("pin.aws.app", &["c6i.4xlarge", "Standard_F16s_v2"], &["'a b'", "'-a'", "'a/b'", "'a;b'"]),
];

#[test]
fn every_text_takes_what_is_meant_and_refuses_what_could_do_harm() {
    for (path, good, bad) in TEXTS {
        for text in *good {
            assert!(read_with(FULL, &[(path, text)]).is_ok(), "{path}: {text}");
        }
        for text in *bad {
            let found = complaint_about(path, text);
            assert_eq!(found.code, "bad-text", "{path}: {text}");
            assert!(help(&found).contains("for example"), "{path}: {:?}", found.help);
        }
    }
}

#[test]
fn a_name_has_at_most_forty_characters() {
    assert!(read_with(FULL, &[("name", &"a".repeat(40))]).is_ok());
    assert_eq!(complaint_about("name", &"a".repeat(41)).code, "bad-text");
}

#[test]
fn every_example_of_a_format_is_an_example_of_it() {
    use loadline::spec::keys::{self, Kind};
    for key in keys::all() {
        let path = key.path.replace("[]", "[0]").replace('*', "aws");
        let text = match key.kind {
            Kind::Text(format) => format.example.to_owned(),
            Kind::Texts(format) => format!("[\"{}\"]", format.example),
            Kind::Table(name, value) => format!("{{{}: {}}}", name.example, value.example),
            _ => continue,
        };
        let found = read_with(FULL, &[(&path, &text)]);
        let bad = found.err().is_some_and(|found| found.iter().any(|one| one.code == "bad-text"));
        assert!(!bad, "{path}: {text}");
    }
}

#[test]
fn networks_are_cidr() {
    let set = |text: &str| read_with(FULL, &[("access.ssh.from", text)]);
    assert!(set("[0.0.0.0/0, '2001:db8::/32', 10.1.2.3/32]").is_ok());
    for text in
        ["[10.0.0.0]", "[10.0.0.0/33]", "['2001:db8::/129']", "[256.0.0.0/8]", "[10.0.0.0/-1]", "[a/8]"]
    {
        assert_eq!(set(text).unwrap_err()[0].code, "bad-text", "{text}");
    }
    let found = complaint_about("access.ssh.from", "203.0.113.0/24");
    assert!(help(&found).contains("from: [203.0.113.0/24]"), "{:?}", found.help);
}

#[test]
fn hosts_have_a_name_and_may_have_a_user_and_a_port() {
    let set = |host: &str| read_with(SMALL, &[("hosts", &format!("[\"{host}\"]"))]);
    for host in ["web1", "10.0.0.1", "ubuntu@web1.example.org:22", "[2001:db8::1]", "a@[::1]:2222"] {
        assert!(set(host).is_ok(), "{host}");
    }
    for host in [
        "a:0",
        "a:65536",
        "a:b",
        "-oX",
        "@a",
        "a@",
        "a..b",
        "[::1",
        "[zz]",
        "a b",
        "a@b@c",
        "a;b",
        "2001:db8::1",
    ] {
        assert_eq!(set(host).unwrap_err()[0].code, "bad-text", "{host}");
    }
}

#[test]
fn a_setting_with_a_strange_name_or_value_is_refused() {
    for text in ["{a b: 1}", "{'$x': 1}", "{vm.swappiness: '1;reboot'}", "{vm.swappiness: \"\"}"] {
        let found = complaint_about("tune.sysctl", text);
        assert_eq!(found.code, "bad-text", "{text}");
    }
    assert_eq!(complaint_about("tune.sysctl", "{vm.swappiness: [1]}").code, "wrong-type");
}

#[test]
fn a_version_keeps_its_text() {
    let text = FULL.replace("version: \"8.4\"", "version: 8.40");
    assert_eq!(sound(read(text)).database.unwrap().version, "8.40", "not the number 8.4");
}
