//! The program on hosts that it reaches over SSH: real servers, each with an /etc, a network and an engine of its own.

use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::sshd::{Options, Sshd, Sudo, introduce};

struct Office {
    folder: TempDir,
    servers: Vec<Sshd>,
}

impl Office {
    /// So many servers whose user may become root, or none where that cannot be.
    fn of(number: usize) -> Option<Self> {
        let engine = include_str!("docker.py").replace('\'', "'\\''");
        let setup = format!(
            "mount -t tmpfs tmpfs /usr/local/bin\n\
             printf '%s' '{engine}' >/usr/local/bin/docker\n\
             chmod 0755 /usr/local/bin/docker\n"
        );
        let options = Options::new().in_own_network().user("ops", Sudo::Free).setup(&setup);
        let servers: Vec<Sshd> = (0..number).map(|_| Sshd::start(&options)).collect::<Option<_>>()?;
        let folder = tempfile::tempdir().unwrap();
        introduce(folder.path(), &servers);
        let hosts: Vec<String> = servers.iter().map(|server| server.target("ops")).collect();
        let spec = format!(
            "version: 1\nname: shop\nload: {{ users: 200, think: 1 s }}\nrequests: [{{ name: page, cpu: 2 ms }}]\n\
             app: {{ image: 'registry.example/shop:1', instances: 2 }}\ndeploy: {{ drain: 0 s, secrets: [SESSION_KEY] }}\n\
             hosts: {hosts:?}\n"
        );
        fs::write(folder.path().join("shop.yaml"), spec).unwrap();
        Some(Self { folder, servers })
    }

    fn run(&self, words: &str, code: i32) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.folder.path()).env("USER", "ann");
        command.env("SESSION_KEY", "hunter2").current_dir(self.folder.path()).stdin(Stdio::null());
        let output = command.arg("deploy").args(words.split_whitespace()).output().unwrap();
        let all =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{words}: {all}");
        assert!(!all.contains("hunter2"), "a secret is never printed");
        output
    }

    fn json(&self, words: &str, code: i32) -> Value {
        serde_json::from_slice(&self.run(&format!("{words} --json"), code).stdout).unwrap()
    }

    /// The release that has the traffic on each host.
    fn releases(&self) -> Vec<String> {
        let there = self.json("status shop.yaml", 0);
        let hosts = there["hosts"].as_array().unwrap().iter();
        hosts.map(|host| host["current"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn hosts_are_released_batch_by_batch_and_brought_back() {
    let Some(office) = Office::of(2) else { return };
    let one = office.json("shop.yaml --yes --serial 50%", 0)["release"].as_str().unwrap().to_owned();
    assert_eq!(office.releases(), [one.clone(), one.clone()]);
    let two = office.json("shop.yaml --yes --serial 50% --image registry.example/shop:2", 0);
    let two = two["release"].as_str().unwrap().to_owned();
    assert_eq!(office.releases(), [two.clone(), two.clone()]);
    // An image that never becomes healthy goes no further than the first batch, and back there.
    let sick = office.json("shop.yaml --yes --serial 50% --image registry.example/shop:sick", 3);
    assert_eq!(office.releases(), [two.clone(), two]);
    let sick = sick["release"].as_str().unwrap();
    let begun = |server: &Sshd| {
        let asked = server.inside("cat /var/lib/engine/asked");
        asked.lines().any(|line| line.contains(sick) && line.split(' ').any(|word| word == "up"))
    };
    assert_eq!((begun(&office.servers[0]), begun(&office.servers[1])), (true, false));
    let logs = office.run("logs shop.yaml --service app", 0);
    assert!(String::from_utf8_lossy(&logs.stdout).contains("cannot reach its database"), "{logs:?}");
    office.run("rollback shop.yaml --yes", 0);
    assert_eq!(office.releases(), [one.clone(), one]);
    for server in &office.servers {
        assert_eq!(
            server.inside("cat /var/lib/engine/lost 2>/dev/null || true"),
            "",
            "nobody's request was lost"
        );
        // What the release holds of secrets is root's alone.
        let open = server.inside(
            "grep -rl hunter2 /etc /var/lib /var/log /run /home 2>/dev/null | xargs -r stat -c '%U %a %n'",
        );
        assert!(open.lines().all(|line| line.starts_with("root 600 ")) && !open.is_empty(), "{open}");
    }
}

#[test]
fn a_host_that_cannot_be_reached_stops_the_release_before_any_other_is_changed() {
    let Some(mut office) = Office::of(2) else { return };
    office.servers[1].stop();
    let output = office.run("shop.yaml --yes", 1);
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(&office.servers[1].address().to_string()), "{said}");
    assert_eq!(
        office.servers[0].inside("test -e /var/lib/loadline && ls /var/lib/loadline || true"),
        "",
        "{said}"
    );
}
