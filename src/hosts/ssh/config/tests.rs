use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// What a person's files say for a host.
fn settings_of(files: &[(&str, &str)], host: &str) -> Result<Settings, HostError> {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text.replace("HOME", home.path().to_str().unwrap())).unwrap();
    }
    let habits = Habits {
        home: home.path().to_owned(),
        user: "jo".to_owned(),
        files: vec![home.path().join(".ssh/config"), home.path().join("system/ssh_config")],
        agent: Some("/run/agent".into()),
    };
    let settings = Configuration::read(habits)?.settings(&Target::parse(host).unwrap())?;
    let inside = |path: PathBuf| path.strip_prefix(home.path()).map_or(path.clone(), Path::to_path_buf);
    let relative = |paths: Vec<PathBuf>| paths.into_iter().map(inside).collect();
    Ok(Settings {
        identities: relative(settings.identities),
        user_known_hosts: relative(settings.user_known_hosts),
        ..settings
    })
}

fn settings(config: &str, host: &str) -> Settings {
    settings_of(&[(".ssh/config", config)], host).unwrap()
}

#[test]
fn without_files_the_defaults_of_openssh_hold() {
    let it = settings_of(&[], "web-1").unwrap();
    assert_eq!(
        (it.host.as_str(), it.port, it.user.as_str(), it.key_name.as_str()),
        ("web-1", 22, "jo", "web-1")
    );
    assert_eq!(
        (it.key_checking, it.proxy, it.agent),
        (KeyChecking::Ask, Proxy::None, Some("/run/agent".into()))
    );
    assert_eq!(it.identities, [".ssh/id_rsa", ".ssh/id_ecdsa", ".ssh/id_ed25519"].map(PathBuf::from));
    assert_eq!(it.user_known_hosts[0], Path::new(".ssh/known_hosts"));
    assert_eq!(it.global_known_hosts[0], Path::new("/etc/ssh/ssh_known_hosts"));
}

#[test]
fn the_first_value_obtained_holds_and_identities_add_up() {
    let config =
        "Host web-*\n User first\n IdentityFile ~/a\nHost *\n User second\n Port 2222\n IdentityFile ~/b\n";
    let it = settings_of(
        &[(".ssh/config", config), ("system/ssh_config", "User third\nPort 1\nHashKnownHosts yes")],
        "web-1",
    );
    let it = it.unwrap();
    assert_eq!((it.user.as_str(), it.port, it.hash_known_hosts), ("first", 2222, true));
    assert_eq!(it.identities, ["a", "b"].map(PathBuf::from));
    assert_eq!(settings(config, "db").user, "second");
}

#[test]
fn what_is_written_with_the_host_comes_before_all_files() {
    let it = settings("User a\nPort 1\nHostName b", "root@web:2");
    assert_eq!(
        (it.user.as_str(), it.port, it.host.as_str(), it.key_name.as_str()),
        ("root", 2, "b", "[b]:2")
    );
}

#[test]
fn a_match_sees_what_was_obtained_before_it() {
    let config = "HostName real.example.org\nMatch host *.example.org user jo\n Port 7\nMatch originalhost web !user jo\n Port 8\n\
                  Match localuser jo\n ServerAliveInterval 2m\nMatch all\n ConnectTimeout 5\n";
    let it = settings(config, "web");
    assert_eq!((it.port, it.connect_timeout), (7, Some(Duration::from_secs(5))));
    assert_eq!(it.alive_interval, Some(Some(Duration::from_secs(120))));
    assert_eq!(settings(config, "root@web").port, 8);
    assert_eq!(settings(config, "root@db").port, 22);
}

#[test]
fn a_match_runs_its_command_only_where_the_rest_holds() {
    let config = "Match originalhost web exec \"touch HOME/ran && test %n = web -a %r = jo\"\n Port 9\n";
    assert_eq!(settings(config, "web").port, 9);
    assert_eq!(settings(config, "root@web").port, 22);
    let home = tempfile::tempdir().unwrap();
    let mark = home.path().join("ran");
    let config = format!("Match originalhost web exec \"touch {}\"\n Port 9\n", mark.display());
    assert_eq!(settings(&config, "db").port, 22);
    assert!(!mark.exists());
    assert_eq!(settings("Match exec false\n Port 9\nMatch !exec false\n Port 10", "web").port, 10);
}

#[test]
fn an_include_counts_where_it_stands_and_its_own_blocks_end_with_it() {
    let files = [
        (".ssh/config", "Host web\n Include parts/*.conf\n Port 5\nHost *\n Include ~/other absent\n"),
        (".ssh/parts/1.conf", "User one\nHost db\n IdentityFile ~/db\n"),
        (".ssh/parts/2.conf", "User two\nMatch host web\n HostName two\n"),
        ("other", "ConnectTimeout 3\n"),
    ];
    let web = settings_of(&files, "web").unwrap();
    assert_eq!((web.user.as_str(), web.host.as_str(), web.port), ("one", "two", 5));
    assert_eq!(web.connect_timeout, Some(Duration::from_secs(3)));
    let db = settings_of(&files, "db").unwrap();
    assert_eq!(
        (db.user.as_str(), db.port, db.identities.len()),
        ("jo", 22, 3),
        "a block inside of another is for neither"
    );
}

#[test]
fn files_that_include_each_other_are_an_error_and_not_an_end() {
    let error = settings_of(&[(".ssh/config", "Include config")], "web").unwrap_err();
    assert!(error.to_string().contains("without end"), "{error}");
}

#[test]
fn jumps_are_hosts_and_the_first_of_jump_and_command_holds() {
    let hops = |list: &[&str]| Proxy::Jumps(list.iter().map(|it| Target::parse(it).unwrap()).collect());
    assert_eq!(
        settings("ProxyJump ops@gate:2222,ssh://in.example.org", "web").proxy,
        hops(&["ops@gate:2222", "in.example.org"])
    );
    assert_eq!(settings("ProxyJump none\nProxyCommand nc %h %p", "web").proxy, Proxy::None);
    let command = Proxy::Command("nc -X 5 \"10.0.0.1\" 22 # x".to_owned());
    assert_eq!(
        settings("HostName 10.0.0.1\nProxyCommand nc -X 5 \"%h\" %p # x\nProxyJump gate", "web").proxy,
        command
    );
    for wrong in ["ProxyJump -oProxyCommand=id", "ProxyJump a;b", "ProxyJump a,,b", "ProxyCommand nc %x"] {
        assert!(settings_of(&[(".ssh/config", wrong)], "web").is_err(), "{wrong}");
    }
}

#[test]
fn keys_of_hosts_have_the_name_the_files_and_the_strictness_that_are_configured() {
    let config = "HostKeyAlias Fleet\nUserKnownHostsFile ~/k1 \"~/k 2\"\nGlobalKnownHostsFile none\nStrictHostKeyChecking accept-new\n\
                  IdentitiesOnly yes\nIdentityAgent none\nIdentityFile ~/.ssh/%n-%r";
    let it = settings(config, "root@web:99");
    assert_eq!((it.key_name.as_str(), it.key_checking), ("fleet", KeyChecking::Accept));
    assert_eq!(it.user_known_hosts, ["k1", "k 2"].map(PathBuf::from));
    assert!(it.global_known_hosts.is_empty() && it.identities_only && it.agent.is_none());
    assert_eq!(it.identities, [PathBuf::from(".ssh/web-root")]);
    assert_eq!(settings("StrictHostKeyChecking yes", "web").key_checking, KeyChecking::Refuse);
}

#[test]
fn what_is_not_followed_is_said_where_it_counts() {
    let config =
        "Host web\n ControlMaster auto\n ControlPath ~/.ssh/%C\n ForwardAgent yes\nMatch final\n Port 9\n";
    let it = settings(config, "web");
    assert_eq!((it.port, it.notes.len()), (22, 3), "{:?}", it.notes);
    assert!(
        it.notes[1]
            .ends_with(".ssh/config:3: controlpath is not followed: connections are the program's own"),
        "{:?}",
        it.notes
    );
    assert_eq!(settings(config, "db").notes.len(), 1);
}

#[test]
fn a_wrong_value_is_told_with_its_place_and_only_for_the_hosts_that_it_is_for() {
    for wrong in [
        "Port x",
        "Port 0",
        "Port 65536",
        "StrictHostKeyChecking maybe",
        "ConnectTimeout soon",
        "HostName a;b",
        "HostName -v",
        "User -l",
        "IdentityFile ~/%x",
        "IdentitiesOnly perhaps",
        "Match host",
        "Match user",
        "ServerAliveCountMax many",
        "UserKnownHostsFile ~other/x",
    ] {
        let error = settings_of(&[(".ssh/config", &format!("# one\n{wrong}\n"))], "web").unwrap_err();
        assert!(error.doing.ends_with(".ssh/config:2"), "{wrong}: {error}");
        if !wrong.starts_with("Match") {
            settings(&format!("Host db\n{wrong}\n"), "web");
        }
    }
    assert!(
        settings_of(&[(".ssh/config", "Host \"web")], "db").is_err(),
        "a file that cannot be read is an error for all"
    );
}
