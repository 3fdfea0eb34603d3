//! How long and how large `loadline` is as a whole process: from the shell's point of view, with everything cold but the
//! file cache.
//!
//! Run with `cargo bench --bench process`. Prints medians, ratios to a process that only says its version, and the peak
//! resident memory; nothing fails by time.

#![allow(clippy::print_stdout, reason = "a benchmark reports to its terminal")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

mod support;

use support::{CLOUDS, FAMILIES, REGIONS, SIZES, TERMS, large_book, median};

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/teachers-2000.yaml");

fn main() {
    let place = tempfile::tempdir().expect("a temporary directory can be made");
    let compare = |books: Option<&Path>| {
        let mut command = loadline(&["compare", SPEC], place.path());
        if let Some(books) = books {
            command.arg("--prices").arg(books);
        }
        run(command);
    };
    let bare = median(21, || run(loadline(&["--version"], place.path())));
    println!("--version                             {bare:>9.1?}");

    let bundled = median(21, || compare(None));
    show("compare, bundled books", bundled, bare);
    println!("  peak resident memory                {:>6.1} MB", peak_mb());

    let books = place.path().join("books");
    let prices = write_books(&books);
    let first = median(1, || compare(Some(&books)));
    show(&format!("compare, {prices} prices, first time"), first, bare);
    let warm = median(21, || compare(Some(&books)));
    show(&format!("compare, {prices} prices, again"), warm, bare);
    println!("  peak resident memory of all         {:>6.1} MB", peak_mb());

    for arguments in [&["size", "--quick", SPEC][..], &["size", SPEC]] {
        let time = median(5, || run(loadline(arguments, place.path())));
        show(&arguments[..arguments.len() - 1].join(" "), time, bare);
    }
}

fn show(what: &str, time: Duration, bare: Duration) {
    println!("{what:<37} {time:>9.1?}   {:.0} x --version", time.as_secs_f64() / bare.as_secs_f64());
}

fn loadline(arguments: &[&str], home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
    command.args(arguments).env_clear().env("HOME", home).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn run(mut command: Command) {
    let status = command.status().expect("the program that cargo built runs");
    // 3 is an answer too: no cloud meets everything.
    assert!(matches!(status.code(), Some(0 | 3)), "{status}");
}

/// Largest resident set of any process that ended so far, MB (10^6 bytes).
fn peak_mb() -> f64 {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("a process may ask about its children");
    usage.max_rss() as f64 * 1024.0 / 1e6
}

/// The bundled books with 125,100 further prices of machines for each cloud.
fn write_books(books: &Path) -> usize {
    for (index, cloud) in loadline::clouds::all().iter().enumerate() {
        let folder = books.join(cloud.profile().name);
        fs::create_dir_all(&folder).expect("the temporary directory can be written");
        for (name, text) in cloud.books() {
            let file = name.rsplit('/').next().expect("a name has a last part");
            fs::write(folder.join(file), text).expect("the temporary directory can be written");
        }
        fs::write(folder.join("large.book"), large_book(cloud.profile().regions[0].name, index))
            .expect("the temporary directory can be written");
    }
    CLOUDS * REGIONS * FAMILIES * SIZES * TERMS.len()
}
