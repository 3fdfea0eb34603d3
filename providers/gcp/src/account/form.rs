//! How a setting stands in the JSON of Google's APIs: one table for each kind is read both ways, so that what is written is what is
//! read back.

use std::collections::BTreeMap;

use loadline_contract::deploy::Value;
use serde_json::{Map, Value as Json, json};

/// The form of one value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// `true` or `false`; the APIs leave `false` out.
    Flag,
    /// A whole number, which the APIs write as text where it could be large.
    Count,
    /// The same where 0 is meant: the APIs leave it out.
    Natural,
    /// A text.
    Text,
    /// Anything, as the text of its JSON where it is none.
    Any,
    /// A word that a client library writes as a number; by it the word is found again.
    Word(fn(&Json) -> Option<String>),
    /// A fraction of one, as whole percent.
    Percent,
    /// A fraction, as the shortest text to four places.
    Decimal,
    /// A duration such as `60s`, as seconds.
    Seconds,
    /// The address of another thing, as its path from `projects/`.
    Link,
    /// The same with something before it: another thing of ours stands for it.
    Via(&'static str),
    /// The address of another thing of which only the name counts; the path that it stands below.
    Name(&'static str),
    /// Values in the order of their text.
    Each(&'static Form),
    /// The same, each inside of a field of that name.
    EachIn(&'static str, &'static Form),
    /// Fields of a map.
    Fields(&'static [Field]),
    /// A map whose names are data.
    Entries,
    /// The same, as a list of values, each beside its name, which has this name itself.
    Pairs(&'static str),
}

/// A setting, where it stands (names with dots between, numbers count in lists), and its form.
pub(super) type Field = (&'static str, &'static str, Form);

/// The form of an enum of a client library.
macro_rules! word {
    ($enum:ty) => {
        $crate::account::form::Form::Word(|json| {
            let word = serde_json::from_value::<$enum>(json.clone()).ok()?;
            word.name().map(str::to_owned)
        })
    };
}
pub(super) use word;

/// The path of an address from `projects/` on.
pub(super) fn path(link: &str) -> &str {
    link.find("projects/").map_or(link, |at| &link[at..])
}

/// The last part of a path.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What stands at a path; `None`: nothing.
pub(super) fn at<'a>(json: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(json, |inside, part| match part.parse::<usize>() {
        Ok(index) => inside.get(index),
        Err(_) => inside.get(part),
    })
}

/// A text at a path; empty where there is none.
pub(super) fn text<'a>(json: &'a Json, path: &str) -> &'a str {
    at(json, path).and_then(Json::as_str).unwrap_or_default()
}

/// A whole number at a path.
pub(super) fn number(json: &Json, path: &str) -> Option<i64> {
    at(json, path).and_then(whole)
}

fn whole(json: &Json) -> Option<i64> {
    json.as_i64().or_else(|| json.as_str()?.parse().ok())
}

/// Puts something at a path, making what it stands in.
pub(super) fn put(json: &mut Json, path: &str, value: Json) {
    let Some((part, rest)) =
        path.split_once('.').map_or(Some((path, None)), |(part, rest)| Some((part, Some(rest))))
    else {
        return;
    };
    let inside = match part.parse::<usize>() {
        Ok(index) => {
            if !json.is_array() {
                *json = json!([]);
            }
            let Some(list) = json.as_array_mut() else { return };
            while list.len() <= index {
                list.push(Json::Null);
            }
            &mut list[index]
        }
        Err(_) => {
            if !json.is_object() {
                *json = json!({});
            }
            let Some(map) = json.as_object_mut() else { return };
            map.entry(part).or_insert(Json::Null)
        }
    };
    match rest {
        Some(rest) => put(inside, rest, value),
        None => *inside = value,
    }
}

/// The settings of a thing, as they are written by the translation.
pub(super) fn read(fields: &[Field], json: &Json) -> BTreeMap<String, Value> {
    let settings = fields.iter().filter_map(|(setting, path, form)| {
        Some(((*setting).to_owned(), value(form, at(json, path).filter(|it| !it.is_null()))?))
    });
    settings.collect()
}

fn value(form: &Form, json: Option<&Json>) -> Option<Value> {
    let text = || json.and_then(Json::as_str);
    Some(match form {
        Form::Flag => json.and_then(Json::as_bool).unwrap_or(false).into(),
        Form::Count => whole(json?)?.into(),
        Form::Natural => json.map_or(Some(0), whole)?.into(),
        Form::Text => text()?.into(),
        Form::Any => json.map(plain)?.into(),
        Form::Word(word) => word(json?)?.into(),
        // Percents are small: casting saturates.
        Form::Percent => ((json?.as_f64()? * 100.0).round() as i64).into(),
        Form::Decimal => ((json?.as_f64()? * 10_000.0).round() / 10_000.0).to_string().into(),
        Form::Seconds => text()?.strip_suffix('s')?.parse::<i64>().ok()?.into(),
        Form::Link => path(text()?).into(),
        Form::Via(before) => format!("{before}{}", path(text()?)).into(),
        Form::Name(_) => last(text()?).into(),
        Form::Each(form) => each(json, |it| value(form, Some(it))),
        Form::EachIn(name, form) => each(json, |it| value(form, it.get(*name))),
        Form::Fields(fields) => json.map(|json| Value::Map(read(fields, json)))?,
        Form::Entries => {
            let entries = json.and_then(Json::as_object).into_iter().flatten();
            named(entries.map(|(name, it)| (name.as_str(), it)))
        }
        Form::Pairs(key) => {
            let pairs = json.and_then(Json::as_array).into_iter().flatten();
            named(pairs.filter_map(|pair| Some((pair.get(key)?.as_str()?, pair.get("value")?))))
        }
    })
}

fn each(json: Option<&Json>, of: impl Fn(&Json) -> Option<Value>) -> Value {
    let mut values: Vec<Value> = json.and_then(Json::as_array).into_iter().flatten().filter_map(of).collect();
    values.sort_by_key(ToString::to_string);
    Value::List(values)
}

fn named<'a>(entries: impl Iterator<Item = (&'a str, &'a Json)>) -> Value {
    Value::Map(entries.map(|(name, it)| (name.to_owned(), plain(it).into())).collect())
}

fn plain(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// Puts a setting where it belongs; one that the table does not have is not the API's.
pub(super) fn write(fields: &[Field], setting: &str, value: &Value, into: &mut Json) {
    if let Some((_, path, form)) = fields.iter().find(|(name, ..)| *name == setting) {
        put(into, path, written(form, value));
    }
}

fn written(form: &Form, value: &Value) -> Json {
    let text = value.to_string();
    match (form, value) {
        (Form::Flag, Value::Flag(flag)) => json!(flag),
        (Form::Count | Form::Natural, Value::Count(count)) => json!(count),
        (Form::Percent, Value::Count(percent)) => json!(*percent as f64 / 100.0),
        (Form::Decimal, _) => text.parse::<f64>().map_or(Json::Null, |number| json!(number)),
        (Form::Seconds, _) => json!(format!("{text}s")),
        (Form::Via(before), _) => json!(text.strip_prefix(before).unwrap_or(&text)),
        (Form::Name(below), _) => json!(format!("{below}{text}")),
        (Form::Each(form), Value::List(values)) => values.iter().map(|it| written(form, it)).collect(),
        (Form::EachIn(name, form), Value::List(values)) => {
            values.iter().map(|it| json!({ *name: written(form, it) })).collect()
        }
        (Form::Fields(fields), Value::Map(values)) => {
            let mut map = Json::Object(Map::new());
            values.iter().for_each(|(setting, value)| write(fields, setting, value, &mut map));
            map
        }
        (Form::Entries, Value::Map(values)) => {
            let entries = values.iter().map(|(name, it)| (name.clone(), json!(it.to_string())));
            Json::Object(entries.collect())
        }
        (Form::Pairs(key), Value::Map(values)) => {
            values.iter().map(|(name, it)| json!({ *key: name, "value": it.to_string() })).collect()
        }
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests;
