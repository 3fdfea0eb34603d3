//! Hosts that fail: each is told apart, in its time, and costs nobody else anything.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use loadline::hosts::{HostErrorClass, Patience, Target};

use super::client::{A_WHILE, Home, nobody, stdout};
use super::sshd::{Options, Sshd};

const SHORT: Patience = Patience { connect: Duration::from_millis(400), log_in: Duration::from_millis(400) };

/// Something that is no SSH server: what it does with a connection.
fn listener(speak: impl Fn(std::net::TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || listener.incoming().map_while(Result::ok).for_each(speak));
    format!("root@127.0.0.1:{port}")
}

async fn class(home: &Home, target: &str, patience: Patience) -> (HostErrorClass, String) {
    let ssh = home.patient(&nobody(), patience);
    let error = ssh.connect(&Target::parse(target).unwrap()).await.err().unwrap();
    assert!(error.hint.as_ref().is_some_and(|hint| hint.contains("nothing was changed")), "{error:?}");
    (error.class, error.to_string())
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_with_what_the_system_said() {
    let home = Home::stranger();
    let (unreachable, said) = class(&home, "root@127.0.0.1:1", Patience::default()).await;
    assert_eq!(unreachable, HostErrorClass::Unreachable);
    assert!(said.contains("127.0.0.1 port 1: Connection refused"), "{said}");
    let (unreachable, _) = class(&home, "no-such-host.invalid", Patience::default()).await;
    assert_eq!(unreachable, HostErrorClass::Unreachable);
}

#[tokio::test]
async fn a_host_that_hangs_is_given_up_in_time() {
    let (kept, keeping) = std::sync::mpsc::channel();
    let silent = listener(move |stream| kept.send(stream).unwrap());
    let begun = Instant::now();
    let (timed_out, said) = class(&Home::stranger(), &silent, SHORT).await;
    assert_eq!(timed_out, HostErrorClass::TimedOut);
    assert!(said.contains("no answer within 400 ms") && begun.elapsed() < Duration::from_secs(3), "{said}");
    drop(keeping);
}

#[tokio::test]
async fn what_is_no_ssh_server_is_told_by_what_it_says() {
    let web = listener(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let (unexpected, said) = class(&Home::stranger(), &web, Patience::default()).await;
    assert_eq!(unexpected, HostErrorClass::Unexpected);
    assert!(said.contains("no SSH server answers there, but `HTTP/1.1 400 Bad Request`"), "{said}");
}

#[tokio::test]
async fn a_host_that_hangs_after_the_login_is_given_up_in_time() {
    let Some(server) = Sshd::start(&Options::new().line("ForceCommand sleep 600")) else { return };
    let home = Home::known_to(&[&server]);
    let connection = home.connect(&server.target("root"), &nobody()).await.unwrap();
    let begun = Instant::now();
    let error = connection.run("true", Duration::from_millis(500)).await.unwrap_err();
    assert_eq!(error.class, HostErrorClass::TimedOut);
    assert!(error.hint.unwrap().contains("how far the script came is not known"));
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_script_that_takes_too_long_is_ended_and_the_next_one_runs() {
    let Some(server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&server]);
    let connection = home.connect(&server.target("root"), &nobody()).await.unwrap();
    let error = connection.run("sleep 600", Duration::from_millis(300)).await.unwrap_err();
    assert_eq!(error.class, HostErrorClass::TimedOut);
    assert_eq!(stdout(&connection.run("echo again", A_WHILE).await.unwrap()), "again\n");
}

#[tokio::test]
async fn a_connection_cut_while_a_script_runs_leaves_open_how_far_it_came() {
    let Some(mut server) = Sshd::start(&Options::new()) else { return };
    let home = Home::known_to(&[&server]);
    let connection = home.connect(&server.target("root"), &nobody()).await.unwrap();
    let mark = server.folder().join("mark");
    let script = format!("echo begun; touch {}; sleep 600", mark.display());
    let running = tokio::spawn(async move { connection.run(&script, A_WHILE).await });
    while !mark.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.stop();
    let error = running.await.unwrap().unwrap_err();
    assert_eq!(error.class, HostErrorClass::CutOff);
    assert!(error.hint.unwrap().contains("how far the script came is not known"));
}

#[tokio::test]
async fn a_host_that_takes_one_connection_at_a_time_is_tried_again() {
    let Some(server) = Sshd::start(&Options::new().line("MaxStartups 1:100:1")) else { return };
    let home = Home::known_to(&[&server]);
    let ssh = Arc::new(home.ssh(&nobody()));
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (ssh, target) = (Arc::clone(&ssh), Target::parse(&server.target("root")).unwrap());
        all.spawn(async move { ssh.connect(&target).await?.run("id -u", A_WHILE).await });
    }
    let ended = all.join_all().await;
    assert!(ended.iter().all(Result::is_ok), "{ended:?}");
    assert!(server.log().contains("drop connection"), "nobody was refused: {}", server.log());
}

#[tokio::test]
async fn a_host_that_stays_busy_is_given_up_as_busy() {
    let full = listener(|mut stream| {
        let _ = stream.write_all(b"Exceeded MaxStartups\r\n");
    });
    let (busy, said) = class(&Home::stranger(), &full, Patience::default()).await;
    assert_eq!(busy, HostErrorClass::Busy);
    assert!(said.contains("Exceeded MaxStartups"), "{said}");
}

#[tokio::test]
async fn a_host_without_sudo_says_so() {
    let Some(server) = Sshd::start(&Options::new().user("ops", super::sshd::Sudo::Free)) else { return };
    server.inside("mount --bind /dev/null /usr/bin/sudo");
    let home = Home::known_to(&[&server]);
    let error = home.says(&server.target("ops"), &nobody(), "id").await.unwrap_err();
    assert_eq!(error.class, HostErrorClass::NotAllowed);
    assert!(error.said.contains("sudo"), "{error}");
}
