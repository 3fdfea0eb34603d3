//! Pages to send, each in one file; a comparison here, a load test in [`super::load`]: no script, no font, no picture and no link that a browser would fetch.
//!
//! The geometry of the drawings is worked out here; the template only places it. Every word from outside is freed of control
//! characters here and escaped by the template engine.

pub(super) mod axis;
mod bars;
mod curve;
pub(super) mod plot;
mod view;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value as TemplateValue};
use minijinja::{Environment, UndefinedBehavior};
use serde_json::Value;

use super::escape::plain;
use super::page::glued;
use crate::market::Comparison;
use crate::sizing::Sizing;
use crate::spec::Spec;

const PARTS: [(&str, &str); 8] = [
    ("base.html", include_str!("../../../templates/report/base.html")),
    ("compare.html", include_str!("../../../templates/report/compare.html")),
    ("load.html", include_str!("../../../templates/report/load.html")),
    ("panels.html", include_str!("../../../templates/report/panels.html")),
    ("bars.html", include_str!("../../../templates/report/bars.html")),
    ("curve.html", include_str!("../../../templates/report/curve.html")),
    ("bills.html", include_str!("../../../templates/report/bills.html")),
    ("findings.html", include_str!("../../../templates/report/findings.html")),
];

const STYLE: &str = include_str!("../../../templates/report/page.css");

/// A comparison as a page to send: costs, the load curve, limits, findings, every bill line with source and date, assumptions.
pub fn compare_html(spec: &Spec, sizing: &Sizing, comparison: &Comparison) -> String {
    render("compare.html", view::view(spec, sizing, comparison))
}

/// A page from one of the templates; `view` has a `title` and what the template names.
pub(super) fn render(template: &str, mut view: Value) -> String {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("these settings name no delimiters that could clash"));
    for (name, source) in PARTS {
        environment.add_template(name, source).expect("the bundled templates parse: a test renders them");
    }
    environment.add_global("style", TemplateValue::from_safe_string(STYLE.to_owned()));
    make_harmless(&mut view);
    let page = environment.get_template(template).expect("the page is among the bundled templates");
    page.render(Serde(view)).expect("the view has every value that the templates name: a test renders them")
}

/// A space at which a browser does not break the line.
const NO_BREAK: char = '\u{a0}';

/// Writes out the control characters in every text of the view, and keeps numbers beside their units.
fn make_harmless(value: &mut Value) {
    match value {
        Value::String(text) => *text = glued(&plain(text), NO_BREAK),
        Value::Array(values) => values.iter_mut().for_each(make_harmless),
        Value::Object(fields) => fields.values_mut().for_each(make_harmless),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;
    use crate::report::tidy;

    fn page() -> String {
        compare_html(&fixtures::spec(), &fixtures::sizing(), &fixtures::comparison())
    }

    #[test]
    fn nothing_is_fetched() {
        let page = page();
        for fetch in [
            "src=", "href=\"h", "href='h", "url(h", "url('h", "url(\"h", "@import", "<link", "<script",
            "<img",
        ] {
            assert!(!page.contains(fetch), "{fetch}");
        }
        assert!(!page.contains("http://") && !page.contains("https://"));
        // And a browser is told to refuse whatever slips through.
        assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"));
    }

    #[test]
    fn every_bill_line_is_there_with_amount_source_and_date() {
        let page = page().replace(NO_BREAK, " ");
        for outcome in &fixtures::comparison().clouds {
            for candidate in outcome.pinned.iter().chain(&outcome.chosen) {
                for line in &candidate.bill.lines {
                    for text in [&line.what, &tidy::money_or_unknown(line.amount), &line.as_of] {
                        assert!(page.contains(text.as_str()), "{text}");
                    }
                    assert!(page.contains(&line.source.replace('/', "&#x2f;")), "{}", line.source);
                }
            }
        }
    }

    #[test]
    fn names_are_text_and_never_markup() {
        let mut spec = fixtures::spec();
        spec.name = "<script>alert(1)</script>\u{1b}[2J".into();
        let mut comparison = fixtures::comparison();
        comparison.clouds[0].title = "\"><script>x</script>".into();
        let page = compare_html(&spec, &fixtures::sizing(), &comparison);
        assert!(!page.contains("<script") && !page.contains('\u{1b}'));
        assert!(page.contains("&lt;script&gt;"));
    }

    #[test]
    fn drawings_have_titles_and_tables_have_headings_with_scope() {
        let page = page();
        assert_eq!(page.matches("<svg").count(), page.matches("<svg role=\"img\"").count());
        assert!(page.matches("<title").count() > page.matches("<svg").count());
        assert_eq!(page.matches("<th>").count(), 0, "every heading cell says what it heads");
        for tag in ["svg", "table", "details", "section", "tbody", "g"] {
            let opened =
                page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
    }

    #[test]
    fn what_scrolls_can_be_reached_by_keyboard_and_has_a_name() {
        let page = page();
        assert_eq!(
            page.matches("class=\"wide\"").count(),
            page.matches("class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"").count()
        );
        assert_eq!(page.matches("<h1").count(), 1);
    }

    #[test]
    fn the_p95_is_drawn_though_it_is_worked_out_at_some_points_only() {
        let mut sizing = fixtures::sizing();
        for (index, point) in sizing.load_line.curve.iter_mut().enumerate() {
            point.p95_s = point.p95_s.filter(|_| index % 4 == 0);
        }
        let page = compare_html(&fixtures::spec(), &sizing, &fixtures::comparison());
        let path = page.split("class=\"line p95\"").nth(1).unwrap().split('>').next().unwrap();
        assert!(path.matches('L').count() > 3, "{path}");
    }

    #[test]
    fn light_dark_and_print_are_provided_for() {
        let page = page();
        assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
    }

    #[test]
    fn an_empty_comparison_and_an_empty_curve_still_make_a_page() {
        let mut sizing = fixtures::sizing();
        sizing.load_line.curve.clear();
        sizing.load_line.limits.clear();
        sizing.findings.clear();
        let mut comparison = fixtures::comparison();
        comparison.clouds.clear();
        comparison.ranking.clear();
        assert!(compare_html(&fixtures::spec(), &sizing, &comparison).ends_with("</html>\n"));
    }

    #[test]
    fn numbers_that_are_not_finite_do_not_reach_a_drawing() {
        let mut sizing = fixtures::sizing();
        sizing.load_line.curve[3].mean_s = f64::INFINITY;
        sizing.load_line.curve[4].p95_s = Some(f64::NAN);
        let page = compare_html(&fixtures::spec(), &sizing, &fixtures::comparison());
        assert!(!page.contains("NaN") && !page.contains("inf "));
    }

    /// Writes the page for a person to look at: `LOOK_AT=FILE cargo test --lib page_to_look_at -- --ignored`.
    #[test]
    #[ignore = "writes a file for a person"]
    fn page_to_look_at() {
        std::fs::write(std::env::var("LOOK_AT").unwrap(), page()).unwrap();
    }
}
