//! What a request costs whoever sends it: this program, Goose and Locust, against one nginx that answers five bytes.
//!
//! Run with `cargo bench --no-default-features --features load --bench load` after `tests/load/install`, which brings Locust. Goose is
//! built first, by its own manifest beside this file. Prints requests a second and requests for each second of processor time, and the
//! ratio to ours; nothing fails by time. nginx, which is not measured, shares the processors.

#![allow(clippy::print_stdout, reason = "a benchmark reports to its terminal")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use serde_json::Value;

/// How long each of them sends, s.
const SECONDS: u64 = 10;

/// People, and their mean pause, ms.
const SCENES: [(u32, u64); 2] = [(2500, 160), (100, 0)];

struct Nginx {
    child: Child,
    port: u16,
}

impl Nginx {
    fn start(folder: &Path) -> Option<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let shown = folder.display();
        let text = format!(
            "daemon off; master_process off; pid {shown}/pid; error_log {shown}/error.log; worker_rlimit_nofile 8192;\n\
             events {{ worker_connections 4096; }}\n\
             http {{ access_log off; keepalive_requests 1000000000; server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ return \
             200 hello; }} }} }}\n"
        );
        fs::write(folder.join("nginx.conf"), text).unwrap();
        let nginx = Command::new("nginx")
            .args(["-p", folder.to_str().unwrap(), "-c", "nginx.conf"])
            .stderr(Stdio::null())
            .spawn();
        let Ok(child) = nginx else {
            println!("nothing was measured: there is no nginx (apt-get install nginx-light)");
            return None;
        };
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self { child, port })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Requests a second, and requests for each second of processor time.
#[derive(Clone, Copy)]
struct Rate {
    rps: f64,
    for_each_second_of_cpu: f64,
}

impl Rate {
    fn show(self, what: &str, ours: Self) {
        println!(
            "  {what:<12} {:>9.0} rps   {:>9.0} for each second of CPU   {:.2} x ours",
            self.rps,
            self.for_each_second_of_cpu,
            self.for_each_second_of_cpu / ours.for_each_second_of_cpu
        );
    }
}

/// Runs a sender; `requests` reads how many it sent from what it said.
fn measure(command: &mut Command, requests: impl Fn(&str) -> Option<f64>) -> Option<Rate> {
    let (begun, before) = (Instant::now(), cpu_time());
    let output = command.output().ok()?;
    let (took, cpu) = (begun.elapsed().as_secs_f64(), (cpu_time() - before).as_secs_f64());
    let said = String::from_utf8_lossy(&output.stdout);
    let requests = requests(&said);
    if requests.is_none() {
        println!("  {command:?} said {said}{}", String::from_utf8_lossy(&output.stderr));
    }
    let requests = requests?;
    Some(Rate { rps: requests / took.min(SECONDS as f64), for_each_second_of_cpu: requests / cpu })
}

/// Processor time of everything that this process started and waited for.
fn cpu_time() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    [usage.user_time(), usage.system_time()]
        .iter()
        .map(|time| Duration::new(time.tv_sec().unsigned_abs(), time.tv_usec() as u32 * 1000))
        .sum()
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(goose) = goose(here) else { return };
    let Some(nginx) = Nginx::start(folder.path()) else { return };
    let url = format!("http://127.0.0.1:{}", nginx.port);
    let spec = folder.path().join("spec.yaml");
    for (users, pause_ms) in SCENES {
        println!("{users} people, {pause_ms} ms of pause");
        let think = if pause_ms == 0 { "0.001 ms".to_owned() } else { format!("{pause_ms} ms") };
        let text = format!(
            "version: 1\nname: bench\nload: {{ users: {users}, think: {think} }}\n\
             requests: [{{ name: page, share: 100 %, cpu: 1 ms, wait: 1 ms, path: / }}]\n"
        );
        fs::write(&spec, text).unwrap();
        let common = |what: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
            command.args(["load"]).args(what.split_whitespace()).arg(&spec);
            command.args(["--url", &url, "--users", &users.to_string(), "--ramp", "0s", "--warm-up", "0s"]);
            command.args(["--duration", &format!("{SECONDS}s")]);
            command
        };
        let ours = measure(common("").arg("--json"), |said| {
            let json: Value = serde_json::from_str(said).ok()?;
            json["levels"][0]["requests"].as_f64()
        });
        let Some(ours) = ours else { return };
        ours.show("loadline", ours);
        let mut command = Command::new(&goose);
        command.env("PAUSE_MS", pause_ms.to_string()).args(["--host", &url, "--users", &users.to_string()]);
        command.args(["--increase-rate", &users.to_string(), "--run-time", &format!("{SECONDS}s")]);
        let last_number = |said: &str| said.lines().last()?.trim().parse().ok();
        if let Some(rate) = measure(&mut command, last_number) {
            rate.show("goose", ours);
        }
        let locust = here.join("target/load-tools/venv/bin/locust");
        if !locust.exists() {
            println!("  locust: not there; tests/load/install brings it");
            continue;
        }
        let script = folder.path().join("locustfile.py");
        let written = common("export").args(["--as", "locust", "--out"]).arg(&script).output().unwrap();
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        let mut command = Command::new(locust);
        command
            .args(["--headless", "--only-summary", "--json", "-f"])
            .arg(&script)
            .current_dir(folder.path());
        let counted = |said: &str| {
            let json: Value = serde_json::from_str(said.get(said.find('[')?..)?).ok()?;
            json.as_array()?.iter().map(|entry| entry["num_requests"].as_f64()).sum()
        };
        if let Some(rate) = measure(&mut command, counted) {
            rate.show("locust", ours);
        }
    }
}

/// Builds Goose where the other things that are built lie.
fn goose(here: &Path) -> Option<PathBuf> {
    let target = here.join("target/goose");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "--manifest-path"])
        .arg(here.join("benches/load/goose/Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .status()
        .unwrap();
    if !built.success() {
        println!("nothing was measured: Goose cannot be built");
        return None;
    }
    Some(target.join("release/goose-beside"))
}
