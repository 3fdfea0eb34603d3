//! How long books of 500,000 prices take: compiling them once, and then reading one region of each of four clouds.
//!
//! Run with `cargo bench --bench books`. Prints medians and the ratio to parsing the text; nothing fails by time.

#![allow(clippy::print_stdout, reason = "a benchmark reports to its terminal")]

use std::fs;
use std::path::Path;
use std::time::Instant;

use loadline_contract::book::{Book, Shelf};

mod support;

use support::{CLOUDS, FAMILIES, REGIONS, SIZES, TERMS, files, large_book, median, size_of};

const RUNS: usize = 21;

fn main() {
    let bundled = median(RUNS, || {
        loadline::clouds::all()
            .iter()
            .map(|cloud| {
                let book = Book::parse(cloud.books()).expect("the bundled books are sound");
                book.offers(cloud.profile().regions[0].name).offers.len()
            })
            .sum::<usize>()
    });
    println!("bundled:  parse all four, read a region each {bundled:>10.1?}");

    let place = tempfile::tempdir().expect("a temporary directory can be made");
    let (books, cache) = (place.path().join("books"), place.path().join("cache"));
    let prices = write_books(&books);
    println!(
        "{prices} prices, {CLOUDS} clouds x {REGIONS} regions, {} MB of text",
        size_of(&books) / 1_000_000
    );

    let text = median(5, || read(&Shelf::new(&books, None)));
    println!("text:     parse and read four regions {text:>10.1?}");

    let compiling = {
        let start = Instant::now();
        read(&Shelf::new(&books, Some(&cache)));
        start.elapsed()
    };
    println!("compile:  parse, compile, write       {compiling:>10.1?}   {} MB", size_of(&cache) / 1_000_000);

    let warm = median(RUNS, || read(&Shelf::new(&books, Some(&cache))));
    let ratio = text.as_secs_f64() / warm.as_secs_f64();
    println!("compiled: hash, open, read four       {warm:>10.1?}   {ratio:.0} times faster than the text");

    let hash = median(RUNS, || {
        for path in files(&books) {
            std::hint::black_box(blake3::hash(&fs::read(path).expect("just written")));
        }
    });
    println!("          of which reading and hashing the text {hash:>10.1?}");
}

/// Opens every cloud's book, reads one region of each and counts the prices.
fn read(shelf: &Shelf) -> usize {
    let clouds = shelf.clouds().expect("the books were just written");
    let of = |cloud: &String| {
        let book = shelf.open(cloud).expect("the books are sound");
        let offers = book.offers("region-7").expect("the books are sound");
        offers.offers.iter().map(|offer| offer.rates.len()).sum::<usize>()
    };
    let prices = clouds.iter().map(of).sum();
    assert_eq!(prices, CLOUDS * FAMILIES * SIZES * TERMS.len());
    prices
}

/// Writes one book for each cloud and says how many prices they hold.
fn write_books(books: &Path) -> usize {
    for cloud in 0..CLOUDS {
        let folder = books.join(format!("cloud-{cloud}"));
        fs::create_dir_all(&folder).expect("the temporary directory can be written");
        fs::write(folder.join("all.book"), large_book("region-0", cloud))
            .expect("the temporary directory can be written");
    }
    CLOUDS * REGIONS * FAMILIES * SIZES * TERMS.len()
}
