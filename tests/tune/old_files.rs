//! Marked blocks in files that others write as well.

use loadline::tune::run::State;

use crate::host::host_or_skip;
use crate::support::{apply, in_old_files, plan, profile, revert};

#[test]
fn blocks_are_written_kept_and_taken_out_byte_for_byte() {
    let host = host_or_skip!();
    let web = in_old_files(profile(""));
    let before = host.everything();
    let first = apply(&host, &web);
    assert_eq!((first.state, first.problems.as_slice()), (State::Changed, &[][..]), "{first:#?}");
    let text = host.sh("cat /etc/sysctl.conf");
    assert!(text.starts_with("# /etc/sysctl.conf\nkernel.sysrq = 0\n# BEGIN loadline"), "{text}");
    assert!(text.ends_with("# END loadline\n") && text.contains("net.core.somaxconn = 65535\n"), "{text}");
    assert!(host.sh("cat /etc/security/limits.conf").contains("* soft nofile 100000\n"));
    assert_eq!(host.sh("stat -c %a /etc/sysctl.conf; ls /etc/sysctl.d").trim(), "640\n99-sysctl.conf");
    assert!(plan(&host, &web).holds(), "{:#?}", plan(&host, &web));
    assert_eq!(revert(&host).state, State::Reverted);
    assert_eq!(host.everything(), before);
}

#[test]
fn what_others_wrote_since_stays_when_the_block_goes() {
    let host = host_or_skip!();
    apply(&host, &in_old_files(profile("")));
    host.sh("echo 'vm.dirty_ratio = 10' >>/etc/sysctl.conf");
    assert_eq!(revert(&host).state, State::Reverted);
    assert_eq!(
        host.sh("cat /etc/sysctl.conf"),
        "# /etc/sysctl.conf\nkernel.sysrq = 0\nvm.dirty_ratio = 10\n"
    );
}

#[test]
fn a_line_of_the_old_file_that_is_read_last_is_named() {
    let host = host_or_skip!();
    host.sh("printf '\\nnet.core.somaxconn = 128\\n' >>/etc/sysctl.conf");
    apply(&host, &profile(""));
    let report = plan(&host, &profile(""));
    let found = report.settings.iter().find(|it| it.setting == "net.core.somaxconn").unwrap();
    // Without systemd the old file is read after ours.
    assert_eq!(found.verdict.word(), "overridden", "{found:?}");
    assert!(found.why.contains("/etc/sysctl.conf is read after"), "{}", found.why);
    let old = in_old_files(profile(""));
    assert_eq!(apply(&host, &old).state, State::Changed);
    assert!(plan(&host, &old).holds(), "in the old file it holds");
}
