//! What a spec needs and what it will do, for a person: the answer in two lines, then everything behind it.

mod answer;
mod limits;
mod prediction;
mod requirements;

pub(crate) use answer::{Answer, headline, load_line_sentence};
pub(crate) use limits::limit_rows;
pub(crate) use requirements::tiers;

use super::findings::{tally, write_findings};
use super::look::Look;
use super::page::{Grid, Page, Set};
use super::tidy;
use crate::sizing::{Sensitivity, Sizing, Uncertainty};
use crate::spec::Spec;

/// Inputs shown in the table of sensitivity.
const STRONGEST: usize = 5;

/// What no formula or simulation here holds (section 3.6 of the capacity model's validation).
pub(crate) const NOT_MODELLED: &str = "Not modelled: garbage-collection pauses, lock convoys, retry storms, cache stampedes, \
     cold starts and noisy neighbours. Prove the result with a load test before relying on it.";

/// Everything that sizing says of a spec, for a person.
pub fn size_text(spec: &Spec, sizing: &Sizing, look: &Look) -> String {
    let mut page = Page::new(look);
    answer::write(&mut page, spec, sizing);
    prediction::write(&mut page, spec, &sizing.prediction);
    requirements::write(&mut page, &sizing.requirements);
    limits::write(&mut page, spec, &sizing.load_line);
    if sizing.findings.is_empty() {
        page.heading("Findings");
        page.sentence("None: nothing in the spec contradicts itself.");
    } else {
        page.heading(&format!("Findings: {}", tally(&sizing.findings)));
        write_findings(&mut page, &sizing.findings);
    }
    if let Some(uncertainty) = &sizing.uncertainty {
        write_uncertainty(&mut page, uncertainty);
    }
    write_sensitivity(&mut page, &sizing.sensitivity);
    page.heading("What is not in these numbers");
    page.sentence(NOT_MODELLED);
    page.finish()
}

fn write_uncertainty(page: &mut Page<'_>, uncertainty: &Uncertainty) {
    page.heading("Uncertain inputs");
    page.sentence(&uncertainty_sentence(uncertainty));
    let mut grid =
        Grid::new(&[("", Set::Left), ("P5", Set::Right), ("P50", Set::Right), ("P95", Set::Right)]);
    for row in uncertainty_rows(uncertainty) {
        grid.row(&row);
    }
    page.table(&grid);
}

/// In how many of the samples the system does what was asked.
pub(crate) fn uncertainty_sentence(uncertainty: &Uncertainty) -> String {
    format!(
        "In {} of {} samples of the intervals, the system sized here meets every objective.",
        tidy::percent(uncertainty.meets_objectives),
        tidy::count(f64::from(uncertainty.samples)),
    )
}

/// What, and its 5th, 50th and 95th percentile.
pub(crate) fn uncertainty_rows(uncertainty: &Uncertainty) -> Vec<[String; 4]> {
    let row = |spread: &crate::sizing::Spread| {
        let write = |value: f64| tidy::amount(value, spread.unit);
        [spread.what.to_owned(), write(spread.p5), write(spread.p50), write(spread.p95)]
    };
    uncertainty.spreads.iter().map(row).collect()
}

fn write_sensitivity(page: &mut Page<'_>, sensitivity: &[Sensitivity]) {
    if sensitivity.is_empty() {
        return;
    }
    page.heading("Sensitivity: change in percent for each percent more of the input");
    let mut grid = Grid::new(&[
        ("input", Set::Left),
        ("app CPU", Set::Right),
        ("mean", Set::Right),
        ("load line", Set::Right),
    ]);
    let write = |elasticity: f64| match format!("{elasticity:+.2}") {
        zero if zero.ends_with("0.00") => "0".to_owned(),
        signed => signed,
    };
    for one in sensitivity.iter().take(STRONGEST) {
        grid.row(&[one.input.clone(), write(one.app_utilisation), write(one.mean), write(one.load_line)]);
    }
    page.table(&grid);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;
    use crate::report::look::{Colour, Unicode};

    fn text(width: usize) -> String {
        size_text(&fixtures::spec(), &fixtures::sizing(), &Look::plain(width))
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [40, 60, 79, 80, 120, 200] {
            fixtures::assert_fits(&text(width), width);
        }
    }

    #[test]
    fn the_answer_comes_first_and_names_what_is_missed() {
        let text = text(200);
        let mut lines = text.lines();
        let verdict = lines.next().unwrap();
        assert!(verdict.starts_with("NO ") && verdict.contains("app cpu 70 %"), "{verdict}");
        let line = lines.next().unwrap();
        assert!(
            line.contains("carries 1,972 users; app cpu 70 % is reached first; growth of 3 %/month has already passed it"),
            "{line}"
        );
    }

    #[test]
    fn the_headline_numbers_are_there_with_units_and_method() {
        let text = text(100);
        for word in
            ["5,069 rps", "235 ms", "451 ms", "584 ms", "convolution", "1,189", "387 Mbit/s", "26.1 GiB"]
        {
            assert!(text.contains(word), "{word} is missing from\n{text}");
        }
    }

    #[test]
    fn the_confirmation_shows_its_interval_and_runs() {
        let text = text(100);
        assert!(text.contains("451.2 \u{b1} 0.3 ms") && text.contains("10 runs"), "{text}");
    }

    #[test]
    fn the_binding_need_is_marked_by_a_word() {
        let text = text(100);
        let line = text.lines().find(|line| line.contains("5069 rps x 2.24 ms / 70 %")).unwrap();
        assert!(line.contains("binds"), "{line}");
    }

    #[test]
    fn without_unicode_only_ascii_is_written_and_without_colour_no_escape() {
        let look = Look { unicode: Unicode::Off, ..Look::plain(80) };
        let text = size_text(&fixtures::spec(), &fixtures::sizing(), &look);
        assert!(text.is_ascii() && !text.contains('\u{1b}'));
    }

    #[test]
    fn a_hostile_name_moves_no_cursor_and_a_wide_one_stays_inside() {
        let mut spec = fixtures::spec();
        spec.name = "\u{1b}]0;title\u{7}\u{202e}生徒生徒生徒生徒生徒生徒生徒生徒生徒生徒生徒生徒生徒生徒生徒生徒生徒生徒".into();
        let text = size_text(&spec, &fixtures::sizing(), &Look::plain(60));
        fixtures::assert_fits(&text, 60);
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']));
    }

    #[test]
    fn colour_adds_escapes_and_changes_no_word() {
        let look = Look { colour: Colour::On, ..Look::plain(80) };
        let coloured = size_text(&fixtures::spec(), &fixtures::sizing(), &look);
        assert!(coloured.contains('\u{1b}'));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), text(80));
    }

    #[test]
    fn uncertain_inputs_show_their_percentiles() {
        let text = text(100);
        assert!(text.contains("In 83 % of 1,000 samples"));
        let line = text.lines().find(|line| line.starts_with("app cores")).unwrap();
        assert!(line.contains("12.1 cores") && line.contains("21.4 cores"), "{line}");
    }

    #[test]
    fn the_page_as_a_whole() {
        insta::assert_snapshot!(text(80));
    }
}
