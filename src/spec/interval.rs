//! `{low, mid, high, confidence}`: a quantity that is known only to lie somewhere.

use super::complaints::{Complaints, Fault, Place, nearest, quoted};
use super::keys::{Low, Range as Bounds};
use super::model::{Quantity, Range};
use super::tree::{Content, Label, Node};
use super::units::Dimension;
use super::value;
use super::values::Values;

/// The keys of an interval and what they mean; the first two are required.
pub(super) const KEYS: [(&str, &str); 4] = [
    ("low", "Low end."),
    ("high", "High end."),
    ("mid", "The value used wherever one number is needed; without it the geometric mean of low and high."),
    ("confidence", "Probability that the true value lies between low and high, 90 % unless written."),
];
const DEFAULT_CONFIDENCE: f64 = 0.9;
const CONFIDENCE: Bounds = Bounds { low: Low::Above("0 %"), high: "99.99 %" };

/// What is being read: the key's name, its concrete path, its dimension and bounds.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Name, for messages.
    pub(super) key: &'a str,
    /// Concrete path.
    pub(super) path: &'a str,
    /// What it measures.
    pub(super) dimension: Dimension,
    /// Its bounds.
    pub(super) bounds: Bounds,
}

/// Reads an interval; `None`: it was complained about.
pub(super) fn read(
    wanted: Wanted<'_>,
    entries: &[(Label, Node)],
    place: Place,
    values: &mut Values,
    complaints: &mut Complaints<'_>,
) -> Option<Quantity> {
    let mut found: [Option<(f64, Place)>; 4] = [None; 4];
    let mut sound = true;
    for (label, node) in entries {
        let Some(index) = KEYS.iter().position(|(name, _)| *name == label.text) else {
            let valid = "an interval has low, mid, high and confidence";
            let help = nearest(&label.text, KEYS.iter().map(|(name, _)| *name))
                .map_or(valid.to_owned(), |meant| format!("did you mean `{meant}`? {valid}"));
            let message = format!("unknown key {} in the interval of `{}`", quoted(&label.text), wanted.key);
            complaints.add(label.place, Fault::new("unknown-key", message, help));
            sound = false;
            continue;
        };
        let (dimension, bounds) = if label.text == "confidence" {
            (Dimension::Share, CONFIDENCE)
        } else {
            (wanted.dimension, wanted.bounds)
        };
        let outcome = match &node.content {
            Content::Scalar(text) => value::bounded(&label.text, text, dimension, bounds),
            _ => {
                let message =
                    format!("`{}` of an interval is {}, not a single value", label.text, node.what());
                Err(Fault::new("wrong-type", message, "write one quantity"))
            }
        };
        match outcome {
            Ok(number) => found[index] = Some((number, node.place)),
            Err(fault) => {
                complaints.add(node.place, fault);
                sound = false;
            }
        }
    }
    for (index, (name, _)) in KEYS.iter().enumerate().take(2) {
        if found[index].is_none() && !entries.iter().any(|(label, _)| label.text == *name) {
            let message = format!("the interval of `{}` has no `{name}`", wanted.key);
            complaints.add(place, Fault::new("missing-key", message, "write {low: …, high: …}"));
            sound = false;
        }
    }
    let (true, [Some(low), Some(high), mid, confidence]) = (sound, found) else { return None };
    order(wanted, low, mid, high, complaints)?;
    let middle = if let Some((mid, _)) = mid {
        mid
    } else if low.0 > 0.0 {
        let reason = "the geometric mean of low and high";
        let middle = (low.0 * high.0).sqrt();
        let shown = wanted.dimension.shown(middle);
        let source = "the median of a lognormal whose quantiles lie there";
        values.note(&format!("{}.mid", wanted.path), &shown, reason, source);
        middle
    } else {
        let message = format!("the interval of `{}` begins at 0 and has no `mid`", wanted.key);
        complaints
            .add(low.1, Fault::new("missing-key", message, "write `mid` as well: 0 has no geometric mean"));
        return None;
    };
    let confidence = confidence.map_or(DEFAULT_CONFIDENCE, |(confidence, _)| confidence);
    if !entries.iter().any(|(label, _)| label.text == "confidence") {
        let reason = "one value in ten lies outside what people call the range";
        values.note(&format!("{}.confidence", wanted.path), "90 %", reason, super::keys::ASSUMPTION);
    }
    Some(Quantity { mid: middle, range: Some(Range { low: low.0, high: high.0, confidence }) })
}

type Located = (f64, Place);

fn order(
    wanted: Wanted<'_>,
    low: Located,
    mid: Option<Located>,
    high: Located,
    complaints: &mut Complaints<'_>,
) -> Option<()> {
    let fault = |what: &str| {
        let message = format!("the interval of `{}` has {what}", wanted.key);
        Fault::new("interval-order", message, "low may not be above mid, nor mid above high")
    };
    if low.0 > high.0 {
        complaints.add(high.1, fault("a `high` below its `low`"));
        return None;
    }
    if let Some((mid, place)) = mid.filter(|(mid, _)| *mid < low.0 || *mid > high.0) {
        complaints.add(
            place,
            fault(if mid < low.0 { "a `mid` below its `low`" } else { "a `mid` above its `high`" }),
        );
        return None;
    }
    Some(())
}
