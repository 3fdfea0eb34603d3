//! Random damage: whatever is done to a spec, reading ends with a spec or with complaints.

use loadline::spec;
use proptest::prelude::*;

use crate::support::{shown, teachers};

/// One piece of damage.
#[derive(Debug, Clone)]
enum Damage {
    Remove { at: f64, length: usize },
    Insert { at: f64, text: String },
    Copy { from: f64, length: usize, to: f64 },
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "\n",
            "  ",
            "\t",
            ":",
            ": ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "&a ",
            "*a",
            "<<: ",
            "!!x ",
            "#",
            "|",
            ">",
            "'",
            "\"",
            "---\n",
            "...\n",
            "? ",
            "%",
            "~",
            "NaN",
            ".inf",
            "-1",
            "0",
            "1e308",
            "1e-308",
            "0x10",
            "1_000",
            "1,5",
            " ms",
            " GiB",
            "\r",
            "\u{feff}",
            "\0",
            "\u{1b}[31m",
            "ä",
            "時",
            "\u{202e}",
            "{low: 1, high: 2}",
            "users",
            "requests:\n",
            "share: 50 %\n",
        ])
        .prop_map(str::to_owned),
        ".{0,12}",
        any::<char>().prop_map(String::from),
    ]
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (0.0..1.0, 1usize..80).prop_map(|(at, length)| Damage::Remove { at, length }),
        (0.0..1.0, piece()).prop_map(|(at, text)| Damage::Insert { at, text }),
        (0.0..1.0, 1usize..200, 0.0..1.0).prop_map(|(from, length, to)| Damage::Copy { from, length, to }),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for damage in damages {
        let place = |share: f64, characters: &Vec<char>| (share * characters.len() as f64) as usize;
        match damage {
            Damage::Remove { at, length } => {
                let at = place(*at, &characters);
                let end = (at + length).min(characters.len());
                characters.drain(at..end);
            }
            Damage::Insert { at, text } => {
                let at = place(*at, &characters);
                characters.splice(at..at, text.chars());
            }
            Damage::Copy { from, length, to } => {
                let from = place(*from, &characters);
                let copy = characters[from..(from + length).min(characters.len())].to_vec();
                let to = place(*to, &characters);
                characters.splice(to..to, copy);
            }
        }
    }
    characters.into_iter().collect()
}

/// Reads, and checks what holds for every outcome.
fn check(bytes: &[u8], sets: &[(String, String)]) {
    match spec::read("spec.yaml", bytes, &loadline::clouds::vocabulary(), sets) {
        Ok(spec) => {
            let sum: f64 = spec.requests.iter().map(|request| request.share).sum();
            assert!((sum - 1.0).abs() < 1e-9, "the shares add up to {sum}");
            for (path, quantity) in spec.quantities() {
                assert!(quantity.mid.is_finite() && quantity.mid >= 0.0, "{path}: {quantity:?}");
                if let Some(range) = quantity.range {
                    assert!(range.low <= quantity.mid && quantity.mid <= range.high, "{path}: {quantity:?}");
                }
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|error| error.line >= 1 && error.column >= 1 && error.length >= 1));
            assert!(!shown(&errors).chars().any(|one| one.is_control() && one != '\n'));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_spec_is_read_or_refused(damages in prop::collection::vec(damage(), 1..6)) {
        check(damaged(&teachers(), &damages).as_bytes(), &[]);
    }

    #[test]
    fn random_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes, &[]);
    }

    #[test]
    fn random_flags_are_taken_or_refused(path in "[a-z_.\\[\\]0-9]{0,30}|load\\.[a-z]{1,8}|requests\\[[0-2]\\]\\.[a-z_]{2,9}", value in piece()) {
        check(teachers().as_bytes(), &[(path, value)]);
    }
}
