//! Input that means harm or is no spec at all: an error or a sound reading, soon, and never a panic.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use loadline::spec::{self, Diagnostic, LARGEST_BYTES, Spec};

use crate::support::{SMALL, error, errors, help, shown, small_and, sound};

/// Far above what any of these takes even unoptimised on a busy machine; a hang or a quadratic walk is above it.
const SOON: Duration = Duration::from_secs(4);

fn read(bytes: &[u8]) -> Result<Spec, Vec<Diagnostic>> {
    let start = Instant::now();
    let outcome = spec::read("spec.yaml", bytes, &loadline::clouds::vocabulary(), &[]);
    assert!(start.elapsed() < SOON, "took {:?}", start.elapsed());
    if let Err(errors) = &outcome {
        assert!(!errors.is_empty() && errors.len() <= 100);
        harmless(errors);
    }
    outcome
}

/// Nothing that steers a terminal or that nobody would read to its end.
fn harmless(errors: &[Diagnostic]) {
    for line in shown(errors).lines() {
        assert!(!line.chars().any(char::is_control), "{line:?}");
        assert!(line.chars().count() < 2000, "a line of {} characters", line.chars().count());
    }
}

fn code(bytes: &[u8]) -> &'static str {
    read(bytes).expect_err("this is no spec")[0].code
}

/// A text just below the largest size: what is refused for its size alone tests nothing else.
fn large(part: &str) -> String {
    part.repeat((LARGEST_BYTES - 100) / part.len())
}

#[test]
fn a_file_above_the_limit_is_refused_by_its_size() {
    for part in ["[", "{", "- ", "a: 1\n", "x"] {
        assert_eq!(code(part.repeat(10_000_000 / part.len()).as_bytes()), "too-large");
    }
    let mut most = SMALL.to_owned();
    most.push_str(&"#".repeat(LARGEST_BYTES - SMALL.len()));
    assert!(read(most.as_bytes()).is_ok());
    most.push('#');
    assert_eq!(code(most.as_bytes()), "too-large");
    let marked = format!("\u{feff}{}", &most[..LARGEST_BYTES - 2]);
    assert_eq!(code(marked.as_bytes()), "too-large", "a byte order mark does not hide the size");
}

#[test]
fn deep_nesting_stops_early() {
    for part in ["[", "{", "{a: ", "[[{a: ", "- ", "? ", "- - ? ", "a: &b [", "<<: {"] {
        let codes = code(large(part).as_bytes());
        assert!(matches!(codes, "too-deep" | "complex-key" | "syntax"), "{part}: {codes}");
    }
    let mut stairs = String::new();
    for level in 0..1400 {
        writeln!(stairs, "{}a:", " ".repeat(level)).unwrap();
    }
    assert_eq!(code(stairs.as_bytes()), "too-deep");
    let closed = format!("a: {}{}", "[".repeat(60), "]".repeat(60));
    assert_eq!(error(&small_and(&closed)).code, "unknown-key", "sixty levels are read");
}

#[test]
fn alias_bombs_and_self_references_are_refused() {
    let mut bomb = "a0: &a0 [1,1,1,1,1,1,1,1,1]\n".to_owned();
    for level in 1..30 {
        let before = format!("*a{},", level - 1).repeat(9);
        writeln!(bomb, "a{level}: &a{level} [{before}]").unwrap();
    }
    assert_eq!(code(bomb.as_bytes()), "alias-bomb");
    let mut merges = "a0: &a0 {k: 1}\n".to_owned();
    for level in 1..40 {
        writeln!(merges, "a{level}: &a{level} {{ <<: [*a{0}, *a{0}], x: [*a{0}, *a{0}] }}", level - 1)
            .unwrap();
    }
    assert_eq!(code(merges.as_bytes()), "alias-bomb");
    assert_eq!(code(b"a: &a [*a]"), "alias");
    assert_eq!(code(b"a: &a { b: *a }"), "alias");
    assert_eq!(code(b"a: &a { <<: *a }"), "alias");
    assert_eq!(code(b"a: *nothing"), "syntax");
    assert_eq!(code(b"*a : 1"), "syntax");
    assert_eq!(code(b"x: &x k\n*x : 1"), "complex-key");
    assert_eq!(code(large("- &a b\n").as_bytes()), "alias-bomb");
    assert_eq!(code(format!("a: &a b\nc: [{}]", "*a,".repeat(20_000)).as_bytes()), "alias-bomb");
}

#[test]
fn many_keys_and_many_merges_stay_fast() {
    let unknown: String = (0..80_000).map(|index| format!("k{index}: 1\n")).collect();
    let errors = read(unknown.as_bytes()).unwrap_err();
    assert_eq!(errors.len(), 100);
    assert!(help(errors.last().unwrap()).contains("more complaints are not shown"));
    let wide: String = (0..70_000).map(|index| format!("k{index}: 1\n")).collect();
    let merged = format!("e: &e {{}}\n<<: [{}]\n{wide}", "*e,".repeat(9_000));
    assert_eq!(read(merged.as_bytes()).unwrap_err().len(), 100);
    let entries = large("- { name: a, cpu: 1 ms }\n");
    assert_eq!(code(format!("requests:\n{entries}").as_bytes()), "missing-key");
    assert_eq!(read(large("a: 1\n").as_bytes()).unwrap_err()[1].code, "duplicate-key");
}

#[test]
fn long_lines_keys_and_values_are_cut_in_messages() {
    let long = "x".repeat(900_000);
    for text in [
        format!("{long}: 1"),
        format!("name: {long}"),
        format!("name: \"{long}\""),
        format!("name: '{long}"),
        format!("load: {{ users: {} }}", "9".repeat(900_000)),
        format!("load: {{ users: {} kg }}", "9".repeat(900_000)),
        format!("load: {{ users: 1{} }}", "_000".repeat(200_000)),
        format!("load: {{ users: 0.{}1 }}", "0".repeat(900_000)),
        format!("load: {{ think: 5 {long} }}"),
        format!("tune: {{ sysctl: {{ {long}: 1 }} }}"),
        format!("clouds: {{ {long}: 1 }}"),
        format!("load: {{ users: {{ {long}: 1 }} }}"),
        format!("# {long}"),
        long.clone(),
        format!("a: |\n  {long}"),
        " ".repeat(900_000),
        "\n".repeat(900_000),
        format!("a: {}", "\"\\n\" ".repeat(100_000)),
    ] {
        assert!(read(text.as_bytes()).is_err());
    }
}

#[test]
fn what_is_no_text_is_refused_at_its_place() {
    let at = |bytes: &[u8]| {
        let error = read(bytes).unwrap_err().remove(0);
        (error.code, error.line, error.column)
    };
    assert_eq!(at(b"version: 1\nna\0me: x"), ("control-character", 2, 3));
    assert_eq!(at(b"version: 1\n# \x1b[31m red"), ("control-character", 2, 3));
    assert_eq!(at("version: 1\n# \u{9b}31m red".as_bytes()), ("control-character", 2, 3));
    assert_eq!(at(b"version: 1\rname: x"), ("control-character", 1, 11));
    assert_eq!(at(b"version: 1\nn\xc3\xa4me: \xff"), ("encoding", 2, 7));
    assert_eq!(at(b"\xef\xbb\xbfname: \xff"), ("encoding", 1, 7));
    assert_eq!(at(b"\xff\xfev\0e\0"), ("encoding", 1, 1));
    assert_eq!(at(b"v\0e\0r\0"), ("control-character", 1, 2));
    assert_eq!(at(b"\xc3"), ("encoding", 1, 1));
    assert_eq!(code(&[0; 100_000]), "control-character");
    assert_eq!(code(&[0xff; 100_000]), "encoding");
    assert_eq!(read("\0\n".repeat(100_000).as_bytes()).unwrap_err().len(), 100);
}

#[test]
fn tabs_in_the_indentation_are_found_before_yaml_stumbles_over_them() {
    let text = "version: 1\nname: x\nload:\n\tusers: 5\n  \tthink: 5 s\nrequests: []\n";
    let found: Vec<_> = errors(text).iter().map(|error| (error.code, error.line, error.column)).collect();
    assert_eq!(found, [("tab", 4, 1), ("tab", 5, 3)]);
    assert!(
        read(small_and("\t\n\t# a comment\nalarms:\t{}\t# behind\n").as_bytes()).is_ok(),
        "other tabs do no harm"
    );
}

#[test]
fn what_holds_no_spec_says_so() {
    for text in [
        "",
        "\n\n",
        "# only\n# comments\n",
        "---\n",
        "~",
        "null",
        "\u{feff}",
        "---\n...\n",
        "%YAML 1.2\n---\n",
    ] {
        let error = error(text);
        assert_eq!(error.code, "empty", "{text:?}");
        assert_eq!(help(&error), "`loadline init` writes a spec to begin with");
    }
    for text in ["hello", "5", "- a\n- b", "[]", "'version: 1'", "version"] {
        assert_eq!(error(text).code, "wrong-type", "{text:?}");
    }
}

#[test]
fn one_file_is_one_document() {
    let two = format!("---\n{SMALL}---\n{SMALL}");
    let error = error(&two);
    assert_eq!((error.code, error.line), ("two-documents", 7));
    assert_eq!(sound(&format!("---\n{SMALL}...\n")).name, "school");
    assert_eq!(sound(&format!("%YAML 1.2\n---\n{SMALL}")).name, "school");
}

#[test]
fn tags_are_refused() {
    for value in [
        "!!python/object:os.system x",
        "!!int 5",
        "!local x",
        "!<tag:yaml.org,2002:str> x",
        "!!set {a}",
        "! x",
    ] {
        let error = error(&small_and(&format!("app: {{ image: {value} }}\n")));
        assert_eq!(error.code, "tag", "{value}");
        assert_eq!((error.line, error.column), (6, 15), "{value}: the tag or its value is marked");
    }
    assert_eq!(
        error(&format!("%TAG !e! tag:example.org,2026:\n---\n{}", small_and("alarms: !e!x {}\n"))).code,
        "tag"
    );
}

#[test]
fn broken_yaml_is_an_error_with_its_place() {
    for text in [
        "a: [",
        "a: {",
        "a: 'x",
        "a: \"x",
        "a: ]",
        "a: b: c",
        "a\n b: c\n",
        "@a: 1",
        "a: `b`",
        "\"\\q\": 1",
        "a: *",
        "a: &",
        "%x\n%YAML",
    ] {
        let error = error(text);
        assert!(
            matches!(error.code, "syntax" | "wrong-type" | "complex-key" | "alias"),
            "{text:?}: {}",
            error.code
        );
        assert!(error.line >= 1 && error.column >= 1);
    }
    let error = error("version: 1\nname: school\nload: { users: 5\nrequests: []\n");
    assert_eq!(error.code, "syntax");
    assert!(error.line >= 3, "{}", shown(&[error]));
}

#[test]
fn escapes_in_strings_never_reach_the_terminal() {
    let nasty = r"\e[2J\x07\u009b31m\u202eabc\u2066\u200b\u2028\r\n\0";
    for line in [
        format!("name2: \"{nasty}\""),
        format!("\"{nasty}\": 1"),
        format!("alarms: {{ email: \"{nasty}\" }}"),
        format!("alarms: {{ \"{nasty}\": 1 }}"),
        format!("app: {{ workers: \"1_000 {nasty}\" }}"),
        format!("app: {{ workers: \"1 {nasty}\" }}"),
        format!("app: {{ worker_memory: \"1 {nasty}\" }}"),
        format!("app: {{ worker_memory: \"1,5 {nasty}\" }}"),
        format!("app: {{ arch: \"{nasty}\" }}"),
        format!("tune: {{ sysctl: {{ \"{nasty}\": 1 }} }}"),
        format!("tune: {{ sysctl: {{ \"{nasty}\": [] }} }}"),
        format!("tune: {{ sysctl: {{ vm.swappiness: \"{nasty}\" }} }}"),
        format!("clouds: {{ \"{nasty}\": {{}} }}"),
        format!("clouds: {{ aws: {{ region: \"{nasty}\" }} }}"),
        format!("hosts: [\"{nasty}\"]"),
        format!("resilience: {{ database_standby: \"{nasty}\" }}"),
        format!("<<: \"{nasty}\""),
        format!("tasks: [{{ name: \"{nasty}\", rate: 1/s, time: 1 s }}]"),
    ] {
        let errors = read(small_and(&format!("{line}\n")).as_bytes()).expect_err(&line);
        harmless(&errors);
        let text = shown(&errors);
        assert!(!text.chars().any(|one| "\u{202e}\u{2066}\u{200b}\u{2028}".contains(one)), "{text:?}");
    }
    let named = spec::read("a\u{1b}[31m.yaml", b"5", &loadline::clouds::vocabulary(), &[]).unwrap_err();
    harmless(&named);
}
