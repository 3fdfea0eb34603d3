//! Real OpenSSH servers for tests, each with its own /etc, users, homes, processes and (if wanted) network.
//!
//! ```ignore
//! #[path = "../support/sshd.rs"]
//! mod sshd;
//!
//! let Some(server) = Sshd::start(&Options::new().user("ops", Sudo::Password("hunter2")).in_own_network()) else { return };
//! server.authorize(&public_key);                  // lets the key in, as every user
//! server.target("root");                          // root@127.1.2.3:40123
//! server.known_hosts_line();                      // for the file of known hosts of whoever connects
//! server.inside("sysctl -n net.core.somaxconn");  // what a command says there, as root, without SSH
//! server.log();                                   // what sshd said
//! ```
//!
//! A server lives in namespaces of its own: /etc is a copy, /home, /root, /run, /var/lib and /var/log are empty and in memory, and
//! `net.*` values are its own `in_own_network`. It ends with the value, or with the test's process, however that ends: its first
//! process waits for the end of a pipe, and the kernel removes processes, mounts and interfaces with it. Only an empty directory
//! in the temporary folder can stay behind a killed test.
//!
//! `start` answers `None`, and says why, where this cannot be done: not root, no sshd, namespaces forbidden.
#![allow(dead_code, reason = "not every test that includes this file needs all of it")]
#![allow(clippy::print_stderr, reason = "a test that is left out says why")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// What sudo lets a user do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sudo {
    /// Nothing.
    No,
    /// Everything, without a password.
    Free,
    /// Everything, with this password, which also logs in where the server takes passwords.
    Password(&'static str),
}

/// What a server is like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    users: Vec<(String, Sudo)>,
    lines: Vec<String>,
    setup: Vec<String>,
    own_network: bool,
    key_type: Option<&'static str>,
    seen: Vec<String>,
}

impl Options {
    /// Root alone, on a loopback address of its own in this machine's network.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// One more user.
    pub(crate) fn user(mut self, name: &str, sudo: Sudo) -> Self {
        self.users.push((name.to_owned(), sudo));
        self
    }

    /// A line for sshd_config; it comes before the harness's own and so wins.
    pub(crate) fn line(mut self, line: &str) -> Self {
        self.lines.push(line.to_owned());
        self
    }

    /// Shell lines that run inside, as root, before sshd starts.
    pub(crate) fn setup(mut self, script: &str) -> Self {
        self.setup.push(script.to_owned());
        self
    }

    /// A network namespace of its own, reached over a pair of interfaces.
    pub(crate) fn in_own_network(mut self) -> Self {
        self.own_network = true;
        self
    }

    /// A folder of this machine that stays to be seen where it is, though what is around it is covered.
    pub(crate) fn sees(mut self, folder: &Path) -> Self {
        self.seen.push(folder.to_str().unwrap().to_owned());
        self
    }

    /// The kind of the host key, as `ssh-keygen -t` takes it.
    pub(crate) fn key_type(mut self, key_type: &'static str) -> Self {
        self.key_type = Some(key_type);
        self
    }
}

/// A server that runs.
pub(crate) struct Sshd {
    child: Child,
    /// The server lives as long as this is open.
    life: Option<ChildStdin>,
    folder: TempDir,
    address: Ipv4Addr,
    port: u16,
    log: Arc<Mutex<String>>,
}

/// Servers of this process so far.
static STARTED: AtomicU32 = AtomicU32::new(0);

const INSIDE: &str = r#"
set -e
umask 022
mkdir "$FOLDER/private"
mount -t tmpfs -o mode=0755 tmpfs "$FOLDER/private"
cp -a /etc "$FOLDER/private/etc"
number=0
IFS=:
for path in $SEEN; do
    number=$((number + 1))
    mkdir "$FOLDER/private/seen$number"
    mount --bind "$path" "$FOLDER/private/seen$number"
done
unset IFS
mount --bind "$FOLDER/private/etc" /etc
for path in /home /root /run /var/lib /var/log; do mount -t tmpfs -o mode=0755 tmpfs "$path"; done
number=0
IFS=:
for path in $SEEN; do
    number=$((number + 1))
    if [ ! -e "$path" ]; then
        mkdir -p "$path"
        mount --bind "$FOLDER/private/seen$number" "$path"
    fi
done
unset IFS
mkdir -p /run/sshd /run/lock
chmod 700 /root
# Copies of what only this machine means, and what would slow a login down.
rm -f /etc/ssh/ssh_known_hosts /etc/nologin /etc/sudoers.d/*
echo waiting
read -r go
if [ -n "$OWN_NETWORK" ]; then
    ip link set lo up
    ip addr add "$ADDRESS/30" dev inside0
    ip link set inside0 up
fi
. "$FOLDER/setup"
/usr/sbin/sshd -D -e -f "$FOLDER/sshd_config" </dev/null &
read -r end || true
"#;

impl Sshd {
    /// Starts a server and waits until it listens.
    pub(crate) fn start(options: &Options) -> Option<Self> {
        if let Some(why) = impossible() {
            eprintln!("skipped: {why}");
            return None;
        }
        let number = STARTED.fetch_add(1, Ordering::SeqCst);
        let folder = tempfile::Builder::new().prefix("loadline-sshd-").tempdir().unwrap();
        // sshd reads the keys of a user as that user.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let address = address(number, options.own_network);
        let port = if options.own_network { 22 } else { free_port(address) };
        keygen(options.key_type.unwrap_or("ed25519"), &folder.path().join("host_key"), "");
        fs::write(folder.path().join("authorized_keys"), "").unwrap();
        fs::write(folder.path().join("sshd_config"), config(options, folder.path(), address, port)).unwrap();
        fs::write(folder.path().join("setup"), setup(options)).unwrap();
        let mut command = Command::new("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--uts", "--ipc"]);
        if options.own_network {
            command.arg("--net");
        }
        command.args(["/bin/sh", "-c", INSIDE]).env_clear();
        command
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("FOLDER", folder.path());
        command
            .env("ADDRESS", address.to_string())
            .env("SEEN", options.seen.join(":"))
            .env("OWN_NETWORK", if options.own_network { "yes" } else { "" });
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        for stream in [
            Box::new(child.stdout.take().unwrap()) as Box<dyn std::io::Read + Send>,
            Box::new(child.stderr.take().unwrap()),
        ] {
            let log = Arc::clone(&log);
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    log.lock().unwrap().push_str(&format!("{line}\n"));
                }
            });
        }
        let life = child.stdin.take();
        let mut server = Self { child, life, folder, address, port, log };
        server.wait_for("waiting");
        if options.own_network {
            server.connect_network(number);
        }
        server.life.as_mut().unwrap().write_all(b"go\n").unwrap();
        server.wait_for("Server listening");
        Some(server)
    }

    /// How a person writes this host, logging in as a user.
    pub(crate) fn target(&self, user: &str) -> String {
        format!("{user}@{}:{}", self.address, self.port)
    }

    /// Its address.
    pub(crate) fn address(&self) -> Ipv4Addr {
        self.address
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The name under which files of known hosts know it.
    pub(crate) fn known_name(&self) -> String {
        if self.port == 22 { self.address.to_string() } else { format!("[{}]:{}", self.address, self.port) }
    }

    /// The line for a file of known hosts.
    pub(crate) fn known_hosts_line(&self) -> String {
        format!("{} {}", self.known_name(), self.public_key())
    }

    /// Its public key: kind and base64.
    pub(crate) fn public_key(&self) -> String {
        let text = fs::read_to_string(self.folder.path().join("host_key.pub")).unwrap();
        text.split(' ').take(2).collect::<Vec<_>>().join(" ")
    }

    /// Lets a public key in, as every user.
    pub(crate) fn authorize(&self, public_key: &str) {
        let path = self.folder.path().join("authorized_keys");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{text}{}\n", public_key.trim())).unwrap();
    }

    /// The folder that the server sees under the same name.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What a script says inside, as root; panics if its status is not 0.
    pub(crate) fn inside(&self, script: &str) -> String {
        let output = Command::new("nsenter")
            .args(["--all", "--target", &self.first_process().to_string(), "/bin/sh", "-c", script])
            .output()
            .unwrap();
        assert!(output.status.success(), "{script}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What sshd and the setup said so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Ends it at once, connections and all.
    pub(crate) fn stop(&mut self) {
        drop(self.life.take());
        let _ = self.child.wait();
    }

    fn first_process(&self) -> u32 {
        let parent = self.child.id();
        let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap();
        children.split_whitespace().next().unwrap().parse().unwrap()
    }

    fn wait_for(&mut self, text: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        while !self.log().contains(text) {
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() && Instant::now() < until,
                "sshd did not come up ({ended:?}): {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn connect_network(&self, number: u32) {
        let outside = format!("ll{:x}x{number}", std::process::id() & 0xf_ffff);
        let first = self.first_process().to_string();
        let here = Ipv4Addr::from(u32::from(self.address) - 1);
        run(&["ip", "link", "add", &outside, "type", "veth", "peer", "name", "inside0", "netns", &first]);
        run(&["ip", "addr", "add", &format!("{here}/30"), "dev", &outside]);
        run(&["ip", "link", "set", &outside, "up"]);
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Gives the person with this home an ed25519 key that the servers let in, and lets the person know the servers' keys.
pub(crate) fn introduce(home: &Path, servers: &[Sshd]) {
    let ssh = home.join(".ssh");
    fs::create_dir(&ssh).unwrap();
    keygen("ed25519", &ssh.join("id_ed25519"), "");
    let key = fs::read_to_string(ssh.join("id_ed25519.pub")).unwrap();
    let known: Vec<String> = servers.iter().map(Sshd::known_hosts_line).collect();
    fs::write(ssh.join("known_hosts"), known.join("\n") + "\n").unwrap();
    servers.iter().for_each(|server| server.authorize(&key));
}

/// Makes a key pair with `ssh-keygen`.
pub(crate) fn keygen(key_type: &str, path: &Path, passphrase: &str) {
    let path = path.to_str().unwrap();
    run(&["ssh-keygen", "-q", "-t", key_type, "-N", passphrase, "-C", "test", "-f", path]);
}

/// Runs a program that has to succeed and brings back what it said.
pub(crate) fn run(command: &[&str]) -> String {
    let output = Command::new(command[0]).args(&command[1..]).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Whether this process is root's.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|of| of.uid() == 0)
}

fn impossible() -> Option<&'static str> {
    if !is_root() {
        return Some("a server with its own /etc takes root");
    }
    if !Path::new("/usr/sbin/sshd").exists() || !Path::new("/usr/bin/sudo").exists() {
        return Some("openssh-server or sudo is not installed (tests/run installs them)");
    }
    let probe = ["--mount", "--pid", "--fork", "--mount-proc", "--net", "--uts", "--ipc", "true"];
    let allowed = Command::new("unshare").args(probe).output().is_ok_and(|output| output.status.success());
    (!allowed).then_some("namespaces are not allowed here")
}

/// An address that no other test has: from the number of the process and of the server.
fn address(number: u32, own_network: bool) -> Ipv4Addr {
    let process = std::process::id();
    if own_network {
        // 100.64.0.0/10 in pieces of four addresses.
        return Ipv4Addr::from((100 << 24 | 64 << 16) + (((process & 0xfff) << 8 | number & 0xff) << 2) + 2);
    }
    let hosts = (process & 0x7fff) << 8 | (number & 0xff);
    Ipv4Addr::from((127 << 24 | 1 << 23) + hosts)
}

fn free_port(address: Ipv4Addr) -> u16 {
    TcpListener::bind((address, 0)).unwrap().local_addr().unwrap().port()
}

fn config(options: &Options, folder: &Path, address: Ipv4Addr, port: u16) -> String {
    let folder = folder.display();
    format!(
        "{}\nListenAddress {address}:{port}\nHostKey {folder}/host_key\nPidFile none\nStrictModes no\n\
         AuthorizedKeysFile {folder}/authorized_keys\nPermitRootLogin yes\nPasswordAuthentication no\n\
         KbdInteractiveAuthentication no\nUsePAM yes\nPrintMotd no\nLogLevel VERBOSE\n",
        options.lines.join("\n")
    )
}

fn setup(options: &Options) -> String {
    let mut script = options.setup.join("\n");
    script.push('\n');
    for (name, sudo) in &options.users {
        script.push_str(&format!("useradd --create-home --shell /bin/bash {name}\n"));
        match sudo {
            Sudo::No => {}
            Sudo::Free => script.push_str(&format!("echo '{name} ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/{name}\n")),
            Sudo::Password(password) => script.push_str(&format!(
                "echo '{name}:{password}' | chpasswd\necho '{name} ALL=(ALL:ALL) ALL' >/etc/sudoers.d/{name}\n"
            )),
        }
    }
    script
}
