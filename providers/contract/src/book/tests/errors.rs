//! What a book says about a line that makes no sense.

use super::{Book, HEAD};

/// The complaint about a book that begins with [`HEAD`]: line and problem.
fn complaint(rest: &str) -> (usize, String) {
    let error = Book::parse(&[("test.book", format!("{HEAD}{rest}"))]).expect_err(rest);
    assert_eq!(error.book, "test.book");
    (error.line, error.problem)
}

#[test]
fn every_malformed_line_is_named_with_its_number_and_what_is_wrong() {
    let family = "family f compute sku=f-{}\ncolumns north@K\n";
    // HEAD has 5 lines, so the first line after it is 6, and the first after `family` 8.
    let cases: &[(&str, &str, usize, &str)] = &[
        ("", "nonsense 1 2", 6, "`nonsense` opens nothing"),
        ("", "size a 1 1 | 2", 6, "`size` opens nothing"),
        ("", "regions", 6, "names no region"),
        ("", "regions north", 6, "declared twice"),
        ("", "regions a/b", 6, "not a region's name"),
        ("", "source K 2026-01-01 again", 6, "`K` is declared twice"),
        ("", "source Z 2026-13-01 somewhere", 6, "not a date"),
        ("", "source Z 26-01-01 somewhere", 6, "not a date"),
        ("", "source Z 2026-01-01", 6, "names no place"),
        ("", "source", 6, "is not a key"),
        ("", "note up twice", 6, "declared twice"),
        ("", "note empty", 6, "says nothing"),
        ("", "family f", 6, "a name and a kind"),
        ("", "family f engine sku=f", 6, "unknown kind `engine`"),
        ("", "family f compute", 6, "`sku=` is missing"),
        ("", "family f database sku=f", 6, "needs `engines=`"),
        ("", "family f compute sku=f arhc=x86", 6, "nearest known one is `arch`"),
        ("", "family f compute sku=f sku=g", 6, "given twice"),
        ("", "family f compute sku=f arch=mips", 6, "unknown arch `mips`"),
        ("", "family f compute sku=f sustained-use=1.2", 6, "not a part of 1"),
        ("", "family f compute sku=f disk=-1", 6, "not a plain number"),
        ("", "family \"f compute sku=f", 6, "never closed"),
        ("", "charge a shared b unit=GB", 6, "`meter=` is missing"),
        ("", "charge a shared b meter=magic unit=GB", 6, "unknown meter `magic`"),
        ("", "charge a shared b meter=cross-zone unit=GB", 6, "needs `directions=`"),
        ("", "charge a nowhere b meter=alarms unit=GB", 6, "unknown kind `nowhere`"),
        ("", "charge a shared b meter=public-ip-hours unit=hour", 6, "addresses"),
        ("", "charge a shared b meter=public-ip-hours addresses=one at-least=2 unit=hour", 6, "`at-least`"),
        ("", "surcharge mysql 8.0 from=2026 what=x", 6, "lacks the day"),
        (family, "columns north@K", 8, "has its columns already"),
        (family, "size a 1 1 | 2 3", 8, "2 cells stand after `|`, but the table has 1 columns"),
        (family, "size a 1 1", 8, "0 cells stand after `|`"),
        (family, "size a 1 | 2", 8, "a name, vCPUs and GiB"),
        (family, "size a 1 1 | 0", 8, "a price of 0 is no price"),
        (family, "size a 1 1 | -0.5", 8, "not a plain number"),
        (family, "size a 1 1 | 1e5", 8, "not a plain number"),
        (family, "size a 1 1 | 1/0", 8, "cannot be worked out"),
        (family, "size a 1 1 | 99999999999999999999", 8, "not a plain number"),
        (family, "size a 1 1 | NaN", 8, "not a plain number"),
        (family, "size a 0 1 | 1", 8, "is no size"),
        (family, "size a 1 1 | 1@Q", 8, "no `source Q` line"),
        (family, "size a 1 1 | 1:q", 8, "no `note q` line"),
        (family, "size a 1 1 | -@K", 8, "takes no source"),
        (family, "size a 1 1 | =", 8, "no `rate` line"),
        (family, "size a 1 1 | x2", 8, "no column holds the single-node price"),
        (family, "size a 1 1 | x0", 8, "not between 0 and 1000"),
        (family, "size a 1 1 burstable color=red | 1", 8, "unknown attribute `color`"),
        (family, "size a 1 1 | 1\nsize a 2 2 | 2", 9, "given twice"),
        (family, "range 5 1 | 1", 8, "first and last size"),
        (family, "range 1 99999999 | 1", 8, "first and last size"),
        (family, "rate disk | 1", 8, "for `vcpu` or for `gib`"),
        (family, "rate gib | =", 8, "a rate is an amount"),
        (family, "lifecycle gone successor=a source=b", 8, "unknown lifecycle `gone`"),
        (family, "lifecycle retired successor=a source=b", 8, "`on=` is missing"),
        (family, "lifecycle legacy source=b", 8, "`successor=` is missing"),
        (family, "in nowhere", 8, "not on the book's `regions` line"),
        (family, "about one\nabout two", 9, "has its `about` already"),
        (family, "from 0 | 1", 8, "known neither inside this block"),
        ("family f compute sku=f\n", "columns nowhere@K", 7, "not on the book's `regions` line"),
        ("family f compute sku=f\n", "columns north/5y@K", 7, "unknown part `5y`"),
        ("family f compute sku=f\n", "columns north@K north@N", 7, "same price as an earlier one"),
        ("family f compute sku=f\n", "columns", 7, "names no column"),
        ("family f compute sku=f\ncolumns north\n", "size a 1 1 | 1", 8, "`1` has no source"),
        ("family f compute sku=f\ncolumns north\n", "size a 1 1 | ?", 8, "`?` has no source"),
        ("charge a shared b meter=alarms unit=x\ncolumns north@K\n", "from 5 | 1", 8, "starts at 0"),
        (
            "charge a shared b meter=alarms unit=x\ncolumns north@K\nfrom 0 | 1\n",
            "from 0 | 1",
            9,
            "does not follow a lower one",
        ),
        (
            "charge a shared b meter=alarms unit=x\ncolumns north@K\nfrom 0 | 1\n",
            "from 1 | -",
            9,
            "every step of a charge or none",
        ),
        (
            "charge a shared b meter=alarms unit=x\ncolumns north@K\n",
            "from 0 | x2",
            8,
            "an amount, `?` or `-`",
        ),
    ];
    for (before, line, number, problem) in cases {
        let (at, said) = complaint(&format!("{before}{line}\n"));
        assert_eq!(at, *number, "{line}: {said}");
        assert!(said.contains(problem), "{line}: {said}");
    }
}

#[test]
fn the_same_product_twice_in_a_region_is_refused_even_across_files() {
    let file =
        |size: &str| format!("{HEAD}family f compute sku=f-{{}}\ncolumns north@K\nsize {size} 1 1 | 1\n");
    let error = Book::parse(&[("a.book", file("s")), ("b.book", file("s"))]).unwrap_err();
    assert_eq!((error.book.as_str(), error.line), ("b.book", 8));
    assert!(error.to_string().contains("b.book, line 8: f-s is sold in north twice"), "{error}");
    assert!(Book::parse(&[("a.book", file("s")), ("b.book", file("l"))]).is_ok());
}

#[test]
fn the_same_name_for_two_engines_is_two_products() {
    let text = format!(
        "{HEAD}family r cache engines=redis sku=c.{{}}\ncolumns north@K\nsize s 1 1 | 1\nfamily v cache engines=valkey sku=c.{{}}\ncolumns north@K\nsize s 1 1 | 0.8\n"
    );
    assert_eq!(Book::parse(&[("a", text)]).unwrap().offers("north").offers.len(), 2);
}

#[test]
fn a_message_never_repeats_control_characters_or_endless_text() {
    let (_, said) = complaint(&format!("\u{1b}[31m{}\n", "x".repeat(500)));
    assert!(!said.contains('\u{1b}') && said.len() < 250, "{said}");
}
