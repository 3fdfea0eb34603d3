//! What the benchmarks share: large books made by rule, medians, sizes.

#![allow(dead_code, reason = "each benchmark uses a part")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Clouds of the large books.
pub(crate) const CLOUDS: usize = 4;
/// Regions of each.
pub(crate) const REGIONS: usize = 25;
/// Families of machines of each.
pub(crate) const FAMILIES: usize = 139;
/// Sizes of a family.
pub(crate) const SIZES: usize = 12;
/// Columns for each region.
pub(crate) const TERMS: [&str; 3] = ["", "/1y", "/3y"];

/// A book of 125,100 prices of machines for a cloud; the first region is named, the others are numbered.
pub(crate) fn large_book(first_region: &str, cloud: usize) -> String {
    let name = |region: usize| if region == 0 { first_region.to_owned() } else { format!("region-{region}") };
    let mut text = String::from("regions");
    (0..REGIONS).for_each(|region| write!(text, " {}", name(region)).expect("a String takes any text"));
    text.push_str("\nsource K 2026-07-20 synthetic prices for a benchmark\nnote up all upfront\n");
    for family in 0..FAMILIES {
        write!(
            text,
            "family f{family} compute sku=f{family}.{{}} arch=x86 cores=half disk=0 transfer=0\n  columns"
        )
        .expect("a String takes any text");
        for region in 0..REGIONS {
            for term in TERMS {
                write!(text, " {}{term}@K", name(region)).expect("a String takes any text");
            }
        }
        for size in 0..SIZES {
            write!(text, "\n  size s{size} {} {} |", size + 1, (size + 1) * 4)
                .expect("a String takes any text");
            for price in 0..REGIONS * TERMS.len() {
                let cents = (size + 1) * (family + 100) * 100 + price * 7 + cloud;
                write!(text, " 0.{cents:07}").expect("a String takes any text");
            }
        }
        text.push('\n');
    }
    text
}

/// The middle of so many runs.
pub(crate) fn median<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[runs / 2]
}

/// Every file below a directory.
pub(crate) fn files(directory: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).expect("just written") {
        let path = entry.expect("just written").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

/// Bytes of every file below a directory.
pub(crate) fn size_of(directory: &Path) -> u64 {
    files(directory).iter().map(|path| fs::metadata(path).map_or(0, |data| data.len())).sum()
}
