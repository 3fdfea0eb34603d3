//! Words, flags, names, hosts and the other texts.

use crate::support::{help, refused, set, small_and, sound};

#[test]
fn texts_of_the_right_shape_are_taken_as_written() {
    for (path, text) in [
        ("name", "a"),
        ("name", "teachers-2000"),
        ("app.image", "registry.example:5000/team/app:1.4@sha256-abc"),
        ("app.health", "/health/ready"),
        ("deploy.command", "gunicorn -k uvicorn.workers.UvicornWorker app:app"),
        ("deploy.env", "{REGION: eu-central, LIMIT: '3', FLAGS: 'a, b'}"),
        ("deploy.secrets", "[SESSION_KEY, S3_KEY]"),
        ("app.url", "https://app.example.org"),
        ("app.url", "'http://[2001:db8::1]:8080/school'"),
        ("requests[0].path", "'/pages?sort=new&page=2'"),
        ("access.ssh.user", "ec_2-user"),
        ("access.ssh.key", "~/.ssh/id_ed25519.pub"),
        ("access.ssh.key", "/home/ann lee/key.pub"),
        ("alarms.email", "ops+night@example.org"),
        ("access.ssh.from", "[203.0.113.0/24, '2001:db8::/32', 0.0.0.0/0]"),
        ("hosts", "[web1, root@web2.example.org, 'web3:2222', 'ann@[2001:db8::1]:22', 10.0.0.7, web_4]"),
        ("tune.never", "[net.core.somaxconn, net.ipv4.*]"),
        (
            "tune.sysctl",
            "{net.core.somaxconn: 4096, net.ipv4.ip_local_port_range: 10000 65535, vm.swappiness: 0}",
        ),
        ("tune.limits", "{nofile: 65536}"),
    ] {
        assert!(set(path, text).is_ok(), "{path}: {text}: {:?}", set(path, text));
    }
    let spec = set("tune.sysctl", "{net.core.somaxconn: 4096, vm.swappiness: 0}").unwrap();
    assert_eq!(spec.tune.sysctl["vm.swappiness"], "0", "zero is a value");
    assert_eq!(spec.tune.sysctl["net.core.somaxconn"], "4096");
}

#[test]
fn texts_that_could_do_harm_or_mean_nothing_are_refused_with_an_example() {
    for (path, text) in [
        ("name", "Teachers"),
        ("name", "2teachers"),
        ("name", "a--b"),
        ("name", "a-"),
        ("name", "a_b"),
        ("name", "'a b'"),
        ("name", "''"),
        ("name", "schülerinnen"),
        ("app.image", "'../x'"),
        ("app.image", "'a;rm -rf b'"),
        ("app.image", "'$(x)'"),
        ("app.health", "health"),
        ("app.health", "'/a b'"),
        ("deploy.command", "'uvicorn app:app; reboot'"),
        ("deploy.command", "'uvicorn $(id)'"),
        ("deploy.env", "{region: a}"),
        ("deploy.env", "{REGION: '${HOME}'}"),
        ("deploy.env", "{REGION: 'a #b'}"),
        ("deploy.secrets", "['A B']"),
        ("deploy", "{certificate: cert.pem, certificate_key: /etc/key.pem}"),
        ("deploy", "{certificate: /etc/cert.pem, certificate_key: /etc/../root/key.pem}"),
        ("app.url", "app.example.org"),
        ("app.url", "ftp://app.example.org"),
        ("app.url", "'https://'"),
        ("app.url", "https://ann@app.example.org"),
        ("app.url", "'https://app.example.org/$(x)'"),
        ("requests[0].path", "pages"),
        ("requests[0].path", "'/a b'"),
        ("access.ssh.user", "Root"),
        ("access.ssh.user", "'a b'"),
        ("access.ssh.key", "'a;b'"),
        ("alarms.email", "ops"),
        ("alarms.email", "ops@localhost"),
        ("alarms.email", "a@b@c.de"),
        ("alarms.email", "a@-b.de"),
        ("database.version", "v8"),
        ("database.version", "8."),
        ("database.version", "8..4"),
    ] {
        let error = match path {
            "database.version" => crate::support::error_with(&small_and("database: {}\n"), &[(path, text)]),
            _ => refused(path, text),
        };
        assert_eq!(error.code, "bad-text", "{path}: {text}");
        assert!(help(&error).starts_with("for example `"), "{path}: {}", help(&error));
    }
    let long = "a".repeat(41);
    assert_eq!(refused("name", &long).code, "bad-text");
    assert!(set("name", &long[1..]).is_ok());
}

#[test]
fn entries_of_lists_and_tables_are_checked_one_by_one() {
    for (path, text) in [
        ("access.ssh.from", "[203.0.113.0]"),
        ("access.ssh.from", "[203.0.113.0/33]"),
        ("access.ssh.from", "['2001:db8::/129']"),
        ("access.ssh.from", "[example.org/24]"),
        ("hosts", "['web1:0']"),
        ("hosts", "['web1:99999']"),
        ("hosts", "['Ann Lee@web1']"),
        ("hosts", "['-oProxyCommand=x']"),
        ("hosts", "['web..1']"),
        ("hosts", "['[10.0.0.1]']"),
        ("hosts", "['web\\1']"),
        ("tune.sysctl", "{'kernel.core_pattern': '|/bin/sh'}"),
        ("tune.sysctl", "{'a b': 1}"),
        ("tune.sysctl", "{'A': 1}"),
    ] {
        assert_eq!(refused(path, text).code, "bad-text", "{path}: {text}");
    }
    for (path, text) in [
        ("hosts", "web1"),
        ("hosts", "{a: b}"),
        ("hosts", "[[web1]]"),
        ("hosts", "[{a: b}]"),
        ("tune.sysctl", "[a]"),
        ("tune.sysctl", "a"),
        ("tune.sysctl", "{vm.swappiness: [1]}"),
        ("tune.sysctl", "{vm.swappiness: }"),
    ] {
        assert_eq!(refused(path, text).code, "wrong-type", "{path}: {text}");
    }
    assert_eq!(help(&refused("hosts", "web1")), "write `hosts: [ubuntu@web1.example.org:22]`");
    assert!(
        help(&refused("hosts", "['a b']")).ends_with("the others of A-Za-z0-9._@:[]-"),
        "no escapes are shown"
    );
}

#[test]
fn a_wrong_word_lists_the_words_and_the_nearest() {
    let error = refused("resilience.survive", "zones");
    assert_eq!(error.code, "unknown-word");
    assert_eq!(help(&error), "did you mean `zone`? valid: none, instance, zone");
    assert_eq!(
        help(&refused("terms", "reserved-2y")),
        "did you mean `reserved-1y`? valid: on-demand, reserved-1y, reserved-3y"
    );
    assert_eq!(refused("version", "2").message, "`version` is `2`; only `1` is supported today");
    let error =
        crate::support::error_with(&small_and("database: {}\n"), &[("database.engine", "postgresql")]);
    assert_eq!(error.message, "`engine` is `postgresql`; only `mysql` is supported today");
}

#[test]
fn a_flag_is_true_or_false() {
    let text = small_and("database: {}\n");
    for (word, meant) in [
        ("yes", "write `true`"),
        ("off", "write `false`"),
        ("1", "write `true`"),
        ("maybe", "write `true` or `false`"),
    ] {
        let error = crate::support::error_with(&text, &[("resilience.database_standby", word)]);
        assert_eq!((error.code, help(&error)), ("wrong-type", meant), "{word}");
    }
}

#[test]
fn a_version_without_quotes_keeps_its_last_zero() {
    assert_eq!(sound(&small_and("database: { version: 8.40 }\n")).database.unwrap().version, "8.40");
}
