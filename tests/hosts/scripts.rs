//! Scripts: as whom they run, what they get and what comes back.

use std::sync::Arc;
use std::time::Duration;

use loadline::hosts::{Become, Connection as _, HostErrorClass, Local, Ssh, Target};

use super::client::{A_WHILE, Answering, Home, nobody, stdout};
use super::sshd::{Options, Sshd, Sudo, is_root};

fn knowing(become_password: &'static str) -> Arc<Answering> {
    Arc::new(Answering { become_password: Some(become_password), ..Answering::default() })
}

#[tokio::test]
async fn a_user_whom_sudo_lets_becomes_root_without_a_question() {
    let Some(server) = Sshd::start(&Options::new().user("ops", Sudo::Free)) else { return };
    let home = Home::known_to(&[&server]);
    let person = knowing("unused");
    let said = home.says(&server.target("ops"), &person, "id -u; id -un").await.unwrap();
    assert_eq!((stdout(&said), person.asked().len()), ("0\nroot\n", 0));
}

#[tokio::test]
async fn the_password_of_sudo_is_asked_once_and_seen_nowhere() {
    let Some(server) = Sshd::start(&Options::new().user("ops", Sudo::Password("s3cr3t-w0rd"))) else {
        return;
    };
    let home = Home::known_to(&[&server]);
    let person = knowing("s3cr3t-w0rd");
    let connection = home.connect(&server.target("ops"), &person).await.unwrap();
    let script = "id -u; cat /proc/[0-9]*/cmdline | tr '\\0' ' '; env; read -r line; echo \"input: $line\"";
    for _ in 0..2 {
        let said = connection.run(script, A_WHILE).await.unwrap();
        assert!(
            stdout(&said).starts_with("0\n") && stdout(&said).ends_with("input: \n"),
            "{}",
            stdout(&said)
        );
        assert!(!stdout(&said).contains("s3cr3t") && said.stderr.is_empty(), "{said:?}");
    }
    assert_eq!(person.asked(), ["sudo"]);
    assert!(!server.log().contains("s3cr3t"));
}

#[tokio::test]
async fn a_wrong_password_for_sudo_changes_nothing_and_is_no_part_of_the_script() {
    let Some(server) = Sshd::start(&Options::new().user("ops", Sudo::Password("right"))) else { return };
    let home = Home::known_to(&[&server]);
    let mark = server.folder().join("mark");
    let script = format!("touch {}", mark.display());
    for (person, said) in [(knowing("touch /run/pwned"), "did not accept"), (nobody(), "none was given")] {
        let error = home.says(&server.target("ops"), &person, &script).await.unwrap_err();
        assert_eq!(error.class, HostErrorClass::NotAllowed);
        assert!(error.said.contains(said), "{error}");
    }
    assert!(!mark.exists());
    assert_eq!(server.inside("ls /run | grep -c pwned || true").trim(), "0");
}

#[tokio::test]
async fn a_sudo_that_has_just_been_given_the_password_gets_no_line_too_many() {
    // timestamp_type=global: a sudo anywhere on the host would do without the password for a while.
    let setup = "echo 'Defaults timestamp_type=global' >/etc/sudoers.d/stamp";
    let options = Options::new().user("ops", Sudo::Password("echo injected")).setup(setup);
    let Some(server) = Sshd::start(&options) else { return };
    let home = Home::known_to(&[&server]);
    let ssh = home.ssh(&knowing("echo injected"));
    let target = Target::parse(&server.target("ops")).unwrap();
    for _ in 0..3 {
        let connection = ssh.connect(&target).await.unwrap();
        let said = connection.run("id -u", A_WHILE).await.unwrap();
        assert_eq!((stdout(&said), said.stderr.as_slice()), ("0\n", &b""[..]));
    }
}

#[tokio::test]
async fn who_may_not_become_root_is_told_what_sudo_said() {
    let Some(server) = Sshd::start(&Options::new().user("no", Sudo::No)) else { return };
    server.inside("echo 'no:word' | chpasswd");
    let home = Home::known_to(&[&server]);
    let error = home.says(&server.target("no"), &knowing("word"), "id").await.unwrap_err();
    assert_eq!(error.class, HostErrorClass::NotAllowed);
    assert!(error.said.contains("not in the sudoers file"), "{error}");
}

#[tokio::test]
async fn who_need_not_be_root_is_the_user_who_logs_in() {
    let Some(server) = Sshd::start(&Options::new().user("ops", Sudo::Free)) else { return };
    let home = Home::known_to(&[&server]);
    let ssh = Ssh::new(home.habits(), Default::default(), Become::LoginUser, nobody()).unwrap();
    let connection = ssh.connect(&Target::parse(&server.target("ops")).unwrap()).await.unwrap();
    assert_eq!(stdout(&connection.run("id -un", A_WHILE).await.unwrap()), "ops\n");
}

#[tokio::test]
async fn a_login_shell_that_talks_or_is_none_is_told_apart_from_the_script() {
    let Some(server) = Sshd::start(&Options::new().user("ops", Sudo::Free).user("robot", Sudo::Free)) else {
        return;
    };
    server.inside("sed -i '1i echo Welcome' /home/ops/.bashrc; usermod -s /usr/sbin/nologin robot");
    let home = Home::known_to(&[&server]);
    assert_eq!(stdout(&home.says(&server.target("ops"), &nobody(), "echo fine").await.unwrap()), "fine\n");
    let error = home.says(&server.target("robot"), &nobody(), "echo fine").await.unwrap_err();
    assert_eq!(error.class, HostErrorClass::NotAllowed);
    assert!(error.said.contains("not available"), "{error}");
}

/// A script of some megabytes that says all of itself again.
fn echoing(bytes: usize) -> String {
    let line = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n";
    format!("cat <<'END'\n{}END\n", line.repeat(bytes / line.len()))
}

#[tokio::test]
async fn five_megabytes_go_there_and_come_back() {
    let Some(server) = Sshd::start(&Options::new().user("ops", Sudo::Free)) else { return };
    let home = Home::known_to(&[&server]);
    let script = echoing(5 << 20);
    for user in ["root", "ops"] {
        let said = home.says(&server.target(user), &nobody(), &script).await.unwrap();
        assert_eq!((said.status, said.stdout.len()), (0, 5 << 20));
    }
    // Both ways at once: output begins while input is still coming.
    let said = home
        .says(&server.target("root"), &nobody(), "head -c 5000000 /dev/zero; head -c 3000000 /dev/zero >&2")
        .await
        .unwrap();
    assert_eq!((said.stdout.len(), said.stderr.len()), (5_000_000, 3_000_000));
}

#[tokio::test]
async fn a_script_may_leave_something_running_that_holds_its_output_open() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&server]);
    let begun = std::time::Instant::now();
    let said = home.says(&server.target("root"), &nobody(), "sleep 30 & echo begun").await.unwrap();
    assert_eq!((said.status, stdout(&said)), (0, "begun\n"));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_script_that_a_signal_ends_has_a_status_that_says_so() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&server]);
    let said = home.says(&server.target("root"), &nobody(), "echo before; kill -TERM $$").await.unwrap();
    assert_eq!((said.status, stdout(&said)), (128 + 15, "before\n"));
}

#[tokio::test]
async fn this_machine_is_worked_on_like_any_host() {
    let local = Local::new(Become::LoginUser, nobody());
    let said = local.run("echo out; echo err >&2; read -r line; exit 4", A_WHILE).await.unwrap();
    assert_eq!((said.status, said.stdout, said.stderr), (4, b"out\n".to_vec(), b"err\n".to_vec()));
    let said = local.run(&echoing(5 << 20), A_WHILE).await.unwrap();
    assert_eq!(said.stdout.len(), 5 << 20);
    let error = local.run("sleep 20", Duration::from_millis(100)).await.unwrap_err();
    assert_eq!(error.class, HostErrorClass::TimedOut);
    let said = local.run("sleep 20 & echo begun", A_WHILE).await.unwrap();
    assert_eq!((said.status, said.stdout), (0, b"begun\n".to_vec()));
}

#[tokio::test]
async fn this_machine_needs_no_sudo_for_root() {
    if !is_root() {
        eprintln!("skipped: not root");
        return;
    }
    let said = Local::new(Become::Administrator, nobody()).run("id -u", A_WHILE).await.unwrap();
    assert_eq!(stdout(&said), "0\n");
}
