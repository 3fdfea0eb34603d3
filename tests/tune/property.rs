//! Whatever a host begins with: applied it holds, reverted it is as it was.

use loadline::tune::run::State;
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::host::host_or_skip;
use crate::support::{apply, in_old_files, plan, profile, revert};

#[test]
fn whatever_a_host_begins_with_it_holds_when_applied_and_is_as_before_when_reverted() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    for round in 0..10 {
        let host = host_or_skip!();
        let mut one_of = |choices: &[&str]| choices[random.random_range(0..choices.len())].to_owned();
        let begin = format!(
            "cd /proc/sys/net; echo {} >core/somaxconn; echo {} >ipv4/ip_local_port_range
             echo {} >ipv4/ip_local_reserved_ports; echo {} >ipv4/tcp_fin_timeout; echo {} >ipv4/tcp_tw_reuse
             echo {} >/proc/sys/vm/swappiness
             printf '{}\\n{}\\n' >/etc/sysctl.d/{}-given.conf
             printf '{}\\n' >>/etc/security/limits.conf",
            one_of(&["0", "128", "4096", "65535", "100000"]),
            one_of(&["32768 60999", "15000 61001", "1024 65000"]),
            one_of(&["", "8000", "20000-20010,30000"]),
            one_of(&["5", "15", "60"]),
            one_of(&["0", "1", "2"]),
            one_of(&["0", "10", "60"]),
            one_of(&["# nothing", "net.core.somaxconn = 1000", "-net/core/somaxconn=70000"]),
            one_of(&["net.ipv4.tcp_fin_timeout = 30", "net.ipv4.tcp_*_timeout=40", "; nothing"]),
            one_of(&["10", "60", "99"]),
            one_of(&["* soft nofile 2000", "* - nofile 200000", "root hard nofile 10", "# nothing"]),
        );
        host.sh(&begin);
        let wanted = profile(&one_of(&[
            "",
            "tune: { profile: database }",
            "tune: { profile: cache }",
            "tune: { sysctl: { net.core.somaxconn: 80000 }, never: [nproc, net.ipv4.tcp_tw_reuse] }",
        ]));
        let wanted = if round % 3 == 0 { in_old_files(wanted) } else { wanted };
        let before = host.everything();
        let applied = apply(&host, &wanted);
        assert!(applied.problems.is_empty(), "{begin}\n{applied:#?}");
        let then = plan(&host, &wanted);
        assert_eq!(then.changes().count(), 0, "{begin}\n{then:#?}");
        assert_eq!(then.state, State::AsWanted, "{begin}\n{:#?}", then.short().collect::<Vec<_>>());
        assert_eq!(apply(&host, &wanted).state, State::AsWanted);
        assert!(revert(&host).problems.is_empty());
        assert_eq!(host.everything(), before, "{begin}");
    }
}
