//! A machine that boots: systemd as the first process of namespaces of its own, over a copy of this machine's files that outlives
//! a reboot. Each boot begins with the kernel's own values, as a real one does; what belongs to the whole kernel is a plain file
//! or read-only, so that nothing reaches the machine outside.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::host::{FUNCTIONS, Host};

/// Makes the place that outlives boots and waits for its standard input to end.
const HOLD: &str = r#"
mount --make-rprivate /
mount -t tmpfs -o size=64m tmpfs "$1"
mkdir "$1/up" "$1/work" "$1/root"
echo ready
exec cat
"#;

/// Boots; prints `pid N`, the number of systemd outside.
const BOOT: &str = r#"
place=$1
root=$place/root
own=$root/run/own
read -r pid rest </proc/self/stat
mount --make-rprivate /
mount -t overlay -o lowerdir=/,upperdir="$place/up",workdir="$place/work" overlay "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mkdir "$own"
# What the whole kernel shares stays as it is, but for what belongs to the network stack.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,ro "$root/proc/sys"
own proc/sys/vm/swappiness 60
own proc/sys/vm/overcommit_memory 0
own proc/sys/fs/file-max 200000
# systemd writes over a file's beginning: no longer than what comes there.
own sys/kernel/mm/transparent_hugepage/enabled always
if [ ! -e "$root/etc/installed" ]; then
    rm -rf "$root/etc/systemd/system" "$root/etc/sysctl.d" "$root/etc/security" "$root/var/lib/loadline" "$root/.dockerenv"
    mkdir -p "$root/etc/systemd/system/multi-user.target.wants" "$root/etc/sysctl.d" "$root/etc/security/limits.d"
    ln -s /lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"
    ln -s /lib/systemd/system/nginx.service "$root/etc/systemd/system/multi-user.target.wants/nginx.service"
    : >"$root/etc/fstab"
    : >"$root/etc/installed"
fi
hostname booted
echo "pid $pid"
enter
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=null --show-status=0 >/dev/null
"#;

/// A machine; it is gone with its handle.
pub(crate) struct Machine {
    /// How it is worked with.
    pub(crate) host: Host,
    booted: Child,
    place: Place,
}

/// What outlives a boot; it is gone with its handle.
struct Place {
    folder: tempfile::TempDir,
    holder: Child,
    /// Control group of everything that runs.
    group: PathBuf,
}

impl Machine {
    /// A machine that has booted, or the reason why there can be none here.
    pub(crate) fn boot() -> Result<Self, String> {
        for needed in ["/lib/systemd/systemd", "/lib/systemd/system/nginx.service"] {
            if !PathBuf::from(needed).exists() {
                return Err(format!("no {needed} on this machine"));
            }
        }
        let place = Place::make()?;
        let (booted, pid) = place.boot()?;
        let host = Host::entering(pid, &["--mount", "--net", "--uts", "--ipc", "--pid", "--cgroup"]);
        let machine = Self { host, booted, place };
        machine.is_up();
        Ok(machine)
    }

    /// Shuts it down as systemd does and boots it anew.
    pub(crate) fn reboot(&mut self) {
        // Killed once everything has been ended, the command has nobody to answer to.
        let _ = self.host.command().args(["systemctl", "reboot"]).output().unwrap();
        let begun = Instant::now();
        while self.booted.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not go down");
            std::thread::sleep(Duration::from_millis(20));
        }
        let (booted, pid) = self.place.boot().unwrap();
        self.booted = booted;
        self.host.enters(pid);
        self.is_up();
    }

    fn is_up(&self) {
        let begun = Instant::now();
        loop {
            let said =
                self.host.command().args(["systemctl", "is-system-running", "--wait"]).output().unwrap();
            let said = String::from_utf8_lossy(&said.stdout).trim().to_owned();
            if ["running", "degraded"].contains(&said.as_str()) {
                // systemd works in a container; whoever looks is to see a machine, as anywhere else.
                self.host.sh("echo none >/run/systemd/container");
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not come up: {said}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.booted.kill();
        let _ = self.booted.wait();
    }
}

impl Place {
    fn make() -> Result<Self, String> {
        let mounts = fs::read_to_string("/proc/mounts").unwrap();
        let groups = mounts.lines().find_map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            (words.get(2) == Some(&"cgroup2")).then(|| words[1].to_owned())
        });
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().file_name().unwrap().to_string_lossy().replace('.', "loadline-test-");
        let group = PathBuf::from(groups.ok_or("no cgroup2 is mounted")?).join(name);
        fs::create_dir(&group).map_err(|error| format!("making {}: {error}", group.display()))?;
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "unshare", "--mount", "sh", "-c", HOLD, "hold"])
            .arg(folder.path());
        let (holder, ready) = begin(Stdio::piped(), &mut command);
        let place = Self { folder, holder, group };
        if ready.as_deref() != Ok("ready") {
            return Err(format!("no place for it could be made: {ready:?}"));
        }
        Ok(place)
    }

    /// One boot: its process here, and systemd's number.
    fn boot(&self) -> Result<(Child, u32), String> {
        let in_group = "echo $$ >\"$1/cgroup.procs\"; shift; exec \"$@\"";
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "sh", "-c", in_group, "in-group"])
            .arg(&self.group)
            .args(["nsenter", "--mount", "--target", &self.holder.id().to_string(), "--", "unshare"])
            .args(["--mount", "--net", "--uts", "--ipc", "--pid", "--cgroup", "--fork", "--kill-child"])
            .args(["sh", "-c", &format!("{FUNCTIONS}{BOOT}"), "boot"])
            .arg(self.folder.path());
        let (child, said) = begin(Stdio::null(), &mut command);
        let said = said?;
        let pid = said.strip_prefix("pid ").and_then(|it| it.parse().ok());
        Ok((child, pid.ok_or_else(|| format!("it did not boot: {said}"))?))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
        // A group is empty a moment after its last process has ended.
        for _ in 0..100 {
            let removed =
                Command::new("find").arg(&self.group).args(["-depth", "-type", "d", "-delete"]).output();
            if removed.is_ok_and(|it| it.status.success()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Starts a command that ends with this test; its first line, or what it said instead.
fn begin(stdin: Stdio, command: &mut Command) -> (Child, Result<String, String>) {
    let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let first = BufReader::new(child.stdout.take().unwrap()).lines().next();
    let said = match first {
        Some(Ok(line)) => Ok(line),
        _ => Err(std::io::read_to_string(child.stderr.take().unwrap()).unwrap()),
    };
    (child, said)
}
