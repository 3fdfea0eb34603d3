use super::load_html;
use crate::load::judge::{Answer, Judge};
use crate::load::measured::{Answers, Ending, Generator, Level, Second, Times};
use crate::load::plan::{Drive, Target, Test, kinds};
use crate::sizing::fixtures::teachers;

fn level(users: u32, seconds: u32, errors: u64) -> Level {
    let times =
        Times { mean_ms: 80.0, p50_ms: 70.0, p90_ms: 120.0, p95_ms: 150.0, p99_ms: 210.0, max_ms: 900.0 };
    let all = Answers { requests: 100 * u64::from(seconds), errors, times: Some(times) };
    let second = |at: u32| Second { at_s: f64::from(at), requests: 100, errors, mean_ms: Some(80.0) };
    Level {
        drive: Drive::Users(users),
        started_at: "2026-11-01T10:00:00Z".into(),
        duration_s: f64::from(seconds),
        kinds: vec![("<b>page</b>".into(), all.clone()), ("save".into(), all.clone())],
        all,
        throughput_rps: f64::from(users) / 4.0,
        in_flight: 8.0,
        received_bytes: 1,
        connections: 1,
        statuses: [(200, 90), (503, errors)].into(),
        failures: [("timeout".to_owned(), errors)].into(),
        seconds: (0..seconds).map(second).collect(),
        generator: Generator { cpu_share: 0.2, lag_p99_ms: 0.4, saturated: false },
        ending: Ending::Whole,
    }
}

fn test(levels: &[u32]) -> Test {
    let spec = teachers();
    Test {
        target: Target::read("http://127.0.0.1:8000").unwrap(),
        kinds: kinds(&spec),
        think_s: 1.0,
        levels: levels.iter().map(|users| Drive::Users(*users)).collect(),
        ramp_s: 1.0,
        warm_up_s: 1.0,
        duration_s: 60.0,
        timeout_s: 5.0,
        stop_share: 0.2,
        seed: 1,
    }
}

fn page(levels: &[Level]) -> (Answer, String) {
    let users: Vec<u32> = levels
        .iter()
        .map(|level| match level.drive {
            Drive::Users(users) => users,
            Drive::Rate(_) => unreachable!("these levels have people"),
        })
        .collect();
    let full = users.iter().copied().max().unwrap_or(1);
    let answer = Judge::new(&teachers()).judge(levels.to_vec(), Drive::Users(full));
    let page = load_html("school <script>", &test(&users), &answer);
    (answer, page.replace('\u{a0}', " "))
}

#[test]
fn the_page_says_what_the_text_says() {
    let (answer, page) = page(&[level(500, 60, 0), level(1000, 60, 0)]);
    let rows = super::super::rows::levels(&answer).concat();
    for cell in rows.iter().chain(&super::super::rows::objectives(&answer).concat()) {
        assert!(page.contains(&cell.replace('/', "&#x2f;")), "{cell}");
    }
    assert!(page.contains("<strong>PASS</strong>") && page.ends_with("</html>\n"));
    // Two panels over levels, two over seconds; a marked point for each level and measured line.
    assert_eq!((page.matches("<svg").count(), page.matches("<clipPath").count()), (2, 4));
    assert_eq!(page.matches("<circle").count(), 6);
    assert!(page.contains("class=\"line predicted p95\""));
}

#[test]
fn names_are_text_and_nothing_is_fetched() {
    let (_, page) = page(&[level(500, 60, 3)]);
    assert!(!page.contains("<script") && page.contains("&lt;b&gt;page"));
    assert!(page.contains("default-src 'none'"));
    for fetch in ["src=", "href=", "url(h", "@import", "http://", "https://"] {
        assert!(!page.contains(fetch), "{fetch}");
    }
}

#[test]
fn a_level_alone_is_drawn_second_by_second_with_its_errors() {
    let (_, page) = page(&[level(1000, 60, 3)]);
    assert_eq!(page.matches("<svg").count(), 1);
    assert!(page.contains("class=\"line errors\"") && page.contains("status 503"), "{page}");
    let (_, page) = super::tests::page(&[level(1000, 60, 0)]);
    assert!(!page.contains("class=\"line errors\""));
}

#[test]
fn an_hour_has_no_more_places_than_can_be_seen() {
    let (_, page) = page(&[level(1000, 3600, 0)]);
    let path = page.split("class=\"line rps\"").nth(1).unwrap().split('>').next().unwrap();
    assert_eq!(path.matches('L').count() + 1, 240);
}

#[test]
fn without_a_level_or_an_answer_there_still_is_a_page() {
    let (_, empty) = page(&[]);
    assert!(empty.contains("NO VERDICT") && !empty.contains("<svg"));
    let mut silent = level(100, 1, 1);
    silent.all.times = None;
    silent.kinds.clear();
    silent.seconds.clear();
    silent.throughput_rps = 0.0;
    let (_, page) = page(&[silent]);
    assert!(page.contains("unknown") && !page.contains("NaN"), "{page}");
}
