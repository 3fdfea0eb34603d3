//! What goes to a shell and what comes back, whatever carries it. Decides the command that is started, what is sent to it and when
//! (a password only when sudo has asked for one, the script only to a shell that is known to be the administrator's), and where
//! the script's own output begins. Moves no bytes itself.

use super::{HostError, HostErrorClass, Said};

/// As whom scripts run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Become {
    /// As root: who is not root goes through sudo.
    #[default]
    Administrator,
    /// As the user who logs in, whatever that user may do.
    LoginUser,
}

/// By which way a shell is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// A shell of the user who logs in.
    Direct,
    /// sudo where needed, which must not ask.
    Silent,
    /// sudo, which may ask for a password.
    Asking,
}

/// What the carrier has to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Read on.
    Wait,
    /// Send the script and end the input.
    SendScript,
    /// Ask the person for the password and send it as one line.
    SendPassword,
    /// Break off: the password was wrong.
    PasswordWrong,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// The script ran.
    Ran(Said),
    /// No shell took the script; what was said instead. Nothing was changed.
    NeverRan(Said),
}

/// Output that is kept of one script: more is the work of a host gone wild, and would take this machine's memory.
pub(super) const MOST_OUTPUT_BYTES: usize = 256 << 20;

/// One script on its way.
pub(super) struct Exchange {
    route: Route,
    /// What nothing else can say: no host knows it before the script, or the command, has brought it there.
    nonce: String,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    script_sent: bool,
    passwords_sent: usize,
}

impl Exchange {
    pub(super) fn new(route: Route) -> Self {
        let nonce = format!("{:032x}", rand::random::<u128>());
        Self { route, nonce, stdout: Vec::new(), stderr: Vec::new(), script_sent: false, passwords_sent: 0 }
    }

    /// The command to start: nothing in it comes from outside of this program.
    pub(super) fn command(&self) -> String {
        let prompt = self.prompt();
        let ready = self.ready();
        match self.route {
            Route::Direct => "/bin/sh -s".to_owned(),
            Route::Silent => "/bin/sh -c 'if [ \"$(id -u)\" = 0 ]; then exec /bin/sh -s; else exec sudo -n -- /bin/sh -s; fi'"
                .to_owned(),
            // -k: a password typed a minute ago on that host does not count, so sudo asks exactly when it always would.
            Route::Asking => {
                format!("sudo -k -S -p '{prompt}' -- /bin/sh -c 'echo {ready}; exec /bin/sh -s'")
            }
        }
    }

    /// What to do at the beginning.
    pub(super) fn begin(&mut self) -> Turn {
        match self.route {
            Route::Direct | Route::Silent => self.send_script(),
            Route::Asking => Turn::Wait,
        }
    }

    /// The script as it is sent. A shell reads the braces as a whole before it runs any of it, so a script that was cut off on its
    /// way does not run at all; it has no input of its own, so no command in it can swallow the rest.
    pub(super) fn envelope(&self, script: &str) -> Vec<u8> {
        let began = self.began();
        format!(
            "PATH=\"${{PATH:-/usr/bin:/bin}}:/usr/local/sbin:/usr/sbin:/sbin\"; export PATH; echo {began}; echo {began} >&2; \
             {{ :; {script}\n}} </dev/null\n"
        )
        .into_bytes()
    }

    /// Takes what came on standard output.
    pub(super) fn stdout(&mut self, bytes: &[u8]) -> Turn {
        self.stdout.extend_from_slice(bytes);
        let ready =
            self.route == Route::Asking && !self.script_sent && after(&self.stdout, &self.ready()).is_some();
        if ready { self.send_script() } else { Turn::Wait }
    }

    /// Takes what came on standard error.
    pub(super) fn stderr(&mut self, bytes: &[u8]) -> Turn {
        self.stderr.extend_from_slice(bytes);
        if self.route != Route::Asking || self.script_sent {
            return Turn::Wait;
        }
        match occurrences(&self.stderr, self.prompt().as_bytes()) {
            asked if asked <= self.passwords_sent => Turn::Wait,
            1 => {
                self.passwords_sent = 1;
                Turn::SendPassword
            }
            _ => Turn::PasswordWrong,
        }
    }

    /// Whether more came than is kept.
    pub(super) fn too_much(&self) -> bool {
        self.stdout.len() + self.stderr.len() > MOST_OUTPUT_BYTES
    }

    /// What came of it, now that the shell has ended.
    pub(super) fn end(self, status: u32) -> Ended {
        let began = self.began();
        let prompt = self.prompt();
        match (after(&self.stdout, &began), after(&self.stderr, &began)) {
            (Some(stdout), stderr) => Ended::Ran(Said {
                status,
                stdout: stdout.to_vec(),
                stderr: stderr.unwrap_or(&self.stderr).to_vec(),
            }),
            (None, _) => Ended::NeverRan(Said {
                status,
                stderr: String::from_utf8_lossy(&self.stderr).replace(&prompt, "").into_bytes(),
                stdout: self.stdout,
            }),
        }
    }

    fn send_script(&mut self) -> Turn {
        self.script_sent = true;
        Turn::SendScript
    }

    fn prompt(&self) -> String {
        format!("loadline-password-{}", self.nonce)
    }

    fn ready(&self) -> String {
        format!("loadline-ready-{}", self.nonce)
    }

    fn began(&self) -> String {
        format!("loadline-began-{}", self.nonce)
    }
}

fn doing(host: &str) -> String {
    format!("become the administrator of {host}")
}

/// No shell took the script.
pub(super) fn never_ran(host: &str, route: Route, said: &Said) -> HostError {
    let text = String::from_utf8_lossy(if said.stderr.is_empty() { &said.stdout } else { &said.stderr });
    let text = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ");
    let shown: String = text.chars().filter(|it| !it.is_control()).take(400).collect();
    let said =
        if shown.is_empty() { format!("it ended with status {} and no word", said.status) } else { shown };
    let (doing, hint) = match route {
        Route::Direct => {
            (format!("start a shell on {host}"), "nothing was changed; log in as a user who has a shell")
        }
        Route::Silent | Route::Asking => {
            (doing(host), "nothing was changed; log in as root, or as a user whom sudo lets run everything")
        }
    };
    HostError::new(HostErrorClass::NotAllowed, doing, said).with_hint(hint)
}

/// sudo asked, and nobody answered.
pub(super) fn no_password(host: &str) -> HostError {
    HostError::new(HostErrorClass::NotAllowed, doing(host), "sudo wants a password, and none was given")
        .with_hint("nothing was changed; run at a terminal, or let sudo run without a password for this user")
}

/// sudo asked again.
pub(super) fn password_wrong(host: &str) -> HostError {
    HostError::new(HostErrorClass::NotAllowed, doing(host), "sudo did not accept the password")
        .with_hint("nothing was changed; run again with the right one")
}

/// More came than is kept.
pub(super) fn too_much(host: &str) -> HostError {
    let said = format!("more than {} MiB of output", MOST_OUTPUT_BYTES >> 20);
    HostError::new(HostErrorClass::Unexpected, format!("run a script on {host}"), said)
        .with_hint("how far the script came is not known; look at the host")
}

/// What follows the line that ends in the mark. What a login shell says before it is nobody's output.
fn after<'a>(bytes: &'a [u8], mark: &str) -> Option<&'a [u8]> {
    let mark = format!("{mark}\n");
    let at = bytes.windows(mark.len()).position(|window| window == mark.as_bytes())?;
    Some(&bytes[at + mark.len()..])
}

fn occurrences(bytes: &[u8], mark: &[u8]) -> usize {
    bytes.windows(mark.len()).filter(|window| *window == mark).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_login_shell_says_is_not_the_scripts_output() {
        let mut exchange = Exchange::new(Route::Direct);
        assert_eq!(exchange.begin(), Turn::SendScript);
        let began = exchange.began();
        for bytes in
            ["Welcome!\n".to_owned(), began[..20].to_owned(), format!("{}\nfile-max 5\n", &began[20..])]
        {
            assert_eq!(exchange.stdout(bytes.as_bytes()), Turn::Wait);
        }
        exchange.stderr(format!("motd\n{began}\n").as_bytes());
        let said = Said { status: 3, stdout: b"file-max 5\n".to_vec(), stderr: Vec::new() };
        assert_eq!(exchange.end(3), Ended::Ran(said));
    }

    #[test]
    fn a_password_is_sent_when_sudo_has_asked_and_once_only() {
        let mut exchange = Exchange::new(Route::Asking);
        assert_eq!(exchange.begin(), Turn::Wait);
        let prompt = exchange.prompt();
        assert_eq!(exchange.stderr(b"We trust you have received the usual lecture\n"), Turn::Wait);
        assert_eq!(exchange.stderr(&prompt.as_bytes()[..9]), Turn::Wait);
        assert_eq!(exchange.stderr(&prompt.as_bytes()[9..]), Turn::SendPassword);
        assert_eq!(exchange.stderr(b"\nSorry, try again.\n"), Turn::Wait);
        assert_eq!(exchange.stderr(prompt.as_bytes()), Turn::PasswordWrong);
        assert!(
            matches!(exchange.end(1), Ended::NeverRan(said) if !String::from_utf8_lossy(&said.stderr).contains("loadline"))
        );
    }

    #[test]
    fn a_sudo_that_wants_no_password_after_all_gets_none() {
        let mut exchange = Exchange::new(Route::Asking);
        exchange.begin();
        let ready = exchange.ready();
        assert_eq!(exchange.stdout(format!("{ready}\n").as_bytes()), Turn::SendScript);
        let prompt = exchange.prompt();
        assert_eq!(
            exchange.stderr(prompt.as_bytes()),
            Turn::Wait,
            "a prompt after the shell began is the script's text"
        );
    }

    #[test]
    fn a_host_cannot_pretend_that_a_script_ran() {
        let mut exchange = Exchange::new(Route::Silent);
        exchange.begin();
        exchange.stdout(b"loadline-began-00000000000000000000000000000000\nall fine\n");
        assert!(matches!(exchange.end(0), Ended::NeverRan(_)));
        assert_ne!(Exchange::new(Route::Direct).nonce, Exchange::new(Route::Direct).nonce);
    }

    /// What a real shell makes of an envelope.
    fn shell(bytes: &[u8]) -> (i32, String) {
        use std::io::Write as _;
        use std::process::{Command, Stdio};
        let mut child = Command::new("/bin/sh")
            .arg("-s")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    #[test]
    fn a_script_runs_whole_or_not_at_all() {
        let exchange = Exchange::new(Route::Direct);
        let envelope =
            exchange.envelope("#!/bin/sh\n# a comment\necho one\nread -r line; echo \"read: $line\"\nexit 7");
        let (status, stdout) = shell(&envelope);
        assert_eq!((status, stdout.split_once('\n').unwrap().1), (7, "one\nread: \n"));
        let text = String::from_utf8(envelope).unwrap();
        let from = text.find("echo one").unwrap();
        for end in from..text.len() - "} </dev/null\n".len() {
            let (_, stdout) = shell(&text.as_bytes()[..end]);
            assert_eq!(stdout, "", "cut off at {end}");
        }
        assert_eq!(shell(&exchange.envelope("")).0, 0);
    }
}
