//! People stop programs, and readers stop reading: neither breaks a terminal, a file or a script.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::pty::openpty;
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{Termios, tcgetattr};
use nix::unistd::Pid;

use crate::support::environment;

/// Longer than any of these programs needs on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program at a terminal of its own.
struct AtTerminal {
    child: Child,
    /// The person's end of the terminal.
    person: File,
    /// The program's end, kept to look at its settings.
    terminal: File,
    before: Termios,
}

fn at_terminal(arguments: &[&str], folder: &std::path::Path) -> AtTerminal {
    let pair = openpty(None, None).unwrap();
    let terminal = File::from(pair.slave);
    let before = tcgetattr(&terminal).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
    environment(&mut command);
    command.env("TERM", "xterm").current_dir(folder).args(arguments);
    command.stdin(terminal.try_clone().unwrap()).stderr(terminal.try_clone().unwrap()).stdout(Stdio::null());
    AtTerminal { child: command.spawn().unwrap(), person: File::from(pair.master), terminal, before }
}

impl AtTerminal {
    /// Reads what the program shows until it contains this text.
    fn wait_for(&mut self, text: &str) -> String {
        let begun = Instant::now();
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        while !String::from_utf8_lossy(&seen).contains(text) {
            assert!(begun.elapsed() < PATIENCE, "no `{text}` in {}", String::from_utf8_lossy(&seen));
            let count = self.person.read(&mut buffer).unwrap();
            seen.extend_from_slice(&buffer[..count]);
        }
        String::from_utf8_lossy(&seen).into_owned()
    }

    fn interrupt(&self) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
    }

    /// Waits for the end; the terminal must be as it was: settings back, cursor shown.
    fn ends_and_leaves_the_terminal_as_it_was(mut self, seen: &str) -> ExitStatus {
        let status = end_of(&mut self.child);
        assert_eq!(
            tcgetattr(&self.terminal).unwrap(),
            self.before,
            "the settings of the terminal have changed"
        );
        assert_eq!(
            seen.matches("\x1b[?25l").count(),
            seen.matches("\x1b[?25h").count(),
            "the cursor is hidden"
        );
        status
    }
}

fn end_of(child: &mut Child) -> ExitStatus {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("the program does not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What a shell shows as 130: ended by the interrupt, so that a script around it stops too.
fn is_130(status: ExitStatus) -> bool {
    status.signal() == Some(Signal::SIGINT as i32) || status.code() == Some(130)
}

#[test]
fn an_interrupt_during_a_long_size_ends_it_at_once_with_a_sane_terminal() {
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut program = at_terminal(&["size", "teachers-2000.yaml", "--set", "load.users=60000"], &examples);
    let seen = program.wait_for("solving the network");
    program.interrupt();
    let status = program.ends_and_leaves_the_terminal_as_it_was(&seen);
    assert!(is_130(status), "{status:?}");
}

#[test]
fn an_interrupt_at_a_question_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = at_terminal(&["init", "half.yaml"], folder.path());
    let mut seen = program.wait_for("Name of the deployment");
    program.person.write_all(b"school\r").unwrap();
    seen += &program.wait_for("People active at once");
    // Ctrl-C is a character while a question reads keys; one that comes a moment too early is lost.
    let begun = Instant::now();
    while program.child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < PATIENCE, "the program does not end");
        program.person.write_all(b"\x03").unwrap();
        std::thread::sleep(Duration::from_millis(50));
    }
    let status = program.ends_and_leaves_the_terminal_as_it_was(&seen);
    assert!(is_130(status), "{status:?}");
    assert!(!folder.path().join("half.yaml").exists());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for arguments in [
        &["compare", "examples/small-school.yaml"][..],
        &["compare", "examples/small-school.yaml", "--json"],
        &["prices", "show", "--cloud", "aws", "--csv"],
        &["--help"],
        &["completions", "bash"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
        environment(&mut command);
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command.stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_full_disk_is_said_and_is_a_failure() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
    environment(&mut command);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["compare", "examples/small-school.yaml", "--csv"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(complaint.contains("error: writing the answer to standard output: No space left"), "{complaint}");
}

#[test]
fn a_page_that_does_not_fit_on_the_disk_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    std::fs::write(&page, "the old page").unwrap();
    // No byte may be written to a file; without the trap the signal for that would end the program before it could say so.
    let mut shell = Command::new("/bin/sh");
    environment(&mut shell);
    shell.current_dir(env!("CARGO_MANIFEST_DIR"));
    shell.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_loadline")]);
    shell.args(["compare", "examples/small-school.yaml", "--html"]).arg(&page);
    let output = shell.output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("nothing was changed"), "{complaint}");
    assert_eq!(std::fs::read_to_string(&page).unwrap(), "the old page");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a half-written file is left");
}
