//! The `loadline` program: parse, run, exit code.

use std::process::ExitCode;

/// Plans, price books and journals are many small texts: the allocator of the system took a quarter of the time over an account of
/// 10,000 things (`cargo bench --bench stack`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    loadline::cli::main()
}
