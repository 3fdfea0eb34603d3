//! Data stores for tests, each in a folder of its own on a free loopback port. They end with the value, or with the test however
//! that ends.

#![allow(dead_code, reason = "not every test that includes this file needs all of it")]

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Where Debian keeps the tables that a new MariaDB begins with.
const TABLES: &str = "/usr/share/mysql";

/// A program that serves until this is dropped.
pub(crate) struct Running {
    child: Child,
    folder: TempDir,
    pub(crate) port: u16,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Whether a program is there; says so where not.
fn is_there(program: &str) -> bool {
    let there = ["/usr/bin", "/usr/sbin"].iter().any(|folder| Path::new(folder).join(program).exists());
    if !there {
        eprintln!("skipped: there is no {program} here; tests/run installs it");
    }
    there
}

/// A program that the kernel ends with this test.
fn tied(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--", program]).stdin(Stdio::null());
    command
}

impl Running {
    fn start(mut command: Command, folder: TempDir, port: u16) -> Self {
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let running = Self { child, folder, port };
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let end = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < end, "no server came up: {}", running.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        running
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Stops it in its tracks: it takes connections, and answers nothing.
    pub(crate) fn freeze(&self) {
        let pid = nix::unistd::Pid::from_raw(self.child.id() as i32);
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGSTOP).unwrap();
    }
}

/// MariaDB with the user `check`, password `p@ss`, and these options; `None`: it is not installed.
pub(crate) fn mariadb(options: &[&str]) -> Option<Running> {
    if !is_there("mariadbd") {
        return None;
    }
    let folder = tempfile::Builder::new().prefix("loadline-mariadb-").tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let mut sql = String::from("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n");
    for name in ["mysql_system_tables", "mysql_performance_tables", "mysql_system_tables_data"] {
        sql += &std::fs::read_to_string(Path::new(TABLES).join(format!("{name}.sql"))).unwrap();
    }
    let script = folder.path().join("first.sql");
    std::fs::write(&script, sql).unwrap();
    let small = ["--innodb-log-file-size=4M", "--innodb-buffer-pool-size=16M", "--innodb-flush-method=fsync"];
    let place = format!("--datadir={}", data.display());
    let made = Command::new("mariadbd")
        .args(["--no-defaults", "--bootstrap", "--user=root", &place])
        .args(small)
        .stdin(std::fs::File::open(&script).unwrap())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let users = folder.path().join("users.sql");
    std::fs::write(
        &users,
        "CREATE USER 'check'@'127.0.0.1' IDENTIFIED BY 'p@ss';\n\
         GRANT REPLICATION CLIENT, REPLICA MONITOR, PROCESS ON *.* TO 'check'@'127.0.0.1';\n\
         CREATE USER 'admin'@'127.0.0.1' IDENTIFIED BY 'all';\nGRANT ALL ON *.* TO 'admin'@'127.0.0.1' WITH GRANT OPTION;\n\
         CREATE USER 'bare'@'127.0.0.1' IDENTIFIED BY 'bare';\n",
    )
    .unwrap();
    let port = free_port();
    let mut command = tied("mariadbd");
    command
        .args(["--no-defaults", "--user=root", "--bind-address=127.0.0.1", "--skip-name-resolve", &place])
        .args(small)
        .arg(format!("--port={port}"))
        .arg(format!("--socket={}", folder.path().join("sock").display()))
        .arg(format!("--init-file={}", users.display()))
        .args(options);
    Some(Running::start(command, folder, port))
}

/// Redis with the password `hush` and these options; `None`: it is not installed.
pub(crate) fn redis(options: &[&str]) -> Option<Running> {
    if !is_there("redis-server") {
        return None;
    }
    let folder = tempfile::Builder::new().prefix("loadline-redis-").tempdir().unwrap();
    let port = free_port();
    let mut command = tied("redis-server");
    command
        .current_dir(folder.path())
        .args(["--bind", "127.0.0.1", "--save", "", "--requirepass", "hush", "--port"])
        .arg(port.to_string())
        .args(options);
    Some(Running::start(command, folder, port))
}

/// A listener that takes connections and never says a word.
pub(crate) struct Mute {
    pub(crate) port: u16,
    _listener: TcpListener,
}

pub(crate) fn mute() -> Mute {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    Mute { port: listener.local_addr().unwrap().port(), _listener: listener }
}
