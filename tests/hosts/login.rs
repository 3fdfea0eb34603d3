//! Which keys and passwords let in.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use loadline::hosts::HostErrorClass;

use super::client::{A_WHILE, Answering, Home, nobody, stdout};
use super::sshd::{Options, Sshd, Sudo, keygen, run};

#[tokio::test]
async fn root_logs_in_by_the_key_in_its_file() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&server]);
    let connection = home.connect(&server.target("root"), &nobody()).await.unwrap();
    let said = connection.run("id -u; echo oops >&2; exit 3", A_WHILE).await.unwrap();
    assert_eq!((said.status, stdout(&said), said.stderr.as_slice()), (3, "0\n", &b"oops\n"[..]));
    assert_eq!(connection.name(), server.target("root"));
}

#[tokio::test]
async fn every_usual_kind_of_key_lets_in() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    for (kind, file) in [("ed25519", "id_ed25519"), ("ecdsa", "id_ecdsa"), ("rsa", "id_rsa")] {
        let home = Home::stranger();
        home.trusts(&server);
        keygen(kind, &home.ssh_folder().join(file), "");
        server.authorize(&home.public_key(file));
        home.connect(&server.target("root"), &nobody()).await.unwrap();
    }
}

#[tokio::test]
async fn the_passphrase_of_a_key_is_asked_once_for_all_hosts_and_only_if_the_host_takes_the_key() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::stranger();
    home.trusts(&server);
    home.config("IdentityFile ~/.ssh/other\nIdentityFile ~/.ssh/right\n");
    for name in ["other", "right"] {
        keygen("ed25519", &home.ssh_folder().join(name), "open sesame");
    }
    server.authorize(&home.public_key("right"));
    let person = Arc::new(Answering { passphrase: Some("open sesame"), ..Answering::default() });
    let ssh = home.ssh(&person);
    let target = loadline::hosts::Target::parse(&server.target("root")).unwrap();
    let (one, two) = tokio::join!(ssh.connect(&target), ssh.connect(&target));
    one.unwrap();
    two.unwrap();
    assert_eq!(person.asked(), ["passphrase right 1"]);

    let person = Arc::new(Answering { passphrase: Some("wrong"), ..Answering::default() });
    let error = home.connect(&server.target("root"), &person).await.err().unwrap();
    assert_eq!(error.class, HostErrorClass::NotAllowed);
    assert_eq!(person.asked().len(), 3);
    assert!(!format!("{error:?}").contains("wrong"), "{error:?}");
}

#[tokio::test]
async fn a_key_that_the_host_does_not_know_is_refused_with_everything_that_was_tried() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[]);
    home.trusts(&server);
    let error = home.connect(&server.target("root"), &nobody()).await.err().unwrap();
    assert_eq!(error.class, HostErrorClass::NotAllowed);
    assert!(error.said.contains("id_ed25519: not taken") && error.said.contains("publickey"), "{error}");
    assert!(error.hint.unwrap().contains("nothing was changed"));
}

#[tokio::test]
async fn a_key_that_others_may_read_is_not_used() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&server]);
    run(&["chmod", "644", home.ssh_folder().join("id_ed25519").to_str().unwrap()]);
    let error = home.connect(&server.target("root"), &nobody()).await.err().unwrap();
    assert!(error.said.contains("others may read it (mode 0644)"), "{error}");
}

/// An agent that ends with the test.
struct Agent(Child);

impl Agent {
    fn with(home: &mut Home, keys: &[&str]) -> Self {
        let socket = home.ssh_folder().join("agent");
        let mut child = Command::new("ssh-agent")
            .arg("-D")
            .arg("-a")
            .arg(&socket)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It listens before it says where.
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
        for key in keys {
            let path = home.ssh_folder().join(key);
            let added =
                Command::new("ssh-add").arg("-q").arg(&path).env("SSH_AUTH_SOCK", &socket).status().unwrap();
            assert!(added.success());
        }
        home.agent = Some(socket);
        Self(child)
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_agent_signs_for_keys_that_lie_in_no_file() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let mut home = Home::stranger();
    home.trusts(&server);
    for (kind, name) in [("ed25519", "a"), ("rsa", "b")] {
        keygen(kind, &home.ssh_folder().join(name), "");
    }
    server.authorize(&home.public_key("b"));
    let _agent = Agent::with(&mut home, &["a", "b"]);
    std::fs::remove_file(home.ssh_folder().join("b")).unwrap();
    home.connect(&server.target("root"), &nobody()).await.unwrap();

    home.config("IdentitiesOnly yes\nIdentityFile ~/.ssh/a\n");
    let error = home.connect(&server.target("root"), &nobody()).await.err().unwrap();
    assert!(error.said.contains("of the agent: not taken"), "{error}");
    home.config("IdentitiesOnly yes\nIdentityFile ~/.ssh/b\n");
    home.connect(&server.target("root"), &nobody()).await.unwrap();
    home.config("IdentityAgent none\n");
    home.connect(&server.target("root"), &nobody()).await.err().unwrap();
}

#[tokio::test]
async fn an_agent_that_is_gone_costs_nothing_where_a_file_lets_in() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let mut home = Home::known_to(&[&server]);
    home.agent = Some(PathBuf::from("/nowhere/agent"));
    home.connect(&server.target("root"), &nobody()).await.unwrap();
}

#[tokio::test]
async fn a_password_lets_in_only_where_somebody_gives_one() {
    for method in ["PasswordAuthentication yes", "KbdInteractiveAuthentication yes"] {
        let options = Options::new().user("ops", Sudo::Password("hunter2")).line(method);
        let Some(server) = Sshd::start(&options) else { return };
        let home = Home::stranger();
        home.trusts(&server);
        let knows = |password| {
            Arc::new(Answering {
                login_password: Some(password),
                become_password: Some(password),
                ..Answering::default()
            })
        };
        let person = knows("hunter2");
        let said = home.says(&server.target("ops"), &person, "id -u").await.unwrap();
        assert_eq!(
            (stdout(&said), person.asked()),
            ("0\n", vec!["password of ops".to_owned(), "sudo".to_owned()])
        );
        for person in [knows("hunter3"), nobody()] {
            let error = home.connect(&server.target("ops"), &person).await.err().unwrap();
            assert_eq!(error.class, HostErrorClass::NotAllowed, "{method}: {error}");
        }
    }
}
