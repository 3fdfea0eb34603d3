//! What nobody writes in good faith: a quick error or a sound reading, with nothing dangerous in the message.

use std::time::{Duration, Instant};

use loadline::spec::{Paint, render};

use crate::support::{Outcome, SMALL, complaint, complaints, read, read_with, sound};

/// A tenth of a second is usual, optimised; this much tells a hang from a busy machine that runs unoptimised tests.
const LONGEST: Duration = Duration::from_secs(5);

/// Reads and insists on a quick answer.
#[track_caller]
fn quickly(text: impl AsRef<[u8]>) -> Outcome {
    let begin = Instant::now();
    let outcome = read(text.as_ref());
    let taken = begin.elapsed();
    let shown: String = String::from_utf8_lossy(text.as_ref()).chars().skip(90).take(40).collect();
    assert!(taken < LONGEST, "it took {taken:?}: {shown:?}");
    if let Err(found) = &outcome {
        assert!(!found.is_empty());
        let shown = render(found, Paint::Plain);
        let harmful = |one: char| one != '\n' && one.is_control();
        assert!(!shown.contains(harmful), "{shown:?}");
        assert!(shown.len() < 200_000, "{} bytes of complaints", shown.len());
    }
    outcome
}

#[track_caller]
fn refused(text: impl AsRef<[u8]>) -> &'static str {
    quickly(text).expect_err("this must be refused")[0].code
}

/// Just under the largest file.
const MIB: usize = (1 << 20) - 200;

#[test]
fn ten_megabytes_of_nesting_are_refused() {
    for part in ["[", "{", "- ", "a: ", "{a: ", "? ", "[{", "&a [", "!!x [", "'", "\"", "((", "|\n", "  "] {
        let text = part.repeat(10_000_000 / part.len());
        assert_eq!(refused(&text), "too-large", "{part:?}");
    }
    let stairs: String = (0..4400).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(refused(stairs), "too-large");
}

#[test]
fn a_megabyte_of_anything_repeated_is_answered() {
    for part in [
        "[",
        "{",
        "- ",
        "a: ",
        "{a: ",
        "? ",
        "[{",
        "&a [",
        "!!x [",
        "'",
        "\"",
        "((",
        "|\n",
        " ",
        "\n",
        "#",
        "# \n",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "[],",
        "{},",
        "[a,",
        "a\n",
        "a:\n",
        "- a\n",
        "-",
        ":",
        ": ",
        "?",
        ",",
        "]",
        "}",
        "*a ",
        "&a ",
        "!",
        "!a ",
        "<<: ",
        "<<: [",
        "\\",
        "\"\\",
        "'' ",
        "a: 'b'\n",
        "é",
        "\u{2028}",
        "\u{85}",
        "\t",
        "\r",
        "\r\n",
        "a: |\n b\n",
        "a: >-\n b\n",
        "x: {y: [z, ",
        "@",
        "`",
        "\u{10ffff}",
        "0",
        "1e9",
        "a b ",
    ] {
        let text = part.repeat(MIB / part.len());
        refused(&text);
        // The same behind a sound beginning, as a value and as a key.
        refused(format!("{SMALL}app:\n  health: {text}"));
        refused(format!("{SMALL}app: {{health: {text}"));
    }
}

#[test]
fn nesting_stops_at_a_depth_that_no_spec_needs() {
    for (open, shut) in [("[", "]"), ("{a: ", "}")] {
        let text = format!("{SMALL}app: {}1{}\n", open.repeat(1000), shut.repeat(1000));
        let code = refused(text);
        assert!(["too-deep", "syntax"].contains(&code), "{code}");
    }
    let stairs: String = (0..500).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(refused(stairs), "too-deep");
}

#[test]
fn an_alias_bomb_does_not_go_off() {
    let mut bomb = format!("{SMALL}a: &a [1,1,1,1,1,1,1,1,1,1]\n");
    for (name, before) in ('b'..='z').zip('a'..='y') {
        let aliases = vec![format!("*{before}"); 10].join(",");
        bomb.push_str(&format!("{name}: &{name} [{aliases}]\n"));
    }
    assert_eq!(refused(bomb), "alias-bomb");
    let mut merges = format!("{SMALL}a: &a {{x: 1}}\n");
    for (name, before) in ('b'..='z').zip('a'..='y') {
        merges.push_str(&format!("{name}: &{name} {{p: *{before}, q: *{before}, r: *{before}}}\n"));
    }
    assert_eq!(refused(merges), "alias-bomb");
    let large = format!("{SMALL}a: &a [{}]\nb: *a\n", "1,".repeat(20_000));
    assert_eq!(refused(large), "alias-bomb");
}

#[test]
fn an_anchor_cannot_hold_itself() {
    assert_eq!(refused(format!("{SMALL}app: &a {{ health: *a }}\n")), "alias");
    assert_eq!(refused(format!("{SMALL}app: &a\n  <<: *a\n")), "alias");
    assert_eq!(refused(format!("{SMALL}hosts: &a [*a]\n")), "alias");
    assert_eq!(refused(format!("{SMALL}hosts: [*nobody]\n")), "syntax");
}

#[test]
fn many_merges_into_a_large_map_are_quick() {
    let keys: String = (0..50_000).map(|number| format!("k{number}: 1\n")).collect();
    let text = format!("{keys}<<: [{}]\n", "{},".repeat(120_000));
    assert!(text.len() < MIB);
    refused(text);
}

#[test]
fn nul_bytes_are_shown_with_their_place() {
    let found = complaint(SMALL.replace("school", "sch\0ool"));
    assert_eq!((found.code, found.line, found.column), ("control-character", 2, 10));
    assert!(found.message.contains("NUL"));
    refused([0; 1000]);
    refused(vec![0; MIB]);
}

#[test]
fn bytes_that_are_no_text_are_shown_with_their_place() {
    let mut text = SMALL.as_bytes().to_vec();
    // `name: school` is line 2; its 7th byte is the `s`.
    let at = SMALL.find("school").unwrap();
    text[at] = 0xff;
    let found = complaint(&text);
    assert_eq!((found.code, found.line, found.column), ("encoding", 2, 7));
    refused(vec![0xff; 5000]);
    refused(vec![0x80; MIB]);
    refused(b"\xc3");
}

#[test]
fn utf16_is_named() {
    for bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let text: Vec<u8> = "\u{feff}version: 1".encode_utf16().flat_map(bytes).collect();
        assert!(complaint(text).message.contains("UTF-16"));
    }
}

#[test]
fn a_file_without_keys_is_said_to_be_empty() {
    for text in ["", "\n\n", "# only a comment\n", "   ", "---\n", "---\n...\n", "~", "null", "\u{feff}"] {
        let found = complaint(text);
        assert_eq!((found.code, found.line), ("empty", 1), "{text:?}");
        assert!(found.help.unwrap().contains("loadline init"));
    }
}

#[test]
fn a_file_that_is_no_map_is_told_so() {
    for text in ["hello", "[1, 2]", "- a\n- b\n", "5", "'version: 1'"] {
        assert_eq!(complaint(text).code, "wrong-type", "{text}");
    }
}

#[test]
fn several_documents_are_refused_at_the_second() {
    let found = complaint(format!("{SMALL}---\n{SMALL}"));
    assert_eq!((found.code, found.line), ("two-documents", 8));
    sound(read(format!("---\n{SMALL}")));
    sound(read(format!("---\n{SMALL}...\n")));
}

#[test]
fn tags_have_no_meaning() {
    for tag in
        ["!!python/object:os.system", "!!python/object/apply:os.system", "!ruby/object", "!!int", "!", "!<x>"]
    {
        let code = refused(SMALL.replace("school", &format!("{tag} school")));
        assert!(["tag", "syntax"].contains(&code), "{tag}: {code}");
    }
    assert_eq!(refused(SMALL.replace("load:", "load: !!map")), "tag");
    assert_eq!(refused(SMALL.replace("requests:", "requests: !!seq")), "tag");
}

#[test]
fn control_characters_behind_escapes_do_not_reach_the_terminal() {
    for escape in [
        "\\e[31m",
        "\\x1b]0;x\\x07",
        "\\0",
        "\\x9b2J",
        "\\u202e",
        "\\u200b",
        "\\u2028",
        "\\L",
        "\\uFEFF",
        "\\n",
    ] {
        for line in [
            format!("\"k{escape}\": 1"),
            format!("terms: \"{escape}\""),
            format!("clouds: {{ \"{escape}\": {{}} }}"),
            format!("clouds: {{ aws: {{ region: \"a{escape}\" }} }}"),
            format!("app: {{ port: \"1_0{escape}\" }}"),
            format!("app: {{ port: \"80 {escape}\" }}"),
            format!("app: {{ disk: \"80 {escape}\" }}"),
            format!("app: {{ disk: {{ \"{escape}\": 1 }} }}"),
            format!("load2: {{ users: \"{escape}\" }}"),
            format!("tune: {{ sysctl: {{ \"{escape}\": 1 }} }}"),
            format!("tune: {{ sysctl: {{ \"{escape}\": [1] }} }}"),
            format!("tune: {{ sysctl: {{ \"{escape}\": \";\" }} }}"),
            format!("tune: {{ never: [\"{escape}\"] }}"),
            format!("hosts: [\"{escape}\"]"),
            format!("resilience: {{ database_standby: \"{escape}\" }}"),
            format!("\"{escape}\": 1\n\"{escape}\": 2"),
            format!("tasks: [{{ name: \"{escape}\", rate: 1/s, time: 1 s }}]"),
            format!("app: *a{escape}"),
        ] {
            // White space around a number may be read over.
            let found = quickly(format!("{SMALL}{line}\n")).err().unwrap_or_default();
            let shown = render(&found, Paint::Plain);
            for hidden in ['\u{202e}', '\u{200b}', '\u{2028}', '\u{2029}', '\u{feff}', '\u{9b}'] {
                assert!(!shown.contains(hidden), "{line}: {shown:?}");
            }
        }
    }
    let found = complaint(SMALL.replace("school", "sch\u{1b}[31mool"));
    assert_eq!(found.code, "control-character");
    assert!(!found.excerpt.contains('\u{1b}'));
}

#[test]
fn the_name_of_the_file_does_not_reach_the_terminal_raw() {
    let found =
        loadline::spec::read("a\u{1b}[31m.yaml", b"", &loadline::clouds::vocabulary(), &[]).unwrap_err();
    assert!(!render(&found, Paint::Plain).contains('\u{1b}'));
}

#[test]
fn very_long_keys_values_and_lines_are_cut_in_the_message() {
    let long = "x".repeat(500_000);
    for line in [
        format!("{long}: 1"),
        format!("terms: {long}"),
        format!("app: {{ port: {} }}", "9".repeat(500_000)),
        format!("app: {{ disk: {} }}", "9".repeat(500_000)),
        format!("app: {{ port: 1{} }}", "_1".repeat(200_000)),
        format!("tune: {{ sysctl: {{ {long}: [1] }} }}"),
        format!("tune: {{ sysctl: {{ {long}: ';' }} }}"),
        format!("alarms: {{ email: {long} }}"),
        format!("{}: 1", vec!["k"; 100_000].join(": ")),
    ] {
        for found in quickly(format!("{SMALL}{line}\n")).unwrap_err() {
            let length = found.message.len() + found.help.unwrap_or_default().len();
            assert!(length < 1200, "{length}: {}", &line[..30]);
        }
    }
}

#[test]
fn thousands_of_unknown_keys_are_counted_quickly() {
    let keys: String = (0..60_000).map(|number| format!("userz{number}: 1\n")).collect();
    let found = quickly(format!("{SMALL}{keys}")).unwrap_err();
    assert_eq!(found.len(), 100);
    let flow: String = (0..60_000).map(|number| format!("userz{number}: 1, ")).collect();
    let found = quickly(SMALL.replace("load:\n  users: 200", &format!("load: {{ users: 200, {flow} }}")))
        .unwrap_err();
    assert_eq!(found.len(), 100);
    let twice = "users: 1\n".repeat(60_000);
    assert_eq!(complaints(twice).len(), 100);
}

#[test]
fn lists_as_long_as_a_file_are_refused() {
    refused(format!("{SMALL}tasks: [{}]\n", "{},".repeat(200_000)));
    refused(format!("{SMALL}hosts: [{}]\n", "!,".repeat(200_000)));
    refused(format!("{SMALL}hosts: [{}]\n", "a_;,".repeat(200_000)));
    quickly(format!("{SMALL}hosts: [{}]\n", "a.b,".repeat(200_000))).ok();
    quickly(format!("{SMALL}tune: {{ never: [{}] }}\n", "a.b,".repeat(200_000))).ok();
}

#[test]
fn hostile_flags_are_refused() {
    for value in [
        "[[[[[[[[",
        "&a [*a]",
        "!!python/object:os.system x",
        "{a: {b: {c: 1}}}",
        "- 1",
        "a: b: c",
        "---",
        "*a",
        "\"",
        "|",
        "#",
    ] {
        assert!(read_with(SMALL, &[("load.users", value)]).is_err(), "{value}");
    }
    let deep = "[".repeat(9_000);
    assert!(read_with(SMALL, &[("load.users", &deep)]).is_err());
    let many: Vec<(&str, &str)> = vec![("load.think", "1 s"); 5000];
    let begin = Instant::now();
    assert!(read_with(SMALL, &many).is_ok());
    assert!(begin.elapsed() < LONGEST);
}

#[test]
fn a_thousand_requests_are_read_quickly() {
    let many: String = (0..1000).map(|n| format!("  - {{ name: r{n}, cpu: 1 ms }}\n")).collect();
    let spec = sound(quickly(SMALL.replace("  - name: page\n    cpu: 12 ms\n", &many)));
    assert_eq!(spec.requests.len(), 1000);
}
