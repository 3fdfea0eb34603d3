//! The settings that differ, worded: of a map only what differs in it, of a long text only the place.

use std::collections::BTreeSet;

use loadline_contract::deploy::{SettingChange, Step, Value};

use crate::plan::Plan;
use crate::report::look::Tone;
use crate::report::page::Page;

/// Longest value that is shown whole, in characters.
const WHOLE: usize = 60;
/// Characters shown of a longer one: before the place where it begins to differ, and from there on.
const BEFORE: usize = 12;
const FROM_THERE: usize = 40;

/// Draws the changes of each step below its address.
pub(super) fn draw(page: &mut Page<'_>, plan: &Plan) {
    let changed: Vec<&Step> = plan.steps.iter().filter(|step| !step.changes.is_empty()).collect();
    if changed.is_empty() {
        return;
    }
    let more = page.look().more();
    page.heading("Changes");
    for step in changed {
        page.sentence(&step.address.to_string());
        for sentence in step.changes.iter().flat_map(|change| worded(change, more)) {
            page.marked(Tone::Plain, " ", 2, &sentence);
        }
    }
}

fn worded(SettingChange { setting, from, to }: &SettingChange, more: &str) -> Vec<String> {
    if from == to {
        let meant = to.as_ref().map_or_else(String::new, ToString::to_string);
        return vec![format!("{setting}: {} is made anew", cut(&meant, 0, more))];
    }
    let (Some(Value::Map(old)), Some(Value::Map(new))) = (from, to) else {
        return vec![format!("{setting}: {}", from_to(from.as_ref(), to.as_ref(), more))];
    };
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let different = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    different
        .map(|name| format!("{setting}.{name}: {}", from_to(old.get(name), new.get(name), more)))
        .collect()
}

fn from_to(from: Option<&Value>, to: Option<&Value>, more: &str) -> String {
    let text = |value: Option<&Value>| value.map_or_else(|| "not set".to_owned(), ToString::to_string);
    let (from, to) = (text(from), text(to));
    let same = from.chars().zip(to.chars()).take_while(|(old, new)| old == new).count();
    format!("{} -> {}", cut(&from, same, more), cut(&to, same, more))
}

/// A long text around the character at which it begins to differ.
fn cut(text: &str, differs_at: usize, more: &str) -> String {
    let length = text.chars().count();
    if length <= WHOLE {
        return text.to_owned();
    }
    let begin = differs_at.saturating_sub(BEFORE);
    let end = (differs_at + FROM_THERE).min(length);
    let middle: String = text.chars().skip(begin).take(end - begin).collect();
    let (before, after) = (if begin > 0 { more } else { "" }, if end < length { more } else { "" });
    format!("{before}{middle}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(from: Value, to: Value) -> Vec<String> {
        worded(&SettingChange { setting: "setting".to_owned(), from: Some(from), to: Some(to) }, "…")
    }

    #[test]
    fn of_a_map_only_what_differs_is_shown() {
        let old = Value::map([("a", 1_u32.into()), ("b", 2_u32.into()), ("c", 3_u32.into())]);
        let new = Value::map([("a", 1_u32.into()), ("b", 5_u32.into()), ("d", 4_u32.into())]);
        let shown = ["setting.b: 2 -> 5", "setting.c: 3 -> not set", "setting.d: not set -> 4"];
        assert_eq!(change(old, new), shown);
    }

    #[test]
    fn of_a_long_text_the_place_is_shown_where_it_differs() {
        let text = |port: u32| Value::from(format!("{}listen {port}{}", "a ".repeat(100), " b".repeat(100)));
        let shown = change(text(8000), text(9000));
        let end = " b".repeat(18);
        assert_eq!(shown, [format!("setting: … a a listen 8000{end}… -> … a a listen 9000{end}…")]);
        assert_eq!(change("short".into(), "other".into()), ["setting: short -> other"]);
    }
}
