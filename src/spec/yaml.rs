//! YAML text to a [`Node`] tree, within limits that no honest spec comes near.
//!
//! Decides what YAML is accepted: one document, no tags, unique keys, aliases and merge keys within a budget. Works event by
//! event with its own stack, so nesting costs memory of its own limit and never the program's stack.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::complaints::{Complaints, Fault, Place};
use super::merge;
use super::tree::{Content, Label, Node};

/// Deepest nesting.
const DEEPEST: usize = 64;
/// Most nodes that all aliases of a file together may stand for.
const MOST_ALIASED_NODES: usize = 10_000;

/// A collection that is being read.
enum Frame {
    List {
        place: Place,
        anchor: usize,
        items: Vec<Node>,
    },
    Map {
        place: Place,
        anchor: usize,
        entries: Vec<(Label, Node)>,
        key: Option<Label>,
        seen: HashMap<String, Place>,
    },
}

/// Reads one document; `None`: it was complained about, or it holds nothing. `start` is the place of its first character.
pub(super) fn read(text: &str, start: Place, complaints: &mut Complaints<'_>) -> Option<Node> {
    let mut reader = Reader {
        text,
        start,
        complaints,
        stack: Vec::new(),
        anchors: HashMap::new(),
        aliased: 0,
        root: None,
    };
    match reader.run() {
        Ok(()) => reader.root,
        Err((place, fault)) => {
            complaints.add(place, fault);
            None
        }
    }
}

type Stop = (Place, Fault);

struct Reader<'reader, 'text> {
    text: &'reader str,
    start: Place,
    complaints: &'reader mut Complaints<'text>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    aliased: usize,
    root: Option<Node>,
}

impl Reader<'_, '_> {
    fn run(&mut self) -> Result<(), Stop> {
        let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str(self.text);
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| self.syntax(&error))?;
            let place = self.place(span);
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        let message = "a second document begins here; a file is one document";
                        let help = "put the second one into a file of its own and remove the `---`";
                        return Err((place, Fault::new("two-documents", message, help)));
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.no_tag(tag.is_some(), place)?;
                    self.scalar(&text, style, anchor, place)?;
                }
                Event::SequenceStart(anchor, tag) => {
                    self.no_tag(tag.is_some(), place)?;
                    self.open(Frame::List { place, anchor, items: Vec::new() }, place)?;
                }
                Event::MappingStart(anchor, tag) => {
                    self.no_tag(tag.is_some(), place)?;
                    let seen = HashMap::new();
                    self.open(Frame::Map { place, anchor, entries: Vec::new(), key: None, seen }, place)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close()?,
                Event::Alias(anchor) => self.alias(anchor, place)?,
                Event::StreamEnd => break,
                Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
            }
        }
        Ok(())
    }

    fn place(&self, span: Span) -> Place {
        let same_line = span.start.line() == span.end.line();
        let length = if same_line { span.end.col().saturating_sub(span.start.col()) } else { 1 };
        Place { length: length.max(1), ..self.mark(span.start) }
    }

    fn mark(&self, mark: Marker) -> Place {
        self.place_at(mark.line().max(1), mark.col())
    }

    /// A place in the text: line from 1, characters before it on that line.
    fn place_at(&self, line: usize, characters: usize) -> Place {
        let before = if line == 1 { self.start.column } else { 1 };
        Place::at(self.start.source, self.start.line + line - 1, before + characters)
    }

    fn syntax(&self, error: &ScanError) -> Stop {
        let message = format!("this is not YAML: {}", error.info());
        let help = "check the indentation, the quotes and the brackets here and in the line before";
        let lines = self.text.lines().count();
        let place = match error.marker().line() {
            // What is not closed is noticed behind the last line.
            line if line > lines => {
                let last = self.text.lines().last().unwrap_or_default().chars().count();
                self.place_at(lines.max(1), last)
            }
            _ => self.mark(*error.marker()),
        };
        (place, Fault::new("syntax", message, help))
    }

    fn no_tag(&self, present: bool, place: Place) -> Result<(), Stop> {
        if present {
            let message = "YAML tags (`!...`) have no meaning here";
            return Err((place, Fault::new("tag", message, "remove the tag and keep the value")));
        }
        Ok(())
    }

    fn open(&mut self, frame: Frame, place: Place) -> Result<(), Stop> {
        if self.stack.len() >= DEEPEST {
            return Err((place, too_deep()));
        }
        if let Some(Frame::Map { key: None, .. }) = self.stack.last() {
            let message = "a key must be a word, not a list or a map";
            return Err((place, Fault::new("complex-key", message, "write `key: value`")));
        }
        self.stack.push(frame);
        Ok(())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, place: Place) -> Result<(), Stop> {
        if let Some(Frame::Map { key: key @ None, .. }) = self.stack.last_mut() {
            *key = Some(Label { text: text.to_owned(), place });
            // An anchor at a key names the word.
            if anchor > 0 {
                self.anchors.insert(anchor, Node { content: Content::Scalar(text.to_owned()), place });
            }
            return Ok(());
        }
        let null = style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
        let content = if null { Content::Null } else { Content::Scalar(text.to_owned()) };
        self.put(Node { content, place }, anchor)
    }

    fn alias(&mut self, anchor: usize, place: Place) -> Result<(), Stop> {
        let Some(node) = self.anchors.get(&anchor) else {
            let message = "this alias stands inside the value that it names";
            return Err((place, Fault::new("alias", message, "write the value out")));
        };
        let (nodes, levels) = node.extent();
        self.aliased += nodes;
        if self.aliased > MOST_ALIASED_NODES {
            let message = format!("the aliases of this file stand for more than {MOST_ALIASED_NODES} values");
            return Err((
                place,
                Fault::new("alias-bomb", message, "write the values out instead of nesting aliases"),
            ));
        }
        if self.stack.len() + levels > DEEPEST {
            return Err((place, too_deep()));
        }
        if let Some(Frame::Map { key: None, .. }) = self.stack.last() {
            let message = "a key must be a word, not an alias";
            return Err((place, Fault::new("complex-key", message, "write the key out")));
        }
        let copy = node.clone();
        self.put(copy, 0)
    }

    fn close(&mut self) -> Result<(), Stop> {
        match self.stack.pop() {
            Some(Frame::List { place, anchor, items }) => {
                self.put(Node { content: Content::List(items), place }, anchor)
            }
            Some(Frame::Map { place, anchor, entries, .. }) => {
                let entries = merge::apply(entries, self.complaints);
                self.put(Node { content: Content::Map(entries), place }, anchor)
            }
            None => Ok(()),
        }
    }

    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Stop> {
        if anchor > 0 {
            let (nodes, _) = node.extent();
            self.aliased += nodes;
            if self.aliased > MOST_ALIASED_NODES {
                let message = format!("the anchors of this file hold more than {MOST_ALIASED_NODES} values");
                return Err((
                    node.place,
                    Fault::new("alias-bomb", message, "anchor smaller values, or none"),
                ));
            }
            self.anchors.insert(anchor, node.clone());
        }
        match self.stack.last_mut() {
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map { entries, key, seen, .. }) => {
                let Some(label) = key.take() else { return Ok(()) };
                if let Some(first) = seen.get(&label.text) {
                    let fault = merge::twice(&label, *first);
                    self.complaints.add(label.place, fault);
                } else {
                    seen.insert(label.text.clone(), label.place);
                    entries.push((label, node));
                }
            }
            None => self.root = Some(node),
        }
        Ok(())
    }
}

fn too_deep() -> Fault {
    let message = format!("nested more than {DEEPEST} levels deep");
    Fault::new("too-deep", message, "a handful of levels is enough: check the brackets and the indentation")
}
