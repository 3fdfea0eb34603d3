//! The `loadline` program: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    loadline::cli::main()
}
