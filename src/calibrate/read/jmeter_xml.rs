//! JMeter's JTL files as XML: `<testResults version="1.2">` with a `<httpSample>` for each request.
//!
//! A `<sample>` with requests inside is a transaction: the requests count, it does not. Requests inside of a request (redirects, embedded
//! resources) are part of that one.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::jmeter::{Sample, is_transaction};
use super::{plausible, refused};
use crate::calibrate::observed::{Excess, Format, Run};
use crate::calibrate::unreadable::{Unreadable, quoted};

/// The version of the format that JMeter has written since 2.1.
const VERSION: &str = "1.2";
/// Deepest nesting: a transaction, a request, an embedded resource, its texts.
const DEEPEST: usize = 64;

const HELP: &str =
    "the file may have been cut off while it was written: let JMeter end the test, or repeat it";

/// What is open.
enum Open {
    Results,
    /// A transaction or another sampler; whether requests were inside so far.
    Group {
        attributes: Attributes,
        had_requests: bool,
    },
    Other,
}

/// Attributes of a sample.
#[derive(Default)]
struct Attributes {
    start: String,
    elapsed: String,
    name: String,
    success: String,
    message: String,
    threads: String,
}

/// Reads the whole file.
pub(super) fn read(file: &str, source: &mut dyn BufRead) -> Result<Run, Unreadable> {
    let mut reader = Reader::from_reader(source);
    let mut run = Run::new(file, Format::JmeterXml);
    let mut open: Vec<Open> = Vec::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let at = reader.buffer_position();
        let broken = |what: String| Unreadable::whole(file, format!("byte {at}: {what}"), HELP);
        match event.map_err(|error| broken(format!("this is no XML: {error}")))? {
            Event::Start(tag) => {
                if open.len() >= DEEPEST {
                    return Err(broken(format!("nested more than {DEEPEST} levels deep")));
                }
                let opened = begin(&tag, &mut open, &mut run).map_err(|wrong| wrong.at(file, at))?;
                open.push(opened);
            }
            Event::Empty(tag) => {
                let opened = begin(&tag, &mut open, &mut run).map_err(|wrong| wrong.at(file, at))?;
                end(opened, &mut run).map_err(|wrong| wrong.at(file, at))?;
            }
            Event::End(_) => {
                if let Some(closed) = open.pop() {
                    end(closed, &mut run).map_err(|wrong| wrong.at(file, at))?;
                }
            }
            Event::Eof if open.is_empty() => return Ok(run),
            Event::Eof => return Err(broken("the file ends before </testResults>".to_owned())),
            _ => {}
        }
    }
}

/// What is wrong with a sample.
enum Wrong {
    Excess(Excess),
    Sentence(String),
}

impl Wrong {
    fn at(self, file: &str, byte: u64) -> Unreadable {
        match self {
            Self::Excess(excess) => refused(file, excess),
            Self::Sentence(sentence) => Unreadable::whole(file, format!("byte {byte}: {sentence}"), HELP),
        }
    }
}

fn begin(tag: &BytesStart<'_>, open: &mut [Open], run: &mut Run) -> Result<Open, Wrong> {
    match (tag.name().as_ref(), open) {
        (b"testResults", []) => {
            let version = attribute(tag, "version").unwrap_or_default();
            if version == VERSION {
                return Ok(Open::Results);
            }
            Err(Wrong::Sentence(format!(
                "results of version {}; version {VERSION} is understood",
                quoted(&version)
            )))
        }
        (other, []) => {
            let name = String::from_utf8_lossy(other).into_owned();
            Err(Wrong::Sentence(format!("begins with <{}>, not with <testResults>", quoted(&name))))
        }
        (b"httpSample", [Open::Results]) => {
            sample(&attributes(tag), run)?;
            Ok(Open::Other)
        }
        (b"httpSample", [Open::Results, Open::Group { had_requests, .. }]) => {
            *had_requests = true;
            sample(&attributes(tag), run)?;
            Ok(Open::Other)
        }
        (b"sample", [Open::Results]) => Ok(Open::Group { attributes: attributes(tag), had_requests: false }),
        _ => Ok(Open::Other),
    }
}

fn end(closed: Open, run: &mut Run) -> Result<(), Wrong> {
    match closed {
        Open::Group { attributes, had_requests: false } if !is_transaction(&attributes.message) => {
            sample(&attributes, run)
        }
        _ => Ok(()),
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    let text = String::from_utf8_lossy(&found.value).into_owned();
    Some(quick_xml::escape::unescape(&text).map_or(text.clone(), std::borrow::Cow::into_owned))
}

fn attributes(tag: &BytesStart<'_>) -> Attributes {
    let of = |name: &str| attribute(tag, name).unwrap_or_default();
    Attributes {
        start: of("ts"),
        elapsed: of("t"),
        name: of("lb"),
        success: of("s"),
        message: of("rm"),
        threads: of("na"),
    }
}

fn sample(attributes: &Attributes, run: &mut Run) -> Result<(), Wrong> {
    let missing = |name: &str, text: &str| {
        Wrong::Sentence(format!("a sample whose `{name}` is {}, not a number", quoted(text)))
    };
    let start_s = super::clock::seconds(&attributes.start).ok_or_else(|| missing("ts", &attributes.start))?;
    let elapsed_ms: u32 = attributes.elapsed.parse().map_err(|_| missing("t", &attributes.elapsed))?;
    let sample = Sample {
        start_s,
        elapsed_s: f64::from(elapsed_ms) / 1e3,
        name: &attributes.name,
        failed: attributes.success != "true",
        threads: attributes.threads.parse().ok().filter(|threads| plausible(*threads)),
    };
    sample.add_to(run).map_err(Wrong::Excess)
}
