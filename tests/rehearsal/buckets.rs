//! A journal in an object store: three protocols, one code path.
#![cfg(feature = "connect")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::support::Folder;

/// The double of the three stores.
struct Stores {
    server: Child,
    endpoint: String,
}

impl Stores {
    fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doubles/objects/serve.py");
        let mut server =
            Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        Self { server, endpoint: said["endpoint"].as_str().unwrap().to_owned() }
    }

    /// What the environment says for each of them.
    fn settings(&self) -> [(&'static str, Vec<(&'static str, String)>); 3] {
        let endpoint = || self.endpoint.clone();
        let service = format!(
            r#"{{"gcs_base_url":"{}","disable_oauth":true,"client_email":"","private_key":"","private_key_id":""}}"#,
            self.endpoint
        );
        let text = |it: &str| it.to_owned();
        [
            (
                "s3",
                vec![
                    ("AWS_ENDPOINT", endpoint()),
                    ("AWS_ALLOW_HTTP", text("true")),
                    ("AWS_ACCESS_KEY_ID", text("x")),
                    ("AWS_SECRET_ACCESS_KEY", text("y")),
                ],
            ),
            ("gs", vec![("GOOGLE_SERVICE_ACCOUNT_KEY", service), ("GOOGLE_ALLOW_HTTP", text("true"))]),
            (
                "az",
                vec![
                    ("AZURE_STORAGE_ENDPOINT", endpoint()),
                    ("AZURE_ALLOW_HTTP", text("true")),
                    ("AZURE_STORAGE_ACCOUNT_NAME", text("ops")),
                    ("AZURE_STORAGE_ACCOUNT_KEY", text("a2V5")),
                ],
            ),
        ]
    }
}

impl Drop for Stores {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

fn run(folder: &Folder, verb: &str, place: &str, settings: &[(&str, String)], more: &[&str]) -> Output {
    let mut command = folder.command(verb, "aws", &[&["--journal", place], more].concat());
    // Words that other tools' variables may be called: none of them is a credential.
    command.env("TOKEN", "not-ours").env("REGION", "nowhere").env("BUCKET", "not-ours").env("ENDPOINT", "x");
    command.envs(settings.iter().map(|(name, value)| (*name, value.as_str()))).output().unwrap()
}

#[test]
fn every_store_keeps_a_journal() {
    let stores = Stores::start();
    for (scheme, settings) in stores.settings() {
        let folder = Folder::new();
        let place = format!("{scheme}://journals-{scheme}/team");
        let done = |verb: &str, more: &[&str]| {
            let output = run(&folder, verb, &place, &settings, more);
            assert!(output.status.success(), "{verb} {place}: {output:#?}");
            String::from_utf8(output.stdout).unwrap()
        };
        done("apply", &["--yes"]);
        // Drift is seen against what was applied last, which the journal alone knows.
        assert!(done("drift", &[]).contains("No changes"), "{scheme}");
        let status = done("status", &[]);
        assert!(status.contains("$10.95"), "the cost is in the journal: {status}");
        assert!(!folder.path().join(".loadline/rehearsal/aws/journal").exists(), "nothing is kept here");
        done("destroy", &["--yes"]);
    }
}

#[test]
fn of_two_runs_at_once_one_holds_the_deployment() {
    let stores = Stores::start();
    for (scheme, settings) in stores.settings() {
        let folder = Folder::new();
        let place = format!("{scheme}://journals-{scheme}/team");
        let start = || {
            let mut command = folder.command("apply", "aws", &["--journal", &place, "--yes"]);
            command.envs(settings.iter().map(|(name, value)| (*name, value.as_str())));
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let both = [start(), start()].map(|child| child.wait_with_output().unwrap());
        let mut codes = both.each_ref().map(|output| output.status.code().unwrap());
        codes.sort_unstable();
        // The second is refused, or comes when the first has made everything: then there is nothing to do or to take back.
        assert_eq!(codes[0], 0, "{both:#?}");
        assert!([0, 1, 75].contains(&codes[1]), "{both:#?}");
        let counts = folder.census("aws");
        assert!(counts.values().all(|count| *count == 1), "{counts:?}");
        let again = run(&folder, "plan", &place, &settings, &["--detailed-exitcode"]);
        assert_eq!(again.status.code(), Some(0), "no changes: {again:#?}");
    }
}

#[test]
fn a_store_that_does_not_answer_is_an_error_that_changes_nothing() {
    let stores = Stores::start();
    for (scheme, settings) in stores.settings() {
        let folder = Folder::new();
        for (bucket, word) in [("missing", "NoSuchBucket ContainerNotFound"), ("denied", "denied Permission")]
        {
            let output =
                run(&folder, "apply", &format!("{scheme}://{bucket}-{scheme}/team"), &settings, &["--yes"]);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains("nothing was changed"), "{said}");
            assert!(word.split(' ').any(|word| said.contains(word)), "{said}");
            assert!(!said.contains("a2V5") && !said.contains("SECRET"), "{said}");
        }
        assert!(folder.census("aws").is_empty());
    }
    let folder = Folder::new();
    let output = run(&folder, "apply", "ftp://somewhere/x", &[], &["--yes"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("s3://") && said.contains("az://"), "{said}");
}
