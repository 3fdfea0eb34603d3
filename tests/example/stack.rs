//! The example application with everything around it, as plain processes on loopback.

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable as _;
use tempfile::TempDir;

use crate::servers::{Running, free_port, mariadb, redis};

/// The running stack.
pub(crate) struct Stack {
    pub(crate) database: Running,
    pub(crate) queue: Running,
    pub(crate) apps: Vec<(Child, u16)>,
    _worker: Kept,
    _nginx: Kept,
    pub(crate) port: u16,
    pub(crate) folder: TempDir,
}

/// A process that ends with this.
struct Kept(Child);

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        for (app, _) in &mut self.apps {
            let _ = app.kill();
            let _ = app.wait();
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn python() -> PathBuf {
    root().join("target/example/bin/python")
}

/// Why it cannot run here.
fn missing() -> Option<String> {
    if !python().exists() {
        return Some("tests/example/install was not run".to_owned());
    }
    let there =
        |program: &str| ["/usr/sbin", "/usr/bin"].iter().any(|at| Path::new(at).join(program).exists());
    ["nginx", "taskset", "setpriv"]
        .iter()
        .find(|program| !there(program))
        .map(|program| format!("there is no {program} here"))
}

/// A command on one core, ended by the kernel with this test.
fn on(core: usize, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--", "taskset", "--cpu-list", &core.to_string()]);
    command.arg(program).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn wait_for(port: u16) {
    let end = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))).is_err() {
        assert!(Instant::now() < end, "nothing listens on port {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Stack {
    /// Starts all of it; `None`, with a word why, where something is not installed.
    pub(crate) fn start() -> Option<Self> {
        if let Some(why) = missing() {
            eprintln!("skipped: {why}");
            return None;
        }
        let database = mariadb(&["--max-connections=100"])?;
        let queue = redis(&["--maxmemory", "64mb", "--maxmemory-policy", "noeviction"])?;
        // The application alone on the first core; everything else, the generator too, on the others.
        let others = std::thread::available_parallelism().map_or(1, usize::from) - 1;
        for pid in [database.pid(), queue.pid()] {
            let moved = Command::new("taskset")
                .args(["--all-tasks", "--pid", "--cpu-list", &others.to_string(), &pid.to_string()])
                .stdout(Stdio::null())
                .status();
            assert!(moved.unwrap().success());
        }
        prepare(&database);
        let variables = [
            ("DATABASE_PORT", database.port.to_string()),
            ("DATABASE_PASSWORD", "read".to_owned()),
            ("CELERY_BROKER_URL", format!("redis://:hush@127.0.0.1:{}/1", queue.port)),
            ("DB_POOL_SIZE", "10".to_owned()),
        ];
        let in_place = |mut command: Command| {
            command.current_dir(root().join("examples/app")).envs(variables.clone());
            command.env("PYTHONDONTWRITEBYTECODE", "1").stderr(Stdio::null());
            command
        };
        let mut fill = in_place(on(others, &python()));
        assert!(fill.args(["-m", "app.fill"]).status().unwrap().success());
        let apps: Vec<(Child, u16)> = (0..2)
            .map(|_| {
                let port = free_port();
                let mut command = in_place(on(0, &python()));
                command
                    .args(["-m", "uvicorn", "app.main:app", "--no-access-log", "--port"])
                    .arg(port.to_string());
                (command.spawn().unwrap(), port)
            })
            .collect();
        let mut worker = in_place(on(others, &python()));
        worker.args("-m celery -A app.tasks worker --concurrency 2 --loglevel ERROR".split(' '));
        let worker = Kept(worker.spawn().unwrap());
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        std::fs::write(folder.path().join("nginx.conf"), proxy(port, &apps)).unwrap();
        let mut nginx = on(others, Path::new("nginx"));
        nginx.arg("-p").arg(folder.path()).args(["-c", "nginx.conf", "-e", "stderr"]).stderr(Stdio::null());
        let nginx = Kept(nginx.spawn().unwrap());
        apps.iter().for_each(|(_, port)| wait_for(*port));
        wait_for(port);
        Some(Self { database, queue, apps, _worker: worker, _nginx: nginx, port, folder })
    }
}

/// The schema and the user of the application.
fn prepare(database: &Running) {
    let url = format!("mysql://admin:all@127.0.0.1:{}/", database.port);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut conn = mysql_async::Conn::new(mysql_async::Opts::from_url(&url).unwrap()).await.unwrap();
        for statement in [
            "CREATE DATABASE lessons CHARACTER SET utf8mb4",
            "CREATE USER 'app'@'127.0.0.1' IDENTIFIED BY 'read'",
            "GRANT ALL ON lessons.* TO 'app'@'127.0.0.1'",
        ] {
            conn.query_drop(statement).await.unwrap();
        }
    });
}

fn proxy(port: u16, apps: &[(Child, u16)]) -> String {
    let servers: String = apps.iter().map(|(_, port)| format!("server 127.0.0.1:{port}; ")).collect();
    format!(
        "daemon off; master_process off; pid nginx.pid; error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    upstream app {{ {servers} keepalive 64; }}
    server {{
        listen 127.0.0.1:{port};
        keepalive_requests 100000;
        location / {{ proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ''; }}
    }}
}}
"
    )
}
