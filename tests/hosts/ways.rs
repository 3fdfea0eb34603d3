//! The person's own configuration: names, jump hosts, commands.

use std::sync::Arc;

use loadline::hosts::HostErrorClass;

use super::client::{Home, nobody, stdout};
use super::sshd::{Options, Sshd, Sudo};

/// A bastion, and a host whose firewall lets nobody else in.
fn behind_a_bastion() -> Option<(Sshd, Sshd)> {
    let gate = Sshd::start(&Options::new().user("jo", Sudo::No))?;
    let web = Sshd::start(&Options::new().user("ops", Sudo::Free))?;
    Some((gate, web))
}

#[tokio::test]
async fn names_users_and_ports_come_from_the_configuration() {
    let Some(server) = Sshd::start(&Options::new().user("ops", Sudo::Free)) else { return };
    let home = Home::known_to(&[&server]);
    let key = home.ssh_folder().join("id_ed25519");
    std::fs::rename(&key, home.ssh_folder().join("work")).unwrap();
    std::fs::write(home.ssh_folder().join("fleet"), format!("Port {}\nUser ops\n", server.port())).unwrap();
    home.config(&format!(
        "Host web-*\n HostName {}\n IdentityFile ~/.ssh/work\n Include fleet\n ControlPath ~/.ssh/%C\n",
        server.address()
    ));
    let ssh = home.ssh(&nobody());
    let connection = ssh.connect(&loadline::hosts::Target::parse("web-1").unwrap()).await.unwrap();
    let said = connection.run("echo $SUDO_USER", super::client::A_WHILE).await.unwrap();
    assert_eq!((connection.name(), stdout(&said)), ("web-1", "ops\n"));
    assert!(ssh.notes()[0].contains("controlpath is not followed"), "{:?}", ssh.notes());
}

#[tokio::test]
async fn a_host_behind_others_is_reached_through_them() {
    let Some((gate, web)) = behind_a_bastion() else { return };
    let Some(second) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&gate, &web, &second]);
    home.config(&format!(
        "Host web\n HostName {}\n Port {}\n User ops\n ProxyJump gate,{}\nHost gate\n HostName {}\n Port {}\n User jo\n",
        web.address(), web.port(), second.target("root"), gate.address(), gate.port()
    ));
    let said = home.says("web", &nobody(), "echo \"$SSH_CONNECTION\"; id -u").await.unwrap();
    assert!(stdout(&said).ends_with("0\n"), "{said:?}");
    assert!(gate.log().contains("Accepted publickey for jo"), "{}", gate.log());
    assert!(second.log().contains("Accepted publickey for root"), "{}", second.log());
}

#[tokio::test]
async fn many_hosts_behind_one_share_the_connection_to_it() {
    let Some((gate, web)) = behind_a_bastion() else { return };
    let home = Home::known_to(&[&gate, &web]);
    home.config(&format!(
        "Host *\n ProxyJump gate\nHost web-*\n HostName {}\n Port {}\nHost gate\n HostName {}\n Port {}\n User jo\n",
        web.address(), web.port(), gate.address(), gate.port()
    ));
    let ssh = Arc::new(home.ssh(&nobody()));
    let mut all = tokio::task::JoinSet::new();
    for number in 0..8 {
        let ssh = Arc::clone(&ssh);
        all.spawn(async move {
            let target = loadline::hosts::Target::parse(&format!("web-{number}")).unwrap();
            ssh.connect(&target).await.unwrap().run("id -u", super::client::A_WHILE).await.unwrap()
        });
    }
    assert!(all.join_all().await.iter().all(|said| stdout(said) == "0\n"));
    assert_eq!(gate.log().matches("Accepted publickey").count(), 1, "{}", gate.log());
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_told_for_the_hop_where_it_does() {
    let Some((gate, web)) = behind_a_bastion() else { return };
    let home = Home::known_to(&[&gate, &web]);
    home.config(&format!(
        "Host closed\n HostName {}\n Port 1\n ProxyJump {}\n",
        web.address(),
        gate.target("jo")
    ));
    let error = home.connect("closed", &nobody()).await.err().unwrap();
    assert_eq!(error.class, HostErrorClass::Unreachable);
    assert!(error.doing.contains("port 1"), "{error}");
    home.config(&format!("Host web\n HostName {}\n ProxyJump {}:1\n", web.address(), gate.address()));
    let error = home.connect("web", &nobody()).await.err().unwrap();
    assert!(error.doing.contains(&gate.address().to_string()), "{error}");
    home.config("Host a\n ProxyJump b\nHost b\n ProxyJump a\n");
    let error = home.connect("a", &nobody()).await.err().unwrap();
    assert!(error.said.contains("circle"), "{error}");
}

#[tokio::test]
async fn a_proxy_command_carries_the_connection() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&server]);
    home.config(&format!(
        "Host web\n HostName {}\n Port {}\n ProxyCommand bash -c 'exec 3<>/dev/tcp/%h/%p; cat <&3 & cat >&3'\nHost none\n ProxyCommand false\n",
        server.address(), server.port()
    ));
    assert_eq!(stdout(&home.says("web", &nobody(), "id -u").await.unwrap()), "0\n");
    let error = home.connect("none", &nobody()).await.err().unwrap();
    assert_ne!(error.class, HostErrorClass::Unexpected, "{error}");
}
