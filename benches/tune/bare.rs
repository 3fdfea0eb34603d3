//! A connection to each host and one command, by the library that the program uses: what no tool built on it can be faster than.

use std::sync::Arc;
use std::time::{Duration, Instant};

use loadline::hosts::{Become, Habits, Nobody, Patience, Ssh, Target};
use nix::sys::resource::UsageWho;

use super::fleet::Fleet;
use super::{Cost, cpu_time};

pub(crate) fn connect_and_run(fleet: &Fleet) -> Cost {
    let habits = Habits {
        home: fleet.folder().to_owned(),
        user: "root".to_owned(),
        files: vec![fleet.folder().join(".ssh/config")],
        agent: None,
    };
    let (begun, before) = (Instant::now(), cpu_time(UsageWho::RUSAGE_SELF));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ssh = Ssh::new(habits, Patience::default(), Become::LoginUser, Arc::new(Nobody)).unwrap();
        let ssh = Arc::new(ssh);
        let mut all = tokio::task::JoinSet::new();
        for server in &fleet.servers {
            let (ssh, target) = (Arc::clone(&ssh), Target::parse(&server.target("root")).unwrap());
            all.spawn(async move {
                let connection = ssh.connect(&target).await.unwrap();
                connection.run("true", Duration::from_secs(60)).await.unwrap()
            });
        }
        assert!(all.join_all().await.iter().all(|said| said.status == 0));
    });
    Cost { wall: begun.elapsed(), cpu: cpu_time(UsageWho::RUSAGE_SELF) - before }
}
