//! Runs the program in a cleared environment with a fixed date and width.

use std::path::Path;

use assert_cmd::Command;

/// Date at which lifecycles are judged.
pub(crate) const TODAY: &str = "2026-11-24";

/// The program, started in a folder.
pub(crate) fn loadline_in(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
    command
        .current_dir(folder)
        .env_clear()
        .env("LOADLINE_TODAY", TODAY)
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .timeout(std::time::Duration::from_secs(60));
    command
}

/// The program, started where `examples` is.
pub(crate) fn loadline(arguments: &str) -> Command {
    let mut command = loadline_in(Path::new(env!("CARGO_MANIFEST_DIR")));
    command.args(arguments.split_whitespace());
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
