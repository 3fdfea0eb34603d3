//! Whatever stands in the file: an answer, never a panic.

use loadline::spec::{Paint, render};
use proptest::prelude::*;

use crate::support::{FULL, read, read_with};

/// Pieces that mean something to YAML or to the reader.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\n  ",
    "\t",
    ":",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    "&a ",
    "*a",
    "<<: *a",
    "!!x ",
    "|\n",
    "'",
    "\"",
    "\\",
    "---\n",
    "~",
    "null",
    "-1",
    "0",
    "1e308",
    "1e-308",
    ".inf",
    "NaN",
    "08",
    "0x10",
    "%",
    "ms",
    "GiB",
    "ü",
    "\u{0}",
    "\u{1b}[31m",
    "\u{feff}",
    "\r",
    "? ",
    "{low: 1, high: 2}",
    "[[[",
    "users",
    "aws",
    "true",
    "99999999999999999999",
];

/// One change: where (as a share of the text), how many characters go, what comes.
fn change() -> impl Strategy<Value = (f64, usize, usize)> {
    (0.0..1.0, 0_usize..12, 0..PIECES.len())
}

fn mutated(changes: &[(f64, usize, usize)]) -> String {
    let mut text: Vec<char> = FULL.chars().collect();
    for (place, gone, piece) in changes {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let from = (place * text.len() as f64) as usize;
        let to = (from + gone).min(text.len());
        text.splice(from..to, PIECES[*piece].chars());
    }
    text.into_iter().collect()
}

fn check(outcome: crate::support::Outcome) {
    if let Err(found) = outcome {
        assert!(!found.is_empty());
        for one in &found {
            assert!(one.line >= 1 && one.column >= 1 && one.length >= 1);
            assert!(one.caret <= one.excerpt.chars().count(), "{one:?}");
        }
        assert!(!render(&found, Paint::Plain).contains('\u{1b}'));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn mutations_of_the_example_never_panic(changes in prop::collection::vec(change(), 1..8)) {
        check(read(mutated(&changes)));
    }

    #[test]
    fn lines_left_out_or_doubled_never_panic(lines in prop::collection::vec((0_usize..90, 0_usize..3), 1..12)) {
        let mut text: Vec<&str> = FULL.lines().collect();
        for (line, times) in lines {
            let line = line % text.len();
            let part = vec![text[line]; times];
            text.splice(line..=line, part);
            if text.is_empty() {
                break;
            }
        }
        check(read(text.join("\n")));
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(read(bytes));
    }

    #[test]
    fn any_text_at_any_key_never_panics(index in 0_usize..200, text in "\\PC{0,30}") {
        let keys: Vec<_> = loadline::spec::keys::all().collect();
        let path = keys[index % keys.len()].path.replace("[]", "[0]").replace('*', "aws");
        check(read_with(FULL, &[(&path, &text)]));
    }

    #[test]
    fn reading_twice_gives_the_same(changes in prop::collection::vec(change(), 0..4)) {
        let text = mutated(&changes);
        prop_assert_eq!(read(&text), read(&text));
    }
}
