//! Runs the program in a cleared environment with a fixed date and width.

use std::path::Path;
use std::process;

use assert_cmd::Command;

/// Clears the environment and sets what the program's answers depend on.
pub(crate) fn environment(command: &mut process::Command) {
    command.env_clear().env("LOADLINE_TODAY", "2026-11-24").env("COLUMNS", "100").env("LC_ALL", "C.UTF-8");
}

/// The program, started where `examples` is.
pub(crate) fn loadline(arguments: &str) -> Command {
    let mut command = process::Command::new(env!("CARGO_BIN_EXE_loadline"));
    environment(&mut command);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).args(arguments.split_whitespace());
    let mut command = Command::from_std(command);
    // Long enough for the slowest command on a machine that does a dozen other things.
    command.timeout(std::time::Duration::from_secs(120));
    command
}

/// Standard output of a run that must end with this code.
pub(crate) fn stdout(arguments: &str, code: i32) -> String {
    let assert = loadline(arguments).assert().code(code);
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// Standard output as JSON.
pub(crate) fn json(arguments: &str, code: i32) -> serde_json::Value {
    serde_json::from_str(&stdout(arguments, code)).unwrap()
}
