//! The compiled form: equal to the text, never read when it is not whole, and made anew then.

use std::fs;
use std::path::{Path, PathBuf};

use super::HEAD;
use crate::RegionOffers;
use crate::book::Book;
use crate::book::Shelf;
use crate::book::wire::{decode, encode};

const BOOK: &str = "family f compute sku=f-{} cores=half burstable\ncolumns north@K north/1y@N:up south@K\n\
                    size s 2 4 alias=\"x,y\" | 0.1 0.05 ?@U\nsize l 4 8 network=100 | 0.2 - 123456789.123456789\n\
                    family g cache engines=redis,valkey sku=g-{} connections=10/GiB\nlifecycle retiring on=2028-09-30 closed-to-new successor=f source=here\n\
                    columns north@K north/standby\nsize s ? 0.5 | 3 x2\n\
                    charge e shared egress meter=egress-gb unit=GB\ncolumns *@K\nfrom 0 | 0\nfrom 100 | 0.09\n\
                    charge i database iops meter=database-iops included=300 included-per-gib=3 unit=x for=single\ncolumns *@K\nfrom 0 | 1\n\
                    surcharge mysql 8.0 from=2026-08-01 what=support\ncolumns *@K\nper-vcpu-hour | 0.1\n";

/// A shelf with one cloud, `test`, and an empty cache beside it.
struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("books/test")).unwrap();
        let place = Self { root };
        place.put("a.book", &format!("{HEAD}{BOOK}"));
        place
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.root.path().join("books/test").join(name), text).unwrap();
    }

    fn cache(&self) -> PathBuf {
        self.root.path().join("cache")
    }

    fn shelf(&self) -> Shelf {
        Shelf::new(self.root.path().join("books"), Some(&self.cache()))
    }

    /// The only file of the cache.
    fn compiled(&self) -> PathBuf {
        let files: Vec<PathBuf> =
            fs::read_dir(self.cache()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].clone()
    }
}

/// What the text says.
fn from_text(region: &str) -> RegionOffers {
    Book::parse(&[("a.book", format!("{HEAD}{BOOK}"))]).unwrap().offers(region)
}

#[test]
fn the_second_reading_comes_from_the_compiled_form_and_says_the_same() {
    let place = Place::new();
    let first = place.shelf().open("test").unwrap();
    assert!(!first.is_compiled() && first.cache_problem().is_none());
    let second = place.shelf().open("test").unwrap();
    assert!(second.is_compiled());
    assert_eq!(second.regions(), ["north", "south"]);
    for region in ["north", "south", "elsewhere"] {
        assert_eq!(first.offers(region).unwrap(), from_text(region));
        assert_eq!(second.offers(region).unwrap(), from_text(region));
    }
    assert!(!from_text("north").offers.is_empty());
}

#[test]
fn without_a_cache_the_text_is_read_and_nothing_is_written() {
    let place = Place::new();
    let shelf = Shelf::new(place.root.path().join("books"), None);
    assert_eq!(shelf.clouds().unwrap(), ["test"]);
    assert_eq!(shelf.open("test").unwrap().offers("south").unwrap(), from_text("south"));
    assert!(!place.cache().exists());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_compiled_form() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.shelf().open("test").unwrap();
    assert_eq!(fs::metadata(place.compiled()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_changed_book_is_compiled_anew() {
    let place = Place::new();
    place.shelf().open("test").unwrap();
    place.put("a.book", &format!("{HEAD}{}", BOOK.replace("| 0.1 0.05", "| 0.11 0.05")));
    let open = place.shelf().open("test").unwrap();
    assert!(!open.is_compiled());
    assert_ne!(open.offers("north").unwrap(), from_text("north"));
    assert!(place.shelf().open("test").unwrap().is_compiled());
    // A further file changes the book too.
    place.put("b.book", "# nothing yet\n");
    assert!(!place.shelf().open("test").unwrap().is_compiled());
}

#[test]
fn every_changed_byte_and_every_cut_is_noticed_and_mended() {
    let place = Place::new();
    place.shelf().open("test").unwrap();
    let path = place.compiled();
    let whole = fs::read(&path).unwrap();
    let read_both = |what: &str| {
        let open = place.shelf().open("test").unwrap();
        for region in ["north", "south"] {
            assert_eq!(open.offers(region).unwrap(), from_text(region), "{what}");
        }
        drop(open);
        assert_eq!(fs::read(&path).unwrap(), whole, "{what}: not mended");
        assert!(place.shelf().open("test").unwrap().is_compiled());
    };
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        fs::write(&path, &damaged).unwrap();
        read_both(&format!("byte {at} of {}", whole.len()));
    }
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        read_both(&format!("cut to {length} of {}", whole.len()));
    }
    let mut longer = whole.clone();
    longer.push(0);
    fs::write(&path, &longer).unwrap();
    read_both("one byte too many");
}

#[test]
fn a_cache_that_cannot_be_written_is_said_and_does_no_harm() {
    let place = Place::new();
    fs::write(place.cache(), "a file where a directory should be").unwrap();
    let open = place.shelf().open("test").unwrap();
    assert!(open.cache_problem().is_some());
    assert_eq!(open.offers("north").unwrap(), from_text("north"));
}

#[test]
fn two_at_once_both_read_the_truth() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert_eq!(
                        place.shelf().open("test").unwrap().offers("north").unwrap(),
                        from_text("north")
                    );
                    let _ = fs::remove_file(place.cache().join("none"));
                }
            });
        }
    });
    place.compiled();
}

#[test]
fn missing_folders_and_wrong_files_are_errors_with_their_place() {
    let place = Place::new();
    let none = place.shelf().open("other").unwrap_err().to_string();
    assert!(none.contains("books/other"), "{none}");
    fs::create_dir(place.root.path().join("books/empty")).unwrap();
    assert!(place.shelf().open("empty").unwrap_err().to_string().contains("there is no *.book file"));
    place.put("a.book", "regions r\nnonsense\n");
    let wrong = place.shelf().open("test").unwrap_err().to_string();
    assert!(wrong.contains("a.book, line 2"), "{wrong}");
    fs::write(place.root.path().join("books/test/a.book"), b"regions r\n\xff\xfe\n").unwrap();
    let binary = place.shelf().open("test").unwrap_err().to_string();
    assert!(binary.contains("a.book, line 2: bytes that are not UTF-8"), "{binary}");
    assert!(Shelf::new(Path::new("/nowhere/at/all"), None).clouds().is_err());
}

#[test]
fn bytes_that_nobody_encoded_are_refused() {
    let good = encode(&from_text("north"));
    assert_eq!(decode(&good), Some(from_text("north")));
    assert_eq!(decode(&[]), None);
    assert_eq!(decode(&[0xff; 64]), None);
    for length in 0..good.len() {
        assert_eq!(decode(&good[..length]), None, "cut to {length}");
    }
}
