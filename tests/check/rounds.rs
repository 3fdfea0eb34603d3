//! Round after round: changes as lines, objects as lines, metrics for Prometheus, and messages only for what lasts.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::support::{Desk, said};
use crate::web::web;

#[test]
fn a_server_that_flaps_is_one_message_for_its_failure_and_one_for_its_end() {
    // Once sick, twice sick, then for good; once well, then for good.
    let statuses = [200, 503, 200, 503, 503, 200, 503, 503, 503, 503, 200, 503, 200, 200, 200, 200];
    let (site, hook) = (web(&statuses), web(&[204]));
    let desk = Desk::new().variable("LOADLINE_NOTIFY_URL", format!("http://127.0.0.1:{}/hunter2", hook.port));
    let words = format!(
        "--url http://127.0.0.1:{} --continuous --interval 100ms --rounds {} --after 3",
        site.port,
        statuses.len()
    );
    let said = desk.run(&words);
    assert_eq!(said.code, Some(0), "the last round was well: {}{}", said.out, said.err);
    let posted = hook.posted.lock().unwrap().clone();
    let told: Vec<(&str, &str)> =
        posted.iter().map(|it| (it["component"].as_str().unwrap(), it["event"].as_str().unwrap())).collect();
    assert_eq!(told, [("balancer", "failed"), ("balancer", "recovered")], "{posted:#?}");
    assert_eq!(posted[0]["rounds"], 3);
    assert!(posted[0]["text"].as_str().unwrap().contains("503"));
    // Every change is a line, and so is every round.
    assert_eq!(said.out.lines().filter(|line| line.contains(" round ")).count(), statuses.len());
    assert_eq!(said.out.lines().filter(|line| line.contains("balancer health: ok -> fail")).count(), 4);
}

#[test]
fn a_webhook_that_is_down_delays_nothing_and_gets_its_message_when_it_is_back() {
    let (site, hook) = (web(&[503]), web(&[500, 500, 200]));
    let words = format!(
        "--url http://127.0.0.1:{} --continuous --interval 100ms --rounds 5 --after 1 --notify http://127.0.0.1:{}/",
        site.port, hook.port
    );
    let said = Desk::new().run(&words);
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    assert_eq!(hook.posted.lock().unwrap().len(), 1);
}

#[test]
fn each_round_is_an_object_in_a_line() {
    let site = web(&[200]);
    let words =
        format!("--url http://127.0.0.1:{} --continuous --interval 100ms --rounds 3 --json", site.port);
    let said = Desk::new().run(&words);
    let rounds: Vec<Value> = said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rounds.len(), 3, "{}", said.err);
    assert!(rounds.iter().all(|it| it["verdict"] == "ok" && it["schema"] == 1));
    let at = |it: &Value| it["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(at(&rounds[2]) - at(&rounds[0]) >= jiff::SignedDuration::from_millis(190));
}

fn begun(desk: &Desk, words: &str) -> Child {
    desk.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn metrics(address: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    write!(stream, "GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    text
}

#[test]
fn prometheus_reads_the_last_round_and_ctrl_c_ends_it_with_its_verdict() {
    let site = web(&[503]);
    let desk = Desk::new();
    let words =
        format!("--url http://127.0.0.1:{} --continuous --interval 100ms --listen 127.0.0.1:0", site.port);
    let mut child = begun(&desk, &words);
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    errors.read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once("http://").unwrap().1.trim_end_matches("/metrics").to_owned();
    let end = Instant::now() + Duration::from_secs(10);
    let text = loop {
        let text = metrics(&address);
        if text.starts_with("HTTP/1.1 200") {
            break text;
        }
        assert!(Instant::now() < end, "{text}");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(text.contains("loadline_check_value{component=\"balancer\",check=\"health\"} 503"), "{text}");
    assert!(text.contains("loadline_check_ok{component=\"balancer\",check=\"health\"} 0"), "{text}");
    assert!(text.contains("loadline_check_rounds_total "), "{text}");
    // A reader that says nothing keeps nobody else from reading.
    let _silent: Vec<TcpStream> = (0..5).map(|_| TcpStream::connect(&address).unwrap()).collect();
    assert!(metrics(&address).starts_with("HTTP/1.1 200"));
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    let began = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert!(began.elapsed() < Duration::from_secs(2));
    assert_eq!(said(&output).code, Some(3));
}

#[test]
fn who_reads_no_more_ends_it() {
    let site = web(&[200]);
    let words = format!("--url http://127.0.0.1:{} --continuous --interval 100ms", site.port);
    let mut child = begun(&Desk::new(), &words);
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    lines.read_line(&mut String::new()).unwrap();
    drop(lines);
    let end = Instant::now() + Duration::from_secs(10);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "it goes on without a reader");
        std::thread::sleep(Duration::from_millis(20));
    }
}
