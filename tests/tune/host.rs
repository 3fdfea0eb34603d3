//! A host for a test: a network, mount and UTS namespace of its own over a copy of this machine's files (an overlay), with the
//! settings of the whole kernel replaced by plain files. Nothing in it reaches the machine outside, and it ends with its holder.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use loadline::hosts::Reach;
use loadline::hosts::{Connection, HostError, HostErrorClass, Said};

/// What every script that makes a host begins with: `own PATH VALUE` gives $root a file of its own in place of one that the whole
/// kernel shares, kept in $own; `enter` makes $root all that there is.
pub(crate) const FUNCTIONS: &str = r#"
set -e
own() {
    file=$own/$(echo "$1" | tr / %)
    printf '%s\n' "$2" >"$file"
    [ ! -e "$root/$1" ] || mount --bind "$file" "$root/$1"
}
enter() {
    cd "$root"
    mkdir -p outside
    pivot_root . outside
    umount -l /outside
    rmdir /outside
    cd /
}
"#;

/// Makes the host; the last line of its output is `ready`.
const MAKE: &str = r#"
mount --make-rprivate /
place=$1
root=$place/root
own=$place/own
mount -t tmpfs -o size=64m tmpfs "$place"
mkdir "$place/up" "$place/work" "$root" "$own"
mount -t overlay -o lowerdir=/,upperdir="$place/up",workdir="$place/work" overlay "$root"
for mount in proc sys dev; do mount --rbind "/$mount" "$root/$mount"; done
mount -t tmpfs tmpfs "$root/run"
rm -f "$root/.dockerenv"
rm -rf "$root/etc/sysctl.d" "$root/etc/security" "$root/var/lib/loadline" "$root/etc/systemd/system"
mkdir -p "$root/etc/systemd/system" "$root/etc/sysctl.d" "$root/etc/security/limits.d"
printf '# /etc/sysctl.conf\nkernel.sysrq = 0' >"$root/etc/sysctl.conf"
printf '#* soft core 0\n' >"$root/etc/security/limits.conf"
chmod 0640 "$root/etc/sysctl.conf"
ln -s ../sysctl.conf "$root/etc/sysctl.d/99-sysctl.conf"
own proc/sys/vm/swappiness 60
own proc/sys/vm/overcommit_memory 0
own proc/sys/fs/file-max 200000
own proc/sys/fs/nr_open 1048576
own proc/sys/kernel/panic 0
own sys/kernel/mm/transparent_hugepage/enabled '[always] madvise never'
ip link set lo up 2>/dev/null || true
hostname tuned
# From here on the machine outside is out of reach: nobody enters before that.
enter
: >/this-is-a-test-host
echo ready
exec sleep 100000
"#;

/// A host; it ends when the last of its handles does.
#[derive(Clone)]
pub(crate) struct Host {
    holder: Arc<Holder>,
    /// What is put in place of a script before it is run.
    edit: Arc<Mutex<Option<Edit>>>,
    /// Scripts that have been run.
    pub(crate) runs: Arc<AtomicUsize>,
    /// Connections that have been opened.
    pub(crate) connections: Arc<AtomicUsize>,
    /// Connections that may be opened; further ones fail.
    pub(crate) allowed: Arc<AtomicUsize>,
    shell: &'static str,
}

type Edit = Box<dyn Fn(&str) -> String + Send>;

struct Holder {
    /// The process whose namespaces are the host.
    pid: AtomicU32,
    namespaces: &'static [&'static str],
    /// What ends with the host.
    held: Option<(Mutex<Child>, tempfile::TempDir)>,
}

impl Drop for Holder {
    fn drop(&mut self) {
        if let Some((child, _)) = &self.held {
            let mut child = child.lock().unwrap();
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A host, or the reason why none can be made here.
pub(crate) fn host() -> Result<Host, String> {
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut child = Command::new("unshare")
        .args(["--mount", "--net", "--uts", "sh", "-c", &format!("{FUNCTIONS}{MAKE}"), "make"])
        .arg(place.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("unshare: {error}"))?;
    let ready = BufReader::new(child.stdout.take().unwrap()).lines().any(|line| line.unwrap() == "ready");
    if !ready {
        let output = child.wait_with_output().unwrap();
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let pid = child.id();
    let inside = Command::new("nsenter")
        .args(["--mount", "--target", &pid.to_string(), "--", "test", "-e", "/this-is-a-test-host"])
        .status();
    assert!(inside.unwrap().success(), "what was entered is not the host that was made");
    let held = Some((Mutex::new(child), place));
    Ok(Host::of(Holder { pid: pid.into(), namespaces: &["--mount", "--net", "--uts"], held }))
}

/// What was made, or a printed reason and `return`: only root may make a host.
macro_rules! or_skip {
    ($made:expr, $what:literal) => {
        match $made {
            Ok(made) => made,
            Err(reason) => {
                println!(concat!("skipped: ", $what, ": {}"), reason.trim());
                return;
            }
        }
    };
}
pub(crate) use or_skip;

/// A host, or a printed reason and `return`.
macro_rules! host_or_skip {
    () => {
        crate::host::or_skip!(crate::host::host(), "no namespace can be made here")
    };
}
pub(crate) use host_or_skip;

impl Host {
    fn of(holder: Holder) -> Self {
        Self {
            holder: Arc::new(holder),
            edit: Arc::default(),
            runs: Arc::default(),
            connections: Arc::default(),
            allowed: Arc::new(AtomicUsize::new(usize::MAX)),
            shell: "sh",
        }
    }

    /// The host that these namespaces of a process are; somebody else keeps it.
    pub(crate) fn entering(pid: u32, namespaces: &'static [&'static str]) -> Self {
        Self::of(Holder { pid: pid.into(), namespaces, held: None })
    }

    /// From now on the host is what this process has in place of the one before.
    pub(crate) fn enters(&self, pid: u32) {
        self.holder.pid.store(pid, Ordering::SeqCst);
    }

    /// The same host by another shell.
    pub(crate) fn with_shell(&self, shell: &'static str) -> Self {
        Self { shell, ..self.clone() }
    }

    /// Changes every script before it is run.
    pub(crate) fn edit(&self, edit: impl Fn(&str) -> String + Send + 'static) {
        *self.edit.lock().unwrap() = Some(Box::new(edit));
    }

    /// Runs scripts as they are again.
    pub(crate) fn plain(&self) {
        *self.edit.lock().unwrap() = None;
    }

    /// A command inside.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new("nsenter");
        let pid = self.holder.pid.load(Ordering::SeqCst).to_string();
        command.args(self.holder.namespaces).args(["--target", &pid, "--"]);
        command
    }

    /// Runs shell text inside and gives what it prints; it must succeed.
    pub(crate) fn sh(&self, text: &str) -> String {
        let output = self.command().args(["sh", "-c", text]).output().unwrap();
        assert!(output.status.success(), "{text}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A kernel setting, words apart by one blank.
    pub(crate) fn value(&self, path: &str) -> String {
        self.sh(&format!("cat /proc/sys/{path}")).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Everything that a run may change: files of /etc with owner, mode and content, and values.
    pub(crate) fn everything(&self) -> String {
        self.sh(
            "find /etc/sysctl* /etc/security /etc/modules* /etc/systemd /etc/tmpfiles.d -printf '%p %m %U %G %l\\n' 2>/dev/null | sort
             find /etc/sysctl* /etc/security /etc/modules* /etc/systemd /etc/tmpfiles.d -type f 2>/dev/null | sort | xargs cksum
             cd /proc/sys; grep -H '' net/core/somaxconn net/ipv4/ip_local_port_range net/ipv4/ip_local_reserved_ports \
                net/ipv4/tcp_fin_timeout net/ipv4/tcp_max_syn_backlog net/ipv4/tcp_tw_reuse vm/swappiness fs/file-max",
        )
    }

    fn feed(&self, script: &str) -> Said {
        self.runs.fetch_add(1, Ordering::SeqCst);
        let script = match self.edit.lock().unwrap().as_ref() {
            Some(edit) => edit(script),
            None => script.to_owned(),
        };
        let mut child = self
            .command()
            .args([self.shell, "-s"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || {
            let _ = stdin.write_all(script.as_bytes());
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let status = output.status.code().unwrap_or(137).unsigned_abs();
        Said { status, stdout: output.stdout, stderr: output.stderr }
    }
}

#[async_trait]
impl Connection for Host {
    fn name(&self) -> &str {
        "web1"
    }

    async fn run(&self, script: &str, _: Duration) -> Result<Said, HostError> {
        Ok(self.feed(script))
    }
}

#[async_trait]
impl Reach for Host {
    fn name(&self) -> &str {
        "web1"
    }

    async fn connect(&self) -> Result<Box<dyn Connection>, HostError> {
        let number = self.connections.fetch_add(1, Ordering::SeqCst);
        if number >= self.allowed.load(Ordering::SeqCst) {
            return Err(HostError {
                class: HostErrorClass::Unreachable,
                doing: "connecting to web1".to_owned(),
                said: "no route".to_owned(),
                hint: None,
            });
        }
        Ok(Box::new(self.clone()))
    }
}
