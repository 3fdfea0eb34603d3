//! Text and bytes that nobody wrote: an answer or an error, never a panic; and what can be read is the same through the compiled form.

use proptest::prelude::*;

use super::{Book, HEAD};
use crate::book::wire::{decode, encode};

/// A book with something of everything, to be mutated.
const FULL: &str = "family f compute sku=f-{} cores=half sustained-use=0.8\n  columns north@K north/1y@N:up south@K\n\
                    rate vcpu | 0.1 - 0.2\n  size s 2 4 | = 0.05 ?@U\n  size l 4 8 disk=10 | 0.2 91/8760 =\n\
                    family g cache engines=redis sku=g-{}\n  lifecycle legacy successor=f source=\"a b\"\n  columns north@K north/standby\n\
                    rate gib | 3 -\n range 1 5 | = x2\n\
                    charge e shared egress meter=egress-gb unit=GB\n  columns *@K\n  from 0 | 0\n  from 100 | 0.09\n\
                    surcharge mysql 8.0 from=2026-08-01 what=support\n  columns *@K\n  per-vcpu-hour | 0.1\n";

/// A word of the grammar, or something else.
fn word() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "regions",
        "source",
        "note",
        "family",
        "charge",
        "surcharge",
        "columns",
        "size",
        "range",
        "rate",
        "in",
        "lifecycle",
        "about",
        "from",
        "per-vcpu-hour",
        "|",
        "north",
        "south",
        "*",
        "north@K",
        "north/1y",
        "north/standby",
        "K",
        "@",
        ":",
        "?",
        "-",
        "=",
        "x2",
        "x",
        "0",
        "1",
        "0.085",
        "1/0",
        "91/8760",
        "1*2",
        "999999999",
        "vcpu",
        "gib",
        "compute",
        "cache",
        "sku=a-{}",
        "engines=redis",
        "meter=alarms",
        "unit=h",
        "\"",
        "\"a b\"",
        "#",
        "burstable",
        "2026-01-01",
        "retired",
        "on=2026-01-01",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => "\\PC{0,6}", 1 => "[0-9.]{1,25}"]
}

/// Reads a text and, if that works, holds its compiled form against it.
fn read(text: &str) {
    match Book::parse(&[("random.book", text)]) {
        Ok(book) => {
            for region in book.regions() {
                let offers = book.offers(region);
                assert_eq!(decode(&encode(&offers)).as_ref(), Some(&offers));
            }
        }
        Err(error) => {
            assert!(error.line <= text.lines().count(), "{error}");
            assert!(!error.problem.is_empty());
        }
    }
}

proptest! {
    #[test]
    fn any_text_gives_a_book_or_an_error(text in "\\PC*") {
        read(&text);
    }

    #[test]
    fn any_lines_of_words_give_a_book_or_an_error(lines in prop::collection::vec(prop::collection::vec(word(), 0..9), 0..12)) {
        let text: Vec<String> = lines.iter().map(|line| line.join(" ")).collect();
        read(&format!("{HEAD}{}", text.join("\n")));
    }

    #[test]
    fn a_mutated_book_gives_a_book_or_an_error(at in 0..1000_usize, removed in 0..12_usize, with in word(), twice in any::<bool>()) {
        let whole = format!("{HEAD}{FULL}");
        let mut letters: Vec<char> = whole.chars().collect();
        let at = at % letters.len();
        let end = (at + removed).min(letters.len());
        letters.splice(at..end, with.chars());
        let text: String = letters.into_iter().collect();
        read(&if twice { format!("{text}{FULL}") } else { text });
    }

    #[test]
    fn any_bytes_decode_or_do_not(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn any_price_survives_the_compiled_form(digits in 1..=999_999_999_u64, scale in 0..=10_u32) {
        let amount = rust_decimal::Decimal::new(i64::try_from(digits).unwrap(), scale);
        let text = format!("{HEAD}family f compute sku=f\ncolumns north@K\nsize a 1 1 | {amount}\n");
        let offers = Book::parse(&[("b", text)]).unwrap().offers("north");
        prop_assert_eq!(offers.offers[0].rates[0].price.amount, Some(amount));
        prop_assert_eq!(decode(&encode(&offers)), Some(offers));
    }
}

#[test]
fn the_book_that_is_mutated_is_a_good_one() {
    let book = Book::parse(&[("full.book", format!("{HEAD}{FULL}"))]).unwrap();
    assert_eq!(book.offers("north").offers.len(), 7);
}
